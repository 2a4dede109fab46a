"""Transactions and raw SQL, the same on both engines."""

import asyncio
from collections.abc import AsyncIterator, Collection, Hashable

import pytest
from tortoise.exceptions import IntegrityError, TransactionManagementError

from server.db import (
    Database,
    at_the_end,
    connection,
    dialect,
    execute,
    executemany,
    marks,
    rows,
    transaction,
)
from server.db.placeholders import numbered
from server.db.sqlite import statements
from server.errors import ConfigurationError
from tests.support.engines import TABLES, Engine

TABLE = "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL)"


@pytest.fixture
async def things(empty_database_url: str) -> AsyncIterator[Database]:
    """A database with one table of things."""
    async with Database(empty_database_url, modules=TABLES) as database:
        await execute(TABLE)
        yield database


async def names() -> list[str]:
    return [row["name"] for row in await rows("SELECT name FROM things ORDER BY id")]


async def add(number: int, name: str) -> None:
    await execute("INSERT INTO things (id, name) VALUES (?, ?)", number, name)


async def test_the_dialect_is_the_engine(things: Database, engine: Engine) -> None:
    """For the few places that have to know."""
    assert dialect() == things.dialect == engine


async def test_rows_come_as_dictionaries(things: Database) -> None:
    """Also those of RETURNING, which asyncpg's client throws away otherwise."""
    await add(1, "what?")
    changed = await rows("UPDATE things SET name = ? WHERE id = ? RETURNING id, name", "that", 1)
    assert changed == [{"id": 1, "name": "that"}]
    assert await rows("SELECT id FROM things WHERE name = 'why?'") == []


async def test_execute_counts_the_rows_it_changed(things: Database) -> None:
    """Inserts, updates and deletes, within a transaction and without."""
    assert await execute("INSERT INTO things VALUES (1, 'a'), (2, 'b'), (3, 'c')") == 3
    assert await execute("UPDATE things SET name = ? WHERE id < ?", "x", 3) == 2
    async with transaction():
        assert await execute("DELETE FROM things WHERE id = 3") == 1
        assert await execute("DELETE FROM things WHERE id = 3") == 0
        assert await execute("CREATE TABLE others (id INTEGER)") == 0


async def test_execute_does_not_count_what_cascades(things: Database) -> None:
    """Rows of other tables are not what was asked for."""
    await execute(
        "CREATE TABLE parts (id INTEGER PRIMARY KEY,"
        " thing INTEGER REFERENCES things (id) ON DELETE CASCADE)"
    )
    await add(1, "a")
    await executemany("INSERT INTO parts VALUES (?, ?)", [(1, 1), (2, 1)])
    assert await execute("DELETE FROM things") == 1
    assert await rows("SELECT id FROM parts") == []


async def test_executemany_is_all_or_none(things: Database) -> None:
    """The third row repeats a key."""
    with pytest.raises(IntegrityError):
        await executemany("INSERT INTO things VALUES (?, ?)", [(1, "a"), (2, "b"), (1, "c")])
    assert await names() == []
    await executemany("INSERT INTO things VALUES (?, ?)", [(1, "a"), (2, "b")])
    await executemany("INSERT INTO things VALUES (?, ?)", [])
    assert await names() == ["a", "b"]


async def test_a_transaction_that_raises_leaves_nothing(things: Database) -> None:
    """And the next one works."""
    with pytest.raises(LookupError):  # noqa: PT012
        async with transaction():
            await add(1, "a")
            raise LookupError
    async with transaction():
        await add(2, "b")
    assert await names() == ["b"]


async def test_an_inner_transaction_can_fail_alone(things: Database) -> None:
    """It is a savepoint: the outer one goes on, on PostgreSQL too."""
    async with transaction():
        await add(1, "a")
        with pytest.raises(IntegrityError):  # noqa: PT012
            async with transaction():
                await add(2, "b")
                await add(1, "again")
        await add(3, "c")
    assert await names() == ["a", "c"]


async def test_an_outer_transaction_takes_the_inner_one_back(things: Database) -> None:
    """Nothing is final before the outermost ends."""
    with pytest.raises(LookupError):  # noqa: PT012
        async with transaction():
            async with transaction():
                await add(1, "a")
            raise LookupError
    assert await names() == []


async def test_a_statement_in_another_task_stays_outside(things: Database) -> None:
    """It waits for the transaction (SQLite) or does not see it (PostgreSQL)."""
    inside = asyncio.Event()

    async def other() -> list[str]:
        await inside.wait()
        return await names()

    reading = asyncio.create_task(other())
    with pytest.raises(LookupError):  # noqa: PT012
        async with transaction():
            await add(1, "a")
            inside.set()
            await asyncio.sleep(0)
            raise LookupError
    assert await reading == []


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(things: Database) -> None:
    """At whichever step the cancellation arrives."""

    async def work() -> None:
        async with transaction():
            await add(1, "a")
            await asyncio.sleep(0)
            await add(2, "b")
            await asyncio.Event().wait()

    for turns in range(30):
        task = asyncio.create_task(work())
        for _ in range(turns):
            await asyncio.sleep(0.0005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5), transaction():
            assert await names() == []


async def test_a_task_that_outlives_its_transaction_is_refused(things: Database) -> None:
    """Otherwise it would write into whoever's transaction is open then."""
    async with transaction():
        done = asyncio.Event()

        async def late() -> None:
            await done.wait()
            await add(1, "late")

        task = asyncio.create_task(late())
    done.set()
    with pytest.raises(TransactionManagementError, match="has ended"):
        await task


async def test_an_address_of_another_kind_is_refused() -> None:
    """The error names the setting."""
    with pytest.raises(ConfigurationError, match="database_url"):
        Database("mysql://localhost/fettle", modules=[])


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_database_that_cannot_be_opened_stops_the_start(engine: Engine) -> None:
    """The error names the setting; nothing is left running."""
    missing = "sqlite:///nowhere/at/all/fettle.db"
    with pytest.raises(ConfigurationError, match=r"database_url.*cannot be opened"):
        async with Database(missing, modules=TABLES):
            pass
    closed = "postgres://fettle@127.0.0.1:1/fettle"
    with pytest.raises(ConfigurationError, match=r"database_url.*cannot be opened"):
        async with Database(closed, modules=TABLES):
            pass


async def test_an_unknown_postgres_database_stops_the_start(empty_database_url: str) -> None:
    """PostgreSQL answers, but not with this name."""
    if empty_database_url.startswith("sqlite"):
        return
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        async with Database(empty_database_url + "_not", modules=TABLES):
            pass


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_sqlite_is_set_up_to_lose_nothing(things: Database) -> None:
    """WAL, full synchronisation, foreign keys, ten seconds of patience."""
    pragmas = {}
    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
        [row] = await rows(f"PRAGMA {name}")
        pragmas[name] = next(iter(row.values()))
    full = 2
    assert pragmas == {
        "journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "busy_timeout": 10_000,
    }  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_script_in_a_transaction_does_not_commit(things: Database) -> None:
    """sqlite3's executescript would."""
    with pytest.raises(LookupError):  # noqa: PT012
        async with transaction():
            await connection().execute_script("INSERT INTO things VALUES (1, 'a;b'); SELECT 1;")
            assert await names() == ["a;b"]
            raise LookupError
    assert await names() == []


async def test_what_is_to_be_done_at_the_end_is_done_once(things: Database) -> None:
    """With all that was said, before the commit: where it fails, nothing was written. Where nothing
    was begun it is done at once.
    """
    done: list[list[object]] = []

    async def name(items: Collection[Hashable]) -> None:
        done.append([*items])
        for item in items:
            await add(int(str(item)), "named")

    await at_the_end("names", 1, name)
    assert done == [[1]]
    async with transaction():
        for number in (2, 3, 2):
            async with transaction():
                await at_the_end("names", number, name)
        assert done == [[1]]
    assert done == [[1], [2, 3]]

    async def in_vain() -> None:
        async with transaction():
            await add(4, "before")
            await at_the_end("names", 2, name)

    with pytest.raises(IntegrityError):
        await in_vain()
    assert await names() == ["named"] * 3
    async with transaction():
        await add(4, "free again")


def test_a_script_is_split_where_statements_end() -> None:
    """Not within quotes, and not within a trigger."""
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END;"
    script = "INSERT INTO a VALUES ('x;y');\n" + trigger + "\n;; SELECT 1"  # noqa: S608
    assert list(statements(script)) == ["INSERT INTO a VALUES ('x;y');", trigger, "SELECT 1;"]


def test_placeholders_are_numbered_outside_quotes() -> None:
    """In literals and in names a question mark stays."""
    sql = """SELECT '?', 'it''s ?', "odd?" FROM t WHERE a = ? AND b IN (?, ?)"""
    expected = """SELECT '?', 'it''s ?', "odd?" FROM t WHERE a = $1 AND b IN ($2, $3)"""
    assert numbered(sql) == expected


def test_marks_are_as_many_as_asked() -> None:
    """For an IN list."""
    assert marks(3) == "?, ?, ?"
