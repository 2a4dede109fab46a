"""A hub of the real command, on either engine, that is killed now and then."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from tests.processes.hubs import PASSWORD, SECONDS, Ended, Hub, Process

LET_GO = (
    "UPDATE jobs SET due_ms = due_ms - 60000 WHERE leased_by IS NOT NULL",
    "UPDATE lanes SET lease_until_ms = 0",
    "UPDATE catalogues SET due_ms = due_ms - 60000",
)
"""As if so much time had gone by as a lease lasts."""


@dataclass(frozen=True)
class Fragile:
    """A hub, where its database is, and what its processes are told beside that."""

    hub: Hub
    url: str
    settings: dict[str, str]

    async def run(self, *words: str, said: str = "") -> Ended:
        """Run a command of it that works."""
        ended = await asyncio.to_thread(self.hub.run, *words, said=said, **self.settings)
        assert ended.status == 0, ended
        return ended

    async def set_up(self) -> None:
        """Set it up, with ida as its steward."""
        words = ["setup", "--name", "A hub", "--steward", "ida", "--password-stdin"]
        await self.run(*words, said=PASSWORD)

    async def serve(self) -> None:
        """Begin to serve."""
        await asyncio.to_thread(self.hub.serve, **self.settings)

    async def begin(self, *words: str) -> Process:
        """Begin a command, to be killed before its end."""
        return await asyncio.to_thread(self.hub.begin, *words, **self.settings)

    async def kill(self, process: Process | None = None) -> None:
        """End a process of it (the serving one, if none is named) at once, as when the power goes;
        then let so much time go by as leases last.
        """
        if process is None:
            await asyncio.to_thread(self.hub.killed)
        else:
            process.kill()
            await asyncio.to_thread(process.communicate, timeout=SECONDS)
            assert process.returncode == -signal.SIGKILL
        await self.ask(*LET_GO)

    async def ask(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements on its database, and return what the last one found."""
        if self.url.startswith("sqlite"):
            path = self.url.removeprefix("sqlite://")
            with closing(sqlite3.connect(path, timeout=30)) as held, held:
                return [held.execute(one).fetchall() for one in statements][-1]
        connection = await asyncpg.connect(self.url)
        found = [tuple(await connection.fetch(one)) for one in statements][-1]
        await connection.close()
        return [tuple(row) for row in found]

    async def comes_to(self, statement: str, *rows: tuple[Any, ...]) -> None:
        """Wait until its database answers so."""
        async with asyncio.timeout(SECONDS):
            while await self.ask(statement) != list(rows):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
