"""Which hosts a block covers."""

from collections.abc import AsyncIterator

import pytest

from federation.errors import UnauthorisedError
from federation.testing import FixedClock
from server.actors.blocks import Blocks
from server.actors.tables import Host
from server.db import Database
from server.house import House
from server.safety.rules import OurselvesError
from server.safety.service import let_in_host, turn_away
from tests.support.quiet_house import quiet_house

COVERED = ("there.test", "there.test:8443", "a.there.test", "a.there.test:8443")
OTHERS = ("xthere.test", "test:8443", "there.test.org", "here.test:443", "[::1]:8443")


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    """A house that knows all of them."""
    async with quiet_house(FixedClock()) as house:
        await Host.bulk_create([Host(host=host) for host in (*COVERED, *OTHERS)])
        yield house


async def turned_away(house: House) -> list[str]:
    """Return the hosts that are, having seen that a request is judged as what is sent would be."""
    blocks, found = Blocks(house), []
    for row in await Host.all().order_by("host"):
        try:
            await blocks.refuse(row.host)
        except UnauthorisedError:
            found.append(row.host)
        assert row.turned_away == (row.host in found), row.host
    return found


async def test_a_block_covers_every_port_and_all_that_is_under_the_name(house: House) -> None:
    """Whoever is blocked does not go on at the next port."""
    await turn_away("there.test", reason="Spam", house=house)
    assert sorted(await turned_away(house)) == sorted(COVERED)
    await let_in_host("there.test", house=house)
    assert await turned_away(house) == []


async def test_a_block_of_a_port_covers_no_other(house: House) -> None:
    """Two servers of one name may have nothing to do with each other."""
    await turn_away("there.test:8443", reason="Spam", house=house)
    assert await turned_away(house) == ["a.there.test:8443", "there.test:8443"]


async def test_nobody_blocks_what_they_are_under_themselves(house: House) -> None:
    """The hub would turn itself away."""
    with pytest.raises(OurselvesError):
        await turn_away("test", reason="Oops", house=house)
