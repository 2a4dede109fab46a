"""What is sent of a post, and where it went; who of ours passes it on, and takes that back."""

from collections.abc import Collection, Sequence

from federation import vocab
from server import db
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.delivery.reach import Reach
from server.delivery.tables import OutgoingActivity
from server.follows import service as follows
from server.follows.wire import undo
from server.house import House
from server.posts import wire
from server.posts.kinds import ENTRY
from server.posts.tables import Boost, Post

THINGS = frozenset({vocab.ActivityType.CREATE, vocab.ActivityType.ANNOUNCE})
"""What makes a thing known; the rest tells what became of it."""


async def send(
    post: Post, activity: vocab.Activity, by: Actor, reach: Reach, *, house: House
) -> None:  # fmt: skip
    """Send an activity about a post, and keep where it went: a withdrawal has to go there too."""
    sent = await delivery.send(
        activity, by=by, inboxes=reach, order_key=order_key(post), house=house
    )
    thing = activity.type in THINGS
    others = [] if thing else [one.id for one in await passed_on_by(post)]
    await enlist(sent, [by.id, *others], thing=thing)
    await db.execute(
        "INSERT INTO sent (post_id, inbox_id) SELECT CAST(? AS BIGINT), inbox_id FROM deliveries"
        " WHERE activity_id = ? AND state = 'waiting' ON CONFLICT (post_id, inbox_id) DO NOTHING",
        post.id, sent,
    )  # fmt: skip


async def enlist(activity_id: int, actor_ids: Collection[int], *, thing: bool) -> None:
    """Have the outboxes of these actors of ours show an activity, where it is for everybody."""
    await db.execute(
        "INSERT INTO outbox_entries (actor_id, activity_id, thing)"  # noqa: S608 - marks
        " SELECT o.id, a.id, CAST(? AS BOOLEAN) FROM activities a, actors o"
        f" WHERE a.id = ? AND a.public AND o.id IN ({db.marks(len(actor_ids))})"
        " ON CONFLICT (actor_id, activity_id) DO NOTHING",
        thing, activity_id, *actor_ids,
    )  # fmt: skip


def order_key(post: Post) -> str:
    """Return within what order things are sent of a post: its own, or that of what it is part of
    (federation.md §6).
    """
    return (post.in_reply_to if post.kind == ENTRY else post.uri) or ""


def sent_to(post: Post) -> Reach:
    """Return wherever a post was ever sent."""
    return Reach(
        "SELECT i.url AS url FROM sent s JOIN inboxes i ON i.id = s.inbox_id WHERE s.post_id = ?",
        (post.id,),
    )


def takers(actor_ids: Sequence[int]) -> Reach:
    """Return the Fettle hubs where somebody follows one of these actors of ours: they may have
    taken what it published or passed on from its outbox, to which nothing was sent.
    """
    if not actor_ids:
        return Reach.of(())
    return Reach(
        "SELECT coalesce(a.shared_inbox, a.inbox) AS url FROM follows f"  # noqa: S608 - marks
        " JOIN actors a ON a.id = f.follower_id JOIN hosts h ON h.host = a.host"
        f" WHERE f.followed_id IN ({db.marks(len(actor_ids))}) AND f.state = 'accepted'"
        " AND NOT a.local AND NOT a.gone AND NOT a.blocked AND h.software = ?",
        (*actor_ids, "fettle"),
    )


async def pass_on(post: Post, author: Actor, *, by: Actor, reach: Reach, house: House) -> None:
    """Have an actor of ours boost a post, in the transaction that published it."""
    boost = await Boost.create(
        post_id=post.id, actor_id=by.id, uri=house.activity_uri(), created_at=house.clock.now()
    )
    await send(post, wire.announce(boost, post, by, author), by, reach, house=house)


async def passed_on_by(post: Post) -> list[Actor]:
    """Return the actors of ours that pass a post on."""
    return await Actor.filter(boosts__post_id=post.id, local=True)


async def call_back(
    post: Post, author: Actor, *, by: Collection[Actor] | None = None, house: House
) -> None:
    """Undo the boosts of a post by actors of ours, all of them or those `by` some: where one may
    have arrived goes an Undo, where it still waits it goes no more.
    """
    for one in by if by is not None else await passed_on_by(post):
        boost = await Boost.get(post_id=post.id, actor_id=one.id)
        reach = _reached(boost, post, one, house=house)
        if await db.rows(f"SELECT 1 FROM ({reach.sql}) AS r LIMIT 1", *reach.arguments):  # noqa: S608
            undone = undo(house.activity_uri(), wire.announce(boost, post, one, author))
            await delivery.send(
                undone, by=one, inboxes=reach, order_key=order_key(post), house=house
            )  # fmt: skip
        await OutgoingActivity.filter(uri=boost.uri).delete()
        await boost.delete()


def _reached(boost: Boost, post: Post, by: Actor, *, house: House) -> Reach:
    """Return where a boost may have arrived: known as long as its deliveries are, later it may have
    been wherever its followers are and the post was.
    """
    if house.clock.now() - boost.created_at >= delivery.KEPT:
        return follows.follower_inboxes(by) & sent_to(post)
    return Reach(
        "SELECT i.url AS url FROM activities a JOIN deliveries d ON d.activity_id = a.id"
        " JOIN inboxes i ON i.id = d.inbox_id WHERE a.uri = ?"
        " AND (d.state = 'delivered' OR d.attempts > 0)",
        (boost.uri,),
    )
