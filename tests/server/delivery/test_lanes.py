"""Lanes on bad days: probes, hosts out of reach, queues that are full, leases, stewards."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from federation.audience import Inbox
from server.actors.tables import Actor
from server.delivery import service
from server.delivery.planning import Leased
from server.delivery.reach import Reach
from server.delivery.rules import BACKOFF, FULL, HORIZON, UNREACHABLE
from server.delivery.service import LaneState, NoReasonError, milliseconds
from server.delivery.service.tidying import UNTRIED_KEPT
from server.delivery.shift import LEASE_MS, RENEW_MS
from server.delivery.tables import Delivery, Lane
from server.errors import NotFoundError
from server.house import House
from tests.server.delivery.sending import lane, send, states, worker
from tests.server.delivery.test_worker import ANNS, BOBS, THERE, ida, inbox, peer
from tests.support.network import Network
from tests.support.peer import Peer

__all__ = ["ida", "peer"]

A_WEEK = HORIZON + timedelta(days=2)


async def lost_for_a_week(house: House, ida: Actor, network: Network) -> None:
    """Have nobody listen at `there.test` for a week and more."""
    await send(ida, THERE, house=house)
    await worker(house).run_due()
    network.clock.move(A_WEEK)
    await worker(house).run_due()


async def test_a_lane_that_fails_is_tried_by_one_probe_and_opens_when_that_arrives(
    house: House, ida: Actor, peer: Peer, network: Network
) -> None:
    """Four at a time before and after, one while it fails."""
    answers = inbox(peer, "/inbox", 500)
    for number in range(9):
        await send(ida, THERE, house=house, key=f"{number}")
    assert await worker(house).run_due() == 4
    network.clock.move(BACKOFF[0] * 1.2)
    assert await worker(house).run_due() == 1
    network.clock.move(BACKOFF[1] * 1.2)
    answers[:] = [202]
    assert await worker(house).run_due() == 1
    assert (await lane("there.test")).failures == 0
    while await worker(house).run_due():
        pass
    network.clock.move(BACKOFF[2] * 1.2)  # what was tried as a probe waits a little by itself
    while await worker(house).run_due():
        pass
    assert await states() == ["delivered"] * 9


async def test_what_always_fails_keeps_no_lane_asleep(
    house: House, ida: Actor, peer: Peer, network: Network
) -> None:
    """A host that answers, if only with errors, is shown what is new after a minute."""
    inbox(peer, "/people/ann/inbox", 500)
    await send(ida, ANNS, house=house, key="a")
    for _ in range(4):
        await worker(house).run_due()
        network.clock.move(timedelta(hours=7))
    await worker(house).run_due()
    assert (await lane("there.test")).failures == 5
    await send(ida, BOBS, house=house, key="b")
    assert await worker(house).run_due() == 0
    network.clock.move(timedelta(minutes=1))
    assert await worker(house).run_due() == 1
    assert await states() == ["waiting", "delivered"]


async def test_a_host_that_does_not_answer_is_not_woken_by_what_is_new(
    house: House, ida: Actor, network: Network
) -> None:
    """It is tried when its wait is over."""
    await send(ida, THERE, house=house)
    await worker(house).run_due()
    await send(ida, THERE, house=house, key="b")
    network.clock.move(timedelta(seconds=50))
    assert await worker(house).run_due() == 0


async def test_for_a_host_out_of_reach_only_what_has_to_arrive_waits(
    house: House, ida: Actor, network: Network
) -> None:
    """All else is dropped and says so, but for one probe; that a day after the last."""
    await lost_for_a_week(house, ida, network)
    assert await states() == ["dropped"]
    gone = await service.lane("there.test", house=house)
    assert (gone.state, gone.waiting, gone.next_attempt) == (LaneState.UNREACHABLE, 0, None)
    for number in range(3):
        await send(ida, THERE, house=house, key=f"new {number}")
    await send(ida, THERE, house=house, kind="Delete", key="back")
    assert await states() == ["dropped", "waiting", "dropped", "dropped", "waiting"]
    assert {row.error for row in await Delivery.filter(id__in=[3, 4])} == {UNREACHABLE}
    wait = ((await lane("there.test")).due_ms or 0) - milliseconds(house)
    assert wait == timedelta(days=1) / timedelta(milliseconds=1)
    network.clock.move(timedelta(days=1))
    assert await worker(house).run_due() == 1
    assert await states() == ["dropped"] * 4 + ["waiting"]
    network.clock.move(timedelta(days=2))
    await Peer.at(network, "there.test")
    while await worker(house).run_due():
        pass
    assert (await states())[-1] == "delivered"
    back = await lane("there.test")
    assert (back.failures, back.unreachable_since_ms) == (0, None)


async def test_what_comes_from_a_host_wakes_its_lane_for_one_probe_a_minute(
    house: House, ida: Actor, network: Network
) -> None:
    """And no more."""
    for number in range(3):
        await send(ida, THERE, house=house, key=f"{number}")
    await worker(house).run_due()
    network.clock.move(timedelta(minutes=3))
    await worker(house).run_due()
    await service.wake("there.test", house=house)
    assert await worker(house).run_due() == 0
    network.clock.move(timedelta(minutes=1))
    await service.wake("there.test", house=house)
    await service.wake("there.test", house=house)
    assert await worker(house).run_due() == 1
    assert await worker(house).run_due() == 0


async def test_what_comes_from_a_host_out_of_reach_lets_the_next_thing_try_at_once(
    house: House, ida: Actor, network: Network
) -> None:
    """Though nothing waited that could have been the probe."""
    await lost_for_a_week(house, ida, network)
    network.clock.move(timedelta(minutes=2))
    await service.wake("there.test", house=house)
    await Peer.at(network, "there.test")
    await send(ida, THERE, house=house)
    assert await worker(house).run_due() == 1
    assert (await states())[-1] == "delivered"


async def test_no_host_fills_the_disk(
    house: House, ida: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit what is ordinary is dropped and says why; never withdrawals and answers."""
    monkeypatch.setattr("server.delivery.service.sending.QUEUE_LIMIT", 3)
    for number in range(5):
        await send(ida, THERE, "https://b.test/inbox", house=house, key=f"{number}")
    for kind in ("Delete", "Accept"):
        await send(ida, THERE, house=house, kind=kind, key=kind)
    assert await states(host="there.test") == ["waiting"] * 3 + ["dropped"] * 2 + ["waiting"] * 2
    assert {one.error for one in await service.lost()} == {FULL}
    assert await Lane.all().count() == 2


async def test_what_was_dropped_untried_is_soon_forgotten(
    house: House, ida: Actor, network: Network
) -> None:
    """Else hosts that are away for good would grow the table with all that is published."""
    await lost_for_a_week(house, ida, network)
    for number in range(3):
        await send(ida, THERE, house=house, key=f"{number}")
    assert await states() == ["dropped", "waiting", "dropped", "dropped"]
    network.clock.move(UNTRIED_KEPT + timedelta(seconds=1))
    await service.sweep(house=house)
    assert await states() == ["dropped", "waiting"]


async def test_a_lease_is_renewed_while_a_round_goes_on(
    house: House, ida: Actor, peer: Peer, network: Network
) -> None:
    """After 30 seconds, before the next request; the round is longer than a lease."""
    ends: list[int] = []

    async def slowly(_: web.Request) -> web.StreamResponse:
        network.clock.move(timedelta(seconds=25))
        ends.append((await lane("there.test")).lease_until_ms - milliseconds(house))
        return web.Response(status=202)

    peer.handles("/inbox", slowly)
    for _ in range(6):
        await send(ida, THERE, house=house)
    assert await worker(house).run_due() == 6
    # Each request takes 25 s, so that the lease is 50 s old, and made new, before each third.
    assert [end / 1000 for end in ends] == [65, 40, 65, 40, 65, 40]
    assert await states() == ["delivered"] * 6


async def test_no_request_begins_once_the_lease_is_lost(
    house: House, ida: Actor, peer: Peer, network: Network
) -> None:
    """What is left is for whoever has it now."""

    async def slowly(_: web.Request) -> web.StreamResponse:
        network.clock.move(timedelta(milliseconds=RENEW_MS))
        await Lane.filter(host="there.test").update(leased_by="other")
        return web.Response(status=202)

    peer.handles("/inbox", slowly)
    for _ in range(3):
        await send(ida, THERE, house=house)
    assert await worker(house).run_due() == 1
    assert await states() == ["delivered", "waiting", "waiting"]
    assert (await lane("there.test")).leased_by == "other"


async def test_no_request_begins_late_in_a_lease(
    house: House, ida: Actor, peer: Peer, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With less than 35 s of it left, where it cannot be renewed."""
    working = worker(house)
    await send(ida, THERE, house=house)
    leased = await working._lease(9)
    assert leased == [
        Leased(host="there.test", failing=False, until_ms=milliseconds(house) + LEASE_MS)
    ]
    network.clock.move(timedelta(seconds=56))
    monkeypatch.setattr("server.delivery.shift.RENEW_MS", LEASE_MS)
    monkeypatch.setattr(working, "_lease", lambda _: asyncio.sleep(0, leased))
    assert await working.run_due() == 0
    assert peer.received == []


async def test_a_barrier_holds_across_rounds(
    house: House, ida: Actor, peer: Peer, network: Network
) -> None:
    """What came before it failed and waits: neither it nor what follows goes before that."""
    inbox(peer, "/people/ann/inbox", 500)
    first = await send(ida, ANNS, house=house, key="a")
    await send(ida, BOBS, house=house, key="x")
    while await worker(house).run_due():
        pass
    update = await send(ida, BOBS, house=house, kind="Update", key=ida.uri, about=ida.uri)
    after = await send(ida, BOBS, house=house, key="b")
    for _ in range(3):
        await worker(house).run_due()
    assert await states() == ["waiting", "delivered", "waiting", "waiting"]
    peer._handlers.clear()
    network.clock.move(BACKOFF[0] * 1.2)
    while await worker(house).run_due():
        pass
    assert [one["id"] for one in peer.activities()][-3:] == [first, update, after]


async def test_what_goes_to_others_instead_keeps_its_place(
    house: House, ida: Actor, peer: Peer
) -> None:
    """A shared inbox is gone: what it did not take goes to Ann before what came later."""
    uris = [await send(ida, THERE, house=house), await send(ida, ANNS, house=house)]
    gone = (await Delivery.all().order_by("id"))[0]
    await Delivery.filter(id=gone.id).update(state="gone", done_ms=1)
    await service.send_instead(gone.id, Reach.of([Inbox(ANNS)]), house=house)
    while await worker(house).run_due():
        pass
    assert [one["id"] for one in peer.activities()] == uris


async def test_a_long_queue_is_read_as_far_as_needed(
    house: House, ida: Actor, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits by itself in front of it holds nothing back, however much it is."""
    monkeypatch.setattr("server.delivery.planning.PAGE", 5)
    monkeypatch.setattr("server.delivery.planning.TOGETHER", 5)
    for number in range(23):
        await send(ida, THERE, house=house, key=f"{number}")
    await Delivery.filter(id__lte=22).update(not_before_ms=2**50, attempts=1)
    assert await worker(house).run_due() == 1
    assert (await states())[-1] == "delivered"
    assert await worker(house).run_due() == 0
    assert (await lane("there.test")).due_ms == 2**50


async def test_stewards_see_lanes_and_try_them_now(
    house: House, ida: Actor, network: Network
) -> None:
    """The longest in trouble first; a sleeping one is probed when they say so."""
    await send(ida, THERE, house=house, kind="Delete", key="a")
    await worker(house).run_due()
    network.clock.move(timedelta(seconds=1))
    await send(ida, "https://b.test/inbox", "https://c.test/inbox", house=house)
    await worker(house).run_due()
    await Peer.at(network, "d.test")
    await send(ida, "https://d.test/inbox", house=house)
    found = await service.failing(house=house)
    assert [one.host for one in found] == ["there.test", "b.test", "c.test"]
    assert [one.host for one in await service.failing(after=found[0].mark, house=house)] == [
        "b.test", "c.test",
    ]  # fmt: skip
    assert [one.host for one in await service.under_way(house=house)] == ["d.test"]
    first = found[0]
    assert (first.waiting, first.taken_back, first.failures) == (1, 1, 1)
    assert first.oldest == network.clock.now() - timedelta(seconds=1)
    assert first.last_error
    assert [one.tries for one in await service.waiting_for("there.test")] == [1]
    await service.try_now("there.test", house=house)
    assert await worker(house).run_due() == 2
    assert (await lane("there.test")).failures == 2
    for act in (service.try_now, service.lane):
        with pytest.raises(NotFoundError):
            await act("nowhere.test", house=house)


async def test_a_steward_gives_up_a_queue_and_says_why(house: House, ida: Actor) -> None:
    """What was taken back goes on waiting unless they say so too."""
    await send(ida, THERE, house=house)
    await send(ida, THERE, house=house, kind="Delete", key="b")
    with pytest.raises(NoReasonError):
        await service.drop("there.test", by="sam", reason=" ", withdrawals=True, house=house)
    terms: dict[str, Any] = {"by": "sam", "house": house}
    assert await service.drop("there.test", reason="It  closed", withdrawals=False, **terms) == 1
    assert await states() == ["dropped", "waiting"]
    assert (await service.lost())[0].error == "given up by a steward: It closed"
    assert await service.drop("there.test", reason="For good", withdrawals=True, **terms) == 1
    assert (await lane("there.test")).due_ms is None
    told = [(one.by, one.reason, one.number) for one in await service.drops("there.test")]
    assert told == [("sam", "For good", 1), ("sam", "It closed", 1)]


async def test_what_was_lost_is_listed_by_pages(house: House, ida: Actor, network: Network) -> None:
    """The last first, whatever its state; neither what waits nor what arrived."""
    urls = [f"https://h{number}.test/inbox" for number in range(10)]
    await send(ida, *urls, house=house)
    rows = await Delivery.all().order_by("id")
    for number, row in enumerate(rows[:9]):
        kind = ("rejected", "gone", "dropped")[number % 3]
        await Delivery.filter(id=row.id).update(state=kind, done_ms=1000 + number // 2)
    await Delivery.filter(id=rows[9].id).update(state="delivered", done_ms=5)
    expected = [row.id for row in rows[:9]][::-1]
    found: list[int] = []
    mark = ""
    while page := await service.lost(before=mark, limit=2):
        found += [one.id for one in page]
        mark = page[-1].mark
    assert found == expected
