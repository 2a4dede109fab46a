"""Edits: read here at once, told elsewhere once their writer has come to rest."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from federation import html, vocab
from server import db, jobs
from server.actors.blocks import are_apart
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.delivery.tables import OutgoingActivity
from server.house import House
from server.posts import kinds, wire
from server.posts.events import Reworded
from server.posts.kinds import Kind
from server.posts.rules import takes_words_out, travels_at
from server.posts.service.publish import NOBODY, mention, passing_on, reach_of, word
from server.posts.service.sending import passed_on_by, send, sent_to, takers
from server.posts.tables import Mention, Post, Revision

TELL_JOB = "posts.tell"


async def revise(
    post: Post, *, before: vocab.JsonObject, why: str = "", mentioned: Mapping[str, Actor] = NOBODY,
    at_once: bool = False, house: House,
) -> None:  # fmt: skip
    """Publish an edit: `before` is the source as it was, kept in the history. Here it is read from
    now on; an Update goes wherever the post went, `at_once` or where something that was said is
    said no more, else together with the edits that follow soon (`rules.travels_at`).

    Call it in the transaction that changed the kind's own row. Raises TooLongError.
    """
    async with db.transaction():
        await Revision.create(
            post_id=post.id, version=post.version, title=post.title, html=post.html,
            source=wire.source_json(before), why=why[:500],
            written_at=post.updated_at or post.published_at or post.created_at,
        )  # fmt: skip
        await _publish_anew(post, mentioned, at_once=at_once, house=house)


async def reissue(
    post: Post, *, mentioned: Mapping[str, Actor] = NOBODY, at_once: bool = False, house: House
) -> None:
    """Word a post anew where not its words changed but what is known of it: no revision is kept,
    and its Update travels as that of an edit. Raises TooLongError.
    """
    await _publish_anew(post, mentioned, at_once=at_once, house=house)


async def _publish_anew(
    post: Post, mentioned: Mapping[str, Actor], *, at_once: bool, house: House
) -> None:
    kind = kinds.named(post.kind)
    async with db.transaction():
        said = _said(post, kind.term)
        await _say_anew(post, kind, mentioned, house=house)
        now = at_once or takes_words_out(said, _said(post, kind.term))
        await _have_told(post, at_once=now, house=house)


async def _say_anew(
    post: Post, kind: Kind, mentioned: Mapping[str, Actor], *, house: House
) -> None:
    now, last = house.clock.now().replace(microsecond=0), post.updated_at or post.published_at
    post.updated_at = max(now, last + timedelta(seconds=1)) if last else now
    post.untold_since = post.untold_since or now
    post.version += 1
    note, document, around = await word(post, kind, mentioned, house=house)
    await post.save()
    await mention(post, around)
    await _freshen(post, note, document, house=house)
    await house.hooks.tell(Reworded(post=post, author=around.author), house)


async def _have_told(post: Post, *, at_once: bool, house: House) -> None:
    due = edit_travels_at(post)
    if at_once or due is None:
        await tell(post, house=house)
    else:
        key = f"{TELL_JOB}:{post.id}"
        await jobs.enqueue(TELL_JOB, {"post": post.id}, due=due, key=key, house=house)


def _said(post: Post, term: str) -> str:
    """Return all that a post says as it stands: its text, what its kind adds, its pictures, its
    warning.
    """
    document = vocab.load_json(bytes(post.document or b"{}"))
    parts = [document.get(term), document.get("attachment"), document.get("summary")]
    return "\n".join([post.title, html.text_of(post.html), *_leaves(parts)])


def _leaves(value: vocab.Json) -> Iterator[str]:
    match value:
        case dict():
            for one in value.values():
                yield from _leaves(one)
        case list():
            for one in value:
                yield from _leaves(one)
        case None:
            pass
        case _:
            yield str(value)


async def _freshen(
    post: Post, note: vocab.Note, document: vocab.JsonObject, *, house: House
) -> None:
    """Have what was sent about a post hold the words as they are now, so that what was taken out is
    nowhere to be read, and does not travel to whoever has still to get it.
    """
    makers = {"Create": wire.create, "Update": wire.update}
    for row in await OutgoingActivity.filter(object_uri=post.uri, type__in=list(makers)):
        activity = makers[row.type](row.uri, note, document)
        row.body = await delivery.written(activity, by=row.actor_id, house=house)
        await row.save(update_fields=["body"])


async def reworded(some: Sequence[Post]) -> set[int]:
    """Return which of some posts read otherwise before, by their rows; of others' posts only their
    words tell, since every Update of theirs is kept.
    """
    ids = [post.id for post in some if post.version > 1]
    if not ids:
        return set()
    found = await db.rows(
        "SELECT DISTINCT r.post_id FROM revisions r JOIN posts p ON p.id = r.post_id"  # noqa: S608
        f" WHERE r.post_id IN ({db.marks(len(ids))})"
        " AND (p.local OR r.html <> p.html OR r.title <> p.title)",
        *ids,
    )
    return {int(row["post_id"]) for row in found}


def edit_travels_at(post: Post) -> datetime | None:
    """Return when the edits of a post that nobody elsewhere was told of yet will travel."""
    if post.untold_since is None or post.updated_at is None:
        return None
    return travels_at(post.updated_at, post.untold_since)


async def tell(post: Post, *, house: House) -> None:
    """Send the edits of a post that were not sent yet, as one Update. Twice sends them once."""
    async with db.transaction():
        post = await Post.filter(id=post.id).select_for_update().get()
        if post.untold_since is None:
            return
        post.untold_since = None
        await post.save(update_fields=["untold_since"])
        author = await Actor.get(id=post.author_id)
        hub = await passing_on(kinds.named(post.kind), author, house=house)
        named = [row.actor for row in await Mention.filter(post_id=post.id).select_related("actor")]
        spoken_to = [one for one in named if not await are_apart(author.id, one.id)]
        await OutgoingActivity.filter(object_uri=post.uri, type="Update").delete()
        document = vocab.load_json(bytes(post.document or b""))
        activity = wire.update(house.activity_uri(), vocab.parse_note(document), document)
        reach = reach_of(post, author, spoken_to, hub=hub) | sent_to(post)
        reach |= takers([one.id for one in await passed_on_by(post)])
        await send(post, activity, author, reach, house=house)


async def tell_next(payload: vocab.JsonObject, house: House) -> None:
    """Tell of the edits of a post once their time has come; until then, ask to be called again."""
    async with db.transaction():
        post = await Post.filter(id=int(str(payload["post"]))).select_for_update().get_or_none()
        due = edit_travels_at(post) if post is not None else None
        if post is None or due is None:
            return
        wait = due - house.clock.now()
        if wait > timedelta():
            raise jobs.Later(after=wait, reason="its writer may still be at it")
        await tell(post, house=house)
