"""Two processes of one hub: what is done in one holds in the other, though it remembers."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from server import db
from server.actors.blocks import TOPIC as BLOCKS
from server.actors.tables import Actor
from server.hub import service as hubs
from server.hub.service import Look
from tests.support.engines import Engine, Engines
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import Resident

HOST = "ward.test"
PROMPT = 5.0
"""Seconds until the other process has heard. The network's clock stands still: nothing is forgotten
by itself.
"""


@pytest.fixture
async def pair(
    network: Network, engine: Engine, engines: Engines, tmp_path: Path
) -> tuple[LiveNode, LiveNode]:
    """One hub, twice: the second is the one that the network reaches by the hub's name."""
    url = engines.fresh(engine)
    first = await LiveNode.at(network, HOST, url, tmp_path)
    second = await LiveNode.at(network, HOST, url, tmp_path, set_up=False)
    return first, second


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    """Ask until it is so."""
    async with asyncio.timeout(PROMPT):
        while not await look():  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.05)


async def turn_to(process: LiveNode, peer: Peer) -> None:
    """Have the peer's next requests reach that process."""
    process.network.resolver.ports[HOST] = process.port
    peer.client = peer.network.client()
    peer.network.stack.push_async_callback(peer.client.aclose)


async def status(ann: Resident, inbox: str) -> int:
    """Return what the second process answers to something new of Ann's."""
    return (await ann.post(inbox, ann.activity("Listen", inbox))).status


async def test_who_is_blocked_in_one_is_turned_away_by_the_other(
    pair: tuple[LiveNode, LiveNode], network: Network
) -> None:
    """The list of those blocked is held for as long as the clock stands still."""
    first, second = pair
    ann = (await Peer.at(network, "there.test")).actor("ann")
    inbox = f"{second.hub_uri}/inbox"
    assert await status(ann, inbox) == 202

    async def block() -> None:
        async with db.transaction():
            await Actor.filter(uri=ann.uri).update(blocked=True)
            await first.house.changed(BLOCKS)

    await first.run(block)
    await until(lambda: _is(403, ann, inbox))


async def _is(expected: int, ann: Resident, inbox: str) -> bool:
    return await status(ann, inbox) == expected


async def test_a_key_changed_in_one_is_no_longer_believed_by_the_other(
    pair: tuple[LiveNode, LiveNode], network: Network
) -> None:
    """An hour is how long a parsed key is remembered where nothing is said."""
    first, second = pair
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    inbox, old = f"{second.hub_uri}/inbox", ann.key
    assert await status(ann, inbox) == 202
    ann.rotate_key()
    await turn_to(first, peer)
    assert (await ann.post(inbox, ann.update(ann.document))).status == 202
    await settle(first)
    await turn_to(second, peer)

    async def refused() -> bool:
        forged = ann.activity("Listen", inbox)
        return (await ann.post(inbox, forged, key=old)).status == 401

    await until(refused)
    assert await status(ann, inbox) == 202


async def test_a_new_look_is_seen_on_the_pages_of_the_other(
    pair: tuple[LiveNode, LiveNode],
) -> None:
    """A page's frame is held in memory for as long as nothing is said."""
    first, second = pair
    assert "Seven Streets" not in (await second.get("/")).text
    await first.run(hubs.save_look, Look(name="Seven Streets"), house=first.house)

    async def renamed() -> bool:
        return "Seven Streets" in (await second.get("/")).text

    await until(renamed)


async def test_our_own_key_changed_in_one_signs_in_the_other(
    pair: tuple[LiveNode, LiveNode],
) -> None:
    """Private keys are unsealed once, and again when any of them was changed."""
    first, second = pair
    actor = await first.run(hubs.hub_actor, house=first.house)
    assert actor is not None
    ring = second.node._ring
    await asyncio.sleep(0.5)  # until it listens: whoever begins to looks at everything anew
    before = await second.run(ring.key, actor.id, house=second.house)
    assert await second.run(ring.key, actor.id, house=second.house) is before

    async def change() -> None:
        async with db.transaction():
            await Actor.filter(id=actor.id).update(summary="changed")
            await first.house.changed("private keys")

    await first.run(change)

    async def unsealed_anew() -> bool:
        return await second.run(ring.key, actor.id, house=second.house) is not before

    await until(unsealed_anew)
