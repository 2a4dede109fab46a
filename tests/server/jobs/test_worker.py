"""The worker in real time: woken, stopped, cancelled, killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from federation.ports import SystemClock
from federation.vocab.types import JsonObject
from server import db, jobs
from server.db import Bell, Database
from server.house import House
from server.jobs import Registry, Worker, worker
from tests.support.quiet_house import quiet_house

PROMPT = 3.0
"""Seconds; a look without a bell would take longer."""
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def house(bell: Bell) -> AsyncIterator[House]:
    async with quiet_house(SystemClock(), ring=bell.ring) as house:
        yield house


@asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """Run tasks while the block lasts."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Gate:
    """A handler that says when it begins, and waits to be let through."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.open = asyncio.Event()
        self.ended = 0

    async def __call__(self, payload: JsonObject, house: House) -> None:
        self.begun.set()
        await self.open.wait()
        self.ended += 1


async def waiting() -> list[tuple[object, object]]:
    """Return the attempts and the holder of every job there is."""
    found = await db.rows("SELECT attempts, leased_by FROM jobs ORDER BY id")
    return [(row["attempts"], row["leased_by"]) for row in found]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again, for as long as is prompt."""
    async with asyncio.timeout(PROMPT):
        while not await condition():  # noqa: ASYNC110 - the database tells no event
            await asyncio.sleep(0.01)


def something_is(there: list[JsonObject]) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return bool(there)

    return look


async def nothing_is_left() -> bool:
    return await waiting() == []


async def test_a_ring_wakes_the_worker(registry: Registry, house: House, bell: Bell) -> None:
    """It does not wait for its next look, nor look before the transaction ends."""
    gate = Gate()
    registry.on("gate", gate)
    gate.open.set()
    async with running(bell.listen(), Worker(registry, house, bell=bell).run_for_ever()):
        await asyncio.sleep(0.2)
        async with db.transaction():
            await jobs.enqueue("gate", {}, house=house)
            await asyncio.sleep(0.1)
            assert not gate.begun.is_set()
        async with asyncio.timeout(PROMPT):
            await gate.begun.wait()
        await until(nothing_is_left)


async def test_a_job_of_the_near_future_is_done_in_time(
    registry: Registry, house: House, bell: Bell
) -> None:
    """Nobody rings when its time has come."""
    gate = Gate()
    registry.on("gate", gate)
    gate.open.set()
    due = house.clock.now() + timedelta(seconds=0.5)
    await jobs.enqueue("gate", {}, house=house, due=due)
    async with running(Worker(registry, house, bell=bell).run_for_ever()):
        async with asyncio.timeout(PROMPT):
            await gate.begun.wait()
        assert house.clock.now() >= due


async def test_handlers_run_side_by_side_up_to_the_limit(
    registry: Registry, house: House, bell: Bell
) -> None:
    """The fourth begins when one of the first three is through."""
    gates = [Gate() for _ in range(4)]
    for number, gate in enumerate(gates):
        registry.on(f"gate {number}", gate)
        await jobs.enqueue(f"gate {number}", {}, house=house)
    async with running(Worker(registry, house, bell=bell, concurrency=3).run_for_ever()):
        async with asyncio.timeout(PROMPT):
            for gate in gates[:3]:
                await gate.begun.wait()
            assert not gates[3].begun.is_set()
            gates[1].open.set()
            await gates[3].begun.wait()


async def test_a_worker_that_is_stopped_finishes_what_runs_and_gives_back_the_rest(
    registry: Registry, house: House, bell: Bell
) -> None:
    """What it gives back does not count as tried."""
    gate = Gate()
    registry.on("gate", gate)
    await jobs.enqueue_many("gate", [{}, {}, {}], house=house)
    stopped = Worker(registry, house, bell=bell, concurrency=1)
    async with running(stopped.run_for_ever()) as [task]:
        await gate.begun.wait()
        stopped.stop()
        await asyncio.sleep(0.05)
        gate.open.set()
        async with asyncio.timeout(PROMPT):
            await task
    assert gate.ended == 1
    assert await waiting() == [(0, None), (0, None)]


async def test_a_worker_that_is_cancelled_gives_back_what_runs(
    registry: Registry, house: House, bell: Bell
) -> None:
    """The handler is cancelled; its job is due at once, not tried."""
    gate = Gate()
    registry.on("gate", gate)
    await jobs.enqueue("gate", {}, house=house)
    async with running(Worker(registry, house, bell=bell).run_for_ever()):
        await gate.begun.wait()
    assert gate.ended == 0
    assert await waiting() == [(0, None)]


async def test_a_long_job_keeps_its_lease(
    registry: Registry, house: House, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With leases of half a second, nobody else takes it within one and a half."""
    monkeypatch.setattr(worker, "LEASE", timedelta(seconds=0.5))
    monkeypatch.setattr(worker, "RENEW", 0.1)
    monkeypatch.setattr(worker, "IDLE", 0.1)
    gate = Gate()
    registry.on("gate", gate)
    await jobs.enqueue("gate", {}, house=house)
    async with running(Worker(registry, house, bell=bell).run_for_ever()):
        await gate.begun.wait()
        other = Worker(registry, house)
        for _ in range(15):
            assert await other.run_due() == 0
            await asyncio.sleep(0.1)
        assert [attempts for attempts, _ in await waiting()] == [1]


async def test_a_worker_does_not_begin_again_what_it_is_doing(
    registry: Registry, house: House, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine was asleep for longer than the lease, and nobody else took the job."""
    monkeypatch.setattr(worker, "IDLE", 0.05)
    begun = []
    gate = asyncio.Event()

    async def handler(payload: JsonObject, house: House) -> None:
        begun.append(payload)
        await gate.wait()

    registry.on("gate", handler)
    await jobs.enqueue("gate", {}, house=house)
    async with running(Worker(registry, house, bell=bell).run_for_ever()):
        await until(something_is(begun))
        await db.execute("UPDATE jobs SET due_ms = 0")
        await asyncio.sleep(0.3)
        assert len(begun) == 1
        gate.set()
        await until(nothing_is_left)


async def test_a_handler_that_never_ends_has_failed(
    registry: Registry, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would hold its place for ever."""
    monkeypatch.setattr(worker, "LIMIT", timedelta(seconds=0.05))
    registry.on("gate", Gate())
    await jobs.enqueue("gate", {}, house=house)
    assert await Worker(registry, house).run_due() == 1
    [row] = await db.rows("SELECT last_error FROM jobs")
    assert row["last_error"].startswith("TimeoutError")


async def test_a_worker_outlives_a_database_that_goes_away(
    registry: Registry, house: House, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the table is away for a while; what was done meanwhile is settled afterwards."""
    monkeypatch.setattr(worker, "TROUBLE", 0.05)
    gate = Gate()
    registry.on("gate", gate)
    await jobs.enqueue("gate", {}, house=house)
    async with running(Worker(registry, house, bell=bell).run_for_ever()) as [task]:
        await gate.begun.wait()
        await db.execute("ALTER TABLE jobs RENAME TO jobs_away")
        gate.open.set()
        await asyncio.sleep(0.3)
        assert not task.done()
        await db.execute("ALTER TABLE jobs_away RENAME TO jobs")
        await until(nothing_is_left)
    assert gate.ended == 1


ANOTHER = """
import asyncio, sys
from federation.ports import SystemClock
from server import jobs
from server.db import Bell, Database
from server.db.make import discovered
from server.jobs import Registry, Worker
from tests.support.quiet_house import quiet_house

async def stuck(payload, house):
    print("begun", flush=True)
    await asyncio.Event().wait()

async def main(url, what):
    async with Database(url, modules=discovered()) as database:
        bell = Bell(database)
        async with quiet_house(SystemClock(), ring=bell.ring) as house:
            if what == "enqueue":
                await jobs.enqueue("gate", {}, house=house)
                return
            registry = Registry()
            registry.on("gate", stuck)
            await Worker(registry, house, bell=bell).run_for_ever()

asyncio.run(main(*sys.argv[1:]))
"""


async def another_process(url: str, what: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", ANOTHER, url, what, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )


async def test_another_process_wakes_the_worker(
    registry: Registry, house: House, bell: Bell, database: Database
) -> None:
    """By NOTIFY, or by SQLite's data version, without waiting for the next look."""
    gate = Gate()
    registry.on("gate", gate)
    gate.open.set()
    async with running(bell.listen(), Worker(registry, house, bell=bell).run_for_ever()):
        process = await another_process(database.url, "enqueue")
        assert await process.wait() == 0
        async with asyncio.timeout(1):
            await gate.begun.wait()


async def test_a_process_that_is_killed_loses_nothing(
    registry: Registry,
    house: House,
    bell: Bell,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SIGKILL in the middle of a handler: when the lease is over, another process does the job."""
    gate = Gate()
    registry.on("gate", gate)
    gate.open.set()
    await jobs.enqueue("gate", {}, house=house)
    process = await another_process(database.url, "work")
    assert process.stdout is not None
    assert await process.stdout.readline() == b"begun\n"
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    [(attempts, holder)] = await waiting()
    assert (attempts, holder is None) == (1, False)
    await db.execute("UPDATE jobs SET due_ms = due_ms - 60000")
    assert await Worker(registry, house).run_due() == 1
    assert gate.ended == 1


async def test_a_worker_listens_again_when_postgresql_was_away(
    registry: Registry, house: House, bell: Bell, database: Database
) -> None:
    """Its listening connection is ended by the server, as in a restart."""
    if database.dialect == "sqlite":
        return
    ear = bell.ear()
    async with running(bell.listen()):
        async with asyncio.timeout(PROMPT):
            await ear.wait()
        ear.clear()
        ended = await db.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        assert len(ended) == 1
        async with asyncio.timeout(PROMPT):
            await ear.wait()


async def test_an_inner_ring_is_heard_when_the_transaction_commits(
    house: House, bell: Bell
) -> None:
    """Once, however many jobs it made."""
    heard = []
    bell.on_ring(lambda: heard.append(1))
    async with running(bell.listen()):
        await asyncio.sleep(0.3)
        heard.clear()
        with suppress(LookupError):
            async with db.transaction():
                await jobs.enqueue("a", {}, house=house)
                raise LookupError
        await asyncio.sleep(0.1)
        rolled_back = len(heard)
        async with db.transaction():
            for _ in range(3):
                await jobs.enqueue("a", {}, house=house)
        await asyncio.sleep(0.2)
        assert (rolled_back, len(heard)) == (0, 1)
