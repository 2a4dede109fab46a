"""Find what is known: a page at a time, the newest first, and how much there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from server import db
from server.actors.tables import Actor
from server.db import fulltext
from server.house import House
from server.posts import service as posts
from server.posts.rules import State
from server.posts.service.listing import KEPT_APART
from server.posts.tables import Post
from server.search.rules.cards import by, published_at, windows
from server.search.rules.filter import Filter
from server.search.tables import Card

PAGE = 20
MOST = 1_000
"""How far is counted: what is more is "more than a thousand"."""
APART = 200
"""Of those whom somebody blocks, or who block them, as many are left out."""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found, whose author and tags have been read with it."""

    number: int
    """Its place in every list; `before` of the next page."""
    post: Post


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are: all of them up to a thousand."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        """Return it as a page shows it: `1,000+` where there are more."""
        return f"{self.number:,}{'+' if self.more else ''}"


async def find(
    chosen: Filter, *, before: int | None = None, after: int | None = None, limit: int = PAGE,
    viewer: Actor | None = None, house: House,
) -> list[Found]:  # fmt: skip
    """Return what is known and was chosen, the newest first, up to `limit`, from before the thing
    of that number on, or (the oldest first) from after it; nothing of those whom the viewer blocks,
    or who block them.
    """
    at = db.Span(before, after)
    numbers = await fulltext.newest(
        chosen.terms, await left_out(viewer), at=at, limit=limit, windows=near(at, house=house)
    )
    return await read(numbers)


async def posts_of(
    chosen: Filter, *, limit: int, viewer: Actor | None = None, house: House
) -> list[int]:  # fmt: skip
    """Return the rows of the newest posts of a choice, without those of whom a viewer is kept
    apart.
    """
    numbers = await fulltext.newest(
        chosen.terms, await left_out(viewer), limit=limit, windows=near(house=house)
    )
    places = await posts_at(numbers)
    return [places[one] for one in numbers if one in places]


def near(at: db.Span = db.TOP, *, house: House) -> list[list[str]]:
    """Return the times in which one looks first for what comes next there."""
    if at.after is not None:
        return windows(published_at(at.after), later=True)
    now = house.clock.now() + timedelta(days=1)
    return windows(now if at.before is None else published_at(at.before))


async def posts_at(numbers: Sequence[int]) -> dict[int, int]:
    """Return the rows of posts, by the numbers of their cards."""
    if not numbers:
        return {}
    sql = (
        "SELECT number, post_id FROM cards"  # noqa: S608 - marks
        f" WHERE number IN ({db.marks(len(numbers))}) AND post_id IS NOT NULL"
    )
    return {int(row["number"]): int(row["post_id"]) for row in await db.rows(sql, *numbers)}


async def read(numbers: Sequence[int]) -> list[Found]:
    """Return things by their numbers; by hand, since a query set costs several times that."""
    places = await posts_at(numbers)
    known = await db.read_by_id(Post, places.values())
    authors = await db.read_by_id(Actor, [post.author_id for post in known.values()])
    await posts.with_tags(list(known.values()))
    for post in known.values():
        post.author = authors[post.author_id]
    rows = [(one, known.get(places.get(one, 0))) for one in numbers]
    return [Found(one, post) for one, post in rows if post and post.state is State.PUBLISHED]


async def count(chosen: Filter, *, viewer: Actor | None = None, house: House) -> Count:
    """Return how many such things are known."""
    [found] = await counts([chosen], await left_out(viewer), house=house)
    return found


async def known() -> int:
    """Return how many things can be found at all."""
    return await Card.filter(post_id__not_isnull=True).count()


async def counts(
    several: Sequence[Filter], none: Sequence[str], *, house: House
) -> list[Count]:  # fmt: skip
    """Return how many things are known of several choices, without those that bear some marks."""
    found = await fulltext.counts(
        [one.terms for one in several], none, most=MOST + 1, windows=near(house=house)
    )
    return [Count(min(n, MOST), more=n > MOST) for n in found]


async def left_out(viewer: Actor | None) -> list[str]:
    """Return the marks of what a viewer is not shown."""
    if viewer is None:
        return []
    found = await db.rows(
        f"SELECT DISTINCT author_id FROM cards WHERE author_id IN ({KEPT_APART}) LIMIT ?",  # noqa: S608
        viewer.id, viewer.id, APART,
    )  # fmt: skip
    return [by(int(row["author_id"])) for row in found]
