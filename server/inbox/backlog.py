"""What came in and was not processed yet: one host can't fill the disk."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

from server import db
from server.errors import TooManyError
from server.house import House
from server.inbox.rules import BACKLOG, BACKLOG_OF_ALL, LATER

FRESH_FOR = timedelta(seconds=5)
"""How long a count is good, with what this process has taken in since."""
HOSTS = 10_000
"""Hosts whose counts are held, those with the most."""


class Backlog:
    """How much waits, by the host whose key proved it. One for each process."""

    def __init__(self, house: House, *, most: int = BACKLOG, of_all: int = BACKLOG_OF_ALL) -> None:
        """Count nothing yet."""
        self._house, self._most, self._of_all = house, most, of_all
        self._waiting: Counter[str] = Counter()
        self._all = 0
        self._until: datetime | None = None
        self._counting = asyncio.Lock()

    async def let_in(self, host: str) -> None:
        """Count one more of a host that is about to be stored. Raises TooManyError where too much
        of it, or of all, waits already.
        """
        if not self._is_fresh():
            async with self._counting:  # else each of many requests would count
                if not self._is_fresh():
                    await self._count()
        if self._waiting[host] >= self._most or self._all >= self._of_all:
            raise TooManyError(retry_after=LATER)
        self._waiting[host] += 1
        self._all += 1

    def _is_fresh(self) -> bool:
        return self._until is not None and self._house.clock.now() < self._until

    async def _count(self) -> None:
        found = await db.rows(
            "SELECT host, count(*) AS n FROM received WHERE processed_ms IS NULL GROUP BY host"
            " ORDER BY n DESC LIMIT ?",
            HOSTS,
        )
        self._waiting = Counter({row["host"]: int(row["n"]) for row in found})
        self._all = self._waiting.total()
        self._until = self._house.clock.now() + FRESH_FOR
