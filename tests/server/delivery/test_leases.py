"""A lane is leased only by somebody who will work on it, and by one at a time."""

import asyncio

from aiohttp import web

from server.actors.tables import Actor
from server.delivery import service
from server.delivery.tables import Delivery
from server.house import House
from tests.server.delivery.sending import lane, send, states, worker
from tests.server.delivery.test_worker import THERE, ida, peer
from tests.support.peer import Peer

__all__ = ["ida", "peer"]


async def test_a_lane_whose_round_is_just_ending_is_not_taken_to_lie_idle(
    house: House, ida: Actor, peer: Peer
) -> None:
    """What is written down may be read before the task is done: the next look takes the lane."""
    working = worker(house)
    ending = asyncio.create_task(asyncio.Event().wait())
    working._running[ending] = peer.host
    await send(ida, f"{peer.origin}/inbox", house=house)

    assert await working._lease(10) == []
    assert (await lane(peer.host)).leased_by is None
    ending.cancel()
    working._running.clear()
    assert [one.host for one in await working._lease(10)] == [peer.host]


async def test_what_stewards_send_again_while_it_is_under_way_is_sent_once(
    house: House, ida: Actor, peer: Peer
) -> None:
    """However often they press, and whoever else works; nor again once it has arrived."""
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        began.set()
        await go_on.wait()
        return web.Response(status=202)

    peer.handles("/inbox", slow)
    await send(ida, THERE, house=house)
    sending = asyncio.create_task(worker(house).run_due())
    await began.wait()
    delivery = await Delivery.get()
    for _ in range(2):
        await service.retry(delivery.id, house=house)
        await service.try_now(peer.host, house=house)
        assert await worker(house, "other").run_due() == 0
    go_on.set()
    assert await sending == 1
    await service.retry(delivery.id, house=house)
    assert await worker(house, "other").run_due() == 0
    assert await states() == ["delivered"]
    assert len(peer.asked("/inbox")) == 1
