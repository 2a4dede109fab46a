"""Somebody wants nothing to do with somebody else: neither is shown the other any more."""

from federation import vocab
from server import db
from server.actors.tables import Actor, Block
from server.delivery import service as delivery
from server.follows import service as follows
from server.follows.service import Parted
from server.house import House
from server.people import service as people
from server.responses import service as responses
from server.safety import wire
from server.safety.rules import PAGE, YourselfError


async def block(blocker: Actor, blocked: Actor, *, house: House) -> None:
    """Have an actor of ours block somebody: they follow each other no more, neither is told of or
    shown the other, and the other's server is told. Twice changes nothing.

    Raises YourselfError.
    """
    if blocker.id == blocked.id:
        raise YourselfError
    async with db.transaction():
        uri = house.activity_uri()
        if not await _keep(blocker, blocked, uri=uri, house=house):
            return
        await follows.part(blocker, blocked, house=house)
        await _send(wire.block(uri, blocker, blocked), blocker, blocked, house=house)


async def _send(activity: vocab.Activity, by: Actor, to: Actor, *, house: House) -> None:
    if not to.local:
        await delivery.send(
            activity, by=by, inboxes=[follows.own_inbox(to)],
            order_key=delivery.between(by, to), house=house,
        )  # fmt: skip


async def _keep(blocker: Actor, blocked: Actor, *, uri: str, house: House) -> bool:
    """Write a block down and forget what the two were told of each other. Return whether it is
    new.
    """
    _, new = await Block.get_or_create(
        blocker_id=blocker.id, blocked_id=blocked.id,
        defaults={"uri": uri, "created_at": house.clock.now()},
    )  # fmt: skip
    if not new:
        return False
    for one, other in ((blocker, blocked), (blocked, blocker)):
        await people.forget_actor(one.id, caused_by=other.id)
    await responses.forget_between(blocker, blocked)
    return True


async def unblock(blocker: Actor, blocked_id: int, *, house: House) -> None:
    """Take a block back. Who followed whom stays ended."""
    async with db.transaction():
        row = await Block.get_or_none(
            blocker_id=blocker.id, blocked_id=blocked_id
        ).prefetch_related("blocked")
        if row is None:
            return
        await row.delete()
        done = wire.block(row.uri, blocker, row.blocked)
        undo = wire.undo(house.activity_uri(), done)
        await _send(undo, blocker, row.blocked, house=house)


async def received(blocker: Actor, blocked: Actor, *, uri: str, house: House) -> None:
    """Take in that somebody elsewhere blocks an actor of ours. Twice changes nothing."""
    async with db.transaction():
        if await _keep(blocker, blocked, uri=uri, house=house):
            for follower, followed in ((blocker, blocked), (blocked, blocker)):
                await follows.taken_back(follower, followed, house=house)
            await house.hooks.tell(Parted(blocker, blocked), house)


async def taken_back(blocker: Actor, *, uri: str | None, of: str | None) -> None:
    """Forget a block, at the word of whoever made it: by its id, or by whom it was `of`."""
    gone = await Block.filter(uri=uri, blocker_id=blocker.id).delete() if uri else 0
    if not gone and of is not None:
        blocked = await Actor.get_or_none(uri=of)
        if blocked is not None:
            await Block.filter(blocker_id=blocker.id, blocked_id=blocked.id).delete()


async def blocked_by(blocker: Actor, *, span: db.Span = db.TOP) -> list[Block]:
    """Return a page of whom an actor blocks, the newest first, and one more."""
    query = Block.filter(blocker_id=blocker.id)
    return await span.of(query, PAGE + 1).prefetch_related("blocked")
