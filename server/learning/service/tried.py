"""What many experiments show together: where they stand, how ideas spread, what is measured."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from server import db
from server.actors.tables import Actor
from server.experiments.rules.lineage import root_of
from server.experiments.rules.measures import Numbered
from server.experiments.rules.stages import Stage
from server.experiments.service import numbered
from server.experiments.tables import MeasureRow
from server.learning.rules import Logged, of_one_name
from server.posts.tables import Post

SIDE_BY_SIDE = 24
"""Measures that are drawn on a page."""
OF_ONE_NAME = 6
"""Of those, of one name."""
IDEAS = 3
"""Ideas whose way is drawn: those that came around furthest."""


_STAND = (
    "SELECT p.id, p.uri, p.title, p.published_at, a.host, e.stage, d.original_uri FROM posts p"
    " JOIN experiments e ON e.post_id = p.id JOIN actors a ON a.id = p.author_id"
    " LEFT JOIN experiment_adaptations d ON d.post_id = p.id WHERE p.id IN ({marks})"
)
_LOGGED = (
    "SELECT post_id, stage, at FROM experiment_stages WHERE post_id IN ({marks})"
    " ORDER BY post_id, position"
)
_NAMED = (
    "SELECT id, post_id, name FROM experiment_measures WHERE post_id IN ({marks})"
    " ORDER BY post_id, number"
)


@dataclass(frozen=True, slots=True)
class Tried:
    """An experiment, as far as it is counted."""

    id: int
    uri: str
    title: str
    parent: str
    """The id of what it adapts; empty: nothing."""
    log: Logged


@dataclass(frozen=True, slots=True)
class Idea:
    """An experiment and what was made of it, among those that were chosen."""

    title: str
    members: list[Tried]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of an experiment."""

    post: Post
    """With its author."""
    measure: Numbered


async def tried(ids: Sequence[int]) -> list[Tried]:
    """Return experiments by their posts' rows, with their logs."""
    if not ids:
        return []
    marks = db.marks(len(ids))
    entries: dict[int, list[tuple[date, Stage]]] = defaultdict(list)
    for row in await db.rows(_LOGGED.format(marks=marks), *ids):
        entries[int(row["post_id"])].append((db.as_day(row["at"]), Stage(row["stage"])))
    return [_tried(row, entries) for row in await db.rows(_STAND.format(marks=marks), *ids)]


def _tried(
    row: Mapping[str, object], entries: Mapping[int, list[tuple[date, Stage]]]
) -> Tried:  # fmt: skip
    number, stage = int(str(row["id"])), str(row["stage"])
    log = Logged(
        host=str(row["host"]), begun=db.as_moment(row["published_at"]).date(),
        stage=Stage(stage) if stage in set(Stage) else None,
        entries=tuple(entries.get(number, ())),
    )  # fmt: skip
    return Tried(number, str(row["uri"]), str(row["title"]), str(row["original_uri"] or ""), log)


def ideas(found: Sequence[Tried]) -> list[Idea]:
    """Return those ideas that were taken up, the furthest come around first."""
    parents = {one.uri: one.parent for one in found}
    titles = {one.uri: one.title for one in found}
    kin: dict[str, list[Tried]] = defaultdict(list)
    for one in found:
        kin[root_of(one.uri, parents)].append(one)
    taken_up = [Idea(titles.get(root, ""), members) for root, members in kin.items()]
    several = [one for one in taken_up if len({member.log.host for member in one.members}) > 1]
    return sorted(several, key=lambda one: -len({member.log.host for member in one.members}))[
        :IDEAS
    ]


async def side_by_side(ids: Sequence[int]) -> list[tuple[str, list[Measured]]]:
    """Return measures that several experiments call the same, by their name; within it the oldest
    experiment first. So many are drawn at most.
    """
    if not ids:
        return []
    named = await db.rows(_NAMED.format(marks=db.marks(len(ids))), *ids)
    groups = of_one_name((str(row["name"]), row) for row in named)
    shared = [(name, rows) for name, rows in groups if len({row["post_id"] for row in rows}) > 1]
    chosen: list[tuple[str, list[int]]] = []
    left = SIDE_BY_SIDE
    for name, rows in shared:
        some = rows[: min(OF_ONE_NAME, left)]
        if len({row["post_id"] for row in some}) > 1:
            left -= len(some)
            chosen.append((name, [int(row["id"]) for row in some]))
    held = await db.read_by_id(MeasureRow, [one for _, some in chosen for one in some])
    posts = await db.read_by_id(Post, [row.post_id for row in held.values()])
    authors = await db.read_by_id(Actor, [post.author_id for post in posts.values()])
    for post in posts.values():
        post.author = authors[post.author_id]
    return [
        (name, [Measured(posts[held[one].post_id], numbered(held[one])) for one in some])
        for name, some in chosen
    ]
