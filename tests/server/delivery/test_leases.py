"""A lane is leased only by somebody who will work on it."""

import asyncio

from server.actors.tables import Actor
from server.house import House
from tests.server.delivery.sending import lane, send, worker
from tests.server.delivery.test_worker import ida, peer
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
