"""What has one order key is done one after another, whichever workers do it; on both engines."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

import orjson

from federation.vocab.types import JsonObject
from server import db, jobs
from server.house import House
from server.jobs import Registry, Worker, queue
from server.jobs.rules import LEASE, TRIES
from tests.server.jobs.diary import Diary, left
from tests.support.clock import MovableClock


async def test_what_has_one_order_key_is_leased_one_at_a_time(
    registry: Registry, worker: Worker, diary: Diary, house: House
) -> None:
    """To whichever worker looks, in the order in which it came; other keys are not held up."""
    payloads: list[JsonObject] = [{"id": number} for number in range(6)]
    keys = ["a", "a", "b", None, "a", "b"]
    await jobs.enqueue_many("note", payloads, order_keys=keys, house=house)
    other = Worker(registry, house)
    taken = []
    for _ in range(3):
        first, second = await worker._take(50), await other._take(50)
        assert second == []
        taken.append([orjson.loads(job.payload)["id"] for job in first])
        await queue.finish(worker.name, [job.id for job in first])
    assert taken == [[0, 2, 3], [1, 5], [4]]


async def test_a_failed_job_holds_up_its_order_key_until_it_is_set_aside(
    worker: Worker, diary: Diary, house: House, clock: MovableClock
) -> None:
    """While it waits for its next try nothing overtakes it; once it is dead nothing waits for it,
    and replayed it goes first again.
    """
    await jobs.enqueue_many("note", [{"id": 1}, {"id": 2}], order_keys=["a", "a"], house=house)
    diary.troubles = [OSError("away") for _ in range(TRIES)]
    for _ in range(TRIES):
        assert await worker.run_due() == 1
        assert await queue.next_due(now=2**60) != 0
        clock.move(timedelta(days=1))
    assert diary.seen == [{"id": 1}] * TRIES
    assert await worker.run_due() == 1
    assert diary.seen[-1] == {"id": 2}
    [job] = await jobs.dead()
    await jobs.replay(job.id, house=house)
    await jobs.enqueue_many("note", [{"id": 3}], order_keys=["a"], house=house)
    assert [await worker.run_due(), await worker.run_due()] == [1, 1]
    assert diary.seen[-2:] == [{"id": 1}, {"id": 3}]


async def test_an_older_job_that_is_committed_late_waits_for_the_one_being_done(
    worker: Worker, diary: Diary, house: House
) -> None:
    """Its number is lower, and yet never two of a key are being done at once."""
    await jobs.enqueue_many("note", [{"id": 2}], order_keys=["a"], house=house)
    [taken] = await worker._take(50)
    await db.execute(
        "INSERT INTO jobs (id, kind, payload, order_key, due_ms, attempts, created_ms)"
        " VALUES (-1, 'note', '{}', 'a', 0, 0, 0)"
    )
    assert await worker._take(50) == []
    await queue.finish(worker.name, [taken.id])
    assert [job.id for job in await worker._take(50)] == [-1]


async def test_what_is_held_up_wakes_nobody(
    registry: Registry, worker: Worker, diary: Diary, house: House, clock: MovableClock
) -> None:
    """It is due, but can't be taken: a worker that looked at once again would never rest."""
    await jobs.enqueue_many("note", [{}, {}], order_keys=["a", "a"], house=house)
    await worker._take(50)
    now = int(clock.now().timestamp() * 1000)
    assert await queue.next_due(now=now) == now + int(LEASE.total_seconds() * 1000)


async def test_several_processes_keep_the_order_of_each_key(
    registry: Registry, house: House, engine: str
) -> None:
    """Four workers at once, ten keys of ten jobs each: each key's are done by number."""
    seen: dict[int, list[int]] = defaultdict(list)
    at_work: set[int] = set()

    async def handler(payload: JsonObject, _: House) -> None:
        key, number = int(str(payload["key"])), int(str(payload["number"]))
        assert key not in at_work
        at_work.add(key)
        await db.rows("SELECT 1 AS one")
        await asyncio.sleep(0)
        at_work.discard(key)
        seen[key].append(number)

    registry.on("step", handler)
    for number in range(10):
        steps: list[JsonObject] = [{"key": key, "number": number} for key in range(10)]
        keys = [f"key {key}" for key in range(10)]
        await jobs.enqueue_many("step", steps, order_keys=keys, house=house)
    workers = [Worker(registry, house) for _ in range(4)]
    while await left():
        await asyncio.gather(*(worker.run_due() for worker in workers))
    assert seen == {key: list(range(10)) for key in range(10)}


async def test_whoever_asked_is_told_what_was_done(registry: Registry, house: House) -> None:
    """In the transaction that ends the jobs; of those that failed nothing is said."""
    told: list[list[JsonObject]] = []

    async def handler(payload: JsonObject, _: House) -> None:
        if payload["id"] == 1:
            raise OSError

    async def ended(payloads: Sequence[JsonObject], _: House) -> None:
        told.append(sorted(payloads, key=str))

    registry.on("told", handler, ended=ended)
    await jobs.enqueue_many("told", [{"id": number} for number in range(3)], house=house)
    await Worker(registry, house).run_due()
    assert told == [[{"id": 0}, {"id": 2}]]


async def test_a_kind_may_be_set_aside_sooner(
    registry: Registry, house: House, clock: MovableClock
) -> None:
    """After as many tries as its feature says."""

    async def handler(payload: JsonObject, _: House) -> None:
        raise OSError

    registry.on("fickle", handler, tries=2)
    await jobs.enqueue("fickle", {}, house=house)
    worker = Worker(registry, house)
    for _ in range(2):
        assert await worker.run_due() == 1
        clock.move(timedelta(days=1))
    assert len(await jobs.dead()) == 1
