"""Who is turned away: read with every request, so held in memory until it changes."""

from datetime import datetime, timedelta

from federation.errors import UnauthorisedError
from server.actors.tables import Actor, Host
from server.house import House

TOPIC = "blocks"
"""What is said to have changed, to every process, by whoever blocks."""
FRESH_FOR = timedelta(seconds=5)
"""How long it is believed though nothing was heard: the listening connection may have been lost."""


class Blocks:
    """The blocked hosts and actors, as they were a moment ago."""

    def __init__(self, house: House) -> None:
        """Read nothing yet."""
        self._house = house
        self._hosts: frozenset[str] = frozenset()
        self._actors: frozenset[str] = frozenset()
        self._until: datetime | None = None
        self._changes = 0

    def forget(self, _: str | None = None) -> None:
        """Read them again before the next is refused or let in."""
        self._until = None
        self._changes += 1

    async def refuse(self, host: str, actor_uri: str | None = None) -> None:
        """Raise UnauthorisedError where the host, or the actor, is blocked."""
        await self._freshen()
        if host in self._hosts or actor_uri in self._actors:
            raise UnauthorisedError(reason="this hub does not take anything from there")

    async def _freshen(self) -> None:
        now = self._house.clock.now()
        if self._until is not None and now < self._until:
            return
        changes = self._changes
        self._hosts = await blocked_hosts()
        actors = await Actor.filter(blocked=True).values_list("uri", flat=True)
        self._actors = frozenset(map(str, actors))
        if changes == self._changes:  # else it changed while it was read
            self._until = now + FRESH_FOR


async def blocked_hosts() -> frozenset[str]:
    """Return the hosts that nothing is taken from and nothing is sent to."""
    return frozenset(map(str, await Host.filter(blocked=True).values_list("host", flat=True)))
