"""The lanes at work: order, failures, leases, and that no host holds up another."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from aiohttp import web

from server import db
from server.actors.tables import Actor, ActorKey
from server.delivery import service
from server.delivery.events import InboxGone
from server.delivery.rules import BACKOFF, HORIZON
from server.delivery.service import milliseconds
from server.delivery.shift import LEASE_MS
from server.delivery.tables import Delivery, Lane, OutgoingActivity
from server.delivery.worker import GRACE, LANES
from server.house import House
from tests.server.delivery.sending import lane, send, states, worker
from tests.support.inhabitants import local
from tests.support.network import Network
from tests.support.peer import Peer

THERE = "https://there.test/inbox"
ANNS = "https://there.test/people/ann/inbox"
BOBS = "https://there.test/people/bob/inbox"


@pytest.fixture
async def ida(house: House) -> Actor:
    return await local(house, "/people/ida")


@pytest.fixture
async def peer(network: Network) -> Peer:
    return await Peer.at(network, "there.test")


def inbox(peer: Peer, path: str, *statuses: int) -> list[int]:
    """Have an inbox answer with these, one by one, and the last of them from then on."""
    left = list(statuses)

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=left.pop(0) if len(left) > 1 else left[0])

    peer.handles(path, answer)
    return left


async def test_what_shares_a_key_arrives_in_order(house: House, ida: Actor, peer: Peer) -> None:
    """Each exactly as it was written."""
    uris = [await send(ida, THERE, house=house) for _ in range(9)]
    while await worker(house).run_due():
        pass
    assert [one["id"] for one in peer.activities()] == uris
    assert await states() == ["delivered"] * 9
    assert (await lane("there.test")).due_ms is None
    bodies = {bytes(row.body) for row in await OutgoingActivity.all()}
    assert {received.body for received in peer.received} == bodies


async def test_nothing_overtakes_what_failed(
    house: House, ida: Actor, peer: Peer, network: Network
) -> None:
    """Nor after the lane has slept."""
    uris = [await send(ida, THERE, house=house) for _ in range(3)]
    inbox(peer, "/inbox", 500)
    await worker(house).run_due()
    assert await states() == ["waiting"] * 3
    assert await worker(house).run_due() == 0
    peer._handlers.clear()
    uris.append(await send(ida, THERE, house=house))
    network.clock.move(BACKOFF[0] * 1.2)
    while await worker(house).run_due():
        pass
    assert [one["id"] for one in peer.activities()] == uris


async def test_a_lane_sleeps_longer_each_time(house: House, ida: Actor, network: Network) -> None:
    """Nobody listens at that host. A success starts over."""
    await send(ida, THERE, house=house)
    for failures, step in enumerate(BACKOFF, start=1):
        assert await worker(house).run_due() == 1
        asleep = await lane("there.test")
        assert asleep.failures == failures
        wait = (asleep.due_ms or 0) - milliseconds(house)
        assert 0.9 <= wait / (step.total_seconds() * 1000) <= 1.1
        network.clock.move(step * 1.2)
    await Peer.at(network, "there.test")
    await worker(house).run_due()
    awake = await lane("there.test")
    assert (awake.failures, awake.last_error, awake.failing_since_ms) == (0, None, None)
    assert await states() == ["delivered"]


async def test_a_host_may_say_how_long_to_wait(house: House, ida: Actor, peer: Peer) -> None:
    """Two hours, though a first failure waits a minute."""
    peer.answers("/inbox", status=503, headers={"Retry-After": "7200"})
    await send(ida, THERE, house=house)
    await worker(house).run_due()
    wait = ((await lane("there.test")).due_ms or 0) - milliseconds(house)
    assert wait == 7_200_000


async def test_one_broken_inbox_does_not_put_its_host_to_sleep(
    house: House, ida: Actor, peer: Peer, network: Network
) -> None:
    """It waits alone, and so does what may not overtake it."""
    inbox(peer, "/people/ann/inbox", 500)
    broken = await send(ida, ANNS, house=house, key="a")
    await send(ida, BOBS, house=house, key="b")
    after = await send(ida, BOBS, house=house, key="a")
    await worker(house).run_due()
    assert (await lane("there.test")).failures == 0
    assert await states() == ["waiting", "delivered", "waiting"]
    await send(ida, BOBS, house=house, key="c")
    late = await send(ida, BOBS, house=house, key="a")
    while await worker(house).run_due():
        pass
    assert await states() == ["waiting", "delivered", "waiting", "delivered", "waiting"]
    peer._handlers.clear()
    network.clock.move(BACKOFF[0] * 1.2)
    while await worker(house).run_due():
        pass
    assert [one["id"] for one in peer.activities()][-3:] == [broken, after, late]


async def test_a_first_accept_goes_before_all_that_follows_it(
    house: House, ida: Actor, peer: Peer, network: Network
) -> None:
    """It is held back for a second; what is sent meanwhile waits for it, whatever it is."""
    hub, ann = await local(house, "/hub"), await local(house, "/people/ann")
    accept = await send(
        hub, THERE, house=house, kind="Accept", key=service.between(ann, hub),
        after=timedelta(seconds=1),
    )  # fmt: skip
    create = await send(ida, THERE, house=house, key="story")
    assert await worker(house).run_due() == 0
    network.clock.move(timedelta(seconds=1))
    while await worker(house).run_due():
        pass
    assert [one["id"] for one in peer.activities()] == [accept, create]


async def test_a_rejection_frees_what_comes_after_it(house: House, ida: Actor, peer: Peer) -> None:
    """It is kept with its reason."""
    inbox(peer, "/inbox", 422, 202)
    await send(ida, THERE, house=house)
    await send(ida, THERE, house=house)
    await worker(house).run_due()
    assert await states() == ["rejected", "delivered"]
    [row] = await service.lost()
    assert "422" in row.error


async def test_an_inbox_that_is_gone_is_told_of(house: House, ida: Actor, peer: Peer) -> None:
    """With whose activity it was and whom it spoke to, in the same transaction."""
    heard: list[InboxGone] = []

    async def listener(event: InboxGone, _: House) -> None:
        heard.append(event)

    house.hooks.on(InboxGone, listener)
    inbox(peer, "/inbox", 410)
    await send(ida, THERE, house=house)
    await worker(house).run_due()
    assert await states() == ["gone"]
    assert [(one.inbox, one.by.id, len(one.spoken_to)) for one in heard] == [(THERE, ida.id, 1)]


async def test_what_is_too_old_is_given_up_together(
    house: House, ida: Actor, network: Network
) -> None:
    """A withdrawal waits on; all else is dropped, whether it was tried or not."""
    for number in range(9):
        await send(ida, THERE, house=house, key=f"{number}")
    await send(ida, THERE, house=house, kind="Delete", key="taken back")
    await worker(house).run_due()
    network.clock.move(HORIZON + timedelta(days=2))
    await worker(house).run_due()
    assert await states() == ["dropped"] * 9 + ["waiting"]
    counted = await service.counts(house=house)
    assert (counted["waiting"], counted["failing_hosts"], counted["unreachable_hosts"]) == (1, 1, 1)


async def test_a_sender_without_a_key_stops_nobody_else(
    house: House, ida: Actor, peer: Peer
) -> None:
    """What it sent is refused here; the lane goes on."""
    una = await local(house, "/people/una")
    await ActorKey.filter(actor_id=una.id).delete()
    await send(una, THERE, house=house, key="u")
    uri = await send(ida, THERE, house=house, key="i")
    await worker(house).run_due()
    assert await states() == ["rejected", "delivered"]
    assert [one["id"] for one in peer.activities()] == [uri]


async def test_two_workers_never_share_a_lane(
    house: House, ida: Actor, peer: Peer, network: Network
) -> None:
    """Until the lease of the one is over."""
    await send(ida, THERE, house=house)
    assert [one.host for one in await worker(house, "a")._lease(LANES)] == ["there.test"]
    assert await worker(house, "b").run_due() == 0
    network.clock.move(timedelta(milliseconds=LEASE_MS))
    assert await worker(house, "b").run_due() == 1
    assert len(peer.activities()) == 1


async def test_who_lost_the_lease_does_not_let_the_lane_go(
    house: House, ida: Actor, peer: Peer, network: Network
) -> None:
    """What it delivered is written down all the same."""
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_: web.Request) -> web.StreamResponse:
        began.set()
        await go_on.wait()
        return web.Response(status=202)

    peer.handles("/inbox", slowly)
    await send(ida, THERE, house=house)
    slow = asyncio.create_task(worker(house, "slow").run_due())
    await began.wait()
    network.clock.move(timedelta(milliseconds=LEASE_MS))
    assert [one.host for one in await worker(house, "other")._lease(LANES)] == ["there.test"]
    go_on.set()
    await slow
    held = await lane("there.test")
    assert held.leased_by == "other"
    assert held.lease_until_ms > milliseconds(house)
    assert await states() == ["delivered"]


async def test_a_slow_host_holds_up_no_other(
    house: House, ida: Actor, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for two lanes, one of them stuck, the others come and go beside it."""
    monkeypatch.setattr("server.delivery.worker.LANES", 2)
    stuck = await Peer.at(network, "stuck.test")
    never = asyncio.Event()

    async def wait(_: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response(status=202)

    stuck.handles("/inbox", wait)
    await send(ida, "https://stuck.test/inbox", house=house)
    others = [await Peer.at(network, f"p{number}.test") for number in range(5)]
    for one in others:
        await send(ida, one.shared_inbox, house=house)
    task = asyncio.create_task(worker(house).run_for_ever())
    for one in others:
        await one.arrived("Create")
    assert await states(host="stuck.test") == ["waiting"]
    never.set()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_what_is_under_way_finishes_when_the_worker_stops(
    house: House, ida: Actor, peer: Peer
) -> None:
    """Nothing new begins, and the lane is free for another process at once."""
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_: web.Request) -> web.StreamResponse:
        began.set()
        await go_on.wait()
        return web.Response(status=202)

    peer.handles("/inbox", slowly)
    for _ in range(2):
        await send(ida, THERE, house=house)
    works = worker(house)
    task = asyncio.create_task(works.run_for_ever())
    await began.wait()
    works.stop()
    go_on.set()
    await asyncio.wait_for(task, GRACE / 2)
    assert await states() == ["delivered", "waiting"]
    left = await lane("there.test")
    assert (left.leased_by, left.lease_until_ms) == (None, 0)
    assert left.due_ms is not None


async def test_a_worker_that_is_cancelled_gives_its_lanes_back(
    house: House, ida: Actor, peer: Peer
) -> None:
    """And keeps in mind what had arrived."""
    began, never = asyncio.Event(), asyncio.Event()

    async def wait(_: web.Request) -> web.StreamResponse:
        began.set()
        await never.wait()
        return web.Response(status=202)

    peer.handles("/people/bob/inbox", wait)
    await send(ida, ANNS, house=house)
    await send(ida, BOBS, house=house)
    task = asyncio.create_task(worker(house).run_for_ever())
    await began.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    never.set()
    assert await states() == ["delivered", "waiting"]
    assert (await lane("there.test")).lease_until_ms == 0


@pytest.mark.parametrize("status", [202, 422])
async def test_what_is_sent_while_a_lane_is_put_to_rest_is_not_overlooked(
    house: House, ida: Actor, peer: Peer, status: int
) -> None:
    """A publisher who has not committed yet when the round is written down (PostgreSQL)."""
    if db.dialect() == "sqlite":
        pytest.skip("one writer at a time")
    began, answer = asyncio.Event(), asyncio.Event()
    halfway, commit = asyncio.Event(), asyncio.Event()

    async def slowly(_: web.Request) -> web.StreamResponse:
        began.set()
        await answer.wait()
        return web.Response(status=status)

    async def publish() -> None:
        async with db.transaction():
            await send(ida, THERE, house=house, key="two")
            halfway.set()
            await commit.wait()

    peer.handles("/inbox", slowly)
    await send(ida, THERE, house=house)
    works = worker(house)
    round_ = asyncio.create_task(works.run_due())
    await began.wait()
    publisher = asyncio.create_task(publish())
    await halfway.wait()
    answer.set()
    await asyncio.sleep(0.3)  # the round is being written down, and waits for the publisher
    assert not round_.done()
    commit.set()
    await asyncio.gather(publisher, round_)
    assert (await lane("there.test")).due_ms is not None
    assert await works.run_due() == 1


async def test_publishers_to_the_same_hosts_do_not_deadlock(house: House, ida: Actor) -> None:
    """Though one writes first what the other writes last."""
    urls = ["https://a.test/inbox", "https://b.test/inbox"]

    async def publish(first: str, second: str) -> None:
        async with db.transaction():
            await send(ida, first, house=house)
            await asyncio.sleep(0.05)
            await send(ida, second, house=house)

    await asyncio.gather(publish(*urls), publish(*urls[::-1]), publish(*urls))
    assert await Delivery.all().count() == 6
    assert await Lane.all().count() == 2
