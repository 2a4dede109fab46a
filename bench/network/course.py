"""The course of it: everybody is subscribed to, what they told before comes in, then they publish
at one pace after another.
"""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from bench.engines import size
from bench.network import store
from bench.network.hubs import Hubs, Publication
from bench.network.store import Watch
from bench.network.team import BUSY, DATABASE, Engine, Team
from bench.report import Figure
from bench.rounds import Seen
from federation.ports import SystemClock

LOOK = 0.2
"""Seconds between two looks at what has come in."""
SAY = 10.0
"""Seconds between two lines that say how far it is."""
HUNDRED_THOUSAND = 100_000
SIGNED = 700
"""Publications that are surely made and signed in a second."""
GRACE = 120.0
"""Seconds that walks may go on which had begun when their time was over."""


class NotFollowedError(Exception):
    """Not every hub was followed in time, so what they publish would not come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much of everything."""

    engine: Engine
    hubs: int
    things: int
    """That each hub published before."""
    rates: Sequence[int]
    """Things a second, of all hubs together."""
    seconds: float
    """At each rate."""
    workers: int
    patience: float
    """Seconds that the past may take to come in, and what was published at one rate after its time
    was over.
    """


class Marks(NamedTuple):
    """Where everything stood at one moment."""

    clock: float
    spent: Mapping[str, float]
    """CPU seconds of each process of the subscriber."""
    played: float
    """CPU seconds of this process."""
    size: int


@dataclass(slots=True)
class Course:
    """What takes part, and what was seen of it so far."""

    scale: Scale
    hubs: Hubs
    team: Team
    seen: Seen = field(default_factory=Seen)
    faults: list[str] = field(default_factory=list)
    memory: dict[str, list[float]] = field(default_factory=dict)
    """MiB of each process, once a second."""
    _said: float = 0.0

    async def run(self) -> None:
        """Go through all of it. What was seen is there even where it breaks off."""
        watching = asyncio.create_task(self._watch_memory())
        try:
            await self._past()
            for rate in self.scale.rates:
                await self._live(rate)
            self.faults += await store.differences(self.hubs.told)
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    def figures(self) -> list[Figure]:
        """Return what was seen, memory last: at the start, and the median of each third."""
        for name, held in self.memory.items():
            if len(held) < 3:
                continue
            ends = [len(held) * part // 3 for part in range(4)]
            thirds = [median(held[first:last]) for first, last in pairwise(ends)]
            of = f"network.memory.{name}"
            self._add(f"{of}.start", f"memory of {name}, start", "MiB", held[0])
            for third in thirds:
                self._add(f"{of}.thirds", "  by thirds (median and range)", "MiB", third)
            self._add(f"{of}.growth", "  last third by first", "×", thirds[-1] / thirds[0])
        return self.seen.figures()

    async def _past(self) -> None:
        """Subscribe to all, and wait until all that was told before is in."""
        before = await self._marks()
        try:
            in_time = await self._is_past_in(before.clock)
        finally:
            self._add_past(before, await self._marks(), (await store.walks()).things)
        if not in_time:
            await self._give_up()

    async def _is_past_in(self, began: float) -> bool:
        async with asyncio.TaskGroup() as together:
            asked = together.create_task(self._subscribe(began))
            in_time = await self._is_walked(began + self.scale.patience)
            if not in_time:
                asked.cancel()
        return in_time

    def _add_past(self, before: Marks, after: Marks, things: int) -> None:
        name, seconds = "network.backfill", after.clock - before.clock
        minutes = seconds / max(1, things) * HUNDRED_THOUSAND / 60
        self._add(f"{name}.things", "things of before taken in", "", things)
        self._add(f"{name}.time", "  100,000 of them at this pace", "min", minutes)
        self._add(f"{name}.rate", "  which is", "/s", things / seconds)
        self._costs(name, before, after, max(1, things))

    async def _subscribe(self, began: float) -> None:
        states = await self.team.subscribe(self.hubs.handles)
        self._add("network.asked", "all hubs looked up and asked", "s", time.monotonic() - began)
        if missed := states.total() - states["accepted"] - states["asked"]:
            self.faults.append(f"{missed} hubs were not followed: {dict(states)}")

    async def _is_walked(self, until: float) -> bool:
        """Wait for the past of every hub, and say whether it came in time."""
        things = self.scale.hubs * self.scale.things
        while (now := await store.walks()).done < self.scale.hubs:
            self.team.check()
            if time.monotonic() > until:
                return False
            self._say(f"{now.walks} followed, {now.things:,} of {things:,} things of before are in")
            await asyncio.sleep(LOOK * 5)
        return True

    async def _give_up(self) -> None:
        """Have the hubs say that this was all, so that what they publish from now on has the
        machine for itself. Raises NotFollowedError.
        """
        now = await store.walks()
        hubs = f"{now.done} of {self.scale.hubs} hubs"
        self.faults.append(f"after {self.scale.patience:.0f} s the past of only {hubs} was in")
        self.faults += await store.problems()
        if now.walks < self.scale.hubs:
            raise NotFollowedError(now)
        self.hubs.is_shut = True
        await self._is_walked(time.monotonic() + GRACE)

    async def _live(self, rate: int) -> None:
        """Have the hubs publish at a rate, and see each thing come in."""
        number = int(rate * self.scale.seconds)
        self._say(f"making {number:,} publications", at_once=True)
        begins = SystemClock().now() + timedelta(seconds=number / SIGNED)
        lot = await asyncio.to_thread(self.hubs.prepared, number, rate=rate, begins=begins)
        await asyncio.sleep((begins - SystemClock().now()).total_seconds())
        before, busy = await self._marks(), self._turned_away()
        began = asyncio.get_running_loop().time()
        due = {one.uri: began + place / rate for place, one in enumerate(lot)}
        came = Came(due, began + self.scale.seconds)
        try:
            await self._published(lot, came, rate)
        finally:
            self._add_live(f"network.{rate}", rate, came)
            self._add(f"network.{rate}.busy", "  told to come again", "times",
                      self._turned_away() - busy)  # fmt: skip
            self._costs(f"network.{rate}", before, await self._marks(), max(1, len(came.seen)))
        if missing := len(due) - len(came.seen):
            self.faults.append(f"{missing:,} published at {rate} a second did not come in in time")

    async def _published(self, lot: Sequence[Publication], came: "Came", rate: int) -> None:
        """Have a lot published, each when it is due, until all can be found."""
        loop, watch = asyncio.get_running_loop(), await Watch.begun()
        sending = asyncio.create_task(self._send(lot, came.due))
        try:
            while len(came.seen) < len(lot) and loop.time() < came.ends + self.scale.patience:
                now = loop.time()
                for uri in await watch.new(now):
                    came.note(uri, now)
                self._say(f"at {rate} a second: {len(came.seen):,} of {len(lot):,} are in")
                await asyncio.sleep(LOOK)
                self.team.check()
                if sending.done():
                    await sending  # it may have failed
        finally:
            sending.cancel()

    def _add_live(self, name: str, rate: int, came: "Came") -> None:
        now, number = asyncio.get_running_loop().time(), len(came.due)
        in_time = sum(at <= came.ends for at in came.seen.values())
        words = f"of {number:,} at {rate} a second, in by the end"
        self._add(f"{name}.kept", words, "%", in_time / number * 100)
        lags = came.lags(now)
        for part, percent in (("median", 50), ("lag", 95), ("most", 100)):
            lag = lags[min(len(lags) - 1, len(lags) * percent // 100)]
            words = "the longest" if percent == 100 else f"p{percent}"
            self._add(f"{name}.{part}", f"  can be found after, {words}", "s", lag)
        late = max(0.0, now - came.ends)
        self._add(f"{name}.late", "  all in so long after the last", "s", late)

    async def _send(self, lot: Sequence[Publication], due: Mapping[str, float]) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as sending:
            for one in lot:
                await asyncio.sleep(due[one.uri] - loop.time())
                self.hubs.told.add(one.uri)
                sending.create_task(self.hubs.way.bring(one.request))

    def _turned_away(self) -> int:
        return sum(self.hubs.way.answers[status] for status in BUSY)

    async def _marks(self) -> Marks:
        return Marks(time.monotonic(), self.team.spent(), time.process_time(), await size())

    def _costs(self, name: str, before: Marks, after: Marks, things: int) -> None:
        """Add what things cost between two moments, and who was busy with them."""
        spent = {who: after.spent[who] - before.spent[who] for who in before.spent}
        seconds, grown = after.clock - before.clock, after.size - before.size
        self._add(f"{name}.cpu", "  each cost", "ms CPU", sum(spent.values()) / things * 1e3)
        if DATABASE in spent:
            words = "    the database’s share"
            self._add(f"{name}.database", words, "ms CPU", spent[DATABASE] / things * 1e3)
        self._add(f"{name}.size", "  the database grew by, each", "KiB", grown / things / 1024)
        for who, used in spent.items():
            words = f"  of a core used by {who}"
            self._add(f"{name}.used.{who}", words, "%", used / seconds * 100)
        played = (after.played - before.played) / seconds * 100
        self._add(f"{name}.played", "  of a core used by the played hubs", "%", played)

    def _add(self, name: str, words: str, unit: str, value: float) -> None:
        self.seen.add(name, words, unit, value)

    async def _watch_memory(self) -> None:
        while True:
            for name, held in self.team.memory().items():
                self.memory.setdefault(name, []).append(held)
            await asyncio.sleep(1)

    def _say(self, words: str, *, at_once: bool = False) -> None:
        if at_once or time.monotonic() - self._said >= SAY:
            self._said = time.monotonic()
            print(words, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Came:
    """How a lot came in so far. Times are the loop's, in seconds."""

    due: Mapping[str, float]
    """When each is published."""
    ends: float
    """When the time of publishing is over."""
    seen: dict[str, float] = field(default_factory=dict)
    """When each could be found."""

    def note(self, uri: str, at: float) -> None:
        """Note that something could be found, if it is of this lot."""
        if uri in self.due:
            self.seen.setdefault(uri, at)

    def lags(self, now: float) -> list[float]:
        """Return how long it took until each that was due could be found, sorted; of what can't
        be, how long it has been waited for.
        """
        return sorted(self.seen.get(uri, now) - at for uri, at in self.due.items() if at <= now)
