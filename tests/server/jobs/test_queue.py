"""The queue by the hand-moved clock, on both engines."""

import asyncio
from datetime import timedelta

import pytest

from federation.vocab.types import JsonObject
from server import db, jobs
from server.errors import NotFoundError
from server.house import House
from server.jobs import Later, Registry, Worker
from server.jobs.rules import LEASE, TRIES
from tests.server.jobs.diary import Diary, left
from tests.support.clock import MovableClock

HOUR = timedelta(hours=1)


async def test_a_job_is_done_once(worker: Worker, diary: Diary, house: House) -> None:
    """With its payload, and then it is gone."""
    await jobs.enqueue("note", {"id": 7, "kind": "ü"}, house=house)
    assert await worker.run_due() == 1
    assert await worker.run_due() == 0
    assert diary.seen == [{"id": 7, "kind": "ü"}]
    assert await left() == 0


async def test_a_job_waits_for_its_time(
    worker: Worker, diary: Diary, house: House, clock: MovableClock
) -> None:
    """Not a second earlier."""
    await jobs.enqueue("note", {"id": 1}, house=house, due=clock.now() + HOUR)
    clock.move(HOUR - timedelta(seconds=1))
    assert await worker.run_due() == 0
    clock.move(timedelta(seconds=1))
    assert await worker.run_due() == 1


async def test_a_job_of_a_transaction_that_failed_is_never_done(
    worker: Worker, diary: Diary, house: House
) -> None:
    """It was never there."""
    with pytest.raises(LookupError):  # noqa: PT012
        async with db.transaction():
            await jobs.enqueue("note", {"id": 1}, house=house)
            raise LookupError
    assert await worker.run_due() == 0


async def test_many_jobs_go_in_and_come_out(worker: Worker, diary: Diary, house: House) -> None:
    """More than a statement holds, more than a batch."""
    await jobs.enqueue_many("note", [{"id": number} for number in range(230)], house=house)
    await jobs.enqueue_many("note", [], house=house)
    rounds = []
    while count := await worker.run_due():
        rounds.append(count)
    assert rounds == [50, 50, 50, 50, 30]
    assert {payload["id"] for payload in diary.seen} == set(range(230))


async def test_while_a_key_waits_no_other_is_taken_in(
    worker: Worker, diary: Diary, house: House
) -> None:
    """Keys are each their own; jobs without one never meet."""
    assert await jobs.enqueue("note", {"id": 1}, house=house, key="a")
    assert not await jobs.enqueue("note", {"id": 2}, house=house, key="a")
    assert await jobs.enqueue("note", {"id": 3}, house=house, key="b")
    assert await jobs.enqueue("note", {"id": 4}, house=house)
    assert await jobs.enqueue("note", {"id": 5}, house=house)
    assert await worker.run_due() == 4
    assert await jobs.enqueue("note", {"id": 6}, house=house, key="a")


async def test_a_key_that_is_being_worked_on_may_wait_again(
    registry: Registry, house: House
) -> None:
    """What changed meanwhile is not overlooked."""
    taken_in = []

    async def handler(payload: JsonObject, house: House) -> None:
        taken_in.append(await jobs.enqueue("self", {}, house=house, key="a"))
        assert not await jobs.enqueue("self", {}, house=house, key="a")

    registry.on("self", handler)
    await jobs.enqueue("self", {}, house=house, key="a")
    worker = Worker(registry, house)
    assert [await worker.run_due(), await worker.run_due()] == [1, 1]
    assert taken_in == [True, True]
    assert await left() == 1


async def test_a_failed_job_with_a_key_gives_way_to_the_one_that_waits(
    registry: Registry, house: House
) -> None:
    """There are never two of a key waiting."""

    async def handler(payload: JsonObject, house: House) -> None:
        await jobs.enqueue("self", {"newer": True}, house=house, key="a")
        raise OSError

    registry.on("self", handler)
    await jobs.enqueue("self", {}, house=house, key="a")
    await Worker(registry, house).run_due()
    assert [row["payload"] for row in await db.rows("SELECT payload FROM jobs")] == [
        '{"newer":true}'
    ]


async def test_a_failed_job_keeps_its_key_while_it_waits(
    worker: Worker, diary: Diary, house: House
) -> None:
    """So that backing off means something."""
    diary.troubles = [OSError("away")]
    await jobs.enqueue("note", {}, house=house, key="a")
    await worker.run_due()
    assert not await jobs.enqueue("note", {}, house=house, key="a")


async def test_a_failed_job_is_tried_again_later(
    worker: Worker, diary: Diary, house: House, clock: MovableClock
) -> None:
    """After 15 seconds, and with the same payload."""
    diary.troubles = [OSError("away")]
    await jobs.enqueue("note", {"id": 1}, house=house)
    assert await worker.run_due() == 1
    assert await worker.run_due() == 0
    [row] = await db.rows("SELECT attempts, last_error, leased_by FROM jobs")
    assert row == {"attempts": 1, "last_error": "OSError: away", "leased_by": None}
    clock.move(timedelta(seconds=15))
    assert await worker.run_due() == 1
    assert diary.seen == [{"id": 1}] * 2
    assert await left() == 0


async def test_a_failing_job_does_not_stop_the_others(
    worker: Worker, diary: Diary, house: House
) -> None:
    """Each settles for itself."""
    diary.troubles = [ValueError("broken"), LookupError("gone")]
    await jobs.enqueue_many("note", [{"id": number} for number in range(5)], house=house)
    assert await worker.run_due() == 5
    assert await left() == 2


async def test_a_handler_may_ask_for_another_time_as_often_as_it_likes(
    worker: Worker, diary: Diary, house: House, clock: MovableClock
) -> None:
    """That is not one of its tries."""
    await jobs.enqueue("note", {}, house=house)
    for _ in range(2 * TRIES):
        diary.troubles = [Later(after=HOUR, reason="a pause was asked for")]
        assert await worker.run_due() == 1
        clock.move(HOUR)
    [row] = await db.rows("SELECT attempts, last_error FROM jobs")
    assert row == {"attempts": 0, "last_error": "a pause was asked for"}


async def test_a_job_is_dead_after_twelve_tries_and_can_be_replayed(
    worker: Worker, diary: Diary, house: House, clock: MovableClock
) -> None:
    """It is kept with its last error, not tried any more, and begins anew when told to."""
    await jobs.enqueue("note", {"id": 1}, house=house)
    diary.troubles = [OSError(f"away {number}") for number in range(TRIES)]
    for _ in range(TRIES):
        assert await worker.run_due() == 1
        clock.move(timedelta(days=1))
    assert await worker.run_due() == 0
    [job] = await jobs.dead()
    assert (job.kind, job.payload, job.attempts) == ("note", {"id": 1}, TRIES)
    assert job.error == f"OSError: away {TRIES - 1}"
    assert job.died_at - job.created_at == timedelta(days=TRIES - 1)
    assert await jobs.dead(db.Span(before=job.id)) == []
    assert await jobs.dead_one(job.id) == job

    await jobs.replay(job.id, house=house)
    assert await jobs.dead() == []
    assert await worker.run_due() == 1
    assert await left() == 0


async def test_dead_jobs_are_listed_page_by_page_and_forgotten_in_the_end(
    worker: Worker, house: House, clock: MovableClock
) -> None:
    """The newest first, there and back."""
    now = int(clock.now().timestamp() * 1000)
    await db.executemany(
        "INSERT INTO jobs (id, kind, payload, dead_ms, attempts, created_ms)"
        " VALUES (?, 'note', '{}', ?, 12, 1)",
        [(number, now) for number in range(1, 121)],
    )
    first = await jobs.dead()
    assert [job.id for job in first] == [*range(120, 69, -1)]
    assert [job.id for job in await jobs.dead(db.Span(before=71))] == [*range(70, 19, -1)]
    assert [job.id for job in await jobs.dead(db.Span(after=20))] == [*range(21, 72)]
    assert await jobs.sweep(house=house) == 0
    clock.move(jobs.KEPT + timedelta(seconds=1))
    assert await jobs.sweep(house=house) == 120


async def test_a_dead_job_whose_key_waits_is_not_replayed_twice(
    worker: Worker, diary: Diary, house: House
) -> None:
    """The one that waits does its work."""
    await db.execute(
        "INSERT INTO jobs (id, kind, payload, key, dead_ms, attempts, created_ms)"
        " VALUES (?, 'note', '{}', 'a', 1, 12, 1)",
        900,
    )
    await jobs.enqueue("note", {}, house=house, key="a")
    await jobs.replay(900, house=house)
    assert await worker.run_due() == 1
    assert await left() == 0


async def test_only_dead_jobs_can_be_replayed(worker: Worker, house: House) -> None:
    """A job that waits would be done twice."""
    await jobs.enqueue("note", {}, house=house)
    [row] = await db.rows("SELECT id FROM jobs")
    with pytest.raises(NotFoundError):
        await jobs.replay(row["id"], house=house)
    assert await worker.run_due() == 1


async def test_a_job_that_nobody_does_is_kept_with_the_reason(worker: Worker, house: House) -> None:
    """Perhaps an older version runs beside a newer one."""
    await jobs.enqueue("unheard-of", {}, house=house)
    await worker.run_due()
    [row] = await db.rows("SELECT last_error FROM jobs")
    assert row["last_error"] == "LookupError: nobody does jobs of the kind unheard-of"


async def test_the_job_of_a_worker_that_died_is_taken_by_another(
    registry: Registry, worker: Worker, diary: Diary, house: House, clock: MovableClock
) -> None:
    """When its lease is over, not before; the dead one cannot settle it any more."""
    await jobs.enqueue("note", {"id": 1}, house=house)
    [job] = await worker._take(50)
    other = Worker(registry, house)
    clock.move(LEASE - timedelta(seconds=1))
    assert await other.run_due() == 0
    clock.move(timedelta(seconds=1))
    [again] = await other._take(50)
    worker._settlement.release([job])
    await worker._settlement.write()
    [row] = await db.rows("SELECT id, leased_by, attempts FROM jobs")
    assert row == {"id": again.id, "leased_by": other.name, "attempts": 2}


async def test_a_job_that_ends_every_worker_is_given_up(
    worker: Worker, diary: Diary, house: House, clock: MovableClock
) -> None:
    """It was taken twelve times and nobody came back to say how it went."""
    await jobs.enqueue("note", {}, house=house)
    for _ in range(TRIES):
        assert len(await worker._take(50)) == 1
        clock.move(LEASE)
    assert await worker.run_due() == 0
    [job] = await jobs.dead()
    assert job.error == "no worker that took it came back"
    assert diary.seen == []


async def test_two_workers_never_take_the_same_job(registry: Registry, house: House) -> None:
    """Four hundred jobs, four workers at once."""
    seen: list[object] = []

    async def handler(payload: JsonObject, house: House) -> None:
        seen.append(payload["id"])

    registry.on("note", handler)
    await jobs.enqueue_many("note", [{"id": number} for number in range(400)], house=house)

    async def work() -> None:
        worker = Worker(registry, house)
        while await worker.run_due():
            pass

    await asyncio.gather(*(work() for _ in range(4)))
    assert sorted(map(str, seen)) == sorted(map(str, range(400)))


async def test_the_counts_tell_what_is_in_the_queue(
    worker: Worker, house: House, clock: MovableClock
) -> None:
    """Due, later, running, dead, and how long the oldest has been waiting."""
    empty = await jobs.counts(house=house)
    assert (empty.due, empty.later, empty.running, empty.dead) == (0, 0, 0, 0)
    assert empty.oldest_due == timedelta()
    await jobs.enqueue("note", {}, house=house)
    await worker._take(1)
    await jobs.enqueue("note", {}, house=house, due=clock.now() + 2 * HOUR)
    await jobs.enqueue_many("note", [{}, {}], house=house)
    await db.execute(
        "INSERT INTO jobs (kind, payload, dead_ms, attempts, created_ms)"
        " VALUES ('note', '{}', 1, 12, 1)"
    )
    clock.move(timedelta(seconds=30))
    counts = await jobs.counts(house=house)
    assert (counts.due, counts.later, counts.running, counts.dead) == (2, 1, 1, 1)
    assert counts.oldest_due == timedelta(seconds=30)


async def test_scheduled_work_comes_once_in_each_period(
    registry: Registry, diary: Diary, house: House, clock: MovableClock
) -> None:
    """First after a period; however many processes look; what was missed is not made up for."""
    registry.every("note", HOUR)
    workers = [Worker(registry, house), Worker(registry, house)]

    async def done() -> int:
        return sum([await worker.run_due() for worker in workers])

    assert await done() == 0
    clock.move(HOUR)
    assert await done() == 1
    assert await done() == 0
    clock.move(5 * HOUR + HOUR / 2)
    assert await done() == 1
    clock.move(HOUR / 2)
    assert await done() == 1
    assert diary.seen == [{}] * 3


async def test_two_processes_that_find_the_same_time_come_make_one_job(
    registry: Registry, diary: Diary, house: House, clock: MovableClock
) -> None:
    """The slower one read the time before the faster one had moved it on."""
    registry.every("note", HOUR)
    faster, slower = Worker(registry, house), Worker(registry, house)
    await faster.run_due()
    [row] = await db.rows("SELECT next_ms FROM job_schedules")
    clock.move(HOUR)
    assert await faster.run_due() == 1
    await slower._enqueue_one("note", since=row["next_ms"], every=3_600_000)
    assert await slower.run_due() == 0


async def test_a_kind_has_one_handler(registry: Registry, diary: Diary) -> None:
    """Two features that claim the same kind stop the start."""
    with pytest.raises(ValueError, match="two handlers"):
        registry.on("note", diary)
