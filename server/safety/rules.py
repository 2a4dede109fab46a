"""Limits of blocks and reports. Pure."""

from datetime import timedelta
from enum import StrEnum

from server.errors import RefusedError

REASON_LIMIT = 500
"""Characters of why something is blocked."""
REPORT_LIMIT = 2_000
"""Characters of a report's reason, and of what later ones add to it."""
DECISION_LIMIT = 1_000
REPORTED = 20
"""Posts that one report may be about."""
OPEN_PER_HOST = 50
"""Reports from one server that may wait at a time; more have no effect."""
DECIDED_KEPT = timedelta(days=3 * 365)
"""How long a report is kept once something was decided: records of that are a host's duty."""
PAGE = 50


class ReportState(StrEnum):
    """Where a report stands."""

    OPEN = "open"
    DONE = "done"


class YourselfError(RefusedError):
    """That is you."""


class UndecidedError(RefusedError):
    """Say in a few words what you decided."""


class NotElsewhereError(RefusedError):
    """This is about somebody here, so there is no other server to tell."""


class OurselvesError(RefusedError):
    """That is this hub itself. It can’t be blocked."""
