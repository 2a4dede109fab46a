"""Experiments that are alike, with the reason; of no more is looked at than is said here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from server import db
from server.actors.tables import Actor
from server.db import fulltext
from server.experiments import service as experiments
from server.house import House
from server.posts.rules import Relation
from server.posts.tables import Link, Post
from server.search.rules import alike as rules
from server.search.rules.alike import Likeness, Sketch
from server.search.rules.asking import Term
from server.search.rules.cards import by
from server.search.rules.filter import mark
from server.search.service.finding import left_out, near, posts_at

LOOKED_AT = 40
"""The newest experiments that share something with another and are looked at, for each thing."""
WORDS = 3
"""Topics, links and words of the title by which they are looked for."""
SHOWN = 12
GENERATIONS = 5
"""How far back a line of adaptations is followed."""
EXPERIMENT = Term((mark("kind", experiments.KIND),))


@dataclass(frozen=True, slots=True)
class Alike:
    """An experiment that is like another one, and why."""

    post: Post
    why: Likeness


@dataclass(frozen=True, slots=True)
class Pair:
    """Two of a list that are alike, and why."""

    one: Post
    other: Post
    why: Likeness


@dataclass(frozen=True, slots=True)
class Cluster:
    """Experiments that are alike: one, and those that are like it."""

    post: Post
    others: list[Alike]


async def alike(
    post: Post, *, viewer: Actor | None = None, house: House
) -> list[Alike]:  # fmt: skip
    """Return the experiments most like one, those with most in common first: of one line of
    adaptations, begun with the same story, or alike in topics, links and titles.
    """
    none = await left_out(viewer)
    own = (await _sketches([post]))[post.id]
    ids = await _kin(own)
    for terms in _common(own):
        numbers = await fulltext.newest(
            [EXPERIMENT, *terms], none, limit=LOOKED_AT, windows=near(house=house)
        )
        ids |= set((await posts_at(numbers)).values())
    others = await _known(ids - {post.id}, none)
    sketches = await _sketches(others)
    seen = [Alike(one, rules.likeness(own, sketches[one.id])) for one in others]
    likely = [one for one in seen if one.why.weight >= rules.ENOUGH]
    return sorted(likely, key=lambda one: -one.why.weight)[:SHOWN]


async def pairs(some: Sequence[Post]) -> list[Pair]:
    """Return which experiments of a page are alike, those with most in common first."""
    by_id = {post.id: post for post in some if post.kind == experiments.KIND}
    sketches = await _sketches(list(by_id.values()))
    return [Pair(by_id[one], by_id[other], why) for one, other, why in rules.pairs(sketches)]


async def clusters(some: Sequence[Post]) -> list[Cluster]:
    """Return which of several experiments are alike, put together, those with most in common first;
    each is in one of them at most.
    """
    by_id = {post.id: post for post in some if post.kind == experiments.KIND}
    found = rules.gathered(rules.pairs(await _sketches(list(by_id.values()))))
    return [
        Cluster(by_id[middle], [Alike(by_id[one], why) for one, why in around])
        for middle, around in found
    ]


def _common(own: Sketch) -> list[list[Term]]:
    """Return what is looked for: each topic, each page it links to, and two words of the title."""
    longest = sorted(own.title, key=len, reverse=True)[:WORDS]
    return [
        *([Term((mark("topic", topic),))] for topic in sorted(own.topics)[:WORDS]),
        *([Term((link,))] for link in sorted(own.links)[:WORDS]),
        *([Term((one,)), Term((other,))] for one, other in combinations(longest, 2)),
    ]


async def _kin(own: Sketch) -> set[int]:
    """Return what goes back to the same, or to this, and what this goes back to."""
    uris = [*own.line, *own.begun_with]
    marks = db.marks(len(uris))
    found = await db.rows(
        f"SELECT post_id AS id FROM links WHERE target_uri IN ({marks})"  # noqa: S608
        f" UNION SELECT id FROM posts WHERE uri IN ({marks}) LIMIT ?",
        *uris, *uris, LOOKED_AT,
    )  # fmt: skip
    return {int(row["id"]) for row in found}


async def _known(ids: Collection[int], none: Sequence[str]) -> list[Post]:
    """Return those experiments that can be found, with authors, without those left out."""
    known = await db.read_by_id(Post, ids)
    authors = await db.read_by_id(Actor, [post.author_id for post in known.values()])
    found = []
    for post in known.values():
        post.author = authors[post.author_id]
        if post.kind == experiments.KIND and by(post.author_id) not in none:
            found.append(post)
    cards = await _marks([post.id for post in found])
    return [post for post in found if post.id in cards]


async def _sketches(some: Sequence[Post]) -> dict[int, Sketch]:
    marks, links = await _marks([post.id for post in some]), await _links(some)
    lines = await _lines(some, links)
    return {
        post.id: rules.sketch(
            post.title, marks.get(post.id, []), line=lines[post.id],
            begun_with=links.get((post.id, Relation.INSPIRED_BY), []),
        )
        for post in some
    }  # fmt: skip


async def _marks(ids: Sequence[int]) -> dict[int, list[str]]:
    if not ids:
        return {}
    sql = f"SELECT post_id, marks FROM cards WHERE post_id IN ({db.marks(len(ids))})"  # noqa: S608
    return {int(row["post_id"]): str(row["marks"]).split() for row in await db.rows(sql, *ids)}


Links = dict[tuple[int, Relation], list[str]]


async def _links(some: Sequence[Post]) -> Links:
    found: Links = {}
    if some:
        sql = f"SELECT * FROM links WHERE post_id IN ({db.marks(len(some))})"  # noqa: S608
        for link in await db.read(Link, sql, *[post.id for post in some]):
            found.setdefault((link.post_id, Relation(link.relation)), []).append(link.target_uri)
    return found


async def _lines(some: Sequence[Post], links: Links) -> dict[int, set[str]]:
    """Return the id of each, with those of what it goes back to, a statement a generation."""
    lines = {
        post.id: {post.uri or "", *links.get((post.id, Relation.ADAPTED_FROM), [])}
        for post in some
    }  # fmt: skip
    own = {post.uri for post in some}
    new = {uri for line in lines.values() for uri in line} - own
    for _ in range(GENERATIONS):
        if not new:
            break
        found = await db.rows(
            "SELECT p.uri, l.target_uri FROM posts p JOIN links l ON l.post_id = p.id"  # noqa: S608
            f" WHERE p.uri IN ({db.marks(len(new))}) AND l.relation = ?",
            *new, str(Relation.ADAPTED_FROM),
        )  # fmt: skip
        new = set()
        for row in found:
            for line in lines.values():
                if row["uri"] in line and row["target_uri"] not in line:
                    line.add(row["target_uri"])
                    new.add(row["target_uri"])
    return lines
