"""What is written down of what leaves: each host once, its state, what failed, what goes."""

from datetime import timedelta
from random import Random

import pytest

from server import db
from server.actors.tables import Actor, Host
from server.delivery import service
from server.delivery.rules import (
    BACKOFF,
    DeliveryState,
    backoff,
    horizon,
    lane_sleeps,
)
from server.delivery.service import KEPT, OTHERS_KEPT
from server.delivery.tables import Delivery, Lane, OutgoingActivity
from server.house import House
from tests.server.delivery.sending import lane, send, states
from tests.support.inhabitants import local
from tests.support.network import Network

A, B, HERE = "https://a.test/inbox", "https://b.test/inbox", "https://hub.test/inbox"


@pytest.fixture
async def ida(house: House) -> Actor:
    return await local(house, "/people/ida")


async def inboxes() -> list[str]:
    """Return where deliveries go, in order."""
    return sorted([row.inbox.url for row in await Delivery.all().select_related("inbox")])


async def test_an_inbox_is_sent_to_once(house: House, ida: Actor) -> None:
    """And never one of this node; what is for nobody elsewhere is kept all the same."""
    await send(ida, A, A, B, HERE, house=house)
    await send(ida, HERE, house=house)
    assert await inboxes() == [A, B]
    assert await OutgoingActivity.all().count() == 2
    assert sorted([row.host for row in await Lane.all()]) == ["a.test", "b.test"]


async def test_a_blocked_host_is_sent_nothing(house: House, ida: Actor) -> None:
    """Whoever follows from there."""
    await Host.create(host="a.test", blocked=True, turned_away=True)
    await send(ida, A, B, house=house)
    assert await inboxes() == [B]


async def test_what_is_undone_in_the_transaction_is_not_sent(house: House, ida: Actor) -> None:
    """The outbox is part of it."""

    async def publish() -> None:
        async with db.transaction():
            await send(ida, A, house=house)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await publish()
    for table in (OutgoingActivity, Delivery, Lane):
        assert not await table.exists()


async def test_sending_does_not_wake_a_lane_that_sleeps(
    house: House, ida: Actor, network: Network
) -> None:
    """A lane that is well is due at once, and not later than it was."""
    now = service.milliseconds(house)
    await Lane.create(host="a.test", due_ms=now + 60_000, failures=1)
    await Lane.create(host="b.test", due_ms=now + 60_000, failures=0)
    await send(ida, A, B, house=house)
    assert (await lane("a.test")).due_ms == now + 60_000
    assert (await lane("b.test")).due_ms == now
    network.clock.move(timedelta(seconds=9))
    await send(ida, B, house=house, key="two")
    assert (await lane("b.test")).due_ms == now


async def test_a_steward_can_try_again(house: House, ida: Actor, network: Network) -> None:
    """What was refused and what sleeps, not what arrived."""
    await send(ida, A, house=house)
    row = await Delivery.get()
    await Lane.all().update(due_ms=2**50, failures=9)
    await Delivery.all().update(state=DeliveryState.DROPPED, done_ms=1, expires_ms=1)
    await service.retry(row.id, house=house)
    now = service.milliseconds(house)
    assert await states() == ["waiting"]
    assert (await Delivery.get()).expires_ms > now
    assert (await lane("a.test")).due_ms == now
    await Delivery.all().update(state=DeliveryState.DELIVERED)
    await service.retry(row.id, house=house)
    await service.retry(4711, house=house)
    assert await states() == ["delivered"]


async def test_what_nobody_needs_is_forgotten(house: House, ida: Actor, network: Network) -> None:
    """Finished deliveries after a month; an activity with the last of them, unless it is public."""
    for kind in ("Create", "Update", "Accept"):
        await send(ida, A, house=house, kind=kind, key=kind)
    await OutgoingActivity.filter(type="Accept").update(public=False)
    waiting = await Delivery.filter(activity__type="Update").first()
    assert waiting is not None
    done = service.milliseconds(house)
    await Delivery.exclude(id=waiting.id).update(state=DeliveryState.DELIVERED, done_ms=done)
    network.clock.move(KEPT + timedelta(seconds=1))
    await service.sweep(house=house)
    kinds = OutgoingActivity.all().order_by("id")
    assert [row.type for row in await kinds] == ["Create", "Update"]
    assert await states() == ["waiting"]
    network.clock.move(OTHERS_KEPT)
    await Delivery.all().update(state=DeliveryState.DROPPED, done_ms=done)
    await service.sweep(house=house)
    assert [row.type for row in await kinds] == ["Create"]


def test_withdrawals_and_follows_are_tried_for_a_year() -> None:
    """All else for a week."""
    for kind in ("Delete", "Follow", "Accept", "Reject", "Undo"):
        assert horizon(kind) == timedelta(days=365)
    for kind in ("Create", "Update", "Announce", "Like"):
        assert horizon(kind) == timedelta(days=7)


def test_the_wait_grows_and_differs() -> None:
    """By a tenth at most, so that lanes do not wake together."""
    random = Random(1)  # noqa: S311 - the same again
    for failures in range(1, 20):
        step = BACKOFF[min(failures, len(BACKOFF)) - 1]
        waits = {backoff(failures, random) for _ in range(9)}
        assert len(waits) > 1
        assert all(step * 0.9 <= wait <= step * 1.1 for wait in waits)


@pytest.mark.parametrize(
    ("attempts", "sleeps"),
    [
        ([], False),
        ([(False, False)], False),
        ([(True, False)], True),
        ([(True, False), (False, False)], False),
        ([(True, True), (False, False)], True),
    ],
)
def test_a_host_is_in_trouble_where_nothing_arrives_or_it_says_so(
    attempts: list[tuple[bool, bool]], sleeps: bool
) -> None:
    """One inbox that fails beside another that does not is its own trouble."""

    class Made:
        def __init__(self, again: bool, host_trouble: bool) -> None:
            self.again, self.host_trouble = again, host_trouble

    assert lane_sleeps([Made(*one) for one in attempts]) is sleeps
