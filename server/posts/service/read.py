"""Read posts: one, a conversation, a list. Lists are pages by key, never by offset."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from federation import html, vocab
from server import db
from server.actors.tables import Actor
from server.delivery.tables import OutgoingActivity
from server.follows import service as follows
from server.follows.rules import FollowState
from server.house import House
from server.media.tables import Picture
from server.posts.rules import OPEN, State, Visibility
from server.posts.tables import Attachment, Boost, Mention, Post, Tag

PAGE = 20
CONVERSATION = 500
"""Posts of one conversation that a page shows."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A post in somebody's timeline, who passed it on, if it came that way, and when it came."""

    post: Post
    by: Actor | None
    at: datetime


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
    if post.visibility in OPEN:
        return True
    if viewer is None:
        return False
    if post.author_id == viewer.id:
        return True
    if await Mention.filter(post_id=post.id, actor_id=viewer.id).exists():
        return True
    if post.visibility is Visibility.FOLLOWERS:
        author = await Actor.get(id=post.author_id)
        follow = await follows.between(viewer, author)
        return follow is not None and follow.state is FollowState.ACCEPTED
    return False


async def conversation(root: Post, viewer: Actor | None) -> list[Post]:
    """Return what was said under a post that the viewer may read, oldest first, with authors."""
    replies = await db.read(
        Post,
        "SELECT * FROM posts WHERE root_id = ? AND state = 'published'"
        " ORDER BY published_at, id LIMIT ?",
        root.id, CONVERSATION,
    )  # fmt: skip
    authors = await db.read_by_id(Actor, [reply.author_id for reply in replies])
    for reply in replies:
        reply.author = authors[reply.author_id]
    return [reply for reply in replies if reply.visibility in OPEN or await may_see(reply, viewer)]


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


async def tagged(name: str, *, before: int | None = None) -> list[Post]:
    """Return a page of public posts that bear a tag, the newest first."""
    query = Post.filter(
        tags__name=name.lower(), state=State.PUBLISHED, visibility=Visibility.PUBLIC
    )
    if before is not None:
        query = query.filter(id__lt=before)
    return await query.order_by("-id").limit(PAGE + 1).prefetch_related("author", "tags")


async def home(viewer: Actor, *, before: datetime) -> list[Passed]:
    """Return a page of what those whom the viewer follows published or passed on before a moment,
    newest first.
    """
    moment = db.moment(before)
    found = await db.rows(
        "SELECT post_id, max(boost_id) AS boost_id, max(at) AS at FROM ("
        " SELECT p.id AS post_id, 0 AS boost_id, p.published_at AS at FROM posts p"
        " JOIN follows f ON f.followed_id = p.author_id WHERE f.follower_id = ?"
        " AND f.state = 'accepted' AND p.state = 'published' AND p.visibility != 'direct'"
        " AND p.published_at < ?"
        " UNION ALL"
        " SELECT b.post_id, b.id, b.created_at FROM boosts b"
        " JOIN follows f ON f.followed_id = b.actor_id JOIN posts p ON p.id = b.post_id"
        " WHERE f.follower_id = ? AND f.state = 'accepted' AND p.state = 'published'"
        " AND p.visibility IN ('public', 'unlisted') AND b.created_at < ?"
        ") AS seen GROUP BY post_id ORDER BY max(at) DESC LIMIT ?",
        viewer.id, moment, viewer.id, moment, PAGE + 1,
    )  # fmt: skip
    posts = {
        post.id: post
        for post in await Post.filter(id__in=[row["post_id"] for row in found]).prefetch_related(
            "author", "tags", "attachments", "attachments__picture"
        )
    }
    boosters = await _boosters([row["boost_id"] for row in found if row["boost_id"]])
    return [
        Passed(posts[row["post_id"]], boosters.get(row["boost_id"]), db.as_moment(row["at"]))
        for row in found
        if row["post_id"] in posts
    ]


async def _boosters(boost_ids: list[int]) -> dict[int, Actor]:
    rows = await Boost.filter(id__in=boost_ids).select_related("actor")
    return {row.id: row.actor for row in rows}


async def outbox(actor: Actor, *, before: int | None = None) -> list[tuple[int, vocab.JsonObject]]:
    """Return a page of an actor's public activities, the newest first, each with its row's id.

    An Announce holds the post that it passes on where that is ours, so that a catalogue needs no
    fetch for each (federation.md §8).
    """
    found = await db.rows(
        "SELECT a.id, a.type, a.body, p.document FROM activities a"
        " LEFT JOIN posts p ON p.uri = a.object_uri AND p.local"
        " WHERE a.actor_id = ? AND a.public AND a.type IN ('Create', 'Announce')"
        " AND a.id < ? ORDER BY a.id DESC LIMIT ?",
        actor.id, before if before is not None else 2**62, PAGE,
    )  # fmt: skip
    return [(row["id"], _embedded(row)) for row in found]


async def outbox_total(actor: Actor) -> int:
    """Return how many public things an actor published and passed on."""
    return await OutgoingActivity.filter(
        actor_id=actor.id, public=True, type__in=["Create", "Announce"]
    ).count()


def _embedded(row: dict[str, Any]) -> vocab.JsonObject:
    activity: vocab.JsonObject = orjson.loads(bytes(row["body"]))
    activity.pop("@context", None)
    if row["type"] == "Announce" and row["document"]:
        note: vocab.JsonObject = orjson.loads(bytes(row["document"]))
        note.pop("@context", None)
        activity["object"] = note
    return activity


async def counts(house: House) -> dict[str, int]:
    """Return how many posts and replies of ours are public, for NodeInfo."""
    found = await db.rows(
        "SELECT kind, count(*) AS n FROM posts WHERE local AND state = 'published'"
        " AND visibility = 'public' GROUP BY kind"
    )
    return {str(row["kind"]): int(row["n"]) for row in found}


def plain(post: Post) -> str:
    """Return what a post says as plain text."""
    return html.text_of(post.html)
