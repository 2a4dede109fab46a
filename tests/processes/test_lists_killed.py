"""The real `fettle` is killed in the middle of a list of addresses, twice, on both engines."""

import asyncio
from collections import defaultdict

import pytest
from aiohttp import web

from tests.processes.fragile import Fragile
from tests.processes.hubs import SECONDS
from tests.support.loopback import Loopback, LoopbackPeer
from tests.support.peer import Peer
from tests.support.resident import Resident

pytestmark = [pytest.mark.long, pytest.mark.timeout(240)]

HOSTS = 5
NAMES = ("ann", "una", "bo")
"""Of one host: they are looked up one after another."""
MIDDLE = 2
STATES = "SELECT state, count(*) FROM subscription_entries GROUP BY state ORDER BY state"


def hangs(peer: Peer, url: str) -> asyncio.Event:
    """Have an address not answered the first time; return what tells that it was asked."""
    reached = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        peer.heals(url)
        reached.set()
        await asyncio.sleep(SECONDS)
        raise AssertionError

    peer.handles(url, hang)
    return reached


async def happened(*events: asyncio.Event) -> None:
    """Wait until everything of it has."""
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(*(one.wait() for one in events))


def follows_by_whom(people: list[Resident]) -> dict[str, set[str]]:
    """Return by which Follows everybody was asked, as their servers have it."""
    found = defaultdict(set)
    for peer in {one.peer for one in people}:
        assert isinstance(peer, Peer)
        for follow in peer.activities("Follow"):
            found[follow["object"]].add(follow["id"])
    return dict(found)


async def test_a_list_goes_on_where_it_was_when_its_processes_are_killed(
    fragile: Fragile, network: Loopback
) -> None:
    """Whoever began it is killed while it looks somebody up, then whoever went on with it while it
    asks them: everything comes to its end, everybody is followed once, and nobody is left out.
    """
    peers = [await LoopbackPeer.beside(network) for _ in range(HOSTS)]
    people = [peer.actor(name) for name in NAMES for peer in peers]
    slow = peers[MIDDLE]
    first, una, last = slow.actors.values()
    looked_up, asked = hangs(slow, una.uri), hangs(slow, last.inbox)
    (fragile.hub.folder / "hubs.txt").write_text("\n".join(one.uri for one in people))

    begun = await fragile.begin("subscribe", "--file", "hubs.txt")
    await happened(looked_up)
    await fragile.kill(begun)
    states = dict(await fragile.ask(STATES))
    assert states["looking"] >= len([una, last])
    assert slow.asked(first.uri)
    assert not slow.asked(last.uri)

    await fragile.serve()
    await happened(asked)
    await fragile.kill()
    await fragile.serve()
    await fragile.comes_to(STATES, ("asked", len(people)))
    await fragile.comes_to("SELECT count(*) FROM deliveries WHERE state = 'waiting'", (0,))
    rows = "SELECT count(*), count(DISTINCT followed_id) FROM follows"
    assert await fragile.ask(rows) == [(len(people),) * 2]
    by_whom = follows_by_whom(people)
    assert by_whom.keys() == {one.uri for one in people}
    assert {len(ids) for ids in by_whom.values()} == {1}
