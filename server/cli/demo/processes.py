"""The hubs' processes: four of `fettle serve`, started, watched and ended."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from server.cli.demo.folder import Site, environment
from server.errors import RefusedError

SERVE = (sys.executable, "-c", "from server.cli import main; main()", "serve", "--json")
SECONDS_TO_START = 60
SECONDS_TO_END = 20
LINES = 5


class EndedError(RefusedError):
    """{name} has stopped (status {status}), so the others are stopped too. {log} ends so:
    {lines}
    """


class RefusedStartError(RefusedError):
    """{name} does not start: {error} To throw the demonstration away and begin anew: --fresh."""


class NotStartedError(RefusedError):
    """{name} did not begin to serve within {seconds} seconds. See {log}."""


@dataclass(frozen=True, slots=True)
class Child:
    """A hub's process."""

    site: Site
    process: Process

    async def ended(self) -> None:
        """Wait until it ends, and raise EndedError."""
        status = await self.process.wait()
        lines = await asyncio.to_thread(_last_lines, self.site)
        raise EndedError(name=self.site.place.name, status=status, log=self.site.log, lines=lines)


@asynccontextmanager
async def serving(sites: Sequence[Site]) -> AsyncIterator[list[Child]]:
    """Have every hub served, each by a process of its own, until the block ends.

    Raises EndedError, NotStartedError.
    """
    children: list[Child] = []
    try:
        for site in sites:
            children.append(Child(site, await _started(site)))
        await asyncio.gather(*(_is_serving(child) for child in children))
        yield children
    finally:
        await asyncio.shield(_end(children))


async def _started(site: Site) -> Process:
    log = await asyncio.to_thread(site.log.open, "ab")
    try:
        return await asyncio.create_subprocess_exec(
            *SERVE, env=environment(site), cwd=site.folder, stdout=PIPE, stderr=log
        )
    finally:
        log.close()


async def _is_serving(child: Child) -> None:
    """Wait for the line that `fettle serve --json` prints once it listens."""
    assert child.process.stdout is not None  # noqa: S101 - it was asked for
    try:
        line = await asyncio.wait_for(child.process.stdout.readline(), SECONDS_TO_START)
    except TimeoutError:
        raise NotStartedError(
            name=child.site.place.name, seconds=SECONDS_TO_START, log=child.site.log
        ) from None
    said = json.loads(line) if line else {}
    if "error" in said:
        raise RefusedStartError(name=child.site.place.name, error=said["error"])
    if not line:
        await child.ended()


async def _end(children: Sequence[Child]) -> None:
    """Ask all to finish what they are doing, and end those that take too long."""
    for child in children:
        with suppress(ProcessLookupError):
            child.process.terminate()
    waiting = [asyncio.ensure_future(child.process.wait()) for child in children]
    if waiting:
        await asyncio.wait(waiting, timeout=SECONDS_TO_END)
    for child in children:
        if child.process.returncode is None:
            child.process.kill()
            await child.process.wait()


def _last_lines(site: Site) -> str:
    lines = site.log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-LINES:]) or "(nothing)"
