"""What came of the jobs that a worker took, kept until it is written down together."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable

import orjson
import structlog

from federation.vocab.types import JsonObject
from server import db
from server.house import House
from server.jobs import queue
from server.jobs.queue import Again, TakenJob
from server.jobs.registry import Registry
from server.jobs.rules import wait_after
from server.jobs.service import Later, milliseconds

log = structlog.get_logger()

ENOUGH = 25
"""Jobs that are worth a commit."""


class Settlement:
    """Outcomes of one worker. Nothing is forgotten before the database has taken it."""

    def __init__(self, worker: str, house: House, registry: Registry) -> None:
        """Take the name under which the worker holds its leases."""
        self._worker, self._house, self._registry = worker, house, registry
        self._done: list[TakenJob] = []
        self._again: list[Again] = []
        self._dead: list[tuple[TakenJob, str]] = []
        self._since = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether there is something to write."""
        return bool(self._done or self._again or self._dead)

    def is_due(self, gather: float) -> bool:
        """Tell whether enough has gathered, or the first of it `gather` seconds ago."""
        if len(self._done) >= ENOUGH:
            return True
        return self.is_waiting and asyncio.get_running_loop().time() - self._since >= gather

    def add(self, job: TakenJob, task: asyncio.Task[None]) -> None:
        """Note what a finished handler came to."""
        if not self.is_waiting:
            self._since = asyncio.get_running_loop().time()
        if task.cancelled():
            self.release([job])
            return
        error = task.exception()
        if error is None:
            self._done.append(job)
        elif isinstance(error, Later):
            due = self._now() + int(error.after.total_seconds() * 1_000)
            self._again.append(
                Again(job=job, due_ms=due, error=error.reason, attempts=job.attempts - 1)
            )
        else:
            self._fail(job, error)

    def release(self, jobs: Iterable[TakenJob]) -> None:
        """Note jobs that were not done, through no fault of theirs."""
        now = self._now()
        self._again += [
            Again(job=job, due_ms=now, error=None, attempts=job.attempts - 1) for job in jobs
        ]

    def without_the_worn_out(self, jobs: Iterable[TakenJob]) -> list[TakenJob]:
        """Return the jobs that may be tried; one that ended its worker too often is given up."""
        fresh = []
        for job in jobs:
            if job.attempts > self._registry.tries(job.kind):
                self._bury(job, "no worker that took it came back")
            else:
                fresh.append(job)
        return fresh

    async def write(self) -> None:
        """Write it all down in one transaction."""
        if not self.is_waiting:
            return
        done, again, dead = list(self._done), list(self._again), list(self._dead)
        async with db.transaction():
            if done:
                await queue.finish(self._worker, [job.id for job in done])
                await self._end(done)
            if again:
                await queue.put_back(self._worker, again)
            for job, error in dead:
                await queue.bury(self._worker, job, error=error, now=self._now())
        del self._done[: len(done)], self._again[: len(again)], self._dead[: len(dead)]

    async def _end(self, done: Iterable[TakenJob]) -> None:
        """Let those know who want to, a kind at a time."""
        payloads: dict[str, list[JsonObject]] = defaultdict(list)
        for job in done:
            if self._registry.ending(job.kind) is not None:
                payloads[job.kind].append(orjson.loads(job.payload))
        for kind, several in payloads.items():
            ended = self._registry.ending(kind)
            if ended is not None:
                await ended(several, self._house)

    def _fail(self, job: TakenJob, error: BaseException) -> None:
        text = f"{type(error).__name__}: {error}"
        if job.attempts >= self._registry.tries(job.kind):
            self._bury(job, text)
            return
        wait = wait_after(job.attempts, jitter=self._house.random.random())
        due = self._now() + int(wait.total_seconds() * 1_000)
        self._again.append(Again(job=job, due_ms=due, error=text, attempts=job.attempts))
        log.warning(
            "job.failed",
            kind=job.kind,
            id=job.id,
            attempts=job.attempts,
            error=type(error).__name__,
        )

    def _bury(self, job: TakenJob, error: str) -> None:
        self._dead.append((job, error))
        log.error("job.dead", kind=job.kind, id=job.id, attempts=job.attempts)

    def _now(self) -> int:
        return milliseconds(self._house.clock.now())
