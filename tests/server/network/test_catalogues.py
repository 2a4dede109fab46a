"""Back catalogues, where several write of the same one at a time."""

import pytest

from server.follows.service import FollowAnswered
from server.house import House
from server.network.service import catalogues
from server.network.tables import Catalogue
from tests.support.inhabitants import following, hub, stranger

pytestmark = pytest.mark.usefixtures("database")


async def test_a_walk_leaves_alone_when_its_hub_was_last_asked(house: House) -> None:
    """Else it would be asked whom it knows after every stretch."""
    me, ann = await hub(house), await stranger(house, "ann")
    follow = await following(me, ann, house=house)
    await catalogues.on_answered(FollowAnswered(follow), house)
    walked = await Catalogue.get()
    await Catalogue.all().update(met_ms=7)
    await catalogues._set(walked, due=None, house=house)
    row = await Catalogue.get()
    assert (row.met_ms, row.due_ms) == (7, None)
