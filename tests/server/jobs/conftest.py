"""A house with an empty queue."""

from collections.abc import AsyncIterator

import pytest

from server.db import Bell, Database
from server.house import House
from server.jobs import Registry
from tests.support.clock import MovableClock
from tests.support.quiet_house import quiet_house


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def bell(database: Database) -> Bell:
    return Bell(database)


@pytest.fixture
async def house(bell: Bell, clock: MovableClock) -> AsyncIterator[House]:
    async with quiet_house(clock, ring=bell.ring) as house:
        yield house


@pytest.fixture
def registry() -> Registry:
    return Registry()
