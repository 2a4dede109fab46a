"""Cards of posts with what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server import db
from server.actors.tables import Actor
from server.posts import kinds
from server.posts.cards import Card, card
from server.posts.service.read import OWN_ENTRY
from server.posts.tables import Post
from server.responses.service import ThankYou, thanks_counts


@dataclass(frozen=True, slots=True)
class Seen:
    """A card, and how many replied and thanked."""

    card: Card
    replies: int
    thanks: int
    standing: kinds.Standing
    """Where it stands, where its kind has stages."""

    @property
    def version(self) -> tuple[object, ...]:
        """All that its card shows, but when that was."""
        by = self.card.author
        post = self.card.post
        said = self.replies, self.thanks, self.standing
        return post.id, post.version, *said, by.name, by.username, by.url

    @property
    def stage(self) -> str:
        """Where it stands, in a word."""
        return self.standing.stage


@dataclass(frozen=True, slots=True)
class Celebrated:
    """Somebody, and what they were thanked for, the newest first."""

    called: str
    whom: Actor | None
    thanks: Sequence[ThankYou]


async def cards_of(found: Sequence[Post]) -> list[Seen]:
    """Return posts, whose authors have been read with them, as cards: few more queries for all."""
    ids = [post.id for post in found]
    if not ids:
        return []
    rows = await db.rows(
        "SELECT p.root_id, count(*) AS n FROM posts p JOIN posts r ON r.id = p.root_id"  # noqa: S608
        f" WHERE p.root_id IN ({db.marks(len(ids))}) AND p.state = 'published'"
        " AND p.visibility IN ('public', 'unlisted')"
        f" AND NOT ({OWN_ENTRY.format(author='r.author_id')}) GROUP BY p.root_id",
        *ids,
    )
    replies = {int(row["root_id"]): int(row["n"]) for row in rows}
    thanks = await thanks_counts(ids)
    standing, nowhere = await _standing(found), kinds.Standing()
    return [
        Seen(card(p), replies.get(p.id, 0), thanks.get(p.id, 0), standing.get(p.id, nowhere))
        for p in found
    ]


async def _standing(found: Sequence[Post]) -> dict[int, kinds.Standing]:
    standing: dict[int, kinds.Standing] = {}
    for name in {post.kind for post in found}:
        kind = kinds.find(name)
        if kind is not None and kind.standing is not None:
            standing |= await kind.standing([post.id for post in found if post.kind == name])
    return standing


def gathered(found: Sequence[ThankYou], *, since: datetime | None = None) -> list[Celebrated]:
    """Return thank-yous by whom they are for, leaving out those before `since`: whoever was thanked
    last comes first.
    """
    by_whom: dict[object, list[ThankYou]] = {}
    for one in found:
        if since is None or one.at >= since:
            by_whom.setdefault(one.whom.id if one.whom else one.called, []).append(one)
    return [Celebrated(some[0].called, some[0].whom, some) for some in by_whom.values()]
