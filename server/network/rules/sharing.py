"""Lists of hubs that are shared, ours and others'. Pure."""

import re
from datetime import timedelta
from unicodedata import normalize

from server.errors import RefusedError

MOST_HUBS = 1_000
"""Of one list of ours, which is served in one piece."""
MOST_LISTS = 100
TITLE_LIMIT = 120
WORDS_LIMIT = 2_000
SLUG_LIMIT = 60
MOST_NAMES = 2_000
"""Of a list elsewhere, that are taken up."""
MOST_ROWS = 4_000
"""Names that a list elsewhere may ever have had, of those still remembered: whoever changes all of
them every day is not followed in that.
"""
EVERY = timedelta(hours=1)
"""How often a list elsewhere is looked at."""
SELDOM = timedelta(days=1)
"""How often, where it could not be read again and again."""
AGAIN = timedelta(days=1)
"""How often those are looked up again who are in a list elsewhere and could not be followed: their
server may have been away.
"""
REMEMBERED = timedelta(days=30)
"""How long a name is remembered that a list no longer has."""
ETAG_LIMIT = 255
_APART = re.compile(r"[^a-z0-9]+")


class TooManyListsError(RefusedError):
    """This hub shares 100 lists already. Take one away first."""


class FullListError(RefusedError):
    """There is room for 1,000 in a list."""


class UnlistedError(RefusedError):
    """{name} asks not to be listed."""


def slug_of(title: str) -> str:
    """Return a title as it stands in an address: `hubs-in-the-north`; `list` where nothing of it
    can.
    """
    plain = normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _APART.sub("-", plain).strip("-")[:SLUG_LIMIT].strip("-") or "list"


def wait_after(failures: int) -> timedelta:
    """Return how long until a list elsewhere is looked at again."""
    return min(EVERY * (1 << min(failures, 10)), SELDOM)


def kept_etag(told: str) -> str:
    """Return an ETag as it can be kept and told again, else none: some servers send octets that are
    no text.
    """
    return told if told.isascii() and len(told) <= ETAG_LIMIT else ""
