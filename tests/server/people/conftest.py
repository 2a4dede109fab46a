"""A house with a database and a letter box, for accounts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
from tortoise.timezone import parse_timezone

from server.db import Database
from server.house import House, Letter
from server.people import service
from server.people.tables import Person
from tests.support.clock import MovableClock
from tests.support.keys import kept
from tests.support.quiet_house import quiet_house

PASSWORD = "seven bronze kettles whistling"  # noqa: S105


ZONES = (parse_timezone("UTC"), ZoneInfo("Europe/London"))
"""Held, so that nobody reads them from the disk inside the loop."""


WRONG = "not this one, sorry"
_ADA: list[service.Newcomer] = []


@dataclass
class LetterBox:
    """A mailer that keeps what it is given."""

    letters: list[Letter] = field(default_factory=list)

    async def send(self, letter: Letter) -> None:
        """Keep it."""
        self.letters.append(letter)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def letter_box() -> LetterBox:
    return LetterBox()


@pytest.fixture
async def house(
    database: Database, clock: MovableClock, letter_box: LetterBox
) -> AsyncIterator[House]:
    async with quiet_house(clock, mailer=letter_box) as house:
        yield house


@pytest.fixture
async def ada(house: House) -> Person:
    """Somebody who looks after the hub; her keys and the hash of her password are made once."""
    if not _ADA:
        with kept():
            made = await service.prepared(
                name="ada", display_name="Ada Low", email="Ada@Example.org", password=PASSWORD,
                house=house,
            )  # fmt: skip
        _ADA.append(made)
    return await service.enrol(_ADA[0], house=house, steward=True)
