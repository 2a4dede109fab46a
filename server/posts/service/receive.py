"""Keep our copies of what others published. Receiving anything twice changes nothing more."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from tortoise.exceptions import IntegrityError

from federation import uris, vocab
from federation.audience import visibility
from federation.errors import GoneError, RefusedDocumentError
from server import db, jobs
from server.actors import service as actors
from server.actors.tables import Actor
from server.follows import service as follows
from server.house import House
from server.media import service as media
from server.posts import kinds, wire
from server.posts.events import Arrived, AuthorGone, Passed, Renewed
from server.posts.kinds import NOTE
from server.posts.rules import OPEN, State, Visibility
from server.posts.service.publish import erase
from server.posts.tables import Attachment, Boost, Post, Revision, Tag, Tombstone

ERASE_JOB = "posts.erase_author"
ERASED = 50
"""Posts of an author who is gone that are taken down in one transaction."""
UNKNOWN_KEPT = timedelta(days=30)
REPLY = "response"
"""The kind of a reply to something known that says no other."""


async def is_wanted(note: vocab.Note, author: Actor) -> bool:
    """Say whether a Note that was sent here concerns anybody here.

    It does when it is by somebody who is followed here, replies to something known, speaks to an
    actor of ours, or is addressed to the followers of somebody who is followed here.
    """
    if await db.rows("SELECT 1 FROM posts WHERE uri IN (?, ?)", note.id, note.in_reply_to):
        return True
    if await follows.is_followed_here(author):
        return True
    spoken_to = {*note.to, *note.cc, *(t.href for t in note.tags if isinstance(t, vocab.Mention))}
    spoken_to.discard(vocab.PUBLIC)
    if await Actor.filter(uri__in=list(spoken_to), local=True).exists():
        return True
    return await follows.is_any_followed_here(spoken_to)


async def keep(note: vocab.Note, author: Actor, *, house: House) -> Post | None:
    """Write down a Note of `author`, or the newer version of one.

    Returns None, and changes nothing, where the thing was deleted before, is known from another
    author (case 4), is ours, or is no newer than what is held.
    """
    return await _written(partial(_kept, note, author, house=house))


async def _written(write: Callable[[], Awaitable[Post | None]]) -> Post | None:
    """Write in a transaction; once more where somebody else wrote the same at the same moment: now
    it is known.
    """
    try:
        async with db.transaction():
            return await write()
    except IntegrityError:
        async with db.transaction():
            return await write()


async def _kept(note: vocab.Note, author: Actor, *, house: House) -> Post | None:
    [held] = await db.rows(
        "SELECT EXISTS (SELECT 1 FROM tombstones WHERE uri = ? AND actor_uri = ?) AS deleted,"
        " EXISTS (SELECT 1 FROM posts WHERE uri = ?) AS known",
        note.id, author.uri, note.id,
    )  # fmt: skip
    if held["deleted"]:
        return None
    if not held["known"]:
        return await _add(note, author, house=house)
    post = await Post.filter(uri=note.id).select_for_update().get()
    if post.local or post.author_id != author.id or post.state is not State.PUBLISHED:
        return None
    if not _is_newer(note.updated, post.updated_at):
        return None
    return await _renew(post, note, author, house=house)


def _is_newer(updated: datetime | None, held: datetime | None) -> bool:
    return updated is not None and (held is None or updated > held)


async def _add(note: vocab.Note, author: Actor, *, house: House) -> Post:
    columns = wire.from_wire(note, author)
    now = house.clock.now()
    parent = await _held(note.in_reply_to) if note.in_reply_to else None
    if parent is not None and columns["kind"] == NOTE and kinds.find(REPLY):
        columns["kind"] = REPLY
    published = min(columns.pop("published_at") or now, now)
    post = Post(
        **columns, state=State.PUBLISHED, created_at=now, published_at=published,
        parent_id=parent.id if parent else None,
        root_id=(parent.root_id or parent.id) if parent else None,
    )  # fmt: skip
    _word(post, note, house=house)
    await db.add(post)
    named = await _surround(post, note, house=house)
    await _adopt(post)
    await house.hooks.tell(Arrived(post=post, author=author, parent=parent, named=named), house)
    return post


async def _adopt(post: Post) -> None:
    """Join to a post the answers to it that came before it, with what was said under them."""
    if not await db.rows(
        "SELECT 1 FROM posts WHERE in_reply_to = ? AND parent_id IS NULL LIMIT 1", post.uri
    ):
        return
    root = post.root_id or post.id
    await db.execute(
        "UPDATE posts SET parent_id = ?, root_id = ? WHERE in_reply_to = ? AND parent_id IS NULL",
        post.id, root, post.uri,
    )  # fmt: skip
    await db.execute(
        "UPDATE posts SET root_id = ? WHERE root_id IN (SELECT id FROM posts WHERE parent_id = ?)",
        root, post.id,
    )  # fmt: skip


async def _renew(post: Post, note: vocab.Note, author: Actor, *, house: House) -> Post:
    await Revision.create(
        post_id=post.id, version=post.version, title=post.title, html=post.html, source="",
        written_at=post.updated_at or post.published_at or post.created_at,
    )  # fmt: skip
    kept = {"published_at", "in_reply_to", "kind"}
    columns = wire.from_wire(note, author)
    post.update_from_dict(
        {name: value for name, value in columns.items() if name not in kept}
        | {"version": post.version + 1}
    )
    _word(post, note, house=house)
    await post.save()
    await Tag.filter(post_id=post.id).delete()
    await Attachment.filter(post_id=post.id).delete()
    await _surround(post, note, house=house)
    await house.hooks.tell(Renewed(post=post), house)
    return post


async def _surround(post: Post, note: vocab.Note, *, house: House) -> int:
    """Keep a Note's tags, mentions and pictures, and what its kind says; return how many it names
    whom we know, that it did not name before.
    """
    names = {
        tag.name.removeprefix("#").lower()[:100]: tag.name.removeprefix("#")[:100]
        for tag in note.tags
        if isinstance(tag, vocab.Hashtag)
    }
    at = db.moment(post.published_at or post.created_at)
    await db.executemany(
        "INSERT INTO tags (post_id, name, shown, published_at) VALUES (?, ?, ?, ?)",
        [(post.id, name, shown, at) for name, shown in names.items() if name],
    )
    spoken_to = [*note.to, *note.cc, *(t.href for t in note.tags if isinstance(t, vocab.Mention))]
    named = 0
    if spoken_to:
        named = await db.execute(
            "INSERT INTO mentions (post_id, actor_id)"  # noqa: S608 - marks
            f" SELECT ?, id FROM actors WHERE uri IN ({db.marks(len(spoken_to))})"
            " ON CONFLICT (post_id, actor_id) DO NOTHING",
            post.id, *spoken_to,
        )  # fmt: skip
    if attachments := wire.attachments_of(note):
        await Attachment.bulk_create([Attachment(post_id=post.id, **one) for one in attachments])
    kind = kinds.find(post.kind)
    if kind is not None:
        await kind.received(post, note.terms.get(kind.term, {}), house)
    return named


def _word(post: Post, note: vocab.Note, *, house: House) -> None:
    """Have a post read as its kind says."""
    kind = kinds.find(post.kind)
    if kind is not None and kind.worded is not None:
        kind.worded(post, note.terms.get(kind.term, {}), house)


async def deleted(uri: str, *, by: Actor, house: House) -> None:
    """Take down our copy of something, at its author's word; what is not known is kept out when it
    comes late.
    """
    async with db.transaction():
        post = await Post.get_or_none(uri=uri)
        if post is not None and (post.local or post.author_id != by.id):
            return
        if post is None and not uris.same_origin(uri, by.uri):
            return
        # Of something unknown nobody can say whose it is: the word of each counts for their own.
        await Tombstone.update_or_create(
            uri=uri,
            defaults={
                "actor_uri": by.uri, "deleted_at": house.clock.now(), "known": post is not None,
            },
        )  # fmt: skip
        if post is None or post.state is State.WITHDRAWN:
            return
        pictures = await Attachment.filter(post_id=post.id).values_list("remote_url", flat=True)
        await media.forget_remote([str(url) for url in pictures if url], house=house)
        await erase(post, house=house)


async def author_gone(author: Actor, *, house: House) -> None:
    """Forget an actor elsewhere, at its own word, and what it did; a job takes down all that it
    published, however much that is.
    """
    async with db.transaction():
        await actors.forget(author, house=house)
        await follows.forget(author)
        await Boost.filter(actor_id=author.id).delete()
        await house.hooks.tell(AuthorGone(author=author), house)
        await jobs.enqueue(
            ERASE_JOB, {"author": author.id}, key=f"{ERASE_JOB}:{author.id}", house=house
        )


async def erase_next(payload: vocab.JsonObject, house: House) -> None:
    """Take down a part of what an author who is gone published; the rest when called again."""
    author = await Actor.get_or_none(id=int(str(payload["author"])), gone=True)
    if author is None:
        return
    query = Post.filter(author_id=author.id, state=State.PUBLISHED, local=False)
    uris_of_it = await query.order_by("id").limit(ERASED).values_list("uri", flat=True)
    async with db.transaction():
        for uri in uris_of_it:
            await deleted(str(uri), by=author, house=house)
    if len(uris_of_it) == ERASED:
        raise jobs.Later(after=timedelta(), reason="there is more")


async def fetch(uri: str, *, house: House) -> Post | None:
    """Return a public post by its id, fetched from its origin where it isn't known. Never inside a
    transaction.

    Raises FetchError children where it can't be had; returns None where it isn't for everybody.
    """
    post = await _held(uri)
    if post is not None:
        return post if post.state is State.PUBLISHED else None
    note = await _served(uri, house=house)
    return await take_in(note, house=house) if note is not None else None


async def _held(uri: str) -> Post | None:
    return await db.read_one(Post, "SELECT * FROM posts WHERE uri = ?", uri)


async def _served(uri: str, *, house: House) -> vocab.Note | None:
    """Return a post as its origin serves it; None where that is us. Raises FetchError children."""
    if uris.host_of(uri) == house.host:
        return None
    await actors.refuse_blocked(uris.host_of(uri))
    return await house.fetcher.note(uri)


async def take_in(note: vocab.Note, *, house: House) -> Post | None:
    """Return our copy of a Note as its origin serves it, kept or renewed; None where it isn't for
    everybody. Goes to the network where its author isn't known. Raises FetchError children.
    """
    author = await _author(note, house=house)
    if author is None:
        return None
    return await keep(note, author, house=house) or await _held(note.id)


async def _author(note: vocab.Note, *, house: House) -> Actor | None:
    """Return whose a Note is that its origin serves; None where it isn't for everybody."""
    if not uris.same_origin(note.attributed_to, note.id):
        raise RefusedDocumentError(url=note.id, reason="its author is on another host")
    author = await actors.resolve(note.attributed_to, house=house)
    is_open = Visibility(visibility(note.to, note.cc, author.followers)) in OPEN
    return author if is_open else None


async def boosted(
    uri: str, *, by: Actor, activity_uri: str, at: datetime | None = None,
    note: vocab.Note | None = None, house: House,
) -> Post | None:  # fmt: skip
    """Write down that somebody passed a post on. The post is read from its origin, never from the
    Announce (case 10); `note` is how its origin serves it, where that is at hand.

    A boost of something that nobody here knows counts only from somebody who is followed here, and
    no boost shows to others what was not for everybody (case 30). It was now, or `at` some time
    past.
    """
    post = await _held(uri) if note is None else None
    author: Actor | None = None
    try:
        if note is None and post is None and await follows.is_followed_here(by):
            note = await _served(uri, house=house)
        if note is not None:
            author = await _author(note, house=house)
    except GoneError:
        return None
    now = house.clock.now()
    boost = Boost(actor_id=by.id, uri=activity_uri, created_at=min(at or now, now))

    async def write() -> Post | None:
        found = post
        if note is not None and author is not None:
            found = await _kept(note, author, house=house) or await _held(note.id)
        return found if found and await _pass_on(found, boost, house=house) else None

    return await _written(write)


async def _pass_on(post: Post, boost: Boost, *, house: House) -> bool:
    """Write a boost down, where its post is for everybody; say whether it is."""
    if post.state is not State.PUBLISHED or post.visibility not in OPEN:
        return False
    boost.post_id = post.id
    if not await db.add(boost, unless="post_id, actor_id"):  # the last one will be taken back
        await Boost.filter(post_id=post.id, actor_id=boost.actor_id).update(uri=boost.uri)
    await house.hooks.tell(Passed(post=post), house)
    return True


async def unboosted(
    activity_uri: str | None, *, of: str | None, by: Actor, house: House
) -> None:  # fmt: skip
    """Take back a boost, at the word of whoever made it: by its id, or by the id of the post that
    it was `of`.
    """
    async with db.transaction():
        boosts = Boost.filter(actor_id=by.id).select_related("post")
        row = await boosts.filter(uri=activity_uri).first() if activity_uri else None
        if row is None and of is not None:
            row = await boosts.filter(post__uri=of).first()
        if row is not None:
            await row.delete()
            await house.hooks.tell(Passed(post=row.post), house)


async def sweep(*, house: House) -> int:
    """Forget tombstones of what was never known here, after 30 days; return how many."""
    before = house.clock.now() - UNKNOWN_KEPT
    return await Tombstone.filter(known=False, deleted_at__lt=before).delete()
