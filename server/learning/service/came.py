"""What came of stories, and where nothing did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server import db
from server.actors.tables import Actor
from server.learning.rules import Share
from server.posts.rules import Relation
from server.posts.service.listing import AWAY, KEPT_APART
from server.posts.tables import Post
from server.responses import service as responses
from server.responses.rules import ResponseKind

NAMED = 10
"""Stories and promises that are named."""
PATIENCE = timedelta(days=14)
"""After which a story that nobody answered counts as one that met silence."""
PROMISES = 500
"""Promises that are looked at, the longest overdue."""

# ruff: noqa: S608 - what is put into a statement here is fixed, or marks
_OPEN = (
    "{0}.state = 'published' AND {0}.visibility IN ('public', 'unlisted')"
    f" AND {{0}}.author_id NOT IN ({AWAY})"
)
_CAME_OF_IT = (
    "SELECT p.id, p.published_at,"
    " EXISTS (SELECT 1 FROM posts r WHERE r.root_id = p.id AND r.author_id <> p.author_id"
    f" AND {_OPEN.format('r')}) AS answered,"
    " EXISTS (SELECT 1 FROM links l JOIN posts e ON e.id = l.post_id WHERE l.target_uri = p.uri"
    f" AND l.relation = ? AND {_OPEN.format('e')}) AS tried,"
    " EXISTS (SELECT 1 FROM posts r JOIN responses t ON t.post_id = r.id WHERE r.root_id = p.id"
    f" AND t.kind = ? AND {_OPEN.format('r')}) AS changed"
    " FROM posts p WHERE p.id IN ({marks}) ORDER BY p.published_at DESC, p.id DESC"
)
_PROMISED = (
    'SELECT r.id, r.root_id, t.change, t."when" AS due, a.name, a.username, a.host FROM posts r'
    " JOIN responses t ON t.post_id = r.id JOIN actors a ON a.id = r.author_id"
    f' WHERE t.kind = ? AND t."when" < ? AND {_OPEN.format("r")} AND r.root_id IN ({{marks}})'
    f" AND r.author_id NOT IN ({KEPT_APART})"
    f' ORDER BY t."when", r.id LIMIT {PROMISES}'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameOf:
    """What came of stories."""

    answered: Share
    tried: Share
    changed: Share
    silent: Share
    """Of those that have been there for a while: nobody answered, nobody tries anything."""
    unanswered: list[Post]
    """The newest of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A promise whose day has passed without a word."""

    what: str
    due: date
    by: str
    host: str
    under: Post


async def came_of(stories: Sequence[int], *, now: datetime) -> CameOf:
    """Return what came of stories, by their posts' rows, as far as it is known here."""
    if not stories:
        none = Share(0, 0)
        return CameOf(answered=none, tried=none, changed=none, silent=none, unanswered=[])
    rows = await db.rows(
        _CAME_OF_IT.format(marks=db.marks(len(stories))),
        str(Relation.INSPIRED_BY), str(ResponseKind.CHANGE_MADE), *stories,
    )  # fmt: skip
    old = [row for row in rows if db.as_moment(row["published_at"]) <= now - PATIENCE]
    silent = [int(row["id"]) for row in old if not (row["answered"] or row["tried"])]
    held = await db.read_by_id(Post, silent[:NAMED])
    return CameOf(
        answered=_share(rows, "answered"), tried=_share(rows, "tried"),
        changed=_share(rows, "changed"), silent=Share(len(silent), len(old)),
        unanswered=[held[one] for one in silent[:NAMED] if one in held],
    )  # fmt: skip


def _share(rows: Sequence[dict[str, object]], what: str) -> Share:
    return Share(sum(1 for row in rows if row[what]), len(rows))


@dataclass(frozen=True, slots=True)
class Overdue:
    """Promises whose day has passed without a word."""

    number: int
    named: list[Promised]
    """The longest overdue."""


async def overdue(
    heads: Sequence[int], *, today: date, viewer: Actor | None = None
) -> Overdue:  # fmt: skip
    """Return the promises in answer to some posts, by those posts' rows, whose day has passed and
    of which nothing was said since; none of somebody from whom the viewer is kept apart.
    """
    if not heads:
        return Overdue(0, [])
    rows = await db.rows(
        _PROMISED.format(marks=db.marks(len(heads))),
        str(ResponseKind.CHANGE_PLANNED), today, *heads, *[viewer.id if viewer else 0] * 2,
    )  # fmt: skip
    ended = await responses.settled([int(row["id"]) for row in rows])
    left = [row for row in rows if int(row["id"]) not in ended]
    held = await db.read_by_id(Post, [int(row["root_id"]) for row in left[:NAMED]])
    named = [
        Promised(
            what=str(row["change"]), due=db.as_day(row["due"]), host=str(row["host"]),
            by=str(row["name"] or row["username"]), under=held[int(row["root_id"])],
        )
        for row in left[:NAMED]
    ]  # fmt: skip
    return Overdue(len(left), named)
