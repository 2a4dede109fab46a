"""What a host application brings along."""

from datetime import UTC, datetime
from typing import Protocol

from federation.keys import VerificationKey


class Clock(Protocol):
    """Tells the time; the tests' clock is moved by hand."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


class KeyDirectory(Protocol):
    """Knows the public keys of actors elsewhere."""

    async def known(self, key_id: str) -> VerificationKey | None:
        """Return the key held for `key_id`, or None. Never goes to the network."""
        ...

    async def refreshed(self, key_id: str) -> VerificationKey | None:
        """Fetch the key of `key_id` anew, at most once per cool-down and never where a failure is
        cached.

        Return None where it cannot be had. The key's document must bear `key_id`, and its owner
        must point back to it (security case 6).
        """
        ...
