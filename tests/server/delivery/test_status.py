"""How a thing fared, by server, in figures and one by one."""

from datetime import timedelta

import pytest

from server.actors.tables import Actor
from server.delivery import service
from server.delivery.service import Fate
from server.delivery.tables import Delivery, Lane
from server.house import House
from tests.server.delivery.sending import send
from tests.support.inhabitants import local
from tests.support.network import Network

THING = "https://hub.test/stories/home-by-six"


@pytest.fixture
async def ida(house: House) -> Actor:
    return await local(house, "/people/ida")


def at(*hosts: str) -> list[str]:
    """Return the inboxes of hosts."""
    return [f"https://{host}.test/inbox" for host in hosts]


async def settled(host: str, state: str, **terms: object) -> None:
    """Have the last delivery to a host end so."""
    row = await Delivery.filter(host=f"{host}.test").order_by("-id").first()
    assert row is not None
    await Delivery.filter(id=row.id).update(state=state, done_ms=9_000, **terms)


async def fared(fate: Fate, **terms: object) -> list[str]:
    """Return the hosts where the thing fared so."""
    return [one.host for one in await service.receipts(THING, fate, **terms)]  # type: ignore[arg-type]


async def test_a_thing_is_counted_by_server_over_all_that_was_sent_of_it(
    house: House, ida: Actor
) -> None:
    """A Create here and a boost there are one; the newest says how it is, and what waits counts."""
    await send(ida, *at("a", "b", "c"), house=house, about=THING)
    for host, state in (("a", "delivered"), ("b", "rejected"), ("c", "delivered")):
        await settled(host, state, error="it answered 403" if state == "rejected" else None)
    await send(ida, *at("a", "c", "d"), house=house, about=THING, kind="Announce")
    await settled("a", "rejected", error="x")
    await settled("d", "delivered")
    await send(ida, *at("z"), house=house)
    told = await service.status(THING)
    assert (told.total, told.delivered, told.waiting, told.failed) == (4, 1, 1, 2)
    assert await fared(Fate.ARRIVED) == ["d.test"]
    assert await fared(Fate.WAITING) == ["c.test"]
    assert await fared(Fate.FAILED) == ["a.test", "b.test"]
    assert await fared(Fate.FAILED, limit=1) == ["a.test"]
    assert await fared(Fate.FAILED, after="a.test") == ["b.test"]
    assert (await service.status("https://hub.test/stories/none")).total == 0


async def test_a_receipt_says_why_and_when_next(house: House, ida: Actor, network: Network) -> None:
    """A host in trouble by its lane, an inbox by its own; what arrived says when."""
    await send(ida, *at("a", "b", "c", "d"), house=house, about=THING, kind="Delete")
    now = service.milliseconds(house)
    await Lane.filter(host="a.test").update(
        failures=3, failing_since_ms=now - 5_000, due_ms=now + 7_000, last_error="no connection",
        unreachable_since_ms=now - 1_000,
    )  # fmt: skip
    await Delivery.filter(host="b.test").update(error="it answered 500", not_before_ms=now + 9_000)
    await settled("d", "delivered")
    a, b, c = await service.receipts(THING, Fate.WAITING)
    assert (a.unreachable, a.error) == (True, "no connection")
    assert a.next_attempt == network.clock.now() + timedelta(seconds=7)
    assert a.since == network.clock.now() - timedelta(seconds=5)
    assert (b.unreachable, b.error, b.since) == (False, "it answered 500", None)
    assert b.next_attempt == network.clock.now() + timedelta(seconds=9)
    assert (c.error, c.next_attempt) == ("", network.clock.now())
    [d] = await service.receipts(THING, Fate.ARRIVED)
    assert d.at is not None
    assert int(d.at.timestamp()) == 9
