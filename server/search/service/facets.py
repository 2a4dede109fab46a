"""What else could be chosen, and how many things there are of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from server import db
from server.actors.tables import Actor
from server.db import fulltext
from server.experiments.rules.stages import Stage
from server.house import House
from server.posts import kinds
from server.posts.kinds import NOTE
from server.search.rules.cards import windows
from server.search.rules.filter import Filter, unmarked
from server.search.service.finding import TOP, Count, counts, left_out
from server.stories.rules import AuthorRole

LOOKED_AT = 200
"""The newest things found in which topics, places, organisations and hubs are looked for."""
SHOWN = 6
"""Of these, as many are offered: those that most of the things name."""
NAMED = ("topic", "place", "organisation", "hub")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that could be chosen."""

    value: str
    count: Count
    chosen: bool
    """Whether it is already."""


async def facets(
    chosen: Filter, *, viewer: Actor | None = None, house: House
) -> dict[str, list[Option]]:  # fmt: skip
    """Return what could be chosen in place of what is, by name: kinds, stages, roles and what is
    measured; topics, places, organisations and hubs that the newest things name. What nothing is
    found of is left out, and `count` is exact up to a thousand.
    """
    none = await left_out(viewer)
    offered = [
        *(("kind", name) for name in (*kinds.boosted(), NOTE)),
        *(("stage", str(stage)) for stage in Stage),
        *(("role", str(role)) for role in AuthorRole),
        ("measured", True),
        *await _named(chosen, none, house=house),
    ]
    several = [chosen.but(**{name: value}) for name, value in offered]
    found: dict[str, list[Option]] = {}
    for (name, value), how_many in zip(
        offered, await counts(several, none, house=house), strict=True
    ):
        is_chosen = getattr(chosen, name) == value
        if how_many.number or is_chosen:
            said = "yes" if value is True else str(value)
            found.setdefault(name, []).append(Option(said, how_many, is_chosen))
    return found


async def _named(
    chosen: Filter, none: Sequence[str], *, house: House
) -> list[tuple[str, str]]:  # fmt: skip
    """Return what the newest things name most often, and what is chosen of it."""
    numbers = await fulltext.newest(
        chosen.terms, none, before=TOP, limit=LOOKED_AT, windows=windows(house.clock.now())
    )
    seen = await _seen(numbers)
    found = []
    for name in NAMED:
        often, own = seen[name][:SHOWN], getattr(chosen, name)
        found += [(name, value) for value in ([own, *often] if own and own not in often else often)]
    return found


async def _seen(numbers: Sequence[int]) -> dict[str, list[str]]:
    """Return what things name, the most often named first."""
    seen: dict[str, list[str]] = {name: [] for name in NAMED}
    if numbers:
        sql = f"SELECT marks FROM cards WHERE number IN ({db.marks(len(numbers))})"  # noqa: S608
        rows = await db.rows(sql, *numbers)
        counted = Counter(" ".join(str(row["marks"]) for row in rows).split())
        for one, _ in counted.most_common():
            name, value = unmarked(one)
            if name in seen and len(seen[name]) < SHOWN:
                seen[name].append(value)
    return seen
