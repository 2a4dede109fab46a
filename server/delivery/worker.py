"""The lanes at work: lease what is due, have it sent in order, write down what came of it."""

import asyncio
from contextlib import suppress

import structlog

from server import db
from server.actors.directory import Ring
from server.db import Bell
from server.delivery.planning import Leased, Round, rounds
from server.delivery.records import Ledger
from server.delivery.service import milliseconds
from server.delivery.shift import LEASE_MS, Beside, Post, Shift
from server.house import House

log = structlog.get_logger()

NOT_TURNED_AWAY = "host NOT IN (SELECT host FROM hosts WHERE turned_away)"
"""What waits for a host that is blocked meanwhile waits on."""
LANES = 64
"""Lanes that one worker works on at a time."""
IDLE = 5.0
"""Seconds between looks when nobody rings and nothing falls due."""
GATHER = 0.02
"""Seconds that a freed place waits for others while most are taken, to lease together."""
GRACE = 10.0
"""Seconds that requests under way get to finish when the worker stops."""
TROUBLE = 2.0
"""Seconds to wait when the database is away."""


class LaneWorker:
    """Works on lanes in one process; any number of processes may share the database."""

    def __init__(
        self, house: House, ring: Ring, *, name: str, bell: Bell | None = None,
        beside: Beside | None = None,
    ) -> None:  # fmt: skip
        """`name` tells this worker from all others that share the database. Without a bell it
        looks every few seconds; `run_due` needs none. `beside` says what header fields go along
        with an activity.
        """
        self._house, self._name = house, name
        self._post = Post(house, ring, beside)
        self._ledger = Ledger(name, house=house)
        self._running: dict[asyncio.Task[int], str] = {}
        self._woken = bell.ear() if bell else asyncio.Event()
        self._stopping = False

    async def run_due(self) -> int:
        """Work on the lanes that are due, once. Return how many deliveries were tried."""
        return sum(await asyncio.gather(*map(self._work, await self._next(LANES))))

    async def run_for_ever(self) -> None:
        """Work until `stop` or until cancelled. Each lane that is done makes room for another at
        once: none waits for a slow one. What is under way at the end may finish, for a while.
        """
        try:
            while not self._stopping:
                try:
                    await self._step()
                except db.FAILURES as error:
                    log.warning("delivery.database_away", error=type(error).__name__)
                    await asyncio.sleep(TROUBLE)
            if self._running:
                await asyncio.wait(self._running, timeout=GRACE)
        finally:
            await self._let_go()

    def stop(self) -> None:
        """Begin nothing new; `run_for_ever` returns when what is under way is done, or its grace
        over.
        """
        self._stopping = True
        self._woken.set()

    async def _step(self) -> None:
        self._woken.clear()
        self._collect()
        room = LANES - len(self._running)
        for round_ in await self._next(room) if room else []:
            task = asyncio.create_task(self._work(round_))
            task.add_done_callback(lambda _: self._woken.set())
            self._running[task] = round_.lane.host
        await self._wait()

    async def _wait(self) -> None:
        """Wait until a lane is done, something is rung or falls due, or the next look."""
        patience = IDLE
        if len(self._running) < LANES:
            due = await self._next_due()
            if due is not None:
                patience = min(IDLE, max(GATHER, (due - milliseconds(self._house)) / 1000))
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._woken.wait()
        if len(self._running) > LANES // 2 and not self._stopping:
            await asyncio.sleep(GATHER)

    async def _next_due(self) -> int | None:
        found = await db.rows(
            "SELECT due_ms FROM lanes WHERE due_ms IS NOT NULL AND lease_until_ms <= ?"  # noqa: S608
            f" AND {NOT_TURNED_AWAY} ORDER BY due_ms LIMIT 1",
            milliseconds(self._house),
        )
        return int(found[0]["due_ms"]) if found else None

    def _collect(self) -> None:
        """Let go of what is done. A lane that broke keeps its lease, and so rests until that is
        over.
        """
        for task in [task for task in self._running if task.done()]:
            host = self._running.pop(task)
            error = None if task.cancelled() else task.exception()
            if error is not None:
                log.error("delivery.lane_broke", host=host, error=type(error).__name__)

    async def _let_go(self) -> None:
        """End what is under way, and give every lane back at once."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)
        self._collect()
        with suppress(*db.FAILURES):
            await db.execute(
                "UPDATE lanes SET lease_until_ms = 0, leased_by = NULL WHERE leased_by = ?",
                self._name,
            )

    async def _next(self, limit: int) -> list[Round]:
        """Take lanes that are due, and read what each sends next."""
        leased = await self._lease(limit)
        return await rounds(leased, now_ms=milliseconds(self._house)) if leased else []

    async def _lease(self, limit: int) -> list[Leased]:
        """Take lanes that are due, but none that is being worked on here: its worker may have
        written down its round without having come to an end, and would leave the new lease idle.
        """
        now, busy = milliseconds(self._house), list(self._running.values())
        others = f" AND host NOT IN ({db.marks(len(busy))})" if busy else ""
        found = await db.rows(
            # In a WITH, since PostgreSQL may run a subquery of IN more than once and take too many.
            "WITH due AS (SELECT host AS due_host FROM lanes"  # noqa: S608 - fixed clauses, marks
            f" WHERE due_ms <= ? AND lease_until_ms <= ?{others} AND {NOT_TURNED_AWAY}"
            f" ORDER BY due_ms LIMIT ? {db.skip_locked()})"
            " UPDATE lanes SET leased_by = ?, lease_until_ms = ? FROM due WHERE host = due_host"
            " RETURNING host, failures",
            now, now, *busy, limit, self._name, now + LEASE_MS,
        )  # fmt: skip
        return [
            Leased(host=row["host"], failing=row["failures"] > 0, until_ms=now + LEASE_MS)
            for row in found
        ]

    async def _renew(self, host: str) -> int:
        now = milliseconds(self._house)
        held = await db.execute(
            "UPDATE lanes SET lease_until_ms = ?"
            " WHERE host = ? AND leased_by = ? AND lease_until_ms > ?",
            now + LEASE_MS, host, self._name, now,
        )  # fmt: skip
        return now + LEASE_MS if held else 0

    async def _work(self, round_: Round) -> int:
        shift = Shift(
            round_, post=self._post, renew=self._renew, stopping=lambda: self._stopping
        )  # fmt: skip
        try:
            await shift.work()
        finally:  # also where it is cancelled: what arrived is not sent again
            await self._ledger.record(round_, shift.outcomes)
        return len(shift.outcomes)
