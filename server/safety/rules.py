"""Limits of blocks and reports. Pure."""

from server.errors import RefusedError

REASON_LIMIT = 500
"""Characters of why something is blocked."""
PAGE = 50


class YourselfError(RefusedError):
    """That is you."""


class OurselvesError(RefusedError):
    """That is this hub itself. It can’t be blocked."""
