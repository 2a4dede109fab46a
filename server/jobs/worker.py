"""The queue at work: take what is due, do it side by side, settle what came of it together."""

import asyncio
import os
import socket
from collections import deque
from contextlib import suppress
from datetime import timedelta

import orjson
import structlog

from server import db
from server.db import Bell
from server.house import House
from server.jobs import queue
from server.jobs.outcomes import Settlement
from server.jobs.queue import TakenJob
from server.jobs.registry import Registry
from server.jobs.rules import LEASE, next_time
from server.jobs.service import enqueue, milliseconds

log = structlog.get_logger()

CONCURRENCY = 10
"""Handlers at once."""
BATCH = 50
"""Jobs that one worker holds at most."""
GATHER = 0.05
"""Seconds that finished jobs wait for others, to be settled with them."""
RENEW = LEASE.total_seconds() / 3
IDLE = 5.0
"""Seconds between looks when nobody rings."""
GRACE = 10.0
"""Seconds that running handlers get to finish when the worker stops."""
LOOK = timedelta(seconds=30)
"""How often the times of scheduled work are read, unless one is due before."""
LIMIT = timedelta(minutes=15)
"""What a handler that takes longer is: broken."""
TROUBLE = 2.0
"""Seconds to wait when the database is away."""


class Worker:
    """Takes jobs in one process; any number of them may share a database."""

    def __init__(
        self,
        registry: Registry,
        house: House,
        *,
        bell: Bell | None = None,
        concurrency: int = CONCURRENCY,
    ) -> None:
        """Without a bell it looks every few seconds; `run_due` needs none."""
        mark = f"{house.random.getrandbits(32):08x}"
        self.name = f"{socket.gethostname()[:100]}:{os.getpid()}:{mark}"
        self._registry, self._house, self._concurrency = registry, house, concurrency
        self._waiting: deque[TakenJob] = deque()
        self._running: dict[asyncio.Task[None], TakenJob] = {}
        self._settlement = Settlement(self.name, house, registry)
        self._woken = bell.ear() if bell else asyncio.Event()
        self._stopping = False
        self._renewed = 0.0
        self._schedule_due = 0

    async def run_due(self) -> int:
        """Do what is due by the house's clock, once, and return how many jobs that was."""
        await self._enqueue_scheduled()
        self._waiting.extend(await self._take(BATCH))
        count = len(self._waiting)
        while self._waiting or self._running:
            self._woken.clear()
            self._start()
            await self._woken.wait()
            self._collect()
        await self._settlement.write()
        return count

    async def run_for_ever(self) -> None:
        """Work until `stop` or until cancelled; then let go of everything that was not finished."""
        try:
            while not self._stopping:
                try:
                    await self._step()
                except db.FAILURES as error:
                    log.warning("jobs.database_away", error=type(error).__name__)
                    await asyncio.sleep(TROUBLE)
            if self._running:
                await asyncio.wait(self._running, timeout=GRACE)
        finally:
            await self._let_go()

    def stop(self) -> None:
        """Take nothing new; `run_for_ever` returns when what runs is done or its grace is over."""
        self._stopping = True
        self._woken.set()

    async def _step(self) -> None:
        self._woken.clear()
        self._collect()
        if self._settlement.is_due(GATHER):
            await self._settlement.write()
        await self._renew()
        if self._now() >= self._schedule_due:
            await self._enqueue_scheduled()
        room = BATCH - len(self._waiting) - len(self._running)
        if len(self._waiting) < self._concurrency and room > 0:
            self._waiting.extend(await self._take(room))
        self._start()
        await self._wait()

    async def _take(self, limit: int) -> list[TakenJob]:
        lease = int(LEASE.total_seconds() * 1_000)
        taken = await queue.take(self.name, limit=limit, now=self._now(), lease=lease)
        # Its own, when the machine slept through a lease: that one is under way already.
        held = {job.id for job in (*self._waiting, *self._running.values())}
        fresh = [job for job in taken if job.id not in held]
        return self._settlement.without_the_worn_out(fresh)

    def _start(self) -> None:
        while self._waiting and len(self._running) < self._concurrency:
            job = self._waiting.popleft()
            task = asyncio.create_task(self._do(job))
            task.add_done_callback(lambda _: self._woken.set())
            self._running[task] = job

    async def _do(self, job: TakenJob) -> None:
        handler = self._registry.handler(job.kind)
        async with asyncio.timeout(LIMIT.total_seconds()):
            await handler(orjson.loads(job.payload), self._house)

    def _collect(self) -> None:
        for task in [task for task in self._running if task.done()]:
            self._settlement.add(self._running.pop(task), task)

    async def _wait(self) -> None:
        """Wait until a handler is done, something is rung or due, or the next look."""
        patience = await self._patience()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._woken.wait()

    async def _patience(self) -> float:
        if self._settlement.is_waiting:
            return GATHER
        if self._running:
            return IDLE
        due = await queue.next_due(now=self._now())
        return IDLE if due is None else min(IDLE, max(0.0, (due - self._now()) / 1_000))

    async def _renew(self) -> None:
        now = asyncio.get_running_loop().time()
        held = [job.id for job in (*self._waiting, *self._running.values())]
        if held and now - self._renewed >= RENEW:
            lease = int(LEASE.total_seconds() * 1_000)
            await queue.keep(self.name, held, now=self._now(), lease=lease)
        if not held or now - self._renewed >= RENEW:
            self._renewed = now

    async def _enqueue_scheduled(self) -> None:
        """Make the jobs of those schedules whose time has come; in each period one process does."""
        now = self._now()
        self._schedule_due = now + int(LOOK.total_seconds() * 1_000)
        known = await queue.scheduled() if self._registry.schedules else {}
        for kind, period in self._registry.schedules.items():
            every = int(period.total_seconds() * 1_000)
            if kind not in known:
                await queue.begin_schedule(kind, due=now + every)
            elif known[kind] <= now:
                await self._enqueue_one(kind, since=known[kind], every=every)
            else:
                self._schedule_due = min(self._schedule_due, known[kind])

    async def _enqueue_one(self, kind: str, *, since: int, every: int) -> None:
        to = next_time(since, every=every, now=self._now())
        async with db.transaction():
            if await queue.move_schedule(kind, since=since, to=to):
                await enqueue(kind, {}, house=self._house, key=f"every:{kind}")

    async def _let_go(self) -> None:
        """Settle what is done; give what isn't back to others, at once and not counted as a try."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)
        self._collect()
        self._settlement.release(self._waiting)
        self._waiting.clear()
        await self._settlement.write()

    def _now(self) -> int:
        return milliseconds(self._house.clock.now())
