"""The course of the day: everybody follows, some go down, then stories, replies and faults."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.soak.crowd import Crowd, crowd
from bench.soak.report import Report
from server import db
from tests.support.cluster import NAMES, Cluster, cluster_of
from tests.support.engines import Engines
from tests.support.live import LiveNode
from tests.support.loopback import Loopback
from tests.support.traffic import (
    Author,
    Correspondent,
    faults_of_arrivals,
    faults_of_effects,
    repeated,
    until_done,
)

WRITERS = 8
"""Peers from which somebody writes."""
WATCHED = ("web-1", "worker-1")
"""Killed only at the beginning, so that their memory can be watched."""
PATIENCE = 240.0
"""Seconds until all that is left must be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How long, and how many."""

    seconds: float
    peers: int
    dead: int


@dataclass
class Day:
    """Who takes part, and what has happened."""

    scale: Scale
    engines: Engines
    cluster: Cluster
    others: Crowd
    author: Author
    people: list[Correspondent]
    faults: Counter[str] = field(default_factory=Counter)
    memory: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in WATCHED})
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    telling: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the database is away: the author lives in this process."""

    async def pause(self, seconds: float) -> None:
        """Wait, or until the day has ended."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ended.wait(), seconds)

    async def tell(self) -> None:
        """Tell a story now and then."""
        while not self.ended.is_set():
            async with self.telling:
                await self.author.tell()
            await self.pause(4)

    async def write(self, one: Correspondent) -> None:
        """Answer and thank, without haste."""
        number, newest = 0, ""
        while not self.ended.is_set():
            number += 1
            story = next(uri for uri in reversed(self.author.told))
            if story != newest:
                await one.thank(story, number)
            newest = story
            await one.answer(self.author.told[0], number)
            await self.pause(1)

    async def watch(self) -> None:
        """Look at memory."""
        while not self.ended.is_set():
            for name, held in self.cluster.memory().items():
                if name in self.memory:
                    self.memory[name].append(held)
            await self.pause(1)

    async def let_time_pass(self) -> None:
        """Have lanes that wait after a failure be due: for them it is hours later."""
        while not self.ended.is_set():
            await self.pause(5)
            await self.hurry()

    async def hurry(self) -> None:
        """Make everything that waits for a while due now."""
        with suppress(*db.FAILURES):
            for statement in HURRY:
                await self.author.live.run(db.execute, statement)

    async def break_things(self) -> None:
        """Kill each once; then one after another of those that nobody watches, and the database."""
        for name in NAMES:
            await self.kill(name)
        for seen in self.memory.values():
            seen.clear()
        every = max(4.0, self.scale.seconds / 60)
        while not self.ended.is_set():
            for fault in (self.kill_web, self.kill_worker, self.drain_both, self.restart_database):
                await self.pause(every)
                if self.ended.is_set():
                    return
                await fault()

    async def kill(self, name: str) -> None:
        """Kill a process, and start another in its place."""
        await self.cluster.kill(name)
        self.faults[f"kill -9 of a {name.partition('-')[0]} process"] += 1
        await self.cluster.start(name)

    async def kill_web(self) -> None:
        """Kill one that serves."""
        await self.kill("web-2")

    async def kill_worker(self) -> None:
        """Kill one that works."""
        await self.kill("worker-2")

    async def drain_both(self) -> None:
        """End one of each kind as an update does."""
        for name in ("web-2", "worker-2"):
            await self.cluster.stop(name)
            self.faults["SIGTERM"] += 1
            await self.cluster.start(name)

    async def restart_database(self) -> None:
        """Restart PostgreSQL under everybody."""
        async with self.telling:
            self.engines.server.restart()
            self.faults["restart of the database"] += 1
            await asyncio.sleep(1)

    async def trouble_others(self) -> None:
        """Have some peers be in a bad way, twice, and be well at the end."""
        part = self.scale.seconds / 5
        for _ in range(2):
            await self.pause(part)
            self.others.trouble()
            await self.pause(part)
            self.others.heal()


HURRY = (
    "UPDATE lanes SET due_ms = 0 WHERE failures > 0 AND due_ms IS NOT NULL AND leased_by IS NULL",
    "UPDATE deliveries SET not_before_ms = 0 WHERE state = 'waiting' AND attempts > 0",
)


async def soaked(folder: Path, scale: Scale) -> Report:
    """Live through the day, and look at what is left."""
    async with _day(folder, scale) as day:
        await _meet(day)
        work = [day.tell(), *(day.write(one) for one in day.people), day.watch()]
        work += [day.let_time_pass(), day.break_things(), day.trouble_others()]
        began = time.monotonic()
        tasks = [asyncio.create_task(one) for one in work]
        await asyncio.wait(tasks, timeout=scale.seconds, return_when=asyncio.FIRST_EXCEPTION)
        day.ended.set()
        await asyncio.gather(*tasks)
        lasted = time.monotonic() - began
        return await _afterwards(day, lasted)


@asynccontextmanager
async def _day(folder: Path, scale: Scale) -> AsyncIterator[Day]:
    engines, network = Engines(folder), Loopback(folder)
    try:
        url = engines.fresh("postgres")
        async with (
            cluster_of(folder, url, network) as cluster,
            crowd(network, peers=scale.peers, dead=scale.dead) as others,
        ):
            live = await LiveNode.at(
                network, f"localhost:{cluster.port}", url, folder / "author", set_up=False
            )
            people = [
                Correspondent(peer.actor("ann"), cluster.address) for peer in others.everybody
            ]
            yield Day(scale, engines, cluster, others, Author(live), people)
            await network.close()
    finally:
        engines.close()


async def _meet(day: Day) -> None:
    """Have everybody follow; then some go down, and the others go on writing."""
    people = day.people
    for start in range(0, len(people), 20):
        await asyncio.gather(*(one.follow() for one in people[start : start + 20]))
    for peer in day.others.everybody:
        await peer.arrived("Accept", within=PATIENCE)
        peer.forget()
    await day.others.die()
    day.people = people[: min(WRITERS, len(day.others.well))]
    await day.author.tell()


async def _afterwards(day: Day, lasted: float) -> Report:
    """Have half of the dead come back, wait until all is done, and look."""
    began, live = time.monotonic(), day.author.live
    await day.others.come_back()
    dead = [peer.host for peer in day.others.dead]
    faults: list[str] = []
    hurrying = asyncio.create_task(_hurry_on(day))
    try:
        await until_done(live, within=PATIENCE, but=dead)
    except TimeoutError:
        faults.append("not everything was done in time")
    finally:
        hurrying.cancel()
    alive = day.others.alive()
    faults += await faults_of_effects(day.author, day.people)
    faults += faults_of_arrivals(alive, day.author)
    faults += await _lost(day, dead)
    arrived = sum(len(peer.received) for peer in alive)
    figures = {
        "seconds of faults": lasted,
        "seconds until all was done": time.monotonic() - began,
        "other servers": len(day.others.everybody),
        "of which down, half of them to the end": 2 * len(dead),
        "activities sent to the hub": sum(one.taken for one in day.people),
        "requests that took": sum(one.tries for one in day.people),
        "stories told": len(day.author.told),
        "stories taken back": len(day.author.withdrawn),
        "arrivals at other servers": arrived,
        "of which of what had arrived before": repeated(alive),
        **{fault: float(times) for fault, times in sorted(day.faults.items())},
    }
    return Report(seconds=lasted, figures=figures, memory=day.memory, faults=faults)


async def _hurry_on(day: Day) -> None:
    while True:
        await day.hurry()
        await asyncio.sleep(2)


async def _lost(day: Day, dead: Sequence[str]) -> list[str]:
    """Say for whom of those that are down nothing waits any more."""
    found = await day.author.live.run(
        db.rows, "SELECT DISTINCT host FROM deliveries WHERE state = 'waiting'"
    )
    waits = {row["host"] for row in found}
    return [f"nothing waits for {host}" for host in dead if host not in waits]
