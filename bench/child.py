"""The process that is measured, spoken to by lines of JSON."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson

PATIENCE = 600.0
"""Seconds that the hub may take for what it was asked."""
LINE = 16 * 1024 * 1024


class HubFailedError(Exception):
    """The hub's process could not do what it was asked. These were its last words."""


class Child:
    """A process that answers as `bench/lines.py` says, serving at `address`."""

    def __init__(self, process: Process, log: Path) -> None:
        """Take a process that was started but not yet asked anything."""
        self._process, self._log, self.address = process, log, ""

    async def ask(self, command: str, **arguments: Any) -> Any:
        """Have the hub do something, and return what it says to that. Raises HubFailedError."""
        line = b""
        if self._process.stdin is not None and self._process.stdout is not None:
            self._process.stdin.write(orjson.dumps({"do": command, **arguments}) + b"\n")
            async with asyncio.timeout(PATIENCE):
                line = await self._process.stdout.readline()
        if not line:
            raise HubFailedError(await asyncio.to_thread(self._log.read_text))
        return orjson.loads(line)

    async def cpu(self) -> float:
        """Return the CPU seconds that the process has used so far, all its threads together."""
        return float(await self.ask("cpu"))

    async def pace(self) -> float:
        """Return what a fixed piece of work costs the hub's process just now, in CPU ms."""
        return float(await self.ask("pace"))

    async def signature(self) -> float:
        """Return what an RSA-2048 signature costs the hub's process just now, in CPU ms."""
        return float(await self.ask("signature"))

    async def end(self) -> None:
        """Have it end, and make it if it does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def running(module: str, folder: Path, **settings: Any) -> AsyncIterator[Child]:
    """Start `bench.hub`, or `bench.bare`, in an empty folder, serving on loopback; it ends with the
    block.
    """
    program, path = [sys.executable, "-m", module], folder / f"{module}.log"
    with await asyncio.to_thread(path.open, "wb") as log:
        process = await asyncio.create_subprocess_exec(
            *program, stdin=PIPE, stdout=PIPE, stderr=log, limit=LINE
        )
    child = Child(process, path)
    try:
        port = await child.ask("start", folder=str(folder), **settings)
        child.address = f"http://127.0.0.1:{port}"
        yield child
    finally:
        await child.end()
