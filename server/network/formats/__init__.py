"""Lists of whom to follow, as files: what other programs write is read, and ours is theirs to read.

Nothing here asks anybody: a list is text.
"""

from enum import StrEnum

ADDRESS, BOOSTS, NOTIFY, LANGUAGES = (
    "Account address", "Show boosts", "Notify on new posts", "Languages",
)  # fmt: skip
CSV_HEAD = (ADDRESS, BOOSTS, NOTIFY, LANGUAGES)
"""The first line of Mastodon's `following_accounts.csv`."""


class Format(StrEnum):
    """How a list is written; each by the ending of its file."""

    CSV = "csv"
    """As Mastodon exports and imports it."""
    OPML = "opml"
    """OPML 2.0, an outline of links."""
    TEXT = "txt"
    """A handle or an address a line; what begins with `#` is a remark."""


MEDIA_TYPES = {
    Format.CSV: "text/csv", Format.OPML: "text/x-opml", Format.TEXT: "text/plain",
}  # fmt: skip
