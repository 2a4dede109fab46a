"""What the tests' PostgreSQL databases hold: taken out, copied, poured into others."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from io import BytesIO
from threading import Thread
from typing import Any, TypeVar

import asyncpg  # type: ignore[import-untyped]

T = TypeVar("T")

STUCK = 5.0
"""Seconds that a table may stay locked by a connection that was ended, when it is to be emptied."""
EMPTY = """
DO $$ DECLARE one text; BEGIN
  EXECUTE (SELECT 'LOCK TABLE ' || string_agg(quote_ident(tablename), ', ') || ' IN EXCLUSIVE MODE'
    FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations');
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND relkind = 'r' AND relname <> 'tortoise_migrations' AND pg_relation_size(oid) > 0 LOOP
    EXECUTE 'DELETE FROM ' || one;
  END LOOP;
  PERFORM setval(seqrelid, 1, false) FROM pg_sequence
    WHERE seqrelid <> pg_get_serial_sequence('tortoise_migrations', 'id')::regclass;
END $$
"""
"""Waits for whoever still writes, then deletes in any order what was ever used; TRUNCATE, which
makes new files for every table that refers to it, costs ten times as much.
"""
ALL_TABLES = """
SELECT tablename AS name FROM pg_tables
WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'
"""
NUMBERS = """
SELECT sequencename::text AS name, last_value AS last FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
NO_ROWS = 21
"""Bytes of COPY's binary form where there are none."""
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a PostgreSQL database holds: rows in COPY's binary form by table, and the last number
    of each sequence.
    """

    rows: dict[str, bytes]
    numbers: dict[str, int]


class Attendants:
    """One connection to each database, kept while tests come and go, in a loop of their own: a new
    one, which has yet to read what tables there are, costs the server five times as much.
    """

    def __init__(self) -> None:
        self._connections: dict[str, Any] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="attendants", daemon=True)
        self._thread.start()

    def empty(self, url: str) -> int:
        """Empty every table but that of the migrations, and return how many were applied."""
        return self._do(self._empty(url))

    def contents(self, url: str) -> Contents:
        return self._do(self._contents(url))

    def pour(self, contents: Contents, url: str) -> None:
        """Put what another database holds into an empty one."""
        self._do(self._pour(contents, url))

    def leave(self, url: str) -> None:
        """Close the connection to a database, if there is one."""
        if connection := self._connections.pop(url, None):
            self._do(connection.close())

    def close(self) -> None:
        for url in list(self._connections):
            self.leave(url)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _at(self, url: str) -> Any:
        found = self._connections.get(url)
        if found is None or found.is_closed():  # by a test of what then happens
            found = self._connections[url] = await asyncpg.connect(url)
            await found.execute(f"SET lock_timeout = '{STUCK}s'")
        return found

    async def _empty(self, url: str) -> int:
        connection = await self._at(url)
        await connection.execute(OTHERS)
        await connection.execute(EMPTY)
        applied: int = await connection.fetchval("SELECT count(*) FROM tortoise_migrations")
        return applied

    async def _contents(self, url: str) -> Contents:
        connection = await self._at(url)
        rows = {}
        for table in await connection.fetch(ALL_TABLES):
            held = BytesIO()
            await connection.copy_from_table(table["name"], output=held, format="binary")
            rows[table["name"]] = held.getvalue()
        numbers = {row["name"]: row["last"] for row in await connection.fetch(NUMBERS)}
        return Contents({name: held for name, held in rows.items() if len(held) > NO_ROWS}, numbers)

    async def _pour(self, contents: Contents, url: str) -> None:
        connection = await self._at(url)
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")  # in any order
            for table, held in contents.rows.items():
                await connection.copy_to_table(table, source=BytesIO(held), format="binary")
            for name, last in contents.numbers.items():
                await connection.execute("SELECT setval($1::regclass, $2)", name, last)
