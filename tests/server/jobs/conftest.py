"""A house with an empty queue."""

from collections.abc import AsyncIterator

import pytest

from server.db import Bell, Database
from server.house import House
from server.jobs import Registry, Worker
from tests.server.jobs.diary import Diary
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


@pytest.fixture
def diary(registry: Registry) -> Diary:
    """The handler of `note`."""
    diary = Diary()
    registry.on("note", diary)
    return diary


@pytest.fixture
def worker(registry: Registry, diary: Diary, house: House) -> Worker:
    return Worker(registry, house)
