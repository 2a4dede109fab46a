"""Where a hub may be seen that this one does not follow yet, and how much is asked to find out.
Pure.
"""

from datetime import timedelta
from enum import StrEnum


class How(StrEnum):
    """Where a hub was seen."""

    NEIGHBOUR = "neighbour"
    """One that we follow knows it, and says so."""
    LINEAGE = "lineage"
    """Something here goes back to something there, or the other way round."""
    RESPONSE = "response"
    """Somebody there answered something here."""
    LIST = "list"
    """A list that this hub follows along with names it."""


EVERY = timedelta(hours=1)
"""How often some are asked."""
ASKED = 5
"""Hubs that are asked in one go whom they know."""
MET = 10
"""Hosts that were seen and are looked up in one go, those seen most first."""
AGAIN = timedelta(days=7)
"""How long an answer is good for."""
KNOWN = 250
"""Hubs that are kept of one answer."""
LISTED = 1_000
"""Hubs of lists that are looked at."""
PAGES = 5
SECONDS = 60.0
KEPT = timedelta(days=90)
"""How long it is remembered that a hub was seen, unless it is seen again."""
PROPOSED = 50
"""Hubs on the page."""
DISMISSED = timedelta(days=365)
"""How long a hub is not proposed that was said to be none for this one."""
