"""What all measures share: how much of everything, the rounds, the hub and everybody else."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import wire
from bench.child import Child, running
from bench.outside import Answers, Request, Sink, fire, sink
from bench.report import Figure

HUB = "https://hub.test"
HOST = HUB.partition("://")[2]
PAGE = {
    "Host": HOST, "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
}  # fmt: skip
DOCUMENT = {"Host": HOST, "Accept": "application/activity+json", "Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much of everything."""

    rounds: int
    activities: int
    """Activities sent in each round."""
    senders: int
    hosts: int
    """Distinct hosts that a story goes to in each round."""
    followers: int
    """Followers, each on a host of their own, that a story is enqueued for."""
    posts: int
    """Stories that the replies are spread over."""
    pages: int
    """Times that a page is asked for in each round."""
    filled: int
    """Posts in a database that is full."""
    strangers: int
    """Unknown hosts that follow the hub."""
    rest: float
    """Seconds of doing nothing before memory is read."""
    database_url: Callable[[], str] | None = None
    """Makes a new database, where it is not to be SQLite."""


FULL = Scale(
    rounds=5,
    activities=1000,
    senders=50,
    hosts=500,
    followers=30_000,
    posts=20,
    pages=500,
    filled=1_000_000,
    strangers=500,
    rest=3,
)
QUICK = Scale(
    rounds=1,
    activities=40,
    senders=4,
    hosts=20,
    followers=300,
    posts=2,
    pages=20,
    filled=2_000,
    strangers=10,
    rest=0.2,
)

Measure = Callable[[Scale], Awaitable[list[Figure]]]


@asynccontextmanager
async def meeting(
    scale: Scale, *, actors: Sequence[dict[str, Any]] = ()
) -> AsyncIterator[tuple[Child, Sink]]:
    """Bring up a hub and everybody else, with these actors among them."""
    with tempfile.TemporaryDirectory() as folder:
        url = None if scale.database_url is None else scale.database_url()
        async with (
            sink(actors) as peers,
            running(
                "bench.hub",
                Path(folder),
                database_url=url,
                peers=peers.port,
                authority=peers.authority,
            ) as child,
        ):
            yield child, peers


class Seen:
    """Figures as they grow, a round at a time."""

    def __init__(self) -> None:
        """Start with none."""
        self._rounds: dict[tuple[str, str, str], list[float]] = {}

    def add(self, name: str, words: str, unit: str, value: float) -> None:
        """Add what one round came to."""
        self._rounds.setdefault((name, words, unit), []).append(value)

    async def pace(self, child: Child) -> None:
        """Add what plain Python costs just now."""
        self.add("pace", "pace of this machine", "ms CPU", await child.pace())

    async def signature(self, child: Child) -> None:
        """Add what a signature costs just now."""
        self.add("signature", "RSA-2048 signature on it", "ms CPU", await child.signature())

    def figures(self) -> list[Figure]:
        """Return all of them, each with its rounds."""
        return [
            Figure(name=name, words=words, unit=unit, rounds=rounds)
            for (name, words, unit), rounds in self._rounds.items()
        ]


async def signed(number: int, posts: Sequence[str], crowd: Sequence[wire.Sender]) -> list[Request]:
    """Make so many signed replies, in a thread."""

    def make() -> list[Request]:
        return list(wire.replies(number, by=crowd, to=posts, hub=HUB))

    return await asyncio.to_thread(make)


async def asked(scale: Scale, child: Child, request: Request) -> tuple[float, Answers]:
    """Ask for one thing many times; return the CPU ms of each, and what came of it."""
    before = await child.cpu()
    answers = await fire(child.address, [request] * scale.pages, at_once=4, expected=200)
    return (await child.cpu() - before) / scale.pages * 1000, answers
