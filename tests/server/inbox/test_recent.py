"""What came in a moment ago need not be read again; memory for it is bounded."""

import pytest

from server import db
from server.actors.tables import Actor
from server.house import House
from server.inbox.recent import HELD, SIZE, Arrival, Recent
from server.inbox.registry import Listeners
from server.inbox.service import Intake, process
from tests.support.inhabitants import activity, stranger

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ann(house: House) -> Actor:
    return await stranger(house, "ann")


async def test_what_is_held_is_taken_once_and_else_read(house: House, ann: Actor) -> None:
    """The same is handed over either way."""
    intake, heard = Intake(house), []
    like = activity(ann, "Like", "https://hub.test/stories/1")
    await intake.store(like)
    [row] = await db.rows("SELECT id FROM received")
    listeners = Listeners()

    async def hear(given: object, _: House) -> None:
        heard.append(given)

    listeners.on(like.activity.type, hear)
    for left in (1, 0):
        assert len(intake.recent) == left
        await process({"id": row["id"]}, listeners=listeners, house=house, recent=intake.recent)
    assert heard == [like, like]
    assert heard[0] is like
    assert heard[1] is not like


async def test_so_many_are_held_and_none_that_is_large(house: House, ann: Actor) -> None:
    """The oldest makes room."""
    recent = Recent()
    small = activity(ann, "Like", "https://hub.test/stories/1")
    large = activity(ann, "Like", "https://hub.test/stories/1", content="x" * SIZE)
    for number in range(2 * HELD):
        recent.keep(number, Arrival(small, "x", 0))
    recent.keep(2 * HELD, Arrival(large, "x", 0))
    assert len(recent) == HELD
    assert recent.take(HELD - 1) is None
    assert recent.take(HELD) is not None
    assert recent.take(2 * HELD) is None
