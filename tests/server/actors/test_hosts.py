"""What other hosts run: asked once, over the wire, and politely."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from federation.fetch import Fetcher
from server import db
from server.actors import hosts
from server.actors.hosts import AGAIN, GOOD_FOR, TRIES
from server.actors.tables import Host
from server.db import Database
from server.house import House
from server.jobs import Registry, Worker
from server.jobs.tables import Job
from tests.support.network import Network, network_of
from tests.support.peer import Peer
from tests.support.quiet_house import quiet_house


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """A small internet."""
    async with network_of() as network:
        yield network


@pytest.fixture
async def house(database: Database, network: Network) -> AsyncIterator[House]:
    """A house in it."""
    fetcher = Fetcher(network.client(), clock=network.clock)
    async with quiet_house(network.clock) as house, fetcher:
        yield replace(house, fetcher=fetcher)


@pytest.fixture
def worker(house: House) -> Worker:
    registry = Registry()
    hosts.register_jobs(registry)
    return Worker(registry, house)


def runs(peer: Peer, name: str, version: str) -> None:
    """Have a peer say what it runs."""
    where = f"{peer.origin}/nodeinfo/2.1"
    rel = "http://nodeinfo.diaspora.software/ns/schema/2.1"
    for path, body in (
        ("/.well-known/nodeinfo", {"links": [{"rel": rel, "href": where}]}),
        ("/nodeinfo/2.1", {"version": "2.1", "software": {"name": name, "version": version}}),
    ):
        peer.answers(path, body=body, content_type="application/json")


async def ask(house: House, host: str = "there.test") -> None:
    """Have a host asked soon."""
    async with db.transaction():
        await hosts.ask_soon(host, house=house)


async def test_a_host_is_asked_once(house: House, network: Network, worker: Worker) -> None:
    """However often it matters; its answer is written down."""
    peer = await Peer.at(network, "there.test")
    runs(peer, "Fettle", "0.1.0")
    for _ in range(3):
        await ask(house)
    assert await worker.run_due() == 1
    await ask(house)
    assert await worker.run_due() == 0
    row = await Host.get(host="there.test")
    assert (row.software, row.version, row.checked_at) == (
        "fettle", "0.1.0", network.clock.now(),
    )  # fmt: skip
    assert len(peer.asked("/nodeinfo/2.1")) == 1


async def test_an_old_answer_is_renewed(house: House, network: Network, worker: Worker) -> None:
    """A week later; what cannot be asked then is still what it was."""
    peer = await Peer.at(network, "there.test")
    runs(peer, "mastodon", "4.5")
    await ask(house)
    await worker.run_due()
    runs(peer, "fettle", "1.0")
    await hosts.ask_again({}, house)
    assert not await Job.exists()
    network.clock.move(GOOD_FOR * 1.1)
    await hosts.ask_again({}, house)
    await worker.run_due()
    assert (await Host.get()).software == "fettle"
    network.clock.move(GOOD_FOR * 1.1)
    peer.answers("/.well-known/nodeinfo", status=404)
    await hosts.ask_again({}, house)
    await worker.run_due()
    row = await Host.get()
    assert (row.software, row.checked_at) == ("fettle", network.clock.now())


async def test_a_host_that_is_down_is_asked_again_a_few_times(
    house: House, network: Network, worker: Worker
) -> None:
    """Hours apart; then it counts as asked, and no dead job tells of it."""
    await ask(house)
    for _ in range(TRIES):
        assert (await Host.get()).checked_at is None
        await worker.run_due()
        network.clock.move(AGAIN * TRIES)
    assert (await Host.get()).checked_at is not None
    assert not await Job.filter(kind=hosts.JOB).exists()


async def test_a_blocked_host_and_this_one_are_not_asked(
    house: House, network: Network, worker: Worker
) -> None:
    """Not even where it was blocked after it was to be asked."""
    peer = await Peer.at(network, "there.test")
    await ask(house, house.host)
    await ask(house)
    await Host.filter(host="there.test").update(blocked=True, turned_away=True)
    await worker.run_due()
    await ask(house)
    assert await worker.run_due() == 0
    assert peer.requests == []
