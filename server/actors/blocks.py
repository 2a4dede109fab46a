"""Who is turned away: read with every request, so held in memory until it changes. And who wants
nothing to do with whom.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from tortoise.expressions import Subquery

from federation.errors import UnauthorisedError
from server import db
from server.actors.tables import Actor, Block, Host
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
    " WHERE w.id = {actor} AND (w.blocked OR h.turned_away))"
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
        self._reading = asyncio.Lock()
        self._changes = 0

    def forget(self, _: str | None = None) -> None:
        """Read them again before the next is refused or let in."""
        self._until = None
        self._changes += 1

    async def refuse(self, host: str, actor_uri: str | None = None) -> None:
        """Raise UnauthorisedError where the host, or the actor, is blocked."""
        await self._freshen()
        if not self._hosts.isdisjoint(names_over(host)) or actor_uri in self._actors:
            raise UnauthorisedError(reason="this hub does not take anything from there")

    async def _freshen(self) -> None:
        if self._is_fresh():
            return
        async with self._reading:  # else each of many requests would read them
            if self._is_fresh():
                return
            now, changes = self._house.clock.now(), self._changes
            self._hosts, self._actors = await blocked_hosts(), await _blocked_actors()
            if changes == self._changes:  # else it changed while it was read
                self._until = now + FRESH_FOR

    def _is_fresh(self) -> bool:
        return self._until is not None and self._house.clock.now() < self._until


def names_over(host: str) -> list[str]:
    """Return the names whose block covers a host: its own, each that it is under, and where it has
    a port the same without: else whoever is blocked would go on at the next port.
    """
    bare, _, port = host.rpartition(":")
    names = [host, bare] if bare and port.isdigit() else [host]
    return [end for name in names for end in _ends(name.split("."))]


def _ends(labels: list[str]) -> list[str]:
    return [".".join(labels[start:]) for start in range(len(labels))]


async def is_host_blocked(host: str) -> bool:
    """Say whether nothing is taken from a host and nothing is sent to it."""
    names = names_over(host)
    sql = f"SELECT 1 FROM hosts WHERE host IN ({db.marks(len(names))}) AND blocked LIMIT 1"  # noqa: S608
    return bool(await db.rows(sql, *names))


async def met(host: str) -> None:
    """Write a host down that may not have been met before, as what is blocked says of it."""
    await db.add(Host(host=host, turned_away=await is_host_blocked(host)), unless="host")


async def turn_away_new(hosts: Iterable[str]) -> None:
    """Write down those of these hosts that are under a blocked name: they may never have been met,
    and have to be known before anything is sent to them.
    """
    blocked = await blocked_hosts()
    for host in hosts:
        if not blocked.isdisjoint(names_over(host)):
            await db.add(Host(host=host, turned_away=True), unless="host")


async def spread(host: str) -> None:
    """Have all names under a host know whether they are turned away, after its own block changed;
    those too that were only ever sent to.
    """
    await db.execute(
        "INSERT INTO hosts (host, blocked, block_reason, turned_away, kinds)"  # noqa: S608 - fixed
        f" SELECT DISTINCT i.host, FALSE, '', FALSE, '' FROM inboxes i WHERE {under('i.host', '?')}"
        " ON CONFLICT (host) DO NOTHING",
        host,
    )
    await db.execute(
        "UPDATE hosts SET turned_away = EXISTS (SELECT 1 FROM hosts b"  # noqa: S608 - fixed
        f" WHERE b.blocked AND {under('hosts.host', 'b.host')}) WHERE {under('host', '?')}",
        host,
    )


def under(host: str, name: str) -> str:
    """Return the condition that a host is of a name, or under it, at whatever port."""
    whole = f"'.' || {host} || ':'"
    return f"replace({whole}, '.' || CAST({name} AS TEXT) || ':', '') <> {whole}"


async def blocked_hosts() -> frozenset[str]:
    """Return the names of hosts that stewards have blocked, without those under them."""
    found = await db.rows("SELECT host FROM hosts WHERE blocked = ?", True)
    return frozenset(str(row["host"]) for row in found)


async def _blocked_actors() -> frozenset[str]:
    found = await db.rows("SELECT uri FROM actors WHERE blocked = ?", True)
    return frozenset(str(row["uri"]) for row in found)


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


def apart_from(viewer: Actor) -> tuple[Subquery, Subquery]:
    """Return the rows of the actors that a viewer blocks, and of those that block the viewer, for
    the lists that leave both out.
    """
    return (
        Subquery(Block.filter(blocker_id=viewer.id).values("blocked_id")),
        Subquery(Block.filter(blocked_id=viewer.id).values("blocker_id")),
    )
