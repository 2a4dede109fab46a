"""What the subscriber has, as its database says."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from server import db

MARGIN = 2.0
"""Seconds that a transaction takes, but for a few: rows are seen in the order in which they are
committed, which is not that of their numbers.
"""
FOUND = (
    "SELECT p.id, p.uri FROM posts p JOIN cards c ON c.post_id = p.id"
    " JOIN card_words w ON w.{row} = c.number WHERE p.id > ? AND NOT p.local"
)
"""Things of others that can be found by their words and by what they are about."""
ONCE = "SELECT count(*) AS n FROM boosts b JOIN posts p ON p.id = b.post_id WHERE NOT p.local"
WALKS = (
    "SELECT count(*) AS walks, count(finished_at) AS done, coalesce(sum(taken), 0) AS things"
    " FROM catalogues"
)
PROBLEMS = (
    "SELECT problem, count(*) AS n FROM catalogues WHERE problem <> '' GROUP BY problem"
    " ORDER BY count(*) DESC LIMIT 5"
)


def _found() -> str:
    return FOUND.format(row="rowid" if db.dialect() == "sqlite" else "id")


@dataclass(frozen=True, slots=True)
class Walks:
    """How far the back catalogues have come in."""

    walks: int
    done: int
    things: int


async def walks() -> Walks:
    """Look how far they have come."""
    [row] = await db.rows(WALKS)
    return Walks(int(row["walks"]), int(row["done"]), int(row["things"]))


async def problems() -> list[str]:
    """Return what kept walks from going on, the most frequent first."""
    return [f"{row['n']} walks: {row['problem']}" for row in await db.rows(PROBLEMS)]


async def differences(told: Collection[str]) -> list[str]:
    """Return how what can be found differs from what was told: nothing, if all is well."""
    rows = await db.rows(_found(), 0)
    found = {str(row["uri"]) for row in rows}
    [passed] = await db.rows(ONCE)
    counts = {
        "lost": len(set(told) - found), "that nobody told": len(found - set(told)),
        "twice": len(rows) - len(found), "boosts too many or too few": abs(passed["n"] - len(rows)),
    }  # fmt: skip
    return [f"{number:,} {what}" for what, number in counts.items() if number]


class Watch:
    """Sees things when they come in."""

    def __init__(self, newest: int) -> None:
        """Begin after a post; see `begun`."""
        self._first = newest
        self._fresh_at = 0.0
        self._newest: list[tuple[float, int]] = []
        """When it was looked, and the newest post that was there."""
        self._seen: set[int] = set()

    @classmethod
    async def begun(cls) -> Self:
        """Begin with what is there."""
        [row] = await db.rows("SELECT coalesce(max(id), 0) AS newest FROM posts")
        return cls(int(row["newest"]))

    async def new(self, now: float) -> list[str]:
        """Return the things that could not be found when it was last asked, at a rising `now` in
        seconds. Where nothing is new for a while all are returned again: some may have been
        committed later than others that have a higher number.
        """
        if now - self._fresh_at > MARGIN:
            self._newest, self._seen, self._fresh_at = [(now, self._first)], set(), now
        rows = await db.rows(_found(), self._newest[0][1])
        fresh = [row for row in rows if row["id"] not in self._seen]
        self._newest.append((now, max((row["id"] for row in rows), default=self._newest[-1][1])))
        while self._newest[1][0] < now - MARGIN:
            del self._newest[0]
        self._seen = {row["id"] for row in rows if row["id"] > self._newest[0][1]}
        if fresh:
            self._fresh_at = now
        return [str(row["uri"]) for row in fresh]
