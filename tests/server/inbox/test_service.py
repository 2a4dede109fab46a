"""What came in is stored once, handed over in its order, and given up in the end."""

import asyncio
import itertools
from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest

from federation import vocab
from federation.errors import MalformedError, UnreachableError
from federation.inbox import VerifiedActivity
from server import jobs
from server.actors.hosts import OFTEN
from server.actors.service import BlockedError
from server.actors.tables import Actor, Host
from server.delivery.tables import Lane
from server.house import House
from server.inbox import service
from server.inbox.registry import Listeners
from server.inbox.service import KEPT, PATIENCE, REPEATABLE, Intake
from server.inbox.tables import Received
from server.jobs import Registry, Worker
from server.jobs.tables import Job
from tests.support.clock import MovableClock
from tests.support.inhabitants import activity, stranger

pytestmark = pytest.mark.usefixtures("database")


class Ears:
    """Listeners that note what they hear; `fails` is raised, `waits` is waited for."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.fails: Exception | None = None
        self.waits: dict[str, asyncio.Event] = {}
        self.hears: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.listeners = Listeners()
        for kind in vocab.ActivityType:
            self.listeners.on(kind, self._hear)

    async def _hear(self, activity: VerifiedActivity, _: House) -> None:
        kind = str(activity.activity.type)
        if kind in self.waits:
            await self.waits[kind].wait()
        if self.fails is not None:
            raise self.fails
        self.heard.append(kind)
        self.hears[kind].set()


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
async def ann(house: House) -> Actor:
    return await stranger(house, "ann")


@pytest.fixture
async def worker(house: House, ears: Ears) -> Worker:
    registry = Registry()

    async def process(payload: vocab.JsonObject, house: House) -> None:
        await service.process(payload, listeners=ears.listeners, house=house)

    registry.on(service.JOB, process, tries=service.TRIES, ended=service.processed)
    return Worker(registry, house)


async def test_what_comes_twice_is_stored_and_done_once(
    house: House, ann: Actor, ears: Ears, worker: Worker
) -> None:
    """In one batch or two; another's with the same id is its own."""
    bob = await stranger(house, "bob", "b.test")
    like = activity(ann, "Like", "https://hub.test/stories/1")
    others = VerifiedActivity(
        activity=like.activity, actor=bob.uri, key_id=like.key_id, raw=like.raw
    )
    await service.write([like, like, others], house=house)
    await service.write([like], house=house)
    await worker.run_due()
    assert ears.heard == ["Like", "Like"]
    assert await Received.all().count() == 2


async def test_requests_that_come_together_are_committed_together(house: House, ann: Actor) -> None:
    """Each is answered once its own activity is safe."""
    intake = Intake(house)
    await asyncio.gather(
        *(intake.store(activity(ann, "Like", f"https://hub.test/{n}")) for n in range(250))
    )
    assert await Received.all().count() == await Job.all().count() == 250


async def test_it_is_written_down_when_a_known_host_was_heard(
    house: House, ann: Actor, clock: MovableClock
) -> None:
    """Whatever came from it; once in ten minutes, so that it costs nothing."""
    intake = Intake(house)
    await Host.update_or_create(host="there.test")
    heard = []
    for minutes in (0, 9, 1):
        clock.move(timedelta(minutes=minutes))
        await intake.store(activity(ann, "Like", f"https://hub.test/{minutes}"))
        heard.append((await Host.get(host="there.test")).heard_at)
    assert heard[0] == heard[1] == clock.now() - OFTEN
    assert heard[2] == clock.now()


async def test_what_one_actor_does_to_one_thing_is_done_in_its_order(
    house: House, ann: Actor, ears: Ears, worker: Worker
) -> None:
    """However long the first takes, and whichever worker looks meanwhile; nothing else waits."""
    ears.waits["Create"] = asyncio.Event()
    note = "https://there.test/notes/1"
    for kind, thing in (("Create", note), ("Delete", note), ("Like", "https://hub.test/1")):
        await service.write([activity(ann, kind, thing)], house=house)
    round_ = asyncio.create_task(worker.run_due())
    await asyncio.wait_for(ears.hears["Like"].wait(), 10)
    assert await Worker(worker._registry, house).run_due() == 0
    assert ears.heard == ["Like"]
    ears.waits["Create"].set()
    await round_
    assert await worker.run_due() == 1
    assert ears.heard == ["Like", "Create", "Delete"]


async def test_what_must_wait_holds_up_the_same_actor_alone(
    house: House, ann: Actor, ears: Ears, worker: Worker, clock: MovableClock
) -> None:
    """A host that sleeps can't keep others from doing something to the same thing."""
    story = "https://elsewhere.test/stories/1"
    ears.fails = UnreachableError(url="https://there.test", reason="it sleeps")
    await service.write([activity(ann, kind, story) for kind in ("Update", "Delete")], house=house)
    await worker.run_due()
    ears.fails = None
    await service.write([activity(await stranger(house, "bob"), "Like", story)], house=house)
    while await worker.run_due():
        pass
    assert ears.heard == ["Like"]
    clock.move(PATIENCE)
    while await worker.run_due():
        pass
    assert ears.heard == ["Like", "Update", "Delete"]


async def test_a_server_and_its_own_thing_are_in_order(
    house: House, ann: Actor, ears: Ears, worker: Worker
) -> None:
    """A hub's boost of a story waits for the story, though another actor sent that."""
    story = "https://there.test/stories/1"
    ears.fails = UnreachableError(url="https://there.test", reason="it sleeps")
    await service.write([activity(ann, "Create", story)], house=house)
    await worker.run_due()
    ears.fails = None
    await service.write([activity(await stranger(house, "hub"), "Announce", story)], house=house)
    while await worker.run_due():
        pass
    assert ears.heard == []


@pytest.mark.parametrize("forms", list(itertools.product(("whole", "named", "bare"), repeat=2)))
async def test_a_yes_and_a_no_to_one_follow_are_in_order(
    house: House, ann: Actor, ears: Ears, worker: Worker, forms: tuple[str, str]
) -> None:
    """Whether they hold the Follow, name it, or hold it without saying who was followed: else a yes
    that came first could undo a no.
    """
    follow = {"id": "https://hub.test/activities/1", "type": "Follow"}
    between = {"actor": "https://hub.test/people/ida", "object": ann.uri}
    said: dict[str, Any] = {"whole": follow | between, "named": follow["id"], "bare": follow}
    ears.waits["Accept"] = asyncio.Event()
    for kind, form in zip(("Accept", "Reject"), forms, strict=True):
        await service.write([activity(ann, kind, said[form])], house=house)
    round_ = asyncio.create_task(worker.run_due())
    while not await Job.exists(leased_by__isnull=False):  # noqa: ASYNC110 - what it waits for is a row
        await asyncio.sleep(0.01)
    assert await Worker(worker._registry, house).run_due() == 0
    ears.waits["Accept"].set()
    await round_
    await worker.run_due()
    assert ears.heard == ["Accept", "Reject"]


async def test_an_undo_that_only_names_a_thing_goes_after_it(
    house: House, ann: Actor, ears: Ears, worker: Worker
) -> None:
    """In one batch, or later; what it names is not said in it."""
    for together in (True, False):
        ears.heard.clear()
        like = activity(ann, "Like", f"https://hub.test/stories/{together}")
        both = [like, activity(ann, "Undo", str(like.activity.id))]
        for batch in [both] if together else [[one] for one in both]:
            await service.write(batch, house=house)
        assert await worker.run_due() == 1
        assert await worker.run_due() == 1
        assert ears.heard == ["Undo"]


async def test_what_was_undone_before_it_is_done_is_not_done(
    house: House, ann: Actor, ears: Ears, worker: Worker
) -> None:
    """It had to wait, and its Undo did not."""
    ears.fails = UnreachableError(url="https://there.test", reason="it sleeps")
    follow = activity(ann, "Follow", "https://hub.test/hub")
    await service.write([follow], house=house)
    await worker.run_due()
    ears.fails = None
    await service.write([activity(ann, "Undo", str(follow.activity.id))], house=house)
    await Job.all().update(due_ms=0)
    assert [await worker.run_due(), await worker.run_due()] == [1, 1]
    assert ears.heard == ["Undo"]


async def test_a_follow_that_comes_again_is_a_new_one(
    house: House, ann: Actor, ears: Ears, worker: Worker, clock: MovableClock
) -> None:
    """Though under its old id, and undone in between; not while its signature could be replayed."""
    follow = activity(ann, "Follow", "https://hub.test/hub")
    for one in (follow, activity(ann, "Undo", follow.activity), follow):
        await service.write([one], house=house)
        await worker.run_due()
    assert ears.heard == ["Follow", "Undo"]
    clock.move(REPEATABLE + timedelta(seconds=1))
    await service.write([follow], house=house)
    await worker.run_due()
    assert ears.heard == ["Follow", "Undo", "Follow"]


async def test_another_s_undo_undoes_nothing(
    house: House, ann: Actor, ears: Ears, worker: Worker
) -> None:
    """Who says it matters."""
    bob = await stranger(house, "bob")
    like = activity(ann, "Like", "https://hub.test/stories/1")
    await service.write([activity(bob, "Undo", str(like.activity.id)), like], house=house)
    await worker.run_due()
    assert sorted(ears.heard) == ["Like", "Undo"]


async def test_a_host_that_does_not_come_back_is_given_up(
    house: House, ann: Actor, ears: Ears, worker: Worker, clock: MovableClock
) -> None:
    """Tried ever more rarely, as long as the activity is remembered; it ends as no dead job."""
    ears.fails = UnreachableError(url="https://there.test", reason="it sleeps")
    await service.write([activity(ann, "Announce", "https://gone.test/1")], house=house)
    tries = 0
    while await Job.exists():
        tries += await worker.run_due()
        clock.move(PATIENCE)
        if tries > 100:
            pytest.fail("it is tried for ever")
        job = await Job.first()
        if job is not None:
            now = jobs.service.milliseconds(clock.now())
            clock.move(timedelta(milliseconds=max(0, (job.due_ms or 0) - now)))
    assert 5 < tries < 30
    assert (await Received.get()).processed_ms is not None


@pytest.mark.parametrize(
    "error",
    [MalformedError(term="x"), BlockedError(host="there.test")],
    ids=lambda error: type(error).__name__,
)
async def test_what_is_refused_has_no_effect_and_is_not_tried_again(
    house: House, ann: Actor, ears: Ears, worker: Worker, error: Exception
) -> None:
    """Neither what is wrong nor what comes of a blocked host."""
    ears.fails = error
    await service.write([activity(ann, "Like", "https://hub.test/1")], house=house)
    await worker.run_due()
    assert not await Job.exists()


async def test_what_comes_in_wakes_the_lane_of_its_host(
    house: House, ann: Actor, worker: Worker, clock: MovableClock
) -> None:
    """At most once a minute, and no other lane."""
    later = jobs.service.milliseconds(clock.now()) + 3_600_000
    for host in ("there.test", "b.test"):
        await Lane.create(host=host, due_ms=later, failures=3)

    async def comes_in() -> list[int | None]:
        await service.write([activity(ann, "Like", "https://hub.test/1")], house=house)
        await worker.run_due()
        return [row.due_ms for row in await Lane.all().order_by("-host")]

    woken = await comes_in()
    assert woken == [jobs.service.milliseconds(clock.now()), later]
    await Lane.filter(host="there.test").update(due_ms=later)
    clock.move(timedelta(seconds=30))
    assert await comes_in() == [later, later]
    clock.move(timedelta(seconds=31))
    assert (await comes_in())[0] == jobs.service.milliseconds(clock.now())


async def test_a_lane_that_is_well_is_left_alone(house: House, ann: Actor, worker: Worker) -> None:
    """What waits there waits for its time."""
    await Lane.create(host="there.test", due_ms=2**52, failures=0)
    await service.write([activity(ann, "Like", "https://hub.test/1")], house=house)
    await worker.run_due()
    assert (await Lane.get()).due_ms == 2**52


async def test_old_activities_are_forgotten_once_they_are_done(
    house: House, ann: Actor, worker: Worker, clock: MovableClock
) -> None:
    """What has not been processed yet stays, as long as a job that was set aside."""
    await service.write([activity(ann, "Like", "https://hub.test/1")], house=house)
    await worker.run_due()
    clock.move(KEPT + timedelta(seconds=1))
    await service.write([activity(ann, "Like", "https://hub.test/2")], house=house)
    clock.move(KEPT + timedelta(seconds=1))
    assert await service.sweep(house=house) == 1
    assert (await Received.get()).processed_ms is None
    clock.move(jobs.KEPT)
    assert await service.sweep(house=house) == 1
