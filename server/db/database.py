"""The node's database, and raw SQL that runs the same on both engines."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Hashable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, cast
from urllib.parse import unquote, urlsplit

import asyncpg  # type: ignore[import-untyped]
from tortoise.apps import Apps
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext, require_context
from tortoise.exceptions import BaseORMException
from tortoise.timezone import get_default_timezone

from server.db.commits import Then
from server.db.placeholders import numbered
from server.db.postgres import PooledClient, PooledTransaction
from server.db.sqlite import PRAGMAS, ImmediateTransaction, SerialClient
from server.errors import ConfigurationError

Dialect = Literal["sqlite", "postgres"]
Client = SerialClient | ImmediateTransaction | PooledClient | PooledTransaction
TRANSACTIONS = (ImmediateTransaction, PooledTransaction)

APP = "node"
"""The one Tortoise app: a foreign key is written `"node.Actor"`."""
MIGRATIONS = "server.db.migrations"
POOL = 10
"""Connections of one process to PostgreSQL, at most; `?maxsize=` in the address says otherwise."""
FAILURES = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that ended in the middle of something
    BaseORMException,
    sqlite3.Error,
)
"""What a database raises that is away, restarting, locked or full."""
SCHEMES: dict[str, Dialect] = {
    "sqlite": "sqlite",
    "postgres": "postgres",
    "postgresql": "postgres",
    "asyncpg": "postgres",
}


class Database:
    """A database: `async with Database(url, modules=MODELS):`.

    Enter it once, in the node's own task; tasks started inside inherit it. Several may be open in
    one process, one a node, all of the same engine: Tortoise keeps what belongs to the engine on
    the model classes.
    """

    def __init__(self, url: str, *, modules: Sequence[str]) -> None:
        """Take an address (`sqlite:///var/lib/fettle.db`, `postgres://user:password@host:port/name`).

        `modules` hold the tables. Raises ConfigurationError for an address of another kind.
        """
        scheme = urlsplit(url).scheme
        if scheme not in SCHEMES:
            raise ConfigurationError(
                setting="database_url", reason="it begins with neither sqlite:// nor postgres://"
            )
        self.url = url
        self.dialect: Dialect = SCHEMES[scheme]
        self.modules = list(modules)
        self._context = TortoiseContext()

    @property
    def path(self) -> Path | None:
        """The database file; None on PostgreSQL and in memory."""
        if self.dialect == "postgres":
            return None
        file = self._credentials()["file_path"]
        return None if file == ":memory:" else Path(file)

    def apps(self) -> dict[str, dict[str, Any]]:
        """Return the apps part of Tortoise's configuration, as its migrations want it too."""
        # The connection is named after the engine: Tortoise caches SQL by connection name, and
        # writes the name onto the model classes, so nodes of one process have to share it.
        return {
            APP: {
                "models": self.modules,
                "default_connection": self.dialect,
                "migrations": MIGRATIONS,
            }
        }

    def postgres(self) -> dict[str, Any]:
        """Return what asyncpg needs for one more connection beside the pool."""
        ours = ("maxsize", "minsize", "schema", "application_name")
        found = self._credentials()
        return {name: value for name, value in found.items() if name not in ours}

    def models(self) -> Apps:
        """Return the models of the open database, as Tortoise registered them."""
        if self._context.apps is None:
            message = "the database is not open"
            raise RuntimeError(message)
        return self._context.apps

    async def __aenter__(self) -> Self:
        """Connect. Raises ConfigurationError where nothing answers at the address."""
        self._context.__enter__()
        try:
            await self._connect()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        await self.close()

    async def close(self) -> None:
        """Close every connection; may be called from another task than the one that entered."""
        await self._context.close_connections()
        with suppress(ValueError):  # pytest leaves fixtures in another context than it entered them
            self._context.__exit__(None, None, None)

    async def _connect(self) -> None:
        engine = {"engine": f"server.db.{self.dialect}", "credentials": self._credentials()}
        config = {"connections": {self.dialect: engine}, "apps": self.apps()}
        await self._context.init(config=config)
        await asyncio.to_thread(get_default_timezone)  # reads it from disk, and remembers
        try:
            await self._context.db().create_connection(with_db=True)
        except FAILURES as error:
            raise ConfigurationError(
                setting="database_url", reason=f"the database cannot be opened ({error})"
            ) from error

    def _credentials(self) -> dict[str, Any]:
        try:
            found = dict(expand_db_url(self.url)["credentials"])
        except BaseORMException as error:
            raise ConfigurationError(setting="database_url", reason=str(error)) from None
        if self.dialect == "sqlite":
            return {"file_path": unquote(found["file_path"]), **PRAGMAS}
        if found.get("user"):
            found["user"] = unquote(found["user"])
        return {"maxsize": POOL, "application_name": "fettle", **found}


def connection() -> Client:
    """Return the transaction that this task is in, else the connection (SQLite) or the pool."""
    return cast(Client, require_context().db())


def dialect() -> Dialect:
    """Return which engine the current database is."""
    return cast(Dialect, connection().capabilities.dialect)


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Begin a transaction, or a savepoint inside the one this task is already in.

    It commits where the block ends and rolls back where it raises. On SQLite it holds the write
    lock from its beginning, so nothing slow belongs inside: fetch first, then write.
    """
    client = connection()
    async with client._in_transaction():
        yield
        begun = connection()
        if isinstance(begun, TRANSACTIONS) and not isinstance(client, TRANSACTIONS):
            await begun.afterwards.settle()


async def at_the_end(topic: str, item: Hashable, then: Then) -> None:
    """Have `then` called once before the transaction commits that this task is in, with every item
    that was said of a topic by then, also in savepoints that were rolled back; outside of one, now.
    """
    client = connection()
    if isinstance(client, TRANSACTIONS):
        client.afterwards.gathered.setdefault(topic, (then, {}))[1][item] = None
    else:
        await then([item])


def skip_locked() -> str:
    """Return the clause that lets several processes take different rows from one SELECT.

    Empty on SQLite, where there is only ever one writer.
    """
    return "FOR UPDATE SKIP LOCKED" if dialect() == "postgres" else ""


async def in_turn(what: str) -> None:
    """Have the transactions that ask for the same thing wait for one another, until they end.

    For those that write rows which others write too, in no common order, and would else deadlock.
    Does nothing on SQLite, where there is only ever one writer.
    """
    if dialect() == "postgres":
        await rows("SELECT pg_advisory_xact_lock(hashtext(?))", what)


async def rows(sql: str, *arguments: object) -> list[dict[str, Any]]:
    """Run one statement with `?` for its arguments; return its rows (also those of RETURNING).

    SQLite gives truth values as 0 and 1.
    """
    client = connection()
    found: list[dict[str, Any]] = await client.execute_query_dict(
        _spelt(client, sql), list(arguments)
    )
    return found


async def execute(sql: str, *arguments: object) -> int:
    """Run one statement with `?` for its arguments; return how many rows it changed."""
    client = connection()
    changed: int = await client.run(_spelt(client, sql), list(arguments))
    return changed


async def executemany(sql: str, many: Iterable[Sequence[object]]) -> None:
    """Run one statement once for each sequence of arguments: all of them or none."""
    client = connection()
    values = [list(arguments) for arguments in many]
    if values:
        await client.execute_many(_spelt(client, sql), values)


def marks(count: int) -> str:
    """Return `?, ?, ?` for an IN list of so many values, at least one."""
    return ", ".join("?" * count)


def _spelt(client: Client, sql: str) -> str:
    return numbered(sql) if client.capabilities.dialect == "postgres" else sql
