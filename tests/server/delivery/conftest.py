"""A house whose post really leaves: over TLS, to the peers of a test network."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from federation.delivery import Courier
from server.db import Database
from server.house import House
from tests.support.network import Network, network_of
from tests.support.quiet_house import quiet_house


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """A small internet."""
    async with network_of() as network:
        yield network


@pytest.fixture
async def house(database: Database, network: Network) -> AsyncIterator[House]:
    """A house in it, by its clock."""
    courier = Courier(network.client(), clock=network.clock)
    async with quiet_house(network.clock) as house, courier:
        yield replace(house, courier=courier)
