"""Tortoise's asyncpg client; a transaction that fails to begin gives its connection back."""

from typing import Any, cast

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.backends.base_postgres.client import translate_exceptions
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from server.db.commits import Afterwards


class PooledClient(AsyncpgDBClient):
    """A pool of connections."""

    def _in_transaction(self) -> TransactionContext:
        return PooledContext(PooledTransaction(self), self._pool_init_lock)

    @translate_exceptions
    async def run(self, query: str, values: list[Any]) -> int:
        """Run one statement; return how many rows it changed."""
        async with self.acquire_connection() as connection:
            status: str = await connection.execute(query, *values)
            count = status.rpartition(" ")[2]
            return int(count) if count.isdecimal() else 0


class PooledTransaction(TransactionWrapper):
    """A transaction, or a savepoint in one."""

    afterwards: Afterwards

    def __init__(self, connection: AsyncpgDBClient) -> None:
        """Begin on a connection, or as a savepoint within a transaction."""
        super().__init__(connection)
        self.afterwards = (
            connection.afterwards if isinstance(connection, PooledTransaction) else Afterwards()
        )

    async def savepoint_rollback(self) -> None:
        """Roll back to where this savepoint began, and with it what was notified since."""
        self.afterwards.told.clear()
        await super().savepoint_rollback()

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        """Refuse work that a task left running after its transaction had ended."""
        if self._finalized:
            message = "this transaction has ended; a task that outlives it must not inherit it"
            raise TransactionManagementError(message)
        return super().acquire_connection()

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(PooledTransaction(self))

    run = PooledClient.run


class PooledContext(TransactionContextPooled):
    """Like Tortoise's, but a failure on the way in leaves no connection behind."""

    async def __aenter__(self) -> TransactionalDBClient:
        """Take a connection from the pool and begin."""
        await self.ensure_connection()
        pool = self.client._parent._pool
        self.client._connection = await pool.acquire()
        try:
            await self.client.begin()
        except BaseException:
            await pool.release(self.client._connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        """Commit, or roll back where the block raised."""
        try:
            await super().__aexit__(exc_type, exc_val, exc_tb)
        finally:
            self.client._finalized = True
        if exc_type is None:
            cast(PooledTransaction, self.client).afterwards.run()


client_class = PooledClient
