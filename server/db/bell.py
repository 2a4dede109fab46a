"""Hearing that something was written, by this process or another one.

PostgreSQL tells by LISTEN/NOTIFY when the ringer's transaction commits. SQLite says by
`PRAGMA data_version` that another process has committed; within the process the event is set at
once, and whoever then looks waits for the connection until the ringer's transaction has ended.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from weakref import WeakSet

import asyncpg  # type: ignore[import-untyped]
import structlog

from server.db.database import FAILURES, Client, Database, connection, rows
from server.db.postgres import PooledTransaction

log = structlog.get_logger()

CHANNEL = "fettle"
GLANCE = 0.4
"""Seconds between two looks at SQLite's data version."""
HEARTBEAT = 30.0
"""Seconds after which PostgreSQL's listening connection is tried: a lost one may stay silent."""
RETRY = 1.0
"""Seconds until a lost one is replaced, and that the trial may take."""


class Bell:
    """One for each open database. Give `ring` to the house; keep `listen` running as a task."""

    def __init__(self, database: Database) -> None:
        """Take the database to listen at."""
        self._database = database
        self._ears: list[Callable[[], None]] = []
        self._rung: WeakSet[Client] = WeakSet()
        self._version: int | None = None

    def on_change(self, ear: Callable[[], None]) -> None:
        """Have `ear` called, in the event loop, when something may have changed."""
        self._ears.append(ear)

    def ear(self) -> asyncio.Event:
        """Return an event that is set when something may have changed; whoever waits clears it."""
        event = asyncio.Event()
        self.on_change(event.set)
        return event

    async def ring(self) -> None:
        """Tell every process that something may be due; inside a transaction, once it commits."""
        if self._database.dialect == "sqlite":
            self._hear()
            return
        client = connection()
        if client in self._rung:
            return  # one notification a transaction is enough
        await rows("SELECT pg_notify(?, '')", CHANNEL)
        if isinstance(client, PooledTransaction):
            self._rung.add(client)
        else:
            self._hear()

    async def listen(self) -> None:
        """Hear other processes, until cancelled; a database that goes away is listened to again."""
        listen = self._glance if self._database.dialect == "sqlite" else self._subscribe
        while True:
            try:
                await listen()
            except FAILURES as error:
                log.warning("bell.deaf", error=type(error).__name__)
                await asyncio.sleep(RETRY)

    def _hear(self) -> None:
        for ear in self._ears:
            ear()

    async def _glance(self) -> None:
        [row] = await rows("PRAGMA data_version")
        if self._version not in (None, row["data_version"]):
            self._hear()
        self._version = row["data_version"]
        await asyncio.sleep(GLANCE)

    async def _subscribe(self) -> None:
        listener = await asyncpg.connect(**self._database.postgres())
        ended = asyncio.Event()
        try:
            listener.add_termination_listener(lambda _: ended.set())
            await listener.add_listener(CHANNEL, lambda *_: self._hear())
            self._hear()  # for what was rung while nobody listened
            while not ended.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), HEARTBEAT)
                await listener.execute("SELECT 1", timeout=RETRY)
        finally:
            listener.terminate()
