"""Tortoise's SQLite client, made safe for several processes: a transaction locks when it begins.

A deferred transaction that reads first and writes later fails at once with "database is locked"
when another process has written in between, in spite of the busy timeout.
"""

import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
)
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

from server.db.commits import Afterwards

PRAGMAS: dict[str, str | int] = {
    "busy_timeout": 10_000,  # milliseconds; first, since the next one may have to wait
    "journal_mode": "WAL",
    # FULL, not NORMAL: in WAL mode NORMAL may lose the last commits when the power fails, and an
    # activity that was answered with 202 must not be lost. Batching makes up for the cost.
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "journal_size_limit": 64 * 1024 * 1024,  # bytes
    "cache_size": -8_192,  # KiB
    "mmap_size": 64 * 1024 * 1024,  # bytes
    "temp_store": "MEMORY",
}


class SerialClient(SqliteClient):
    """One connection; whoever needs it waits for the others in this process."""

    def _in_transaction(self) -> TransactionContext:
        return ImmediateContext(ImmediateTransaction(self), self._lock)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Run one statement for many rows, all or none."""
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    @translate_exceptions
    async def run(self, query: str, values: list[Any]) -> int:
        """Run one statement; return how many rows it changed itself (not those that cascaded)."""
        async with self.acquire_connection() as connection:
            # Not closed: what changes rows is done when it has run, and closing would be one more
            # way to the connection's thread and back.
            cursor = await connection.execute(query, values)
            changed: int = cursor.rowcount
            return max(0, changed)


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction, or a savepoint in one."""

    _parent: SqliteClient

    afterwards: Afterwards

    def __init__(self, connection: SqliteClient) -> None:
        """Begin on a connection, or as a savepoint within a transaction."""
        super().__init__(connection)
        self.afterwards = (
            connection.afterwards if isinstance(connection, ImmediateTransaction) else Afterwards()
        )

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        """Refuse work that a task left running after its transaction had ended."""
        if self._finalized:
            message = "this transaction has ended; a task that outlives it must not inherit it"
            raise TransactionManagementError(message)
        return super().acquire_connection()

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(ImmediateTransaction(self))

    run = SerialClient.run

    async def execute_script(self, query: str) -> None:
        """Run the statements one by one: sqlite3's own executescript would commit first."""
        for statement in statements(query):
            await self.execute_query(statement)

    async def begin(self) -> None:
        """Take the write lock, waiting for other processes as long as `busy_timeout` says."""
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise TransactionManagementError(error) from error

    async def commit(self) -> None:
        """Commit; where that fails nothing stays open."""
        try:
            await super().commit()
        except sqlite3.IntegrityError as error:
            raise IntegrityError(error) from error
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


class ImmediateContext(SqliteTransactionContext):
    """Like Tortoise's, but no failure or cancellation leaves the lock or the transaction behind."""

    connection: ImmediateTransaction

    async def __aenter__(self) -> TransactionalDBClient:
        """Wait for the connection, then for the write lock."""
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            await self._abandon()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        """Commit, or roll back where the block raised."""
        get_connections().reset(self.token)
        if self.connection._finalized:
            self._trxlock.release()
        elif exc_type is not None:
            await self._abandon()
        else:
            await self._commit()

    async def _commit(self) -> None:
        try:
            await self.connection.commit()
        except BaseException:
            await self._abandon()
            raise
        self._trxlock.release()
        self.connection.afterwards.run()

    async def _abandon(self) -> None:
        # Statements run in their order in the connection's thread. So even if this task is
        # cancelled while it waits here, the rollback comes before what the next one does.
        self.connection._finalized = True
        try:
            if self.connection._connection is not None:
                await self.connection._connection.rollback()
        finally:
            self._trxlock.release()


def statements(script: str) -> Iterator[str]:
    """Split a script at the semicolons that end a statement."""
    pending = ""
    for piece in script.split(";"):
        pending += piece + ";"
        if sqlite3.complete_statement(pending):
            if pending.strip("; \n\t"):
                yield pending.strip()
            pending = ""
    if pending.strip("; \n\t"):
        yield pending.strip()


client_class = SerialClient
