"""Respond and thank, here and from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import escape

from federation import vocab
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
from server.posts import markup
from server.posts import service as posts
from server.posts.events import Arrived, AuthorGone, Erased, Leaving
from server.posts.kinds import Composition, Kind, register
from server.posts.rules import OPEN, State, Visibility, answering
from server.posts.tables import Post
from server.responses import wire
from server.responses.rules import CHANGES, WORDS, Response
from server.responses.tables import ResponseRow, Thanks

KIND = "response"
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


@dataclass(frozen=True, slots=True)
class Said:
    """A response as a page shows it."""

    post: Post
    response: Response
    thanks: int

    @property
    def at(self) -> datetime:
        """When it was said."""
        return self.post.published_at or self.post.created_at

    @property
    def version(self) -> tuple[object, ...] | None:
        """What changes whenever that does, its writer's name and picture included; None for what
        is not for everybody, which nobody is to hold.
        """
        if self.post.visibility not in OPEN:
            return None
        by = self.post.author
        writer = (by.name, by.username, by.host, by.icon_url, by.url, by.gone)
        return self.post.id, self.post.version, self.thanks, *writer


@dataclass(frozen=True, slots=True)
class Happened:
    """What a notification says."""

    kind: str
    actor: Actor
    post_id: int
    text: str


async def respond(
    post: Post, response: Response, *, by: Person, visibility: Visibility = Visibility.PUBLIC,
    house: House,
) -> Post:  # fmt: skip
    """Answer a post, ours or a copy of somebody else's. What answers something that was not for
    everybody is only for whom it speaks to.

    Raises NotFoundError where the person may not read it, EmptyResponseError, UnsaidChangeError.
    """
    response.check()
    author = await Actor.get(id=by.actor_id)
    if not await posts.may_see(post, author):
        raise NotFoundError
    mentioned = await posts.mentioned_in([response.text, response.change], house=house)
    async with db.transaction():
        reply = await posts.draft(
            author, kind=KIND, written_by=by, visibility=answering(visibility, post.visibility),
            parent=post, house=house,
        )  # fmt: skip
        row = ResponseRow(post=reply)
        row.write(response)
        await row.save()
        await posts.publish(reply, mentioned=mentioned, house=house)
        await _notify(reply, author, post, house=house)
    return reply


async def revise(post: Post, response: Response, *, by: Person, house: House) -> None:
    """Publish an edit of a response. Raises as `respond` does, and NotYoursError."""
    posts.require_author(post, by)
    response.check()
    mentioned = await posts.mentioned_in([response.text, response.change], house=house)
    async with db.transaction():
        held = await Post.filter(id=post.id).select_for_update().get()
        if held.state is not State.PUBLISHED:
            raise NotFoundError
        row = await ResponseRow.get(post_id=post.id)
        before = row.response()
        if before == response:
            return
        row.write(response)
        await row.save()
        source = wire.to_wire(before) | {"text": before.text}
        await posts.revise(held, before=source, mentioned=mentioned, house=house)


async def withdraw(post: Post, *, by: Person, house: House) -> None:
    """Take a response back; a steward may take anybody's. Raises NotYoursError."""
    if not by.is_steward:
        posts.require_author(post, by)
    await posts.withdraw(post, house=house)


async def on_erased(event: Erased, _: House) -> None:
    """Forget what a response meant that was taken back, and the thanks for what is gone."""
    await ResponseRow.filter(post_id=event.post.id).delete()
    await Thanks.filter(post_id=event.post.id).delete()


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


async def said_under(root: Post, viewer: Actor | None) -> list[Said]:
    """Return the responses to a post that the viewer may read, oldest first, with what they
    mean.
    """
    replies = await posts.conversation(root, viewer)
    ids = [reply.id for reply in replies]
    rows = await _rows_of(ids)
    counts = await thanks_counts(ids)
    nothing = Response(text="")
    return [
        Said(one, rows[one.id].response() if one.id in rows else nothing, counts.get(one.id, 0))
        for one in replies
    ]


async def _rows_of(ids: list[int]) -> dict[int, ResponseRow]:
    if not ids:
        return {}
    sql = f"SELECT * FROM responses WHERE post_id IN ({db.marks(len(ids))})"  # noqa: S608 - marks
    return {row.post_id: row for row in await db.read(ResponseRow, sql, *ids)}


async def _notify(reply: Post, author: Actor, parent: Post | None, *, house: House) -> None:
    """Tell those here whom a response answers or names; not again whose own story it goes back
    to, of which they are told by that.
    """
    told = {author.id}
    if parent is not None and parent.local:
        told.add(parent.author_id)
        what = Happened("response", author, reply.id, f"answered {_called(parent)}")
        await tell_writer(parent, what, house=house)
    named = await db.rows(
        "SELECT m.actor_id FROM mentions m JOIN actors a ON a.id = m.actor_id"
        " WHERE m.post_id = ? AND a.local AND NOT EXISTS (SELECT 1 FROM links l JOIN posts t"
        " ON t.uri = l.target_uri WHERE l.post_id = m.post_id AND t.author_id = m.actor_id)"
        " ORDER BY m.id",
        reply.id,
    )
    for actor_id in [int(row["actor_id"]) for row in named]:
        if actor_id not in told:
            told.add(actor_id)
            await people.notify(
                actor_id, kind="mention", actor=author, post_id=reply.id,
                text="mentioned you", house=house,
            )  # fmt: skip


async def tell_writer(post: Post, what: Happened, *, house: House) -> None:
    """Tell whoever wrote a post of ours here; the stewards where the hub speaks for itself."""
    if post.written_by_id is None:
        await people.notify_stewards(
            kind=what.kind, actor=what.actor, post_id=what.post_id, text=what.text, house=house
        )
    else:
        await people.notify_person(
            post.written_by_id, kind=what.kind, actor=what.actor, post_id=what.post_id,
            text=what.text, house=house,
        )  # fmt: skip


def _called(post: Post) -> str:
    return f"“{post.title}”" if post.title else "what you wrote"


async def on_arrived(event: Arrived, house: House) -> None:
    """Tell those whom a post from elsewhere answers or names."""
    await _notify(event.post, event.author, event.parent, house=house)


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
    what = Happened("thanks", by, post.id, f"thanked you for {_called(post)}")
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


async def _compose(post: Post, mentioned: Mapping[str, Actor], house: House) -> Composition:
    response = (await ResponseRow.get(post_id=post.id)).response()
    said = markup.to_html(response.text, topics=house.uri("/topics/"), mentioned=mentioned)
    return Composition(
        title="",
        html=_opening(response) + said,
        terms=wire.to_wire(response),
        tags=tuple(markup.hashtags([response.text])),
    )


def _opening(response: Response) -> str:
    """Return what the kind says, in words that stand on their own elsewhere."""
    if response.kind is None:
        return ""
    change = ""
    if response.kind in CHANGES:
        when = f" ({response.when:%-d %B %Y})" if response.when else ""
        change = f" {escape(response.change)}{when}"
    return f"<p><strong>{WORDS[response.kind]}.</strong>{change}</p>"


async def _received(post: Post, terms: vocab.JsonObject, house: House) -> None:
    if post.version == 1 and not terms:
        return  # a plain reply, as most are, adds nothing to its post
    held = await db.read_one(ResponseRow, "SELECT * FROM responses WHERE post_id = ?", post.id)
    if held is None and not terms:
        return
    row = held or ResponseRow(post=post)
    row.write(wire.from_wire(terms))
    await row.save()


register(
    Kind(
        name=KIND, path="/responses", term="fettle:response", boosted=False,
        compose=_compose, received=_received,
    )
)  # fmt: skip
