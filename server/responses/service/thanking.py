"""Thank for a post: here, by a favourite from elsewhere, by an answer that says so."""

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
from server.posts.rules import OPEN, Visibility
from server.posts.tables import Post
from server.responses import wire
from server.responses.events import ThankedFor
from server.responses.service.telling import Happened, called, tell_writer
from server.responses.tables import Thanks

THANKED = 200
"""Of those who thanked for a post, so many are named."""
FOR_IT = (
    "(said_id IS NULL OR said_id <> post_id) AND NOT hidden AND NOT EXISTS"
    " (SELECT 1 FROM people h WHERE h.actor_id = whom_id AND h.hides_thanks)"
)
"""The condition that somebody thanks for a post, rather than by it, and that whoever is thanked
does not keep it to themselves.
"""


async def on_leaving(event: Leaving, _: House) -> None:
    """Have those told whom somebody thanked who leaves."""
    thanked = Reach(
        "SELECT a.inbox AS url FROM thanks t JOIN posts p ON p.id = t.post_id"
        " JOIN actors a ON a.id = p.author_id WHERE t.actor_id = ? AND NOT a.local AND NOT a.gone",
        (event.actor.id,),
    )
    event.reach.append(thanked)


async def on_author_gone(event: AuthorGone, _: House) -> None:
    """Forget the thanks of somebody who is gone, and those to them."""
    await Thanks.filter(actor_id=event.author.id).delete()
    await Thanks.filter(whom_id=event.author.id).delete()


async def thank(post: Post, *, by: Person, said: Post | None = None, house: House) -> None:
    """Thank for a post, once; `said` is the answer that says so, where there is one. Raises
    NotFoundError where the person may not read it. Nobody thanks themselves.
    """
    thanker = await Actor.get(id=by.actor_id)
    if not await posts.may_see(post, thanker):
        raise NotFoundError
    if post.author_id == thanker.id:
        return
    async with db.transaction():
        author = await Actor.get(id=post.author_id)
        uri = house.activity_uri()
        row, new = await _write_down(post, thanker, uri=uri, house=house)
        if said is not None:
            await Thanks.filter(id=row.id).update(said_id=said.id)
        if not new:
            return
        if author.local:
            await _thanked(post, thanker, is_told=said is not None, house=house)
        else:
            await delivery.send(
                wire.like(uri, thanker, post, author), by=thanker, inboxes=[own_inbox(author)],
                order_key=f"thanks:{thanker.id}:{post.id}", house=house,
            )  # fmt: skip


async def _write_down(
    post: Post, by: Actor, *, uri: str, house: House
) -> tuple[Thanks, bool]:  # fmt: skip
    """Return the thanks of somebody for a post, and whether it is new."""
    public = post.local and post.visibility is Visibility.PUBLIC
    return await Thanks.get_or_create(
        post_id=post.id, actor_id=by.id,
        defaults={
            "uri": uri, "whom_id": post.author_id, "public": public,
            "listed": public and not await hides_thanks(post.author_id),
            "created_at": house.clock.now(),
        },
    )  # fmt: skip


async def hides_thanks(actor_id: int) -> bool:
    """Say whether somebody wants thanks to them in no list."""
    sql = "SELECT 1 FROM people WHERE actor_id = ? AND hides_thanks"
    return bool(await db.rows(sql, actor_id))


async def said_so(post: Post, said: Post, *, by: Actor, house: House) -> None:
    """Write down that an answer from elsewhere thanks for a post, whether a favourite came or
    not.
    """
    if not post.local or not {post.visibility, said.visibility} <= OPEN:
        return
    if post.author_id == by.id or await are_apart(post.author_id, by.id):
        return
    row, _ = await _write_down(post, by, uri="", house=house)
    await Thanks.filter(id=row.id).update(said_id=said.id)


async def unsaid(said: Post) -> None:
    """Forget what an answer said that was taken back; a favourite stays."""
    await Thanks.filter(said_id=said.id, uri="").delete()
    await Thanks.filter(said_id=said.id).update(said_id=None)


async def unthank(post: Post, *, by: Person, house: House) -> None:
    """Take a thank-you back."""
    async with db.transaction():
        thanker = await Actor.get(id=by.actor_id)
        row = await Thanks.get_or_none(post_id=post.id, actor_id=thanker.id)
        if row is None or not row.uri:
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
        if post.author_id == by.id or await are_apart(post.author_id, by.id):
            return
        row, new = await _write_down(post, by, uri=activity_uri, house=house)
        if row.uri != activity_uri:
            await Thanks.filter(id=row.id).update(uri=activity_uri)
        if new and post.local:
            await _thanked(post, by, house=house)


async def _thanked(post: Post, by: Actor, *, is_told: bool = False, house: House) -> None:
    """Tell whoever wrote a post, unless an answer tells them, and who else had a part in it."""
    what = Happened("thanks", by, post.id, f"thanked you for {called(post)}")
    if not is_told:
        await tell_writer(post, what, house=house)
    await house.hooks.tell(ThankedFor(post=post, by=by, text=what.text), house)


async def unthanked(activity_uri: str | None, *, of: str | None, by: Actor) -> None:
    """Take back a favourite, at the word of whoever made it: by its id, or by the id of the post
    that it was `of`.
    """
    async with db.transaction():
        rows = await Thanks.filter(uri=activity_uri, actor_id=by.id) if activity_uri else []
        if not rows and of is not None:
            rows = await Thanks.filter(post__uri=of, actor_id=by.id)
        for row in rows:
            if row.said_id is None:
                await row.delete()
            else:  # it was said in words too, which stand
                await Thanks.filter(id=row.id).update(uri="")
            await people.take_back(None, kind="thanks", actor=by, post_id=row.post_id)


async def forget_between(one: Actor, other: Actor) -> None:
    """Forget for what two thanked each other."""
    for by, whom in ((one, other), (other, one)):
        await Thanks.filter(actor_id=by.id, whom_id=whom.id).delete()


async def has_thanked(actor: Actor, post: Post) -> bool:
    """Say whether somebody thanked for a post."""
    sql = "SELECT 1 FROM thanks WHERE post_id = ? AND actor_id = ?"
    return bool(await db.rows(sql, post.id, actor.id))


async def thanks_for(post: Post) -> list[Thanks]:
    """Return who thanked for a post, the newest first."""
    found = await db.read(
        Thanks,
        f"SELECT * FROM thanks WHERE post_id = ? AND {FOR_IT} ORDER BY id DESC LIMIT ?",  # noqa: S608
        post.id, THANKED,
    )  # fmt: skip
    actors = await db.read_by_id(Actor, [one.actor_id for one in found])
    for one in found:
        one.actor = actors[one.actor_id]
    return found


async def likes_of(post: Post) -> tuple[list[str], int]:
    """Return the ids of the favourites of a post that everybody may see, the first ones, and how
    many there are.
    """
    which = f"FROM thanks WHERE post_id = ? AND uri <> '' AND {FOR_IT}"
    sql = f"SELECT uri {which} ORDER BY id LIMIT ?"
    found = await db.rows(sql, post.id, posts.CONVERSATION)
    [total] = await db.rows(f"SELECT count(*) AS n {which}", post.id)
    return [str(row["uri"]) for row in found], int(total["n"])


async def thanks_counts(post_ids: list[int]) -> dict[int, int]:
    """Return how many thanked for each of these posts."""
    if not post_ids:
        return {}
    found = await db.rows(
        f"SELECT post_id, count(*) AS n FROM thanks WHERE post_id IN ({db.marks(len(post_ids))})"  # noqa: S608
        f" AND {FOR_IT} GROUP BY post_id",
        *post_ids,
    )
    return {int(row["post_id"]): int(row["n"]) for row in found}
