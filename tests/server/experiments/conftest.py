"""A quiet house with somebody in it."""

import pytest

from server.house import House
from server.people.tables import Person
from tests.server.experiments.visiting import network, visits, ward
from tests.support.inhabitants import clock, house, person

__all__ = ["clock", "house", "network", "visits", "ward"]


@pytest.fixture
async def ida(house: House) -> Person:
    return await person(house, "ida")


@pytest.fixture
async def una(house: House) -> Person:
    return await person(house, "una")
