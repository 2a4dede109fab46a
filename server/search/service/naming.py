"""People and topics whose names somebody looks for."""

from collections.abc import Sequence

from server import db
from server.actors.tables import Actor
from server.db import fulltext
from server.house import House
from server.search.rules.asking import Term, names
from server.search.rules.cards import PERSON
from server.search.rules.filter import Filter
from server.search.service.finding import Count, counts, left_out, near

FOUND = 6
"""People, and topics, that are shown."""
LIKE = (  # each name once, by leaps: a topic may be named a million times
    "WITH RECURSIVE t(name, n) AS (SELECT (SELECT min(name) FROM tags WHERE name >= ?), 1"
    " UNION ALL SELECT (SELECT min(name) FROM tags WHERE name > t.name), t.n + 1 FROM t"
    " WHERE t.name IS NOT NULL AND t.n < ?) SELECT name FROM t WHERE name IS NOT NULL"
)


async def people(
    text: str, *, viewer: Actor | None = None, house: House
) -> list[Actor]:  # fmt: skip
    """Return people who published something that can be found and whose names hold all words, the
    last one at least as a beginning; those known last come first.
    """
    asked = names(text)
    if not asked:
        return []
    numbers = await fulltext.newest(
        [Term((PERSON,)), *asked], await left_out(viewer), limit=FOUND, windows=near(house=house)
    )
    if not numbers:
        return []
    sql = f"SELECT number, author_id FROM cards WHERE number IN ({db.marks(len(numbers))})"  # noqa: S608
    whose = {int(row["number"]): int(row["author_id"]) for row in await db.rows(sql, *numbers)}
    known = await db.read_by_id(Actor, whose.values())
    return [known[whose[one]] for one in numbers if whose.get(one) in known]


async def topics(
    text: str, *, viewer: Actor | None = None, house: House
) -> list[tuple[str, Count]]:  # fmt: skip
    """Return topics of what can be found that begin with the words, written as one."""
    begun = "".join(letter for letter in text.lower() if letter.isalnum())
    if not begun:
        return []
    found = [str(row["name"]) for row in await db.rows(LIKE, begun, FOUND * 2)]
    named = [one for one in found if one.startswith(begun)]
    several = [Filter(topic=one) for one in named]
    counted = await _counts(several, await left_out(viewer), house=house)
    return [(one, n) for one, n in zip(named, counted, strict=True) if n.number][:FOUND]


async def _counts(
    several: Sequence[Filter], none: Sequence[str], *, house: House
) -> list[Count]:  # fmt: skip
    return await counts(several, none, house=house) if several else []
