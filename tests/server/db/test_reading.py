"""Rows of a table by SQL are what a query set would have returned."""

from datetime import UTC, datetime

from server.actors.tables import Actor
from server.db import Database, read, read_by_id, read_one

MOMENT = datetime(2026, 11, 20, 9, 12, 30, 123456, tzinfo=UTC)


async def an_actor(name: str, moment: datetime = MOMENT) -> Actor:
    uri = f"https://there.test/people/{name}"
    return await Actor.create(
        uri=uri, host="there.test", local=False, type="Person", username=name, name=name,
        url=uri, inbox=f"{uri}/inbox", created_at=moment, fetched_at=moment,
    )  # fmt: skip


async def test_a_row_is_the_same_as_a_query_sets(database: Database) -> None:
    """Every column, of every type, moments to the microsecond and aware."""
    row = await an_actor("ann")
    found = await read_one(Actor, "SELECT * FROM actors WHERE uri = ?", row.uri)
    expected = await Actor.get(id=row.id)
    assert found is not None
    for name in Actor._meta.db_fields:
        assert getattr(found, name) == getattr(expected, name), name
    assert found.created_at == MOMENT
    assert found.created_at.tzinfo is not None
    assert found.local is False


async def test_a_moment_without_a_fraction_is_read(database: Database) -> None:
    """SQLite leaves the fraction out where it is nought."""
    row = await an_actor("ann", MOMENT.replace(microsecond=0))
    [found] = await read(Actor, "SELECT * FROM actors WHERE id = ?", row.id)
    assert found.created_at == MOMENT.replace(microsecond=0)


async def test_what_was_read_can_be_saved(database: Database) -> None:
    """It is a row like any other, not a new one."""
    await an_actor("ann")
    found = await read_one(Actor, "SELECT * FROM actors WHERE username = ?", "ann")
    assert found is not None
    found.name = "Ann"
    await found.save()
    assert [one.name for one in await Actor.all()] == ["Ann"]


async def test_nothing_is_found_where_nothing_is(database: Database) -> None:
    """None, and no row."""
    assert await read_one(Actor, "SELECT * FROM actors WHERE id = ?", 1) is None
    assert await read(Actor, "SELECT * FROM actors") == []
    assert await read_by_id(Actor, []) == {}


async def test_rows_come_by_their_ids(database: Database) -> None:
    """Each once, however often it was asked for."""
    ann, bob = await an_actor("ann"), await an_actor("bob")
    found = await read_by_id(Actor, [bob.id, ann.id, bob.id, 10_000])
    assert {number: row.username for number, row in found.items()} == {ann.id: "ann", bob.id: "bob"}
