"""Somebody moves: whoever follows them from here follows them to their new place (federation.md
§5).
"""

from dataclasses import dataclass

from federation import uris
from federation.vocab import JsonObject
from server import db, jobs
from server.actors import service as actors
from server.actors.tables import Actor
from server.errors import RefusedError
from server.follows import service
from server.follows.rules import FollowState
from server.follows.tables import Follow
from server.house import House

JOB = "follows.take_along"
TAKEN_ALONG = 50
"""Followers who are taken along in one transaction."""


class NotNamedError(RefusedError):
    """{target} does not say that it was {former} before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowMoved:
    """Somebody here follows `actor` now, who was `former` before."""

    follower: Actor
    former: Actor
    actor: Actor


async def confirmed(target: str, *, former: Actor, house: House) -> Actor:
    """Return who `former` says it is now, once its own server says the same: asked anew, since
    whatever is known here may be old. Never inside a transaction.

    Raises NotNamedError, FetchError children, BlockedError. Nothing is kept of who is not named.
    """
    await actors.refuse_blocked(uris.host_of(target))
    if uris.host_of(target) == house.host:
        actor = await actors.resolve(target, house=house)
        if former.uri not in actor.aliases or actor.gone:
            raise NotNamedError(target=target, former=former.uri)
        return actor
    document = await house.fetcher.actor(target, fresh=True)
    if former.uri not in document.also_known_as or document.moved_to is not None:
        raise NotNamedError(target=target, former=former.uri)
    actor = await actors.keep(document, house=house)
    if await actors.is_blocked(actor.host, actor.uri):
        raise actors.BlockedError(host=actor.host)
    return actor


async def take_along_soon(former: Actor, actor: Actor, *, house: House) -> None:
    """Have a job take along who follows `former` here, in the transaction of the move."""
    await jobs.enqueue(
        JOB, {"former": former.id, "actor": actor.id}, key=f"{JOB}:{former.id}", house=house
    )


async def take_along_next(payload: JsonObject, house: House) -> None:
    """Take along who follows somebody that moved, unless they have come back meanwhile."""
    former = await Actor.get_or_none(id=int(str(payload["former"])))
    actor = await Actor.get_or_none(id=int(str(payload["actor"])))
    if former is not None and actor is not None and former.moved_to == actor.uri:
        await take_along(former, actor, house=house)


async def take_along(former: Actor, actor: Actor, *, house: House) -> None:
    """Have everybody here who follows `former` follow `actor` instead, and tell them. Run twice, or
    broken off and run again, it changes nothing more.
    """
    states = [FollowState.REQUESTED, FollowState.ACCEPTED]
    while True:
        async with db.transaction():
            rows = Follow.filter(followed_id=former.id, follower__local=True, state__in=states)
            found = await rows.order_by("id").limit(TAKEN_ALONG).prefetch_related("follower")
            for row in found:
                await _take(row.follower, former, actor, house=house)
        if len(found) < TAKEN_ALONG:
            return


async def _take(follower: Actor, former: Actor, actor: Actor, *, house: House) -> None:
    await service.unfollow(follower, former, house=house)
    if follower.id == actor.id:
        return
    await service.follow(follower, actor, house=house)
    moved = FollowMoved(follower=follower, former=former, actor=actor)
    await house.hooks.tell(moved, house)
