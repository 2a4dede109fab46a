"""Lists of posts in pages: by when they were published, and among those of one moment by row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from server import db
from server.actors.blocks import APART, TURNED_AWAY, apart_from
from server.actors.tables import Actor
from server.follows.rules import FollowState
from server.follows.tables import Follow
from server.posts.cards import path_of, title_of
from server.posts.rules import State, Visibility
from server.posts.tables import Boost, Post

PAGE = 20
MARK = re.compile("[0-9]{1,17}-[0-9]{1,18}")
"""What a mark looks like in an address: microseconds since the epoch, and a row."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = 2**62
"""Later than any row."""
AFTER_ALL = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a list of posts."""

    at: datetime
    id: int

    def __str__(self) -> str:
        """Return the mark as it stands in an address."""
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """Return the mark of an address, None for anything else."""
        if text is None or not MARK.fullmatch(text):
            return None
        micros, _, row = text.partition("-")
        return cls(EPOCH + timedelta(microseconds=int(micros)), int(row))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where in such a list a page begins; at its top where neither is given."""

    before: Mark | None = None
    after: Mark | None = None

    @classmethod
    def between(cls, before: str | None, after: str | None) -> Self:
        """Return the stretch between two marks of an address."""
        return cls(Mark.read(before), Mark.read(after))

    def of(self, query: QuerySet[Post]) -> QuerySet[Post]:
        """Return a page and one more, newest first; after a mark the one next to it comes first."""
        if (mark := self.after) is not None:
            later = Q(published_at__gt=mark.at) | Q(id__gt=mark.id)
            query = query.filter(later, published_at__gte=mark.at)
            return query.order_by("published_at", "id").limit(PAGE + 1)
        if (mark := self.before) is not None:
            earlier = Q(published_at__lt=mark.at) | Q(id__lt=mark.id)
            query = query.filter(earlier, published_at__lte=mark.at)
        return query.order_by("-published_at", "-id").limit(PAGE + 1)


FROM_THE_TOP = Stretch()


def mark_of(post: Post) -> str:
    """Return the mark of a post in a list by publication."""
    return str(Mark(post.published_at or post.created_at, post.id))


def for_viewer(query: QuerySet[Post], viewer: Actor | None) -> QuerySet[Post]:
    """Return those posts of a query that a viewer is shown in lists: none of whom they block, or
    who block them.
    """
    if viewer is None:
        return query
    for others in apart_from(viewer):
        query = query.filter(author_id__not_in=others)
    return query


def latest(
    kind: str, *, author: Actor | None = None, viewer: Actor | None = None
) -> QuerySet[Post]:  # fmt: skip
    """Return the hub's public posts of a kind, or an author's, for a viewer; `Stretch.of` takes a
    page of them.
    """
    query = Post.filter(kind=kind, state=State.PUBLISHED, visibility=Visibility.PUBLIC)
    # An author of ours has only such posts; to ask for it would have SQLite walk all that are.
    query = query.filter(local=True) if author is None else query.filter(author_id=author.id)
    return for_viewer(query, viewer).prefetch_related("author", "tags")


# Lists of rows, not conditions: PostgreSQL makes a join of NOT EXISTS, thinks that it leaves next
# to nothing, and puts a whole topic in order.
AWAY = (
    "SELECT w.id FROM actors w WHERE w.blocked = TRUE UNION ALL"
    " SELECT w.id FROM actors w JOIN hosts h ON h.host = w.host WHERE h.turned_away = TRUE"
)
KEPT_APART = (
    "SELECT blocked_id FROM blocks WHERE blocker_id = ?"
    " UNION ALL SELECT blocker_id FROM blocks WHERE blocked_id = ?"
)
NAMED = (
    "SELECT p.id AS id FROM {table} t JOIN posts p ON p.id = t.post_id WHERE t.name = ?"
    " AND p.state = 'published' AND p.visibility = 'public' AND {shown}"
    " AND (t.published_at, t.post_id) {than} (?, ?)"
    " ORDER BY t.published_at {way}, t.post_id {way} LIMIT ?"
)


async def tagged(
    name: str, stretch: Stretch = FROM_THE_TOP, *, viewer: Actor | None = None
) -> list[Post]:
    """Return a page of public posts that bear a tag, the newest first, and one more."""
    return await _named("tags", name.lower(), stretch, viewer=viewer)


async def placed(
    name: str, stretch: Stretch = FROM_THE_TOP, *, viewer: Actor | None = None
) -> list[Post]:
    """Return the same of those about a place, by its name in an address."""
    return await _named("places", name, stretch, viewer=viewer)


async def _named(table: str, name: str, stretch: Stretch, *, viewer: Actor | None) -> list[Post]:
    forth = stretch.after is not None
    mark = stretch.after or stretch.before or Mark(AFTER_ALL, LAST)
    shown = f"p.author_id NOT IN ({AWAY})"
    by = [viewer.id] * 2 if viewer is not None else []
    if viewer is not None:
        shown += f" AND p.author_id NOT IN ({KEPT_APART})"
    found = await db.rows(
        NAMED.format(
            table=table, shown=shown, than=">" if forth else "<", way="ASC" if forth else "DESC"
        ),
        name, *by, db.moment(mark.at), mark.id, PAGE + 1,
    )  # fmt: skip
    ids = [row["id"] for row in found]
    rows = {
        post.id: post
        for post in await Post.filter(id__in=ids).prefetch_related("author", "tags", "placed")
    }
    return [rows[one] for one in ids if one in rows]


@dataclass(frozen=True, slots=True)
class Passed:
    """A post in somebody's timeline, who passed it on, if it came that way, and when it came."""

    post: Post
    by: Actor | None
    at: datetime

    @property
    def mark(self) -> str:
        """The mark of its place."""
        return str(Mark(self.at, self.post.id))


def _followed(actor: str) -> str:
    """Return the condition that the viewer follows an actor, given as a column."""
    return (
        "EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = ? AND f.state = 'accepted'"  # noqa: S608
        f" AND f.followed_id = {actor})"
    )


TOLD = (  # what those whom the viewer follows published, unless one of them passed it on later
    "SELECT p.id AS post_id, 0 AS boost_id, p.published_at AS at FROM posts p"  # noqa: S608
    f" WHERE {_followed('p.author_id')} AND p.state = 'published'"
    " AND p.visibility != 'direct'"
    " AND NOT EXISTS (SELECT 1 FROM boosts c WHERE c.post_id = p.id"
    f" AND c.created_at > p.published_at AND {_followed('c.actor_id')})"
    f" AND NOT {APART.format(actor='p.author_id')}"
    f" AND NOT {TURNED_AWAY.format(actor='p.author_id')}"
    " AND (p.published_at, p.id) {than} (?, ?) ORDER BY p.published_at {way}, p.id {way} LIMIT ?"
)
PASSED_ON = (  # what they passed on, where nothing brings it later
    "SELECT b.post_id, b.id AS boost_id, b.created_at AS at FROM boosts b"  # noqa: S608
    " JOIN posts p ON p.id = b.post_id"
    f" WHERE {_followed('b.actor_id')} AND p.state = 'published'"
    " AND p.visibility IN ('public', 'unlisted')"
    f" AND NOT {APART.format(actor='p.author_id')}"
    f" AND NOT {APART.format(actor='b.actor_id')}"
    f" AND NOT {TURNED_AWAY.format(actor='p.author_id')}"
    f" AND NOT {TURNED_AWAY.format(actor='b.actor_id')}"
    f" AND NOT (p.published_at >= b.created_at AND {_followed('p.author_id')})"
    " AND NOT EXISTS (SELECT 1 FROM boosts c WHERE c.post_id = b.post_id"
    " AND (c.created_at > b.created_at OR (c.created_at = b.created_at AND c.id > b.id))"
    f" AND {_followed('c.actor_id')})"
    " AND (b.created_at, b.post_id) {than} (?, ?)"
    " ORDER BY b.created_at {way}, b.post_id {way} LIMIT ?"
)
HOME = (
    f"SELECT * FROM (SELECT * FROM ({TOLD}) AS told UNION ALL SELECT * FROM ({PASSED_ON})"  # noqa: S608
    " AS passed_on) AS seen ORDER BY at {way}, post_id {way} LIMIT ?"
)


async def home(viewer: Actor, *, now: datetime, stretch: Stretch = FROM_THE_TOP) -> list[Passed]:
    """Return a page of what those whom the viewer follows published or passed on, and one more:
    each post once, where it came last, the newest first.
    """
    if not await Follow.exists(follower_id=viewer.id, state=FollowState.ACCEPTED):
        return []  # every post known here would be looked at to find that out
    forth = stretch.after is not None
    mark = stretch.after or stretch.before or Mark(now + timedelta(days=1), LAST)
    place = [db.moment(mark.at), mark.id, PAGE + 1]
    me = viewer.id
    found = await db.rows(
        HOME.format(than=">" if forth else "<", way="ASC" if forth else "DESC"),
        *[me] * 4, *place, *[me] * 7, *place, PAGE + 1,
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


async def links(post_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return what posts are called, and where on this node they are read, by their rows; those
    taken back are left out.
    """
    rows = await Post.filter(id__in=list(post_ids), state=State.PUBLISHED)
    return {post.id: (title_of(post), path_of(post)) for post in rows}
