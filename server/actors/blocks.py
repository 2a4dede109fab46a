"""Who is turned away: read with every request, so held in memory until it changes. And who wants
nothing to do with whom.
"""

from datetime import datetime, timedelta

from federation.errors import UnauthorisedError
from server import db
from server.actors.tables import Actor, Host
from server.house import House

TOPIC = "blocks"
"""What is said to have changed, to every process, by whoever blocks."""
FRESH_FOR = timedelta(seconds=5)
"""How long it is believed though nothing was heard: the listening connection may have been lost."""

APART = (
    "EXISTS (SELECT 1 FROM blocks k WHERE (k.blocker_id = ? AND k.blocked_id = {actor})"
    " OR (k.blocked_id = ? AND k.blocker_id = {actor}))"
)
"""The condition that an actor, given as a column, and another, given twice, are kept apart."""
TURNED_AWAY = (
    "EXISTS (SELECT 1 FROM actors w LEFT JOIN hosts h ON h.host = w.host"
    " WHERE w.id = {actor} AND (w.blocked OR h.blocked))"
)
"""The condition that an actor, given as a column, or its host is blocked by a steward."""


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


async def are_apart(one: int, other: int) -> bool:
    """Say whether one of two actors, by their rows, has blocked the other."""
    sql = (
        "SELECT 1 AS one FROM blocks WHERE (blocker_id = ? AND blocked_id = ?)"
        " OR (blocker_id = ? AND blocked_id = ?) LIMIT 1"
    )
    return bool(await db.rows(sql, one, other, other, one))


async def is_turned_away(actor_id: int) -> bool:
    """Say whether an actor, by its row, or its host is blocked by a steward."""
    sql = f"SELECT 1 AS one WHERE {TURNED_AWAY.format(actor='CAST(? AS BIGINT)')}"
    return bool(await db.rows(sql, actor_id))
