"""People who published something that can be found can be found by their names."""

from datetime import datetime

from server import db
from server.actors.tables import Actor
from server.db import fulltext
from server.search.rules.cards import Somebody, number
from server.search.rules.words import NO_WORD
from server.search.tables import Card


async def introduce(actor_id: int, *, again: bool = False) -> None:
    """Have somebody be found by their name; where they can be already, only if asked to `again`."""
    card = await Card.filter(author_id=actor_id, post_id=None).first()
    if (card is None) is again:
        return
    actor = await Actor.get(id=actor_id)
    if not actor.discoverable:
        await Card.filter(author_id=actor_id, post_id=None).delete()
        return
    somebody = Somebody(
        row=actor_id, names=(actor.name, actor.username, actor.host), since=actor.created_at
    )
    if card is None:
        card = Card(author_id=actor_id, marks=" ".join(somebody.marks))
        await add(card, somebody.since, actor_id)
    await fulltext.put(card.number, somebody.said, somebody.marks, gap=NO_WORD)


async def add(card: Card, at: datetime, row: int) -> None:
    """Write a card down, with a number of its own."""
    card.number = number(at, row)
    while not await db.add(card, unless="number"):  # of one second, a million rows apart
        card.number += 1


async def part_with(actor_id: int) -> None:
    """Have somebody be found no more of whom nothing else is."""
    await db.execute(
        "DELETE FROM cards WHERE author_id = ? AND post_id IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM cards c WHERE c.author_id = ? AND c.post_id IS NOT NULL)",
        actor_id, actor_id,
    )  # fmt: skip
