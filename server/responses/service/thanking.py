"""Thank for a post, here and by a favourite from elsewhere."""

from server import db
from server.actors.blocks import are_apart
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.delivery.reach import Reach
from server.errors import NotFoundError
from server.follows.service import own_inbox
from server.house import House
from server.people import service as people
from server.people.tables import Person
from server.posts import service as posts
from server.posts.events import AuthorGone, Leaving
from server.posts.tables import Post
from server.responses import wire
from server.responses.service.telling import Happened, called, tell_writer
from server.responses.tables import Thanks

LOOKED_AT = 4
"""For each of the newest thank-yous that is wanted, so many are looked at: those for posts of ours
are among them, or it is long ago that there were any.
"""
RECENT = (  # from the newest on, or every post that there is would be looked at
    "SELECT t.id, p.version FROM"
    " (SELECT id, post_id, created_at FROM thanks ORDER BY created_at DESC LIMIT ?) t"
    " JOIN posts p ON p.id = t.post_id"
    " WHERE p.local = ? AND p.state = 'published' AND p.visibility = 'public'"
    " ORDER BY t.created_at DESC LIMIT ?"
)
THANKED = 200
"""Of those who thanked for a post, so many are named."""


async def on_leaving(event: Leaving, _: House) -> None:
    """Have those told whom somebody thanked who leaves."""
    thanked = Reach(
        "SELECT a.inbox AS url FROM thanks t JOIN posts p ON p.id = t.post_id"
        " JOIN actors a ON a.id = p.author_id WHERE t.actor_id = ? AND NOT a.local AND NOT a.gone",
        (event.actor.id,),
    )
    event.reach.append(thanked)


async def on_author_gone(event: AuthorGone, _: House) -> None:
    """Forget the thanks of somebody who is gone."""
    await Thanks.filter(actor_id=event.author.id).delete()


async def thank(post: Post, *, by: Person, house: House) -> None:
    """Thank for a post, once. Raises NotFoundError where the person may not read it."""
    thanker = await Actor.get(id=by.actor_id)
    if not await posts.may_see(post, thanker):
        raise NotFoundError
    async with db.transaction():
        author = await Actor.get(id=post.author_id)
        uri = house.activity_uri()
        _, new = await Thanks.get_or_create(
            post_id=post.id, actor_id=thanker.id,
            defaults={"uri": uri, "created_at": house.clock.now()},
        )  # fmt: skip
        if not new:
            return
        if author.local:
            await _thanked(post, thanker, house=house)
        else:
            await delivery.send(
                wire.like(uri, thanker, post, author), by=thanker, inboxes=[own_inbox(author)],
                order_key=f"thanks:{thanker.id}:{post.id}", house=house,
            )  # fmt: skip


async def unthank(post: Post, *, by: Person, house: House) -> None:
    """Take a thank-you back."""
    async with db.transaction():
        thanker = await Actor.get(id=by.actor_id)
        row = await Thanks.get_or_none(post_id=post.id, actor_id=thanker.id)
        if row is None:
            return
        await row.delete()
        await people.take_back(None, kind="thanks", actor=thanker, post_id=post.id)
        author = await Actor.get(id=post.author_id)
        if not author.local:
            done = wire.like(row.uri, thanker, post, author)
            await delivery.send(
                wire.undo(house.activity_uri(), done), by=thanker, inboxes=[own_inbox(author)],
                order_key=f"thanks:{thanker.id}:{post.id}", house=house,
            )  # fmt: skip


async def thanked(uri: str, *, by: Actor, activity_uri: str, house: House) -> None:
    """Write down a favourite from elsewhere of a post that is public here. Twice changes nothing
    but which of them is undone.
    """
    async with db.transaction():
        post = await posts.by_uri(uri)
        if post is None or not await posts.may_see(post, None):
            return
        if await are_apart(post.author_id, by.id):
            return
        row, new = await Thanks.get_or_create(
            post_id=post.id, actor_id=by.id,
            defaults={"uri": activity_uri, "created_at": house.clock.now()},
        )  # fmt: skip
        if row.uri != activity_uri:
            await Thanks.filter(id=row.id).update(uri=activity_uri)
        if new and post.local:
            await _thanked(post, by, house=house)


async def _thanked(post: Post, by: Actor, *, house: House) -> None:
    what = Happened("thanks", by, post.id, f"thanked you for {called(post)}")
    await tell_writer(post, what, house=house)


async def unthanked(activity_uri: str | None, *, of: str | None, by: Actor) -> None:
    """Take back a favourite, at the word of whoever made it: by its id, or by the id of the post
    that it was `of`.
    """
    async with db.transaction():
        rows = await Thanks.filter(uri=activity_uri, actor_id=by.id) if activity_uri else []
        if not rows and of is not None:
            rows = await Thanks.filter(post__uri=of, actor_id=by.id)
        for row in rows:
            await row.delete()
            await people.take_back(None, kind="thanks", actor=by, post_id=row.post_id)


async def forget_between(one: Actor, other: Actor) -> None:
    """Forget for what two thanked each other."""
    for by, author in ((one, other), (other, one)):
        await Thanks.filter(actor_id=by.id, post__author_id=author.id).delete()


async def has_thanked(actor: Actor, post: Post) -> bool:
    """Say whether somebody thanked for a post."""
    sql = "SELECT 1 FROM thanks WHERE post_id = ? AND actor_id = ?"
    return bool(await db.rows(sql, post.id, actor.id))


async def thanks_for(post: Post) -> list[Thanks]:
    """Return who thanked for a post, the newest first."""
    found = await db.read(
        Thanks, "SELECT * FROM thanks WHERE post_id = ? ORDER BY id DESC LIMIT ?", post.id, THANKED
    )
    actors = await db.read_by_id(Actor, [one.actor_id for one in found])
    for one in found:
        one.actor = actors[one.actor_id]
    return found


async def recent_thanks(limit: int = 6) -> list[Thanks]:
    """Return the newest thank-yous for public posts of ours."""
    found = await db.rows(RECENT, limit * LOOKED_AT, True, limit)
    rows = Thanks.filter(id__in=[row["id"] for row in found]).order_by("-created_at")
    return await rows.prefetch_related("actor", "post", "post__author")


async def thanks_counts(post_ids: list[int]) -> dict[int, int]:
    """Return how many thanked for each of these posts."""
    if not post_ids:
        return {}
    found = await db.rows(
        f"SELECT post_id, count(*) AS n FROM thanks WHERE post_id IN ({db.marks(len(post_ids))})"  # noqa: S608
        " GROUP BY post_id",
        *post_ids,
    )
    return {int(row["post_id"]): int(row["n"]) for row in found}
