"""What was known already and came into a choice since, as work on it went on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from server import db
from server.actors.tables import Actor
from server.db import fulltext
from server.house import House
from server.search.rules.cards import gained
from server.search.rules.filter import Filter
from server.search.service.finding import Found, left_out, read
from server.search.tables import Turn

KEPT = timedelta(days=60)
"""How long it is known when something came to be found by a mark."""
LOOKED_AT = 500
"""Things that are looked at, the newest."""


async def note(changes: Iterable[tuple[int, str, list[str]]], now: datetime) -> None:
    """Note what things come to be found by: the row of the card of each, its marks as they were,
    and as they are now.
    """
    turns = [
        Turn(card_id=card, mark=one, at=now)
        for card, before, marks in changes
        for one in gained(before.split(), marks)
    ]
    if turns:
        await Turn.bulk_create(turns, on_conflict=["card_id", "mark"], update_fields=["at"])


async def turned(
    chosen: Filter, *, since: datetime, until: datetime, viewer: Actor | None = None
) -> list[Found]:
    """Return what came to be found by a stage or by measures that are chosen, after a moment and
    up to another, and is in the choice now; the newest first.
    """
    if not chosen.turning:
        return []
    found = await db.rows(
        "SELECT DISTINCT c.number FROM card_turns t JOIN cards c ON c.id = t.card_id"  # noqa: S608
        f" WHERE t.mark IN ({db.marks(len(chosen.turning))}) AND t.at > ? AND t.at <= ?"
        " ORDER BY c.number DESC LIMIT ?",
        *chosen.turning, db.moment(since), db.moment(until), LOOKED_AT,
    )  # fmt: skip
    numbers = [int(row["number"]) for row in found]
    chosen_ones = await fulltext.among(numbers, chosen.terms, await left_out(viewer))
    return await read([one for one in numbers if one in chosen_ones])


async def sweep(*, house: House) -> None:
    """Forget what came about long ago."""
    await Turn.filter(at__lt=house.clock.now() - KEPT).delete()
