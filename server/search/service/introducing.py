"""People who published something that can be found can be found by their names."""

from collections.abc import Collection, Sequence

from server import db
from server.actors.tables import Actor
from server.db import fulltext
from server.search.rules.cards import Somebody, number
from server.search.rules.words import NO_WORD
from server.search.tables import Card


async def introduce(actors: Collection[int]) -> None:
    """Have those be found by their names who can't be yet."""
    found = await db.rows(
        "SELECT author_id FROM cards WHERE post_id IS NULL"  # noqa: S608 - marks
        f" AND author_id IN ({db.marks(len(actors))})",
        *actors,
    )  # fmt: skip
    for actor_id in sorted({*actors} - {row["author_id"] for row in found}):
        await _introduce(actor_id, None)


async def introduce_again(actor_id: int) -> None:
    """Have somebody who can be found by their name be found by it as it is."""
    card = await Card.filter(author_id=actor_id, post_id=None).first()
    if card is not None:
        await _introduce(actor_id, card)


async def _introduce(actor_id: int, card: Card | None) -> None:
    actor = await Actor.get(id=actor_id)
    if not actor.discoverable:
        await Card.filter(author_id=actor_id, post_id=None).delete()
        return
    somebody = Somebody(
        row=actor_id, names=(actor.name, actor.username, actor.host), since=actor.created_at
    )
    if card is None:
        at = number(somebody.since, actor_id)
        card = Card(author_id=actor_id, marks=" ".join(somebody.marks), number=at)
        await add([card])
    held = fulltext.held(somebody.said, somebody.marks, gap=NO_WORD)
    await fulltext.put_many([(card.number, held)])


async def add(cards: Sequence[Card]) -> None:
    """Write cards down, each with its number, or the next one where another has that already."""
    left = list(cards)
    while left:
        found = await db.rows(
            "INSERT INTO cards (number, author_id, post_id, marks)"  # noqa: S608 - marks
            f" VALUES {', '.join(['(?, ?, ?, ?)'] * len(left))}"
            " ON CONFLICT (number) DO NOTHING RETURNING author_id, post_id",
            *(v for one in left for v in (one.number, one.author_id, one.post_id, one.marks)),
        )  # fmt: skip
        written = {(row["author_id"], row["post_id"]) for row in found}
        left = [one for one in left if (one.author_id, one.post_id) not in written]
        for one in left:  # of one second, a million rows apart
            one.number += 1


async def part_with(actor_id: int) -> None:
    """Have somebody be found no more of whom nothing else is."""
    await db.execute(
        "DELETE FROM cards WHERE author_id = ? AND post_id IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM cards c WHERE c.author_id = ? AND c.post_id IS NOT NULL)",
        actor_id, actor_id,
    )  # fmt: skip
