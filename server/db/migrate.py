"""Bring a database up to this version: all in one transaction, one process at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tortoise.exceptions import IntegrityError

from server.db.database import (
    APP,
    Database,
    Dialect,
    connection,
    dialect,
    execute,
    rows,
    transaction,
)
from server.errors import ConfigurationError

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x46_65_74_74_6C_65
"""PostgreSQL's advisory lock of whoever migrates ("Fettle")."""
PATIENCE = 600_000
"""Milliseconds to wait on SQLite while another process migrates."""
TABLE_EXISTS: dict[Dialect, str] = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'tortoise_migrations'",
    "postgres": "SELECT 1 FROM pg_class WHERE oid = to_regclass('tortoise_migrations')",
}


async def pending() -> list[str]:
    """Return the names of the steps that this database lacks, in order. Cheap: one SELECT.

    Raises ConfigurationError where the database knows steps that this version doesn't.
    """
    known = await asyncio.to_thread(_known)
    recorded = await _recorded()
    if newer := recorded - set(known):
        raise ConfigurationError(
            setting="database_url",
            reason=f"a newer version of Fettle has written there ({', '.join(sorted(newer))})",
        )
    return [name for name in known if name not in recorded]


async def migrate(database: Database) -> list[str]:
    """Apply what is missing and return its names; nothing of it stays where a step fails.

    Several processes may call this at once: the first does the work, the others wait for it.
    """
    if not await pending():
        return []
    async with _undisturbed(database), transaction():
        if database.dialect == "postgres":
            await rows("SELECT pg_advisory_xact_lock(?)", LOCK)
        missing = await pending()
        if missing:
            await _apply(database)
            await _check_references(database)
    return missing


async def _apply(database: Database) -> None:
    # Imported late: it is slow, and almost every start has nothing to migrate.
    from server.db.steps import Steps

    await Steps(connection(), database.apps()).run()


@asynccontextmanager
async def _undisturbed(database: Database) -> AsyncIterator[None]:
    # SQLite cannot alter most things of a table but only rebuild it. With foreign keys on, dropping
    # the old one deletes the rows of other tables that refer to it; and the switch has no effect
    # within a transaction (https://www.sqlite.org/lang_altertable.html, section 7).
    if database.dialect == "postgres":
        yield
        return
    [timeout] = await rows("PRAGMA busy_timeout")
    await execute(f"PRAGMA busy_timeout = {PATIENCE}")
    await execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        await execute("PRAGMA foreign_keys = ON")
        await execute(f"PRAGMA busy_timeout = {timeout['timeout']:d}")


async def _check_references(database: Database) -> None:
    if database.dialect == "sqlite" and (broken := await rows("PRAGMA foreign_key_check")):
        tables = sorted({str(row["table"]) for row in broken})
        message = f"the migration would leave references to nothing in {', '.join(tables)}"
        raise IntegrityError(message)


async def _recorded() -> set[str]:
    # Asked beforehand, since a failing statement would end the transaction on PostgreSQL.
    if not await rows(TABLE_EXISTS[dialect()]):
        return set()
    found = await rows("SELECT name FROM tortoise_migrations WHERE app = ?", APP)
    return {row["name"] for row in found}


def _known() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("[0-9]*.py"))
