"""A house with a store in a folder, in a network where pictures can be fetched."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tortoise.timezone import parse_timezone

from federation.fetch import Fetcher
from federation.keys import SigningKey
from server.db import Database
from server.house import House
from server.jobs import Registry, Worker
from server.media import service
from server.media.store import open_store
from tests.support.network import Network, network_of
from tests.support.peer import Peer
from tests.support.quiet_house import quiet_house

ZONES = (parse_timezone("UTC"), ZoneInfo("Europe/London"))
"""Held, so that nobody reads them from the disk inside the loop."""
LIMIT = 100_000
"""Bytes that copies may take."""


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    async with network_of() as network:
        yield network


@pytest.fixture
async def peer(network: Network) -> Peer:
    return await Peer.at(network, "there.test")


@pytest.fixture
async def house(network: Network, database: Database, tmp_path: Path) -> AsyncIterator[House]:
    key = SigningKey("https://hub.test/actor#main-key", network.new_key())

    async def signer() -> SigningKey:
        return key

    async with (
        quiet_house(network.clock, store=open_store(str(tmp_path / "media"))) as house,
        Fetcher(network.client(), clock=network.clock, signer=signer) as fetcher,
    ):
        yield replace(house, fetcher=fetcher, picture_cache_limit=LIMIT)


@pytest.fixture
def worker(house: House) -> Worker:
    registry = Registry()
    service.register_jobs(registry)
    return Worker(registry, house)


async def files(house: House) -> list[str]:
    """Return the paths of every file in the store, in order."""
    return sorted([found.path async for found in house.store.listed("")])
