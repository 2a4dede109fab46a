"""Whether the database is the trouble, or what it was asked."""

import sqlite3

import asyncpg  # type: ignore[import-untyped]
from tortoise.exceptions import BaseORMException, DBConnectionError

BUSY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    }
)
"""What SQLite says where the file is locked, full, or can't be written for now."""
AWAY = (
    ConnectionError,
    DBConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # it is ending, or has just started
    asyncpg.InsufficientResourcesError,  # disk full, too many connections
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
)


def is_away(error: BaseException) -> bool:
    """Tell whether an error says that the database is away, locked or full: it may work later."""
    if isinstance(error, AWAY):
        return True
    if isinstance(error, sqlite3.Error):
        code: int | None = getattr(error, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in BUSY
    if isinstance(error, BaseORMException):  # Tortoise wraps what the engine said
        inner = error.__cause__ or next(iter(error.args), None)
        return isinstance(inner, BaseException) and is_away(inner)
    return False
