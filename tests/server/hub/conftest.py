"""A house whose database has just met its node."""

from collections.abc import AsyncIterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from tortoise.timezone import parse_timezone

from server.db import Database
from server.house import House
from server.hub import service
from tests.support.clock import MovableClock
from tests.support.quiet_house import quiet_house

ZONES = (parse_timezone("UTC"), ZoneInfo("Europe/London"))
"""Held, so that nobody reads them from the disk inside the loop."""
PASSWORD = "seven bronze kettles whistling"  # noqa: S105


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    """At `https://hub.test:8443`, so that the port is seen wherever it matters."""
    async with quiet_house(MovableClock()) as house:
        house = replace(house, address="https://hub.test:8443")
        await service.check_address(house=house)
        yield house


def first_steward(name: str = "ida") -> service.FirstSteward:
    return service.FirstSteward(name=name, password=PASSWORD, display_name="Ida Fennimore")
