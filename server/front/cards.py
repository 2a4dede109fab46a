"""Cards of posts with what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from server import db
from server.posts.cards import Card, card
from server.posts.tables import Post
from server.responses.service import thanks_counts


@dataclass(frozen=True, slots=True)
class Seen:
    """A card, and how many replied and thanked."""

    card: Card
    replies: int
    thanks: int


async def cards_of(found: Sequence[Post]) -> list[Seen]:
    """Return posts, whose authors have been read with them, as cards: two more queries for all."""
    ids = [post.id for post in found]
    if not ids:
        return []
    rows = await db.rows(
        "SELECT root_id, count(*) AS n FROM posts WHERE state = 'published'"  # noqa: S608 - marks
        f" AND visibility IN ('public', 'unlisted') AND root_id IN ({db.marks(len(ids))})"
        " GROUP BY root_id",
        *ids,
    )
    replies = {int(row["root_id"]): int(row["n"]) for row in rows}
    thanks = await thanks_counts(ids)
    return [Seen(card(p), replies.get(p.id, 0), thanks.get(p.id, 0)) for p in found]
