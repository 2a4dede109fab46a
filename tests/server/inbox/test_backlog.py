"""How much of one host may wait to be processed."""

from datetime import timedelta

import pytest

from server import db
from server.actors.tables import Actor
from server.errors import TooManyError
from server.house import House
from server.inbox import service
from server.inbox.backlog import FRESH_FOR, Backlog
from server.inbox.rules import Room
from tests.support.clock import MovableClock
from tests.support.inhabitants import activity, stranger

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ann(house: House) -> Actor:
    return await stranger(house, "ann")


async def _full(backlog: Backlog, host: str) -> bool:
    try:
        await backlog.let_in(host)
    except TooManyError:
        return True
    return False


async def test_what_waits_of_a_host_is_bounded_and_of_others_it_is_not(
    house: House, ann: Actor, clock: MovableClock
) -> None:
    """Counted in the database, so across processes and restarts, until it is processed."""
    likes = [activity(ann, "Like", f"https://hub.test/{number}") for number in range(3)]
    await service.write(likes, house=house)
    for backlog in (Backlog(house, most=3), Backlog(house, most=3)):
        assert await _full(backlog, "there.test")
        assert not await _full(backlog, "other.test")
        await service.processed([{"id": 1}], house)
        clock.move(FRESH_FOR)
        assert not await _full(backlog, "there.test")
        assert await _full(backlog, "there.test")
        await db.execute("UPDATE received SET processed_ms = NULL")


async def test_what_this_process_takes_in_counts_at_once(house: House, clock: MovableClock) -> None:
    """Not only at the next look."""
    backlog = Backlog(house, most=5, of_all=8)
    assert [await _full(backlog, "a.test") for _ in range(7)] == [False] * 5 + [True] * 2
    assert [await _full(backlog, "b.test") for _ in range(4)] == [False] * 3 + [True]
    clock.move(FRESH_FOR + timedelta(seconds=1))
    assert not await _full(backlog, "a.test")


async def test_counting_reads_an_index_alone(house: House, ann: Actor) -> None:
    """However much was ever received."""
    if db.dialect() == "postgres":
        return
    plan = await db.rows(
        "EXPLAIN QUERY PLAN SELECT host, count(*) AS n FROM received WHERE processed_ms IS NULL"
        " GROUP BY host ORDER BY n DESC LIMIT 5"
    )
    assert "COVERING INDEX" in plan[0]["detail"]


def test_bodies_in_memory_are_bounded() -> None:
    """What is given back makes room."""
    room = Room(10)
    room.take(6)
    with pytest.raises(TooManyError):
        room.take(5)
    room.take(4)
    room.give_back(6)
    room.take(5)
    assert room.held == 9
