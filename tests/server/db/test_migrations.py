"""Migrations: complete, in one piece, by one process at a time."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from tortoise.migrations import operations as ops
from tortoise.utils import get_schema_sql

from federation.ports import SystemClock
from server.db import Database, connection, execute, fulltext, migrate, pending, rows, transaction
from server.db.make import FrozenDetector, next_migration, text_of
from server.db.migrate import FOLDER
from server.errors import ConfigurationError
from tests.support.engines import TABLES, Engine, Engines

SAFE = (
    ops.CreateModel,
    ops.AddField,
    ops.AddIndex,
    ops.AddConstraint,
    ops.RunPython,
    ops.SQLOperation,
)
"""What SQLite does without rebuilding a table."""


async def columns() -> Any:
    """Return every column: its type, whether it may be empty, its default."""
    if connection().capabilities.dialect == "postgres":
        return await rows(
            "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,"
            " column_default, is_identity FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name <> 'tortoise_migrations'"
            " ORDER BY table_name, column_name"
        )
    return await rows(
        'SELECT m.name AS table_name, c.name AS column_name, c.type, c."notnull", c.dflt_value,'
        " c.pk"
        " FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        " AND m.name <> 'tortoise_migrations' ORDER BY 1, 2"
    )


async def indexes() -> Any:
    """Return what is indexed, and whether uniquely, whatever the index is called."""
    if connection().capabilities.dialect == "postgres":
        found = await rows(
            "SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') AS indexed"
            " FROM pg_indexes WHERE schemaname = current_schema()"
            " AND tablename <> 'tortoise_migrations'"
        )
    else:
        found = await rows(
            "SELECT m.name AS tablename, i.\"unique\" || ' ' || i.partial || ' ' ||"
            " (SELECT group_concat(name) FROM pragma_index_info(i.name)) AS indexed"
            " FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table'"
            " AND m.name <> 'tortoise_migrations'"
        )
    return sorted({(row["tablename"], row["indexed"]) for row in found})


async def references() -> Any:
    """Return what refers to what, and what happens on deletion."""
    if connection().capabilities.dialect == "postgres":
        found = await rows(
            "SELECT conrelid::regclass::text AS a, pg_get_constraintdef(oid) AS b"
            " FROM pg_constraint WHERE contype = 'f'"
        )
        return sorted((row["a"], row["b"]) for row in found)
    return await rows(
        'SELECT m.name, f."from", f."table", f."to", f.on_delete'
        " FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
        " ORDER BY 1, 2"
    )


async def test_the_migrations_make_what_the_tables_say(engine: Engine, engines: Engines) -> None:
    """Column by column, index by index, reference by reference."""
    found = []
    for url in (engines.fresh(engine), engines.empty(engine)):
        async with Database(url, modules=TABLES):
            if not await rows_of_tables():
                await connection().execute_script(get_schema_sql(connection(), safe=False))
                await fulltext.make()
            found.append([await columns(), await indexes(), await references()])
        engines.drop(url)
    migrated, generated = found
    assert migrated == generated


async def rows_of_tables() -> int:
    """Return how many tables there are."""
    return len({column["table_name"] for column in await columns()})


async def test_no_table_has_changed_since_the_migrations_were_written() -> None:
    """Otherwise: `make migration`."""
    changed = await next_migration(TABLES, anew=False, now=SystemClock().now)
    assert changed is None, "run `make migration`"


async def test_a_migration_imports_nothing_of_ours() -> None:
    """Enums and fields of ours change; what has been released must not."""
    writer = await next_migration(TABLES, anew=True, now=SystemClock().now)
    assert writer is not None
    assert "server" not in [line.split(".")[0] for line in text_of(writer).split()]
    assert writer.name == "0001_initial"


async def test_a_migration_that_would_import_something_of_ours_is_refused() -> None:
    """Here a function of ours stands where a plain value belongs."""
    writer = await next_migration(TABLES, anew=True, now=SystemClock().now)
    assert writer is not None
    writer.operations.append(ops.RunPython(code=pending))
    with pytest.raises(ValueError, match=r"server\.db\.migrate"):
        text_of(writer)


async def test_a_database_is_migrated_once(empty_database_url: str) -> None:
    """The second call has nothing to do."""
    async with Database(empty_database_url, modules=TABLES) as database:
        names = await pending()
        assert names == sorted(path.stem for path in FOLDER.glob("0*.py"))
        assert await migrate(database) == names
        assert await pending() == await migrate(database) == []


async def test_migrating_leaves_sqlite_as_it_was(database: Database, engine: Engine) -> None:
    """Foreign keys on, ten seconds of patience."""
    if engine == "postgres":
        return
    await execute("DELETE FROM tortoise_migrations")
    with pytest.raises(Exception, match="already exists"):
        await migrate(database)
    assert await rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
    assert await rows("PRAGMA busy_timeout") == [{"timeout": 10_000}]


async def test_a_failing_migration_leaves_nothing(empty_database_url: str) -> None:
    """A table that is in the way stops it after others were made."""
    async with Database(empty_database_url, modules=TABLES) as database:
        await execute("CREATE TABLE jobs (id INTEGER)")
        with pytest.raises(Exception, match="already exists"):
            await migrate(database)
        assert await rows_of_tables() == 1
        await execute("DROP TABLE jobs")
        assert await migrate(database)


async def test_processes_that_migrate_at_once_do_it_once(empty_database_url: str) -> None:
    """Three processes start together; each finds a whole database."""
    code = (
        "import asyncio, sys\n"
        "from server.db import Database, migrate, rows\n"
        "from server.db.make import discovered\n"
        "async def main():\n"
        "    async with Database(sys.argv[1], modules=discovered()) as database:\n"
        "        done = await migrate(database)\n"
        "        await rows('SELECT id FROM jobs')\n"
        "        print(len(done))\n"
        "asyncio.run(main())\n"
    )
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, empty_database_url,
            cwd=Path(__file__).parents[3], stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    answers = sorted([int((await process.communicate())[0]) for process in processes])
    assert answers == [0, 0, len(list(FOLDER.glob("0*.py")))]


async def test_a_database_from_a_newer_version_is_refused(database: Database) -> None:
    """It is not to be written to by code that doesn't know what is in it."""
    await execute(
        "INSERT INTO tortoise_migrations (app, name, applied_at)"
        " SELECT app, '9999_later', applied_at FROM tortoise_migrations"
    )
    with pytest.raises(ConfigurationError, match=r"newer version.*9999_later"):
        await migrate(database)


async def test_every_step_is_safe_on_sqlite(engine: Engine) -> None:
    """Tortoise rebuilds a table for anything else, and loses its indexes on the way."""
    async with Database("sqlite://:memory:", modules=TABLES) as database:
        detector = FrozenDetector(database.models(), database.apps())
        await detector.loader.build_graph()
    for migration in detector.loader.disk_migrations.values():
        assert all(isinstance(operation, SAFE) for operation in migration.operations)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_nobody_writes_while_a_transaction_is_open(database_url: str) -> None:
    """Read, then write, from four processes at once: none finds the database locked."""
    code = (
        "import asyncio, sys\n"
        "from server.db import Database, execute, rows, transaction\n"
        "from server.db.make import discovered\n"
        "async def main():\n"
        "    async with Database(sys.argv[1], modules=discovered()):\n"
        "        for _ in range(50):\n"
        "            async with transaction():\n"
        "                [row] = await rows('SELECT next_ms FROM job_schedules')\n"
        "                more = row['next_ms'] + 1\n"
        "                await execute('UPDATE job_schedules SET next_ms = ?', more)\n"
        "asyncio.run(main())\n"
    )
    async with Database(database_url, modules=TABLES):
        await execute("INSERT INTO job_schedules (kind, next_ms) VALUES ('count', 0)")
        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", code, database_url, cwd=Path(__file__).parents[3]
            )
            for _ in range(4)
        ]
        assert [await process.wait() for process in processes] == [0, 0, 0, 0]
        async with transaction():
            assert await rows("SELECT next_ms FROM job_schedules") == [{"next_ms": 200}]
