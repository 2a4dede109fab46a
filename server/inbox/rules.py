"""How much may be under way on the way in. Pure."""

from server.errors import TooManyError

BODIES = 16 * 1024 * 1024
"""Bytes of bodies in memory at once: of those being read, and of those that wait for a key or for
the database. What is read from one takes several times as much.
"""
SOON = 5
"""Seconds until there is likely to be room again."""
BACKLOG = 2_000
"""Activities of one host that wait to be processed at most; beyond it nothing more is stored."""
BACKLOG_OF_ALL = 200_000
"""And of all hosts together."""
LATER = 60
"""Seconds after which a host may ask whether what it sent has been worked off."""


class Room:
    """Counts the bytes of bodies that are in memory."""

    def __init__(self, most: int = BODIES) -> None:
        """Hold nothing, and never more than `most` bytes."""
        self._most = most
        self.held = 0

    def take(self, size: int) -> None:
        """Hold so many bytes more. Raises TooManyError where there is no room for them."""
        if self.held + size > self._most:
            raise TooManyError(retry_after=SOON)
        self.held += size

    def give_back(self, size: int) -> None:
        """Let go of so many bytes."""
        self.held -= size
