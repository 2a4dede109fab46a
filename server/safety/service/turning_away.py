"""Stewards turn hosts and actors away: nothing is taken from them, sent to them or
shown of them.
"""

from dataclasses import dataclass

from federation import uris
from federation.errors import MalformedError
from server import db
from server.actors import service as actors
from server.actors.blocks import TOPIC, names_over, spread
from server.actors.events import Judged
from server.actors.tables import Actor, Host
from server.follows import service as follows
from server.house import House
from server.safety.rules import PAGE, REASON_LIMIT, OurselvesError


@dataclass(frozen=True, slots=True)
class Turned:
    """What was turned away, as people call it."""

    called: str


async def turn_away(text: str, *, reason: str, house: House) -> Turned:
    """Block a host by its name, with all that are under it and whatever their ports, or an actor by
    handle or address, who follows nobody here any more; keeping why.

    An actor that is not known is looked up: never inside a transaction. Raises OurselvesError,
    UnknownHandleError, FetchError children.
    """
    text, why = text.strip(), reason.strip()[:REASON_LIMIT]
    host = _host(text)
    if host is not None:
        return await _turn_away_host(host, why, house=house)
    actor = await actors.find(text, house=house)
    if actor.local:
        raise OurselvesError
    async with db.transaction():
        await Actor.filter(id=actor.id).update(
            blocked=True, block_reason=why, blocked_at=house.clock.now()
        )
        await follows.forget_follower(actor)
        await house.changed(TOPIC)
        await house.hooks.tell(Judged(actor_id=actor.id), house)
    return Turned(actor.handle)


def _host(text: str) -> str | None:
    """Return the host that is meant; None where it is a handle, or the address of somebody."""
    if "@" in text or "/" in text.removeprefix("https://").rstrip("/"):
        return None
    try:
        return uris.normalise_host(text.removeprefix("https://").rstrip("/"))
    except MalformedError as error:
        raise actors.UnknownHandleError(handle=text) from error


async def _turn_away_host(host: str, why: str, *, house: House) -> Turned:
    if host in names_over(house.host):
        raise OurselvesError
    async with db.transaction():
        row, _ = await Host.get_or_create(host=host)
        row.blocked, row.block_reason, row.blocked_at = True, why, house.clock.now()
        await row.save(update_fields=["blocked", "block_reason", "blocked_at"])
        await spread(host)
        await house.changed(TOPIC)
        await house.hooks.tell(Judged(host=host), house)
    return Turned(host)


async def let_in_host(host: str, *, house: House) -> None:
    """Take the block of a host back."""
    async with db.transaction():
        await Host.filter(host=host).update(blocked=False, block_reason="", blocked_at=None)
        await spread(host)
        await house.changed(TOPIC)
        await house.hooks.tell(Judged(host=host), house)


async def let_in_actor(actor_id: int, *, house: House) -> None:
    """Take the block of an actor back."""
    async with db.transaction():
        await Actor.filter(id=actor_id).update(blocked=False, block_reason="", blocked_at=None)
        await house.changed(TOPIC)
        await house.hooks.tell(Judged(actor_id=actor_id), house)


async def turned_away_hosts() -> list[Host]:
    """Return the blocked hosts, the newest first."""
    return await Host.filter(blocked=True).order_by("-blocked_at", "host")


async def turned_away_actors(span: db.Span = db.TOP) -> list[Actor]:
    """Return a page of the blocked actors, the newest first, and one more."""
    return await span.of(Actor.filter(blocked=True), PAGE + 1)
