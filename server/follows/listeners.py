"""What incoming activities do to follows. Receiving any of them twice changes nothing more."""

from typing import TypeGuard

from federation import vocab
from federation.inbox import VerifiedActivity
from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery.events import InboxGone
from server.follows import departed, moving, service, synchronising
from server.follows.rules import Act
from server.follows.tables import Follow
from server.house import House
from server.inbox.registry import Listeners
from server.jobs import Registry


def register_listeners(listeners: Listeners) -> None:
    """Claim Follow, its Undo, the answers to ours, and Move."""
    listeners.on(vocab.ActivityType.FOLLOW, on_follow)
    listeners.on(vocab.ActivityType.UNDO, on_undo)
    listeners.on(vocab.ActivityType.ACCEPT, on_accept)
    listeners.on(vocab.ActivityType.REJECT, on_reject)
    listeners.on(vocab.ActivityType.MOVE, on_move)


def register_hooks(house: House) -> None:
    """Hear of inboxes that are gone."""
    house.hooks.on(InboxGone, departed.on_inbox_gone)


def register_jobs(registry: Registry) -> None:
    """Ask once more whether somebody is gone; take followers along; agree
    with others about who follows whom.
    """
    registry.on(moving.JOB, moving.take_along_next)
    registry.on(synchronising.JOB, synchronising.synchronise)
    registry.on(departed.JOB, departed.confirm)


async def on_follow(activity: VerifiedActivity, house: House) -> None:
    """Take in a Follow of an actor of ours; one of anybody else is nothing to us."""
    followed = await _ours(activity.activity.object, house)
    if followed is None:
        return
    follower, uri = await actors.resolve(activity.actor, house=house), activity.activity.id or ""
    if await service.is_welcome(follower, followed, house=house):
        await service.receive(follower, followed, uri=uri, house=house)
    else:
        await service.refuse(follower, followed, uri=uri, house=house)


async def on_undo(activity: VerifiedActivity, house: House) -> None:
    """Forget a follow that its own follower took back, whether sent whole or by its id."""
    follower = await actors.known(activity.actor)
    if follower is None:
        return
    undone = activity.activity.object
    if isinstance(undone, vocab.Activity):
        if undone.type is not vocab.ActivityType.FOLLOW or undone.actor != activity.actor:
            return
        followed = await _ours(undone.object, house)
        if followed is not None:
            await service.taken_back(follower, followed, house=house)
    elif isinstance(undone, str):
        row = await Follow.filter(uri=undone, follower_id=follower.id).first()
        if row is not None:
            await service.taken_back(follower, await Actor.get(id=row.followed_id), house=house)


async def on_accept(activity: VerifiedActivity, house: House) -> None:
    """Write down a yes to a follow of ours."""
    await _answered(activity, Act.ACCEPT, house)


async def on_reject(activity: VerifiedActivity, house: House) -> None:
    """Write down a no to a follow of ours, or the end of one."""
    await _answered(activity, Act.REJECT, house)


async def on_move(activity: VerifiedActivity, house: House) -> None:
    """Follow somebody to their new place, where anybody here follows them and the new place says
    that it was the old one. A Move of somebody whom nobody here follows costs no fetch.
    """
    former, target = await actors.known(activity.actor), activity.activity.target
    if former is None or former.local or target is None or target == former.uri:
        return
    if await service.is_followed_here(former):
        actor = await moving.confirmed(target, former=former, house=house)
        await Actor.filter(id=former.id).update(moved_to=actor.uri)
        await moving.take_along(former, actor, house=house)


async def _answered(activity: VerifiedActivity, act: Act, house: House) -> None:
    """Find the follow by the id of its activity, or by the two it is between; only the followed may
    answer.
    """
    followed = await actors.known(activity.actor)
    if followed is None:
        return
    asked = activity.activity.object
    uri = vocab.id_of(asked)
    row = await Follow.filter(uri=uri, followed_id=followed.id).first() if uri else None
    if row is None and _is_follow(asked):
        follower = await actors.known(asked.actor)
        if follower is not None and follower.local:
            row = await service.between(follower, followed)
    if row is not None:
        await service.answered(row, act, house=house)


def _is_follow(asked: vocab.Thing | None) -> TypeGuard[vocab.Activity]:
    """Tell whether what was answered is a Follow: other things are asked and answered too."""
    return isinstance(asked, vocab.Activity) and asked.type is vocab.ActivityType.FOLLOW


async def _ours(thing: vocab.Thing | None, house: House) -> Actor | None:
    uri = vocab.id_of(thing)
    actor = await actors.known(uri) if uri else None
    return actor if actor is not None and actor.local and not actor.gone else None
