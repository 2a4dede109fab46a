"""What one process writes, others forget: two databases open at once, as in two processes."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from server import db
from server.db import Bell, Database
from tests.support.engines import TABLES, Engine

PROMPT = 3.0
"""Seconds; PostgreSQL tells at once, SQLite is looked at every 0.4."""


class Ears:
    """Whatever a bell said."""

    def __init__(self, bell: Bell) -> None:
        self.bell = bell
        self.heard: list[tuple[str, str | None]] = []
        self._news = asyncio.Event()
        for topic in ("keys", "blocks"):
            bell.on_change(topic, lambda subject, topic=topic: self._hear(topic, subject))  # type: ignore[misc]

    def _hear(self, topic: str, subject: str | None) -> None:
        self.heard.append((topic, subject))
        self._news.set()

    async def news(self) -> list[tuple[str, str | None]]:
        """Wait until something is heard, and return it all."""
        async with asyncio.timeout(PROMPT):
            await self._news.wait()
        await asyncio.sleep(0.1)
        self._news.clear()
        heard, self.heard = self.heard, []
        return heard


@asynccontextmanager
async def neighbour(url: str) -> AsyncIterator[Ears]:
    """Somebody else with the same database, who listens."""
    ready: asyncio.Future[Ears] = asyncio.get_running_loop().create_future()

    async def live() -> None:
        async with Database(url, modules=TABLES) as database:
            ears = Ears(Bell(database))
            listening = asyncio.create_task(ears.bell.listen())
            await asyncio.sleep(0.3)  # until it listens; what it heard at its beginning is old
            ears.heard.clear()
            ears._news.clear()
            ready.set_result(ears)
            await asyncio.wait([listening])

    task = asyncio.create_task(live(), context=contextvars.Context())
    try:
        yield await ready
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def everything(engine: Engine) -> Callable[..., list[tuple[str, str | None]]]:
    """What a neighbour hears: SQLite doesn't say what was written, so all is forgotten."""

    def heard(*pairs: tuple[str, str | None]) -> list[tuple[str, str | None]]:
        return [*pairs] if engine == "postgres" else [("keys", None), ("blocks", None)]

    return heard


async def write() -> None:
    """Write something: without that SQLite has nothing to tell."""
    await db.execute("INSERT INTO job_schedules (kind, next_ms) VALUES ('x', 1)")


async def test_a_change_is_heard_in_every_process(
    database: Database, everything: Callable[..., list[tuple[str, str | None]]]
) -> None:
    """Here at the commit, elsewhere when it is told; once, however often it was said."""
    here = Ears(Bell(database))
    async with neighbour(database.url) as there:
        async with db.transaction():
            await write()
            for _ in range(3):
                await here.bell.changed("keys", "https://there.test/ann#key")
            await here.bell.changed("blocks")
            assert here.heard == []
        told: list[tuple[str, str | None]] = [
            ("keys", "https://there.test/ann#key"), ("blocks", None),
        ]  # fmt: skip
        assert here.heard == told
        assert await there.news() == everything(*told)
    assert here.heard == told


async def test_what_is_rolled_back_is_heard_by_nobody(database: Database) -> None:
    """Nothing has changed."""
    here = Ears(Bell(database))
    async with neighbour(database.url) as there:
        with suppress(LookupError):
            async with db.transaction():
                await write()
                await here.bell.changed("keys")
                raise LookupError
        await asyncio.sleep(0.5)
        assert (here.heard, there.heard) == ([], [])


async def test_what_is_said_again_after_a_savepoint_is_heard(
    database: Database, everything: Callable[..., list[tuple[str, str | None]]]
) -> None:
    """PostgreSQL forgets what was notified inside a savepoint that is rolled back."""
    here = Ears(Bell(database))
    async with neighbour(database.url) as there:
        async with db.transaction():
            await write()
            with suppress(LookupError):
                async with db.transaction():
                    await here.bell.changed("keys")
                    raise LookupError
            await here.bell.changed("keys")
        assert here.heard == [("keys", None)]
        assert await there.news() == everything(("keys", None))


async def test_a_subject_too_long_for_a_notification_is_left_out(
    database: Database, everything: Callable[..., list[tuple[str, str | None]]]
) -> None:
    """Then all of the topic is forgotten elsewhere."""
    here = Ears(Bell(database))
    async with neighbour(database.url) as there:
        async with db.transaction():
            await write()
            await here.bell.changed("keys", "ä" * 8_000)
        assert await there.news() == everything(("keys", None))


async def test_outside_a_transaction_it_is_heard_at_once(database: Database) -> None:
    """A statement alone commits by itself."""
    here = Ears(Bell(database))
    await here.bell.changed("blocks", "there.test")
    assert here.heard == [("blocks", "there.test")]
