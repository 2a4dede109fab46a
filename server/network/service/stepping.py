"""The work on lists: one address after another is looked up, followed, or no longer followed.

What is to be done is in the rows of the addresses, and in them alone: a job only says that there
may be something in a lane. So whatever breaks off goes on where it was.
"""

from collections.abc import Iterable

from federation.vocab import JsonObject
from server import db, jobs
from server.actors.tables import Actor
from server.errors import RefusedError
from server.follows import service as follows
from server.follows.rules import FollowState
from server.follows.service import FollowAnswered
from server.follows.tables import Follow
from server.house import House
from server.hub import service as hub
from server.network.rules.subscribing import (
    LANES,
    REASON_LIMIT,
    TRIES,
    Act,
    EntryState,
    Step,
    Wish,
    after,
    step_for,
)
from server.network.service.looking import Failed, Found, Listing, look_up
from server.network.tables import Batch, Entry

JOB = "network.subscribe"
ROUND_JOB = "network.subscribe_again"
TURNS = 20
"""Steps of one job; then others have their turn."""
OURS = "Something went wrong here, and not for the first time. Try it again later."
LET_GO = "You stopped following them yourselves."
TURN = "network.entries"
"""Where two lists name the same somebody, one of them is written at a time."""
ANSWERS = {FollowState.ACCEPTED: Act.ACCEPT, FollowState.REJECTED: Act.REFUSE}


async def prime(*, house: House, lanes: Iterable[int] = range(LANES)) -> None:
    """Have the lanes worked in, inside the transaction that gives them something to do."""
    for lane in lanes:
        key = f"{JOB}:{lane}"
        await jobs.enqueue(JOB, {"lane": lane}, key=key, order_key=key, house=house)


async def prime_all(_: JsonObject, house: House) -> None:
    """Go on in lanes whose job was given up, if there is any."""
    found = await db.rows("SELECT DISTINCT lane FROM subscription_entries WHERE waiting = ?", True)
    await prime(lanes=[int(row["lane"]) for row in found], house=house)


async def go_on(payload: JsonObject, house: House) -> None:
    """Take the next steps in a lane. Run twice, it changes nothing more."""
    lane = int(str(payload["lane"]))
    us = await hub.hub_actor(house=house)
    for _ in range(TURNS if us else 0):
        entry = await _next(lane)
        if entry is None or us is None:
            return
        await _step(entry, us, house=house)
    await prime(lanes=[lane], house=house)


async def _next(lane: int) -> Entry | None:
    return await db.read_one(
        Entry,
        "SELECT * FROM subscription_entries WHERE lane = ? AND waiting = ?"
        " ORDER BY tries, id LIMIT 1",
        lane, True,
    )  # fmt: skip


async def _step(entry: Entry, us: Actor, *, house: House) -> None:
    """Take the next step with an address. What breaks off is begun anew, but not for ever."""
    if entry.tries >= TRIES:
        state = after(entry.state, Act.FAIL)
        await Entry.filter(id=entry.id).update(waiting=False, state=state, reason=OURS)
        return
    await Entry.filter(id=entry.id).update(tries=entry.tries + 1)
    batch = await Batch.get(id=entry.batch_id)
    outcome = None
    if _next_step(batch, entry) is Step.LOOK:
        outcome = await look_up(entry.address, us, house=house)
    async with db.transaction():
        await db.in_turn(TURN)
        batch = await Batch.filter(id=entry.batch_id).select_for_update().get()
        row = await Entry.get(id=entry.id)
        step = _next_step(batch, row)
        if step is Step.LOOK and outcome is not None:
            await _looked(row, outcome, us)
        elif step is Step.FOLLOW:
            await _follow(row, us, house=house)
        elif step is Step.UNDO:
            await _undo(row, us, house=house)
        row.tries, row.waiting = 0, _next_step(batch, row) is not None
        # Without a step nothing else is written: somebody may have answered meanwhile.
        await row.save(update_fields=None if step else ["tries", "waiting"])


def _next_step(batch: Batch, row: Entry) -> Step | None:
    if batch.paused:
        return None
    return step_for(batch.wish, row.state, listed=row.unlisted_at is None)


async def _looked(row: Entry, outcome: Found | Listing | Failed, us: Actor) -> None:
    """Write down what was found at an address."""
    if isinstance(outcome, Listing):
        _move(row, Act.LIST, outcome.words)
        return
    if isinstance(outcome, Failed):
        _move(row, Act.FAIL, outcome.reason)
        return
    row.actor_id = outcome.actor.id
    gone = [EntryState.LOOKING, EntryState.FAILED, EntryState.LEFT]
    same = Entry.filter(batch_id=row.batch_id, actor_id=row.actor_id).exclude(id=row.id)
    other = await same.exclude(state__in=gone).first()
    if other is not None:
        _move(row, Act.LEAVE, f"The same as in line {other.line}.")
    elif await _is_followed(us, outcome.actor):
        _move(row, Act.KNOW)
    else:
        _move(row, Act.FIND)


async def _follow(row: Entry, us: Actor, *, house: House) -> None:
    actor = await Actor.get(id=row.actor_id)
    if await _is_followed(us, actor):
        _move(row, Act.KNOW)
        return
    try:
        follow = await follows.follow(us, actor, house=house)
    except RefusedError as error:
        _move(row, Act.FAIL, str(error))
        return
    row.follow_id = follow.id
    _move(row, ANSWERS.get(follow.state, Act.ASK))


async def _undo(row: Entry, us: Actor, *, house: House) -> None:
    """Stop following whom this entry followed, unless another list wants to; a follow that somebody
    made since stays. Whom a steward let go by hand is left out from now on, should the list name
    them again.
    """
    follow = await _made_by(row, us)
    if follow is None and row.unlisted_at is not None:
        _move(row, Act.LEAVE, LET_GO)
        return
    if follow is not None and not await _handed_over(row, follow):
        await follows.unfollow(us, await Actor.get(id=follow.followed_id), house=house)
    _move(row, Act.UNDO)


async def leave_out(row: Entry, us: Actor, *, house: House) -> None:
    """Leave an address out, as a steward says; whom it followed is followed no longer."""
    follow = await _made_by(row, us)
    if follow is not None:
        await follows.unfollow(us, await Actor.get(id=follow.followed_id), house=house)
    _move(row, Act.LEAVE)


async def _made_by(row: Entry, us: Actor) -> Follow | None:
    """Return the follow that an entry made, where there still is one."""
    if row.follow_id is None:
        return None
    return await Follow.get_or_none(id=row.follow_id, follower_id=us.id)


async def _handed_over(row: Entry, follow: Follow) -> bool:
    """Have another list that found somebody followed already be the one that follows them."""
    others = Entry.filter(
        actor_id=row.actor_id, state=EntryState.KNOWN, unlisted_at=None, batch__wish=Wish.FOLLOW
    )
    heir = await others.exclude(batch_id=row.batch_id).order_by("id").first()
    if heir is None or follow.state is FollowState.REJECTED:
        return False
    heir.follow_id = follow.id
    _move(heir, ANSWERS.get(follow.state, Act.ASK))
    await heir.save(update_fields=["follow_id", "state", "reason"])
    return True


async def _is_followed(us: Actor, actor: Actor) -> bool:
    """Say whether we follow somebody, or have asked to."""
    follow = await follows.between(us, actor)
    return follow is not None and follow.state is not FollowState.REJECTED


def _move(row: Entry, act: Act, reason: str = "") -> None:
    row.state, row.reason = after(row.state, act), reason[:REASON_LIMIT]


async def on_answered(event: FollowAnswered, _: House) -> None:
    """Write down what somebody answered whom a list asked."""
    act = ANSWERS.get(event.follow.state)
    if act is None:
        return
    asked = Entry.filter(actor_id=event.follow.followed_id, follow_id=event.follow.id)
    for state in {EntryState.ASKED, EntryState.ACCEPTED}:
        if after(state, act) is not state:
            await asked.filter(state=state).update(state=after(state, act))
