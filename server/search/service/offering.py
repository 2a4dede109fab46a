"""What else could be chosen, and how many things there are of each."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from server import db
from server.actors.tables import Actor
from server.db import fulltext
from server.experiments.rules.stages import Stage
from server.house import House
from server.posts import kinds
from server.posts.kinds import NOTE
from server.search.rules.filter import LETTERS, MEASURED, Filter, mark, unmarked
from server.search.service.finding import Count, counts, left_out, near
from server.stories.rules import AuthorRole

LOOKED_AT = 1_000
"""The newest things found, which are looked through."""
SHOWN = 6
"""Of these, as many are offered: those that most of the things name."""
NAMED = ("topic", "place", "organisation", "hub")
NAMES = (*LETTERS, "measured")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that could be chosen."""

    value: str
    count: Count
    chosen: bool
    """Whether it is already."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What could be chosen, by name, and how many things there are of each."""

    options: dict[str, list[Option]]
    more: bool
    """Whether there are more than a thousand things: topics, places, organisations and hubs are
    then those of the newest thousand."""
    bounded: bool
    """Whether only the newest thousand were counted."""


async def facets(chosen: Filter, *, viewer: Actor | None = None, house: House) -> Facets:
    """Return what could be chosen besides: kinds, stages, roles and what is measured; topics,
    places, organisations and hubs that most of the things name. Of what is chosen already only that
    is offered; what nothing is found of is left out. Counts are exact up to a thousand.

    Up to a thousand things are looked through, once. Of more, each option is counted by itself; but
    where a beginning is asked for, which costs too much, among the newest thousand.
    """
    none = await left_out(viewer)
    numbers = await fulltext.newest(
        chosen.terms, none, limit=LOOKED_AT + 1, windows=near(house=house)
    )
    seen = Counter((await db.joined("cards", "marks", "number", numbers[:LOOKED_AT])).split())
    offered = _offered(chosen, seen)
    more = len(numbers) > LOOKED_AT
    bounded = more and any(term.beginning for term in chosen.terms)
    if more and not bounded:
        several = [chosen.but(**{name: value}) for name, value in offered]
        how_many = await counts(several, none, house=house)
    else:
        how_many = [Count(seen[_mark(name, value)]) for name, value in offered]
    found: dict[str, list[Option]] = {}
    for (name, value), count in zip(offered, how_many, strict=True):
        is_chosen = getattr(chosen, name) == value
        if count.number or is_chosen:
            said = "yes" if value is True else str(value)
            found.setdefault(name, []).append(Option(said, count, is_chosen))
    return Facets(found, more=more, bounded=bounded)


def _offered(chosen: Filter, seen: Counter[str]) -> list[tuple[str, str | bool]]:
    """Return what could be chosen, in the order that it is shown."""
    found: list[tuple[str, str | bool]] = [
        *(("kind", name) for name in (*kinds.boosted(), NOTE)),
        *(("stage", str(stage)) for stage in Stage),
        *(("role", str(role)) for role in AuthorRole),
        ("measured", True),
        *_named(seen),
    ]
    own = {name: value for name in NAMES if (value := getattr(chosen, name))}
    return [*own.items(), *(one for one in found if one[0] not in own)]


def _named(seen: Counter[str]) -> Iterator[tuple[str, str]]:
    """Yield what things name most often, of each the first few."""
    shown: Counter[str] = Counter()
    for one, _ in seen.most_common():
        name, value = unmarked(one)
        if name in NAMED and shown[name] < SHOWN:
            shown[name] += 1
            yield name, value


def _mark(name: str, value: str | bool) -> str:
    return MEASURED if value is True else mark(name, str(value))
