"""Respond, here and from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import escape

from federation import uris, vocab
from server import db
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.house import House
from server.people import service as people
from server.people.tables import Person
from server.posts import markup
from server.posts import service as posts
from server.posts.events import Arrived, Erased
from server.posts.kinds import Composition, Kind, register
from server.posts.rules import OPEN, State, Visibility, answering
from server.posts.tables import Post
from server.responses import wire
from server.responses.rules import (
    CHANGES,
    SETTLING,
    WORDS,
    Response,
    ResponseKind,
    UnnamedExperimentError,
)
from server.responses.service import celebrating, citing
from server.responses.service.promises import settled
from server.responses.service.telling import Happened, called, tell_writer
from server.responses.service.thanking import said_so, thank, thanks_counts, unsaid
from server.responses.tables import ResponseRow, Thanks

KIND = "response"
PLANNED = ResponseKind.CHANGE_PLANNED


@dataclass(frozen=True, slots=True)
class Said:
    """A response as a page shows it."""

    post: Post
    response: Response
    thanks: int
    settled: ResponseKind | None = None
    """What became of it, where it is a promise: kept, or why not; None while it stands."""

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
        return self.post.id, self.post.version, self.thanks, self.settled, *writer


async def respond(
    post: Post, response: Response, *, by: Person, visibility: Visibility = Visibility.PUBLIC,
    house: House,
) -> Post:  # fmt: skip
    """Answer a post, ours or a copy of somebody else's. What answers something that was not for
    everybody is only for whom it speaks to.

    Raises NotFoundError where the person may not read it, and as `Response.check` does.
    """
    _check(response)
    author = await Actor.get(id=by.actor_id)
    if not await posts.may_see(post, author):
        raise NotFoundError
    mentioned = await _spoken_to(response, post, by=by, house=house)
    async with db.transaction():
        reply = await posts.draft(
            author, kind=KIND, written_by=by, visibility=answering(visibility, post.visibility),
            parent=post, house=house,
        )  # fmt: skip
        await _write(ResponseRow(post=reply), response, by=by)
        await posts.publish(reply, mentioned=mentioned, house=house)
        if response.kind is ResponseKind.THANKS and {post.visibility, reply.visibility} <= OPEN:
            await thank(post, by=by, said=reply, house=house)
        await citing.cite(reply, post, response, house=house)
        await _notify(reply, author, post, house=house)
    return reply


def _check(response: Response) -> None:
    response.check()
    if response.experiment and not uris.is_web_uri(response.experiment):
        raise UnnamedExperimentError


async def _write(row: ResponseRow, response: Response, *, by: Person) -> None:
    row.write(response)
    row.by_steward = by.is_steward
    row.promise()
    await row.save()


async def _spoken_to(
    response: Response, answered: Post | None, *, by: Person, house: House
) -> dict[str, Actor]:
    """Return whom a response names; what became of a promise of ours, those hear to whom it was
    made, from whoever may say so.
    """
    named = await posts.mentioned_in([response.text, response.change], house=house)
    if response.kind not in SETTLING or answered is None or not answered.local:
        return named
    if not (by.is_steward or answered.author_id == by.actor_id):
        return named
    told = await posts.mentioned_already(answered)
    return named | {handle: one for handle, one in told.items() if one.id != by.actor_id}


async def revise(post: Post, response: Response, *, by: Person, house: House) -> None:
    """Publish an edit of a response. Raises as `respond` does, and NotYoursError."""
    posts.require_author(post, by)
    _check(response)
    answered = await posts.by_id(post.parent_id) if post.parent_id else None
    mentioned = await _spoken_to(response, answered, by=by, house=house)
    async with db.transaction():
        held = await Post.filter(id=post.id).select_for_update().get()
        if held.state is not State.PUBLISHED:
            raise NotFoundError
        row = await ResponseRow.get(post_id=post.id)
        before = row.response()
        if before == response:
            return
        await _write(row, response, by=by)
        source = wire.to_wire(before) | {"text": before.text}
        await posts.revise(held, before=source, mentioned=mentioned, house=house)
        if answered is not None:
            await citing.cite(held, answered, response, house=house)


async def withdraw(post: Post, *, by: Person, house: House) -> None:
    """Take a response back; a steward may take anybody's. Raises NotYoursError."""
    if not by.is_steward:
        posts.require_author(post, by)
    await posts.withdraw(post, house=house)


async def on_erased(event: Erased, _: House) -> None:
    """Forget what a response meant that was taken back, and the thanks for what is gone."""
    await ResponseRow.filter(post_id=event.post.id).delete()
    await Thanks.filter(post_id=event.post.id).delete()
    await citing.uncite(event.post)
    await unsaid(event.post)


async def said_under(root: Post, viewer: Actor | None) -> list[Said]:
    """Return the responses to a post that the viewer may read, oldest first, with what they
    mean.
    """
    replies = await posts.conversation(root, viewer)
    ids = [reply.id for reply in replies]
    rows = await _rows_of(ids)
    counts = await thanks_counts(ids)
    ended = await settled([row.post_id for row in rows.values() if row.kind == PLANNED])
    nothing = Response(text="")
    return [
        Said(
            one, rows[one.id].response() if one.id in rows else nothing, counts.get(one.id, 0),
            ended.get(one.id),
        )
        for one in replies
    ]  # fmt: skip


async def meaning(post: Post) -> Response:
    """Return what a response means, as far as its writer says."""
    row = (await _rows_of([post.id])).get(post.id)
    return row.response() if row is not None else Response(text="")


async def _rows_of(ids: list[int]) -> dict[int, ResponseRow]:
    if not ids:
        return {}
    sql = f"SELECT * FROM responses WHERE post_id IN ({db.marks(len(ids))})"  # noqa: S608 - marks
    return {row.post_id: row for row in await db.read(ResponseRow, sql, *ids)}


async def _notify(reply: Post, author: Actor, parent: Post | None, *, house: House) -> None:
    """Tell those here whom a response answers or names; not again whose own story it goes back
    to, or whom it thanks, of which they are told by that.
    """
    told = {author.id}
    if parent is not None and parent.local:
        told.add(parent.author_id)
        what = Happened("response", author, reply.id, f"answered {called(parent)}")
        await tell_writer(parent, what, house=house)
    named = await db.rows(
        "SELECT m.actor_id FROM mentions m JOIN actors a ON a.id = m.actor_id"
        " WHERE m.post_id = ? AND a.local AND NOT EXISTS (SELECT 1 FROM links l JOIN posts t"
        " ON t.uri = l.target_uri WHERE l.post_id = m.post_id AND t.author_id = m.actor_id)"
        " AND NOT EXISTS (SELECT 1 FROM thanks h WHERE h.post_id = m.post_id"
        " AND h.whom_id = m.actor_id)"
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


async def on_arrived(event: Arrived, house: House) -> None:
    """Tell those whom a post from elsewhere answers or names."""
    if event.parent is not None or event.named:
        await _notify(event.post, event.author, event.parent, house=house)


async def _compose(post: Post, mentioned: Mapping[str, Actor], house: House) -> Composition:
    response = (await ResponseRow.get(post_id=post.id)).response()
    said = markup.to_html(response.text, topics=house.uri("/topics/"), mentioned=mentioned)
    opening = _thanking(response, mentioned) if response.thanked_for else _opening(response)
    return Composition(
        title="",
        html=opening + said,
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
    if response.kind is ResponseKind.STARTED_EXPERIMENT:
        address = escape(response.experiment)
        change = f' <a href="{address}" rel="nofollow noopener ugc">{address}</a>'
    return f"<p><strong>{WORDS[response.kind]}.</strong>{change}</p>"


def _thanking(response: Response, mentioned: Mapping[str, Actor]) -> str:
    """Return whom it thanks, and for what, where it answers nothing."""
    whom = next((one for one in mentioned.values() if one.uri == response.thanked), None)
    name = markup.mention(whom) if whom is not None else escape(response.thanked)
    return f"<p><strong>Thank you, {name}, for {escape(response.thanked_for)}</strong></p>"


async def _received(post: Post, terms: vocab.JsonObject, house: House) -> None:
    if post.version == 1 and not terms:
        return  # a plain reply, as most are, adds nothing to its post
    held = await db.read_one(ResponseRow, "SELECT * FROM responses WHERE post_id = ?", post.id)
    if held is None and not terms:
        return
    row = held or ResponseRow(post=post)
    row.write(wire.from_wire(terms))
    await row.save()
    if post.version == 1 and row.kind == ResponseKind.THANKS:
        await _thanks_received(post, row.response(), house=house)


async def _thanks_received(post: Post, response: Response, *, house: House) -> None:
    answered = await posts.by_id(post.parent_id) if post.parent_id else None
    if answered is not None:
        await said_so(answered, post, by=await Actor.get(id=post.author_id), house=house)
    else:
        await celebrating.arrived(post, response, house=house)


register(
    Kind(
        name=KIND, path="/responses", term="fettle:response", boosted=False,
        compose=_compose, received=_received,
    )
)  # fmt: skip
