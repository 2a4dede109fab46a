"""Somebody closed their account: take back what they published, then tell whoever knew them."""

import functools
import operator
from datetime import timedelta

from federation import vocab
from server import db, jobs
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.delivery.reach import Reach
from server.delivery.tables import OutgoingActivity
from server.follows import service as follows
from server.house import House
from server.people.events import Closed
from server.posts.events import AuthorGone, Leaving
from server.posts.rules import State
from server.posts.service.publish import withdraw
from server.posts.tables import Boost, Post

LEAVE_JOB = "posts.leave"
TAKEN_BACK = 20
"""Posts that are taken back before others get their turn."""


async def on_closed(event: Closed, house: House) -> None:
    """Have a job take back all that somebody published, however much that is."""
    await _have_leave(event.actor, house=house)


async def leave(actor: Actor, *, house: House) -> None:
    """Have an actor of ours be gone from now on that nobody signs in as; whoever knew it is told.
    Call it in the transaction of what it belonged to.
    """
    now = house.clock.now()
    await Actor.filter(id=actor.id).update(gone=True, name="", summary="", fetched_at=now)
    await Boost.filter(actor_id=actor.id).delete()
    await _have_leave(actor, house=house)


async def _have_leave(actor: Actor, *, house: House) -> None:
    await jobs.enqueue(
        LEAVE_JOB, {"actor": actor.id}, key=f"{LEAVE_JOB}:{actor.id}", house=house
    )  # fmt: skip


async def leave_next(payload: vocab.JsonObject, house: House) -> None:
    """Take back a part of what somebody published, the rest when called again; once there is
    nothing left, say that they are gone. Twice says it once.
    """
    actor = await Actor.get_or_none(id=int(str(payload["actor"])), local=True, gone=True)
    if actor is None:
        return
    left = Post.filter(author_id=actor.id, state__in=[State.DRAFT, State.PUBLISHED])
    found = await left.order_by("id").limit(TAKEN_BACK)
    for post in found:
        await withdraw(post, house=house)
    if len(found) == TAKEN_BACK:
        raise jobs.Later(after=timedelta(), reason="there is more")
    await _say_goodbye(actor, house=house)


async def _say_goodbye(actor: Actor, *, house: House) -> None:
    """Send the Delete of an actor to its followers, to whom it followed, and to everybody who ever
    got something of it; then forget both.
    """
    async with db.transaction():
        if await OutgoingActivity.exists(actor_id=actor.id, type="Delete", object_uri=actor.uri):
            return
        sent = Reach(
            "SELECT i.url AS url FROM posts p JOIN sent s ON s.post_id = p.id"
            " JOIN inboxes i ON i.id = s.inbox_id WHERE p.author_id = ?",
            (actor.id,),
        )
        known = follows.follower_inboxes(actor) | follows.followed_inboxes(actor)
        leaving = Leaving(actor=actor, reach=[known, sent])
        await house.hooks.tell(leaving, house)
        await delivery.send(
            _goodbye(actor, house=house), by=actor, order_key=actor.uri, house=house,
            inboxes=functools.reduce(operator.or_, leaving.reach),
        )  # fmt: skip
        await follows.forget(actor)
        await house.hooks.tell(AuthorGone(author=actor), house)


def _goodbye(actor: Actor, *, house: House) -> vocab.Activity:
    return vocab.Activity(
        id=house.activity_uri(), type=vocab.ActivityType.DELETE, actor=actor.uri, object=actor.uri,
        to=(vocab.PUBLIC,), cc=(actor.followers,) if actor.followers else (),
        published=house.clock.now().replace(microsecond=0),
    )  # fmt: skip
