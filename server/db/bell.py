"""Hearing what this process or another one has written: that there may be work, and that something
held in memory is no longer true.

PostgreSQL tells other processes by LISTEN/NOTIFY when the transaction commits. SQLite says by
`PRAGMA data_version` that another process has committed, but not what: then everything is looked at
anew. Whoever is in the process that wrote hears it at the commit itself.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from secrets import token_hex

import asyncpg  # type: ignore[import-untyped]
import orjson
import structlog

from server.db.commits import Afterwards
from server.db.database import FAILURES, Database, connection, rows
from server.db.postgres import PooledTransaction
from server.db.sqlite import ImmediateTransaction

log = structlog.get_logger()

CHANNEL = "fettle"
GLANCE = 0.4
"""Seconds between two looks at SQLite's data version."""
HEARTBEAT = 30.0
"""Seconds after which PostgreSQL's listening connection is tried: a lost one may stay silent."""
RETRY = 1.0
"""Seconds until a lost one is replaced, and that the trial may take."""
GATHER = 0.05
"""Seconds in which what other processes ring counts as one: each time, every worker looks."""
LONGEST = 7_999
"""Bytes of a notification (PostgreSQL's own limit); a longer subject is left out."""
WORK = "work"

Forget = Callable[[str | None], None]
"""Drops what is held of a subject; None for all of it."""


class Bell:
    """One for each open database. Give `ring` and `changed` to the house; keep `listen` running as
    a task.
    """

    def __init__(self, database: Database) -> None:
        """Take the database to listen at."""
        self._database = database
        self._ears: dict[str, list[Forget]] = {}
        self._mark = token_hex(8)
        self._version: int | None = None
        self._soon: asyncio.TimerHandle | None = None

    def on_ring(self, ear: Callable[[], None]) -> None:
        """Have `ear` called, in the event loop, when there may be work."""
        self.on_change(WORK, lambda _: ear())

    def on_change(self, topic: str, forget: Forget) -> None:
        """Have `forget` called, in the event loop, when what is held of a topic may be stale.

        Whoever reads while the change is being written may still be reading the old: look at how
        often `forget` was called before and after reading, and keep it only where that is the same.
        """
        self._ears.setdefault(topic, []).append(forget)

    def ear(self) -> asyncio.Event:
        """Return an event that is set when there may be work; whoever waits clears it."""
        event = asyncio.Event()
        self.on_ring(event.set)
        return event

    async def ring(self) -> None:
        """Tell every process that something may be due; inside a transaction, once it commits."""
        await self.changed(WORK)

    async def changed(self, topic: str, subject: str | None = None) -> None:
        """Tell every process to forget what it holds of a topic, or of one subject in it; inside a
        transaction, once it commits.
        """
        client, message = connection(), self._message(topic, subject)
        if isinstance(client, PooledTransaction | ImmediateTransaction):
            afterwards, inside = client.afterwards, True
        else:
            afterwards, inside = Afterwards(), False
        if message in afterwards.told:
            return  # once a transaction is enough
        if self._database.dialect == "postgres":
            await rows("SELECT pg_notify(?, ?)", CHANNEL, message)
        afterwards.told.add(message)
        afterwards.calls[topic, subject] = partial(self._hear, topic, subject)
        if not inside:
            afterwards.run()

    async def listen(self) -> None:
        """Hear other processes, until cancelled; a database that goes away is listened to again."""
        listen = self._glance if self._database.dialect == "sqlite" else self._subscribe
        while True:
            try:
                await listen()
            except FAILURES as error:
                log.warning("bell.deaf", error=type(error).__name__)
                await asyncio.sleep(RETRY)

    def _message(self, topic: str, subject: str | None) -> str:
        whole = orjson.dumps([self._mark, topic, subject])
        return (
            whole if len(whole) <= LONGEST else orjson.dumps([self._mark, topic, None])
        ).decode()

    def _hear(self, topic: str, subject: str | None) -> None:
        for ear in self._ears.get(topic, ()):
            ear(subject)

    def _hear_everything(self) -> None:
        for topic in self._ears:
            self._hear(topic, None)

    def _notified(self, *notification: object) -> None:
        mark, topic, subject = orjson.loads(str(notification[-1]))
        if mark == self._mark:
            return  # what was said here was heard at its commit
        if topic != WORK:
            self._hear(topic, subject)
        elif self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(GATHER, self._hear_work)

    def _hear_work(self) -> None:
        self._soon = None
        self._hear(WORK, None)

    async def _glance(self) -> None:
        [row] = await rows("PRAGMA data_version")
        if self._version not in (None, row["data_version"]):
            self._hear_everything()
        self._version = row["data_version"]
        await asyncio.sleep(GLANCE)

    async def _subscribe(self) -> None:
        listener = await asyncpg.connect(**self._database.postgres())
        ended = asyncio.Event()
        try:
            listener.add_termination_listener(lambda _: ended.set())
            await listener.add_listener(CHANNEL, self._notified)
            self._hear_everything()  # for what was said while nobody listened
            while not ended.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), HEARTBEAT)
                await listener.execute("SELECT 1", timeout=RETRY)
        finally:
            if self._soon is not None:
                self._soon.cancel()
                self._soon = None
            listener.terminate()
