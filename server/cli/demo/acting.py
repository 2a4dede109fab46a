"""Perform the script: everything by the use cases, beside the running servers, which send it on."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.cli.demo.folder import Site, config_of
from server.cli.demo.scene import Known, PastClock, Scene
from server.cli.demo.script import Script
from server.node import Node, Outside

Say = Callable[[str], None]


@dataclass(slots=True)
class Together:
    """Where the places wait for each other."""

    barrier: asyncio.Barrier
    say: Say
    said: set[str] = field(default_factory=set)

    async def reach(self, words: str = "") -> None:
        """Wait until every place is here, and say what comes next, once."""
        await self.barrier.wait()
        if words and words not in self.said:
            self.said.add(words)
            self.say(words)


async def perform(script: Script, sites: Sequence[Site], *, say: Say) -> None:
    """Set every hub up, have them follow each other, and play the script through; return when all
    of it has arrived.

    Each place is played by itself and waits for what it answers. Raises NothingArrivedError.
    """
    known = Known(sites)
    together = Together(asyncio.Barrier(len(sites)), say)
    await _all(_play(site, script, known, together) for site in sites)


async def _all(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do everything at once, each in a task of its own; what fails first ends the others."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _play(site: Site, script: Script, known: Known, together: Together) -> None:
    clock = PastClock()
    config = await asyncio.to_thread(config_of, site)
    async with Node(config, Outside(clock=clock)) as node:
        scene = Scene(site=site, house=node.house, clock=clock, known=known)
        nudging = asyncio.create_task(scene.nudge_for_ever())
        try:
            await scene.found()
            await together.reach("They begin to follow each other...")
            await scene.follow_all()
            await together.reach("Their people tell stories, answer each other, say thank you...")
            for act in script.of(site.place):
                await scene.do(act)
            await together.reach("The last of it travels...")
            await scene.sent()
            await together.reach()
            await scene.taken_in()
        finally:
            nudging.cancel()
