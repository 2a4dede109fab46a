"""Back catalogues: what those whom the hub follows had published before comes in, a stretch at a
time, and what was missed since. As many walks go on as there are lanes; a host is always in the
same one, so it is asked for one thing at a time, and a slow one keeps nobody but the others of its
lane waiting, for one stretch.
"""

import functools
from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
import structlog

from federation.errors import (
    FetchError,
    ForbiddenAddressError,
    GoneError,
    RefusedDocumentError,
    UnreachableError,
)
from federation.vocab import JsonObject
from server import db, jobs
from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.errors import NotFoundError
from server.follows import service as follows
from server.follows.rules import FollowState
from server.follows.service import FollowAnswered, LetGo
from server.house import House
from server.hub import service as hubs
from server.hub.rules import HUB_PATH
from server.inbox.registry import Listeners
from server.jobs.service import milliseconds
from server.network.rules.subscribing import LANES, lane_of
from server.network.rules.walking import (
    AGAIN,
    AWAY,
    BEAT,
    NEWEST,
    PAUSE,
    SOON,
    SPREAD,
    Standing,
    wait_after,
)
from server.network.service.walking import StoppedError, walk
from server.network.tables import Beat, Catalogue

log = structlog.get_logger()

WALK_JOB = "network.walk"
LOOK_JOB = "network.look"
PAGE = 50
"""Catalogues on a page."""
PROBLEM = 500
"""Characters that are kept of what went wrong."""
WORDS = {
    UnreachableError: "It can’t be reached just now: {reason}.",
    GoneError: "What it published isn’t where it says: {reason}.",
    RefusedDocumentError: "What it answers can’t be read: {reason}.",
    ForbiddenAddressError: "It may not be asked: {reason}.",
}
BLOCKED = "This hub has blocked it."


def register_jobs(registry: jobs.Registry, listeners: Listeners) -> None:
    """Walk on through what is due, and look again and again what that is."""
    registry.on(WALK_JOB, functools.partial(walk_next, listeners=listeners))
    registry.on(LOOK_JOB, look)
    registry.every(LOOK_JOB, BEAT)


async def on_answered(event: FollowAnswered, house: House) -> None:
    """Begin with the back catalogue of whoever lets the hub follow them, and forget that of whoever
    does so no longer.
    """
    hub = await hubs.hub_actor(house=house)
    follow = event.follow
    if hub is None or follow.follower_id != hub.id:
        return
    if follow.state is FollowState.REJECTED:
        await Catalogue.filter(actor_id=follow.followed_id).delete()
    if follow.state is not FollowState.ACCEPTED:
        return
    actor, now = await Actor.get(id=follow.followed_id), house.clock.now()
    row = Catalogue(
        actor_id=actor.id, lane=lane_of(actor.host), standing=Standing.WALKING,
        followed_at=follow.created_at, due_ms=milliseconds(now),
    )  # fmt: skip
    if not await db.add(row, unless="actor_id"):
        await (
            Catalogue.filter(actor_id=actor.id)
            .exclude(standing=Standing.STOPPED)
            .update(due_ms=milliseconds(now))
        )
    await _have_walked(row.lane, house=house)


async def on_let_go(event: LetGo, house: House) -> None:
    """Forget how far one has come of somebody whom the hub follows no longer, unless they are gone
    or moved: that is still told.
    """
    followed = await Actor.get(id=event.followed.id)  # as it is by now
    is_there = not followed.gone and followed.moved_to is None
    if event.follower.uri == house.uri(HUB_PATH) and is_there:
        await Catalogue.filter(actor_id=followed.id).delete()


async def _have_walked(lane: int, *, house: House) -> None:
    key = f"{WALK_JOB}:{lane}"
    await jobs.enqueue(WALK_JOB, {"lane": lane}, key=key, order_key=key, house=house)


async def walk_next(payload: JsonObject, house: House, *, listeners: Listeners) -> None:
    """Walk a stretch through what is due longest in a lane; then others get their turn."""
    lane, now = int(str(payload["lane"])), milliseconds(house.clock.now())
    row = await Catalogue.filter(lane=lane, due_ms__lte=now).order_by("due_ms", "id").first()
    if row is not None:
        await _walk(row, listeners=listeners, house=house)
    following = await Catalogue.filter(lane=lane).exclude(due_ms=None).order_by("due_ms").first()
    if following is not None and following.due_at is not None:
        wait = following.due_at - house.clock.now()
        if wait <= SOON:
            raise jobs.Later(after=max(wait, timedelta()), reason="there is more to come in")


async def _walk(row: Catalogue, *, listeners: Listeners, house: House) -> None:
    actor = await Actor.get(id=row.actor_id)
    if not await _is_walked(row, actor, house=house):
        return
    # As if it had failed already: what breaks off for no reason that is known does not come first
    # again and again.
    row.failures += 1
    await _set(row, due=house.clock.now() + wait_after(row.failures), house=house)
    row.problem = ""
    try:
        over = await walk(row, actor, listeners=listeners, house=house)
    except StoppedError:
        return
    except FetchError as error:
        await _failed(row, error, house=house)
    else:
        row.failures = 0
        await delivery.wake(actor.host, house=house)  # whoever answers may take what waits
        await (_finish(row, house=house) if over else _set(row, due=_soon(house), house=house))


def _soon(house: House) -> datetime:
    return house.clock.now() + PAUSE


async def _is_walked(row: Catalogue, actor: Actor, *, house: House) -> bool:
    """Say whether a catalogue is to be walked at all; write down why not."""
    hub = await hubs.hub_actor(house=house)
    follow = await follows.between(hub, actor) if hub is not None else None
    if actor.gone or actor.moved_to is not None:
        await _set(row, due=None, house=house)
    elif follow is None or follow.state is not FollowState.ACCEPTED:
        await row.delete()
    elif await actors.is_blocked(actor.host, actor.uri):
        row.problem = BLOCKED
        await _set(row, due=house.clock.now() + AGAIN, house=house)
    elif actor.outbox is None:
        row.standing = Standing.NOTHING
        await _set(row, due=None, house=house)
    else:
        return True
    return False


async def _failed(row: Catalogue, error: FetchError, *, house: House) -> None:
    wait = wait_after(row.failures)
    asked = error.facts.get("retry_after")
    if isinstance(asked, timedelta):
        wait = max(wait, asked)
    if isinstance(error, GoneError):  # a page that is there no longer: from the top again
        row.cursor, row.position = None, 0
    words = WORDS.get(type(error), "{reason}")
    row.problem = words.format(reason=error.facts.get("reason", ""))[:PROBLEM]
    log.info("network.walk_failed", actor=row.actor_id, reason=row.problem)
    await _set(row, due=house.clock.now() + wait, house=house)


async def _finish(row: Catalogue, *, house: House) -> None:
    """Rest until tomorrow; the next walk ends where this one began."""
    row.standing, row.finished_at = Standing.RESTING, house.clock.now()
    row.cursor, row.position, row.seen, row.oldest_at = None, 0, 0, None
    known = [*orjson.loads(row.newest), *orjson.loads(row.known)]
    row.known, row.newest = orjson.dumps(known[:NEWEST]).decode(), "[]"
    await _set(row, due=row.finished_at + AGAIN - house.random.random() * SPREAD, house=house)


async def _set(row: Catalogue, *, due: datetime | None, house: House) -> None:
    """Save where a catalogue stands, unless a steward has stopped it meanwhile."""
    row.due_ms = milliseconds(due) if due else None
    async with db.transaction():
        held = await Catalogue.filter(id=row.id).select_for_update().get_or_none()
        if held is not None and held.standing is not Standing.STOPPED:
            row.met_ms = held.met_ms  # others may have written that meanwhile
            await row.save()


async def look(_: JsonObject, house: House) -> None:
    """Have walked what is due; all of it where this node was away for a while, since it may have
    missed something that nobody sends again.
    """
    now = house.clock.now()
    async with db.transaction():
        beat, is_new = await Beat.get_or_create(id=1, defaults={"at_ms": milliseconds(now)})
        if not is_new and milliseconds(now - AWAY) > beat.at_ms:
            await Catalogue.filter(standing=Standing.RESTING).update(due_ms=milliseconds(now))
        await Beat.filter(id=1).update(at_ms=milliseconds(now))
        for lane in range(LANES):
            if await Catalogue.exists(lane=lane, due_ms__lte=milliseconds(now)):
                await _have_walked(lane, house=house)


async def stop(catalogue_id: int, *, house: House) -> None:
    """Take in no more of a catalogue until a steward says so. Raises NotFoundError."""
    await _say(catalogue_id, Standing.STOPPED, due_ms=None)


async def go_on(catalogue_id: int, *, house: House) -> None:
    """Go on with a catalogue now, wherever it stands. Raises NotFoundError."""
    now = milliseconds(house.clock.now())
    async with db.transaction():
        row = await _say(catalogue_id, Standing.WALKING, due_ms=now)
        await _have_walked(row.lane, house=house)


async def _say(catalogue_id: int, standing: Standing, *, due_ms: int | None) -> Catalogue:
    async with db.transaction():
        row = await Catalogue.filter(id=catalogue_id).select_for_update().get_or_none()
        if row is None:
            raise NotFoundError
        row.standing, row.due_ms, row.failures, row.problem = standing, due_ms, 0, ""
        await row.save(update_fields=["standing", "due_ms", "failures", "problem"])
    return row


async def listed(span: db.Span = db.TOP) -> Sequence[Catalogue]:
    """Return a page of the back catalogues with their actors, the newest first, and one more."""
    return await span.of(Catalogue.all(), PAGE + 1).prefetch_related("actor")
