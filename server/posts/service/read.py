"""Read posts: one, a conversation, a list. Lists are pages by key, never by offset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from federation import html, vocab
from server import db
from server.actors.blocks import APART, TURNED_AWAY, are_apart, is_turned_away
from server.actors.tables import Actor
from server.follows import service as follows
from server.follows.rules import FollowState
from server.house import House
from server.media.tables import Picture
from server.posts import kinds
from server.posts.kinds import ENTRY
from server.posts.rules import OPEN, State, Visibility
from server.posts.service.listing import PAGE
from server.posts.tables import Attachment, Mention, OutboxEntry, Post, Tag

PAGE_BYTES = 512 * 1024
"""Of a page of an outbox, about: others read no more than a mebibyte."""
CONVERSATION = 500
"""Posts of one conversation that a page shows."""


OWN_ENTRY = f"p.kind = '{ENTRY}' AND p.parent_id = p.root_id AND p.author_id = {{author}}"
"""The condition that a post is an entry in the log of what it answers, whose author is given."""
SPOKEN_TO = (  # what `may_see` says of what is not open, for a viewer given three times
    "p.author_id = ? OR EXISTS (SELECT 1 FROM mentions m WHERE m.post_id = p.id AND m.actor_id = ?)"
    " OR (p.visibility = 'followers' AND EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = ?"
    " AND f.followed_id = p.author_id AND f.state = 'accepted'))"
)


@dataclass(frozen=True, slots=True)
class Served:
    """A post as other servers ask for it."""

    kind: str
    state: State
    is_open: bool
    """Whether anybody may read it, as `may_see` says of nobody in particular."""
    document: bytes


async def served(uri: str) -> Served | None:
    """Return what is served at the id of a post: one query, for a thousand servers may ask at
    once, and none of them what was withdrawn a moment ago.
    """
    found = await db.rows("SELECT kind, state, visibility, document FROM posts WHERE uri = ?", uri)
    if not found:
        return None
    state, visibility = State(found[0]["state"]), Visibility(found[0]["visibility"])
    return Served(
        kind=found[0]["kind"],
        state=state,
        is_open=state is State.PUBLISHED and visibility in OPEN,
        document=bytes(found[0]["document"] or b""),
    )


async def by_uri(uri: str) -> Post | None:
    """Return a post by its id, with its author, whatever its state."""
    return await _with_author(await db.read_one(Post, "SELECT * FROM posts WHERE uri = ?", uri))


async def by_path(path: str, *, house: House) -> Post | None:
    """Return a post of ours by the path of its id, with its author, whatever its state."""
    return await by_uri(house.uri(path))


async def by_id(post_id: int) -> Post | None:
    """Return a post by its row, with its author."""
    return await _with_author(await db.read_one(Post, "SELECT * FROM posts WHERE id = ?", post_id))


async def _with_author(post: Post | None) -> Post | None:
    if post is not None:
        post.author = (await db.read_by_id(Actor, [post.author_id]))[post.author_id]
    return post


async def may_see(post: Post, viewer: Actor | None) -> bool:
    """Say whether a viewer (an actor of ours, or nobody) may read a post."""
    if post.state is not State.PUBLISHED:
        return False
    if viewer is not None and post.author_id == viewer.id:
        return True
    if await _is_kept_from(post, viewer):
        return False
    if viewer is None or post.visibility in OPEN:
        return post.visibility in OPEN
    if await Mention.filter(post_id=post.id, actor_id=viewer.id).exists():
        return True
    if post.visibility is Visibility.FOLLOWERS:
        author = await Actor.get(id=post.author_id)
        follow = await follows.between(viewer, author)
        return follow is not None and follow.state is FollowState.ACCEPTED
    return False


async def _is_kept_from(post: Post, viewer: Actor | None) -> bool:
    """Say whether a steward has turned the author away, or a block stands between the two."""
    if not post.local and await is_turned_away(post.author_id):
        return True
    return viewer is not None and await are_apart(post.author_id, viewer.id)


async def conversation(root: Post, viewer: Actor | None) -> list[Post]:
    """Return what was said under a post that the viewer may read, oldest first, with authors; the
    entries of its own log are not among it.
    """
    asked: list[object] = [root.id, root.author_id]
    readable = "p.visibility IN ('public', 'unlisted')"
    if viewer is not None:
        readable = f"({readable} OR {SPOKEN_TO}) AND NOT {APART.format(actor='p.author_id')}"
        asked += [viewer.id] * 5
    readable += f" AND NOT {TURNED_AWAY.format(actor='p.author_id')}"
    replies = await db.read(
        Post,
        f"SELECT p.* FROM posts p WHERE p.root_id = ? AND NOT ({OWN_ENTRY.format(author='?')})"  # noqa: S608
        f" AND p.state = 'published' AND {readable}"
        " ORDER BY p.published_at, p.id LIMIT ?",
        *asked, CONVERSATION,
    )  # fmt: skip
    authors = await db.read_by_id(Actor, [reply.author_id for reply in replies])
    for reply in replies:
        reply.author = authors[reply.author_id]
    return replies


async def entries(root: Post, *, limit: int) -> list[Post]:
    """Return the entries of a post's log, the newest first, as many as may read it whom the post
    itself is for.
    """
    found = await db.read(
        Post,
        f"SELECT p.* FROM posts p WHERE p.root_id = ? AND {OWN_ENTRY.format(author='?')}"  # noqa: S608
        " AND p.state = 'published' AND p.visibility IN ('public', 'unlisted', ?)"
        " ORDER BY p.published_at DESC, p.id DESC LIMIT ?",
        root.id, root.author_id, str(root.visibility), limit,
    )  # fmt: skip
    for one in found:
        one.author = root.author
    return found


async def attachments(post: Post) -> list[Attachment]:
    """Return a post's pictures in order."""
    found = await db.read(
        Attachment, "SELECT * FROM attachments WHERE post_id = ? ORDER BY position", post.id
    )
    ids = [one.picture_id for one in found if one.picture_id is not None]
    pictures = await db.read_by_id(Picture, ids)
    for one in found:
        one.picture = pictures.get(one.picture_id or 0)
    return found


async def tags(post: Post) -> list[Tag]:
    """Return the tags that a post bears."""
    return await db.read(Tag, "SELECT * FROM tags WHERE post_id = ? ORDER BY id", post.id)


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """Some of what an actor's outbox shows, the newest first."""

    activities: list[vocab.JsonObject]
    older: int | None
    """Before which mark it goes on; None at the end."""


async def with_tags(some: Sequence[Post]) -> None:
    """Read the tags of posts with them, in one statement."""
    if not some:
        return
    sql = f"SELECT * FROM tags WHERE post_id IN ({db.marks(len(some))}) ORDER BY id"  # noqa: S608
    found: dict[int, list[Tag]] = {}
    for tag in await db.read(Tag, sql, *[post.id for post in some]):
        found.setdefault(tag.post_id, []).append(tag)
    for post in some:
        post.tags._set_result_for_query(found.get(post.id, []))


async def outbox(actor: Actor, *, before: int | None = None) -> OutboxPage:
    """Return a page of an actor's public activities: what it published and passed on, and for a
    year what became of that.

    An Announce holds the post that it passes on where that is ours, so that a catalogue needs no
    fetch for each (federation.md §8). A page is no longer than others read (§7), one item at least.
    """
    found = await db.rows(
        "SELECT a.id, a.type, a.body, p.document FROM outbox_entries e"
        " JOIN activities a ON a.id = e.activity_id"
        " LEFT JOIN posts p ON p.uri = a.object_uri AND p.local AND a.type = 'Announce'"
        " WHERE e.actor_id = ? AND e.activity_id < ? ORDER BY e.activity_id DESC LIMIT ?",
        actor.id, before if before is not None else 2**62, PAGE + 1,
    )  # fmt: skip
    shown, size = 0, 0
    for row in found[:PAGE]:
        size += len(row["body"]) + len(row["document"] or b"")
        if shown and size > PAGE_BYTES:
            break
        shown += 1
    older = found[shown - 1]["id"] if len(found) > shown else None
    return OutboxPage([_embedded(row) for row in found[:shown]], older)


async def outbox_total(actor: Actor) -> int:
    """Return how many public things an actor published and passed on."""
    return await OutboxEntry.filter(actor_id=actor.id, thing=True).count()


def _embedded(row: dict[str, Any]) -> vocab.JsonObject:
    activity: vocab.JsonObject = orjson.loads(bytes(row["body"]))
    if row["type"] == "Announce" and row["document"]:
        activity.pop("proof", None)  # it was made for the id alone
        activity["object"] = orjson.loads(bytes(row["document"]))
    return activity


async def counts(house: House) -> dict[str, int]:
    """Return how many posts and replies of ours are public, for NodeInfo."""
    names = kinds.names()
    found = await db.rows(
        f"SELECT kind, count(*) AS n FROM posts WHERE kind IN ({db.marks(len(names))})"  # noqa: S608
        " AND local = ? AND state = 'published' AND visibility = 'public' GROUP BY kind",
        *names, True,
    )  # fmt: skip
    return {str(row["kind"]): int(row["n"]) for row in found}


def plain(post: Post) -> str:
    """Return what a post says as plain text."""
    return html.text_of(post.html)
