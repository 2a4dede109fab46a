"""Follow and be followed: one verb, one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from federation.audience import Inbox
from server import db
from server.actors import hosts
from server.actors.blocks import APART, are_apart
from server.actors.service import BlockedError, is_blocked
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.delivery.reach import Reach
from server.errors import NotFoundError, RefusedError
from server.follows import rules, wire
from server.follows.rules import Act, FollowState
from server.follows.tables import Follow
from server.house import House

PAGE = 50

ACCEPT_AFTER = timedelta(seconds=1)
"""Some servers drop an Accept that arrives before they have recorded their Follow (federation.md
§5).
"""


class FollowingYourselfError(RefusedError):
    """Nobody can follow themselves."""


class ApartError(RefusedError):
    """You can’t follow {handle}: one of you has blocked the other."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Somebody now follows, or asks to follow, an actor of ours."""

    follow: Follow
    again: bool
    """It was known already."""


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """Somebody took back that they follow, or ask to follow, an actor of ours."""

    follower: Actor
    followed: Actor


@dataclass(frozen=True, slots=True)
class LetGo:
    """An actor of ours took back that it follows, or asked to follow, somebody elsewhere."""

    follower: Actor
    followed: Actor


@dataclass(frozen=True, slots=True)
class Settled:
    """An actor of ours said yes or no to who follows it, or asked to."""

    follower: Actor
    followed: Actor


@dataclass(slots=True)
class Asked:
    """Somebody wants to follow an actor of ours that no block keeps them from: whoever knows more
    of that actor may refuse.
    """

    follower: Actor
    followed: Actor
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Parted:
    """Two want nothing to do with each other any more."""

    one: Actor
    other: Actor


@dataclass(frozen=True, slots=True)
class FollowAnswered:
    """An actor elsewhere answered a follow of ours."""

    follow: Follow


async def follow(follower: Actor, followed: Actor, *, house: House) -> Follow:
    """Have an actor of ours follow somebody. Following again asks again where there was no yes.

    Raises FollowingYourselfError, BlockedError, ApartError.
    """
    if follower.id == followed.id:
        raise FollowingYourselfError
    if followed.blocked or await is_blocked(followed.host):
        raise BlockedError(host=followed.host)
    if not await is_welcome(follower, followed, house=house):
        raise ApartError(handle=followed.handle)
    async with db.transaction():
        uri = house.activity_uri()
        row = await _begun(follower, followed, uri=uri, house=house)
        row = row or await Follow.get(follower_id=follower.id, followed_id=followed.id)
        if row.state is FollowState.ACCEPTED:
            return row
        row.state, row.uri = FollowState.REQUESTED, uri
        if followed.local:
            await _receive(row, followed, again=False, house=house)
            return row
        await row.save(update_fields=["state", "uri"])
        await delivery.send(
            wire.follow(row.uri, follower, followed), by=follower, inboxes=[own_inbox(followed)],
            order_key=delivery.between(follower, followed), house=house,
        )  # fmt: skip
        await hosts.ask_soon(followed.host, house=house)
    return row


async def is_welcome(follower: Actor, followed: Actor, *, house: House) -> bool:
    """Say whether nothing stands between somebody and whom they want to follow."""
    if await are_apart(follower.id, followed.id):
        return False
    asked = Asked(follower, followed)
    await house.hooks.tell(asked, house)
    return not asked.refused


async def unfollow(follower: Actor, followed: Actor, *, house: House) -> None:
    """Take a follow back, wherever it stands."""
    async with db.transaction():
        row = await Follow.get_or_none(follower_id=follower.id, followed_id=followed.id)
        if row is None:
            return
        await row.delete()
        if followed.local:
            await house.hooks.tell(Unfollowed(follower, followed), house)
            return
        undo = wire.undo(house.activity_uri(), wire.follow(row.uri, follower, followed))
        await delivery.send(
            undo, by=follower, inboxes=[own_inbox(followed)],
            order_key=delivery.between(follower, followed), house=house,
        )  # fmt: skip
        await house.hooks.tell(LetGo(follower, followed), house)


async def receive(follower: Actor, followed: Actor, *, uri: str, house: House) -> Follow:
    """Take in a Follow from elsewhere: accepted at once, or kept as a request where the actor asks
    for that.

    A repeated Follow is answered again.
    """
    async with db.transaction():
        new = await _begun(follower, followed, uri=uri, house=house)
        row = new or await _locked(follower, followed)
        again = new is None and row.state is not FollowState.REJECTED
        row.uri = uri
        if row.state is not FollowState.ACCEPTED:
            row.state = FollowState.REQUESTED
        await _receive(row, followed, again=again, house=house)
        if row.state is FollowState.ACCEPTED:
            await _answer(row, follower, followed, Act.ACCEPT, house=house)
            await hosts.ask_soon(follower.host, house=house)
    return row


async def _begun(follower: Actor, followed: Actor, *, uri: str, house: House) -> Follow | None:
    """Return the follow of one by the other where it is new."""
    row = Follow(
        follower_id=follower.id, followed_id=followed.id, state=FollowState.REQUESTED, uri=uri,
        created_at=house.clock.now(),
    )  # fmt: skip
    return row if await db.add(row, unless="follower_id, followed_id") else None


async def _locked(follower: Actor, followed: Actor) -> Follow:
    """Return the follow of one by the other, which nobody else changes meanwhile."""
    row = Follow.filter(follower_id=follower.id, followed_id=followed.id).select_for_update()
    return await row.get()


async def _receive(row: Follow, followed: Actor, *, again: bool, house: House) -> None:
    if row.state is FollowState.REQUESTED and not followed.manually_approves:
        row.state, row.answered_at = FollowState.ACCEPTED, house.clock.now()
    await row.save()
    await house.hooks.tell(Followed(row, again), house)


async def _answer(row: Follow, follower: Actor, followed: Actor, act: Act, *, house: House) -> None:
    if follower.local:
        return
    asked = wire.follow(row.uri, follower, followed)
    await delivery.send(
        wire.answer(house.activity_uri(), act, asked), by=followed, inboxes=[own_inbox(follower)],
        order_key=delivery.between(follower, followed), house=house, after=ACCEPT_AFTER,
    )  # fmt: skip


async def settle(follow_id: int, *, followed: Actor, act: Act, house: House) -> Follow:
    """Accept or reject a request, or remove a follower, as the one who is followed.

    Raises NotFoundError unless the follow is of `followed`.
    """
    async with db.transaction():
        row = await Follow.filter(id=follow_id).select_for_update().get_or_none()
        if row is None or row.followed_id != followed.id:
            raise NotFoundError
        state = rules.after(row.state, act)
        if state is row.state:
            return row
        row.state, row.answered_at = state, house.clock.now()
        await row.save()
        follower = await Actor.get(id=row.follower_id)
        await _answer(row, follower, followed, act, house=house)
        await house.hooks.tell(Settled(follower, followed), house)
        if state is FollowState.ACCEPTED:
            await hosts.ask_soon(follower.host, house=house)
    return row


async def answered(row: Follow, act: Act, *, house: House) -> None:
    """Write down what an actor elsewhere answered to a follow of ours. Twice changes nothing."""
    async with db.transaction():
        held = await Follow.filter(id=row.id).select_for_update().get_or_none()
        if held is None or (state := rules.after(held.state, act)) is held.state:
            return
        held.state, held.answered_at = state, house.clock.now()
        await held.save()
        await house.hooks.tell(FollowAnswered(held), house)


async def taken_back(follower: Actor, followed: Actor, *, house: House) -> None:
    """Forget a follow that its follower took back."""
    async with db.transaction():
        if await Follow.filter(follower_id=follower.id, followed_id=followed.id).delete():
            await house.hooks.tell(Unfollowed(follower, followed), house)


async def refuse(follower: Actor, followed: Actor, *, uri: str, house: House) -> None:
    """Say no to a Follow from elsewhere, of which nothing is kept."""
    asked = wire.follow(uri, follower, followed)
    async with db.transaction():
        await delivery.send(
            wire.answer(house.activity_uri(), Act.REJECT, asked), by=followed,
            inboxes=[own_inbox(follower)], order_key=delivery.between(follower, followed),
            house=house,
        )  # fmt: skip


async def part(one: Actor, other: Actor, *, house: House) -> None:
    """End that two follow each other, whichever way, and say so elsewhere: with an Undo of ours, a
    Reject of theirs.
    """
    async with db.transaction():
        for follower, followed in ((one, other), (other, one)):
            row = await between(follower, followed)
            if row is None:
                continue
            if follower.local:
                await unfollow(follower, followed, house=house)
            elif followed.local:
                await settle(row.id, followed=followed, act=Act.REJECT, house=house)
                await taken_back(follower, followed, house=house)
        await house.hooks.tell(Parted(one, other), house)


async def forget_follower(actor: Actor) -> None:
    """Forget whom of ours an actor followed, or asked to."""
    await Follow.filter(follower_id=actor.id).delete()


async def forget(actor: Actor) -> None:
    """Forget whom an actor that is gone followed, and who followed it."""
    await forget_follower(actor)
    await Follow.filter(followed_id=actor.id).delete()


async def between(follower: Actor, followed: Actor) -> Follow | None:
    """Return the follow of one by the other, wherever it stands."""
    return await Follow.get_or_none(follower_id=follower.id, followed_id=followed.id)


async def followers(
    followed: Actor, *, state: FollowState = FollowState.ACCEPTED, span: db.Span = db.TOP
) -> list[Follow]:
    """Return a page of followers (or requests), newest first, and one more to see if there
    are more.
    """
    query = Follow.filter(followed_id=followed.id, state=state)
    return await span.of(query, PAGE + 1).prefetch_related("follower")


async def local_followers(followed: Actor, *, limit: int) -> list[int]:
    """Return the actors of ours, by their rows, that follow an actor: the first so many."""
    found = await db.rows(
        "SELECT f.follower_id FROM follows f JOIN actors a ON a.id = f.follower_id"
        " WHERE f.followed_id = ? AND f.state = 'accepted' AND a.local ORDER BY f.id LIMIT ?",
        followed.id, limit,
    )  # fmt: skip
    return [int(row["follower_id"]) for row in found]


async def following(
    follower: Actor, *, states: tuple[FollowState, ...] = (FollowState.ACCEPTED,),
    span: db.Span = db.TOP,
) -> list[Follow]:  # fmt: skip
    """Return a page of whom an actor follows, newest first, and one more to see if there
    are more.
    """
    query = Follow.filter(follower_id=follower.id, state__in=states)
    return await span.of(query, PAGE + 1).prefetch_related("followed")


async def counts(actor: Actor) -> tuple[int, int]:
    """Return how many follow the actor, and how many it follows."""
    return (
        await Follow.filter(followed_id=actor.id, state=FollowState.ACCEPTED).count(),
        await Follow.filter(follower_id=actor.id, state=FollowState.ACCEPTED).count(),
    )


def follower_inboxes(
    actor: Actor, *, software: str | None = None, besides: Sequence[int] = (),
    author: Actor | None = None,
) -> Reach:  # fmt: skip
    """Return where an actor's followers elsewhere are reached, shared inboxes first; with
    `software` only those whose servers run it, without those who follow one of those `besides`,
    and without those whom a block keeps apart from the `author` of what is sent.
    """
    reached = (
        " AND NOT EXISTS (SELECT 1 FROM follows o WHERE o.follower_id = f.follower_id"  # noqa: S608
        f" AND o.followed_id IN ({db.marks(len(besides))}) AND o.state = 'accepted')"
        if besides
        else ""
    )
    kept = f" AND NOT {APART.format(actor='f.follower_id')}" if author else ""
    runs = " JOIN hosts h ON h.host = a.host AND h.software = ?" if software else ""
    return Reach(
        "SELECT coalesce(a.shared_inbox, a.inbox) AS url FROM follows f"  # noqa: S608 - fixed
        f" JOIN actors a ON a.id = f.follower_id{runs}"
        " WHERE f.followed_id = ? AND f.state = 'accepted' AND NOT a.local AND NOT a.gone"
        f" AND NOT a.blocked{reached}{kept}",
        (
            *((software,) if software else ()),
            actor.id,
            *besides,
            *((author.id, author.id) if author else ()),
        ),
    )


def followed_inboxes(actor: Actor) -> Reach:
    """Return where those elsewhere are reached whom an actor follows or has asked to."""
    return Reach(
        "SELECT coalesce(a.shared_inbox, a.inbox) AS url FROM follows f"
        " JOIN actors a ON a.id = f.followed_id"
        " WHERE f.follower_id = ? AND f.state != 'rejected' AND NOT a.local AND NOT a.gone",
        (actor.id,),
    )


async def is_followed_here(actor: Actor) -> bool:
    """Say whether anybody on this node follows the actor."""
    return bool(
        await db.rows(
            "SELECT 1 FROM follows f JOIN actors a ON a.id = f.follower_id"
            " WHERE f.followed_id = ? AND f.state = 'accepted' AND a.local LIMIT 1",
            actor.id,
        )
    )


async def is_any_followed_here(collections: Collection[str]) -> bool:
    """Say whether one of these collections holds the followers of somebody elsewhere whom anybody
    on this node follows.
    """
    if not collections:
        return False
    return bool(
        await db.rows(
            "SELECT 1 FROM actors a JOIN follows f ON f.followed_id = a.id"  # noqa: S608 - marks only
            " JOIN actors me ON me.id = f.follower_id"
            f" WHERE a.followers IN ({db.marks(len(collections))}) AND NOT a.local"
            " AND f.state = 'accepted' AND me.local LIMIT 1",
            *collections,
        )
    )


def own_inbox(actor: Actor) -> Inbox:
    """Return the actor's personal inbox: what is between two is not for a shared one."""
    return Inbox(actor.inbox)
