"""Rows added by SQL are what a model would have created, on both engines."""

from datetime import datetime

import pytest

from server import db
from server.actors.tables import Actor, Host
from server.house import House
from server.jobs.tables import Schedule
from server.posts.rules import State, Visibility
from server.posts.tables import Post
from tests.support.clock import MovableClock
from tests.support.inhabitants import clock, house, stranger

__all__ = ["clock", "house"]

pytestmark = pytest.mark.usefixtures("database")


def _post(author: Actor, now: datetime) -> Post:
    return Post(
        kind="note", author_id=author.id, local=False, state=State.PUBLISHED,
        visibility=Visibility.PUBLIC, html="<p>ü</p>", created_at=now, published_at=now,
        document=b"{}",
    )  # fmt: skip


async def test_a_row_reads_as_one_that_was_created(house: House, clock: MovableClock) -> None:
    """Moments, choices, truth values, bytes and defaults alike; it knows its key."""
    author = await stranger(house, "ann")
    added = _post(author, clock.now())
    assert await db.add(added)
    created = await Post.create(**{
        name: getattr(added, name) for name in added._meta.db_fields if name != "id"
    })  # fmt: skip
    assert created.id != added.id
    [one, two] = await db.rows("SELECT * FROM posts ORDER BY id")
    assert {**one, "id": 0} == {**two, "id": 0}
    added.title = "changed"
    await added.save()
    assert (await Post.get(id=added.id)).title == "changed"


async def test_a_row_that_is_there_is_left_as_it_is(house: House) -> None:
    """Also inside a transaction, which goes on."""
    async with db.transaction():
        assert await db.add(Host(host="a.test", software="one"), unless="host")
        assert not await db.add(Host(host="a.test", software="two"), unless="host")
        assert await db.add(Schedule(kind="x", next_ms=1))
    assert (await Host.get()).software == "one"
