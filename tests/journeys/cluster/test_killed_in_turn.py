"""The topology of docker-compose.yml, whose processes are killed under load, each in turn."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.support.cluster import NAMES, Cluster
from tests.support.live import LiveNode
from tests.support.loopback import Loopback, LoopbackPeer
from tests.support.peer import Peer
from tests.support.traffic import (
    Author,
    Correspondent,
    faults_of_arrivals,
    faults_of_effects,
    repeated,
    until_done,
)

PEERS = 3
BREATH = 0.8
"""Seconds between a process's return and the end of the next one."""
LIMIT = 60.0

pytestmark = [
    pytest.mark.long, pytest.mark.postgres,
    pytest.mark.timeout(240),
]  # fmt: skip


async def writing(one: Correspondent, author: Author, ended: asyncio.Event) -> None:
    """Answer and thank for as long as it goes on."""
    number = 0
    while not ended.is_set():
        number += 1
        story = author.told[0]
        await one.answer(story, number)
        if number == 1:
            await one.thank(story, len(one.actor.peer.host))
        await asyncio.sleep(0.1)


async def telling(author: Author, ended: asyncio.Event) -> None:
    """Tell a story now and then."""
    while not ended.is_set():
        await author.tell()
        await asyncio.sleep(0.5)


async def metrics(cluster: Cluster, name: str) -> str:
    """Return the figures of one process."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{cluster.ports[name]}/metrics") as answer,
    ):
        return await answer.text()


async def test_nothing_is_lost_and_nothing_doubled_though_each_is_killed(
    cluster: Cluster, network: Loopback, tmp_path: Path
) -> None:
    """What came in has its effect once and in order, and what goes out arrives once and in order;
    only what was under way when a worker was killed may arrive again, as the same activity.
    """
    host = f"localhost:{cluster.port}"
    live = await LiveNode.at(network, host, cluster.database_url, tmp_path / "author", set_up=False)
    peers: list[Peer] = [await LoopbackPeer.beside(network) for _ in range(PEERS)]
    people = [Correspondent(peer.actor("ann"), cluster.address) for peer in peers]
    for one in people:
        await one.follow()
    for peer in peers:
        await peer.arrived("Accept", within=LIMIT)
    author, ended = Author(live), asyncio.Event()
    await author.tell()
    work = [asyncio.create_task(writing(one, author, ended)) for one in people]
    work.append(asyncio.create_task(telling(author, ended)))
    for name in NAMES:
        await asyncio.sleep(BREATH)
        await cluster.kill(name)
        await cluster.start(name)
    await asyncio.sleep(BREATH)
    ended.set()
    await asyncio.gather(*work)
    await until_done(live, within=LIMIT)
    assert len(author.withdrawn) >= 2
    assert all(len(one.said) >= 3 for one in people)
    assert await faults_of_effects(author, people) == []
    assert faults_of_arrivals(peers, author) == []
    assert repeated(peers) <= 2 * 4 * PEERS  # two workers, four under way to each host
    for name in ("web-1", "web-2"):
        assert "/inbox" in await metrics(cluster, name)
    assert (await live.get("/about")).status == 200
    for inside in ("/health/ready", "/metrics"):
        assert (await peers[0].send("GET", cluster.address + inside, headers={})).status == 404
    assert [await cluster.stop(name) for name in NAMES] == [0, 0, 0, 0]
