"""A hub of several processes on PostgreSQL: what the same work costs in four of them and in one."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bench import wire
from bench.command import cpu_of
from bench.outside import Request, fire
from bench.report import Figure
from federation import vocab
from server.actors import service as actors
from tests.support.cluster import NAMES, Cluster
from tests.support.engines import Engines
from tests.support.live import LiveNode
from tests.support.loopback import Loopback
from tests.support.traffic import until_done

LAYOUTS: dict[str, Sequence[str]] = {"1": ("all",), "4": NAMES}
"""The processes, by how many there are."""
AT_ONCE = 20
PATIENCE = 240.0


@dataclass(frozen=True, slots=True)
class Run:
    """What one round came to."""

    cpu: float
    """CPU ms of all processes for each activity, until it is a response on a page."""
    rate: float
    """Activities a second, until all were."""


@asynccontextmanager
async def _hub(engines: Engines, folder: Path, names: Sequence[str]) -> AsyncIterator[Cluster]:
    await asyncio.to_thread(folder.mkdir)
    cluster = Cluster(folder, engines.fresh("postgres"), Loopback(folder))
    try:
        await cluster.set_up()
        await asyncio.gather(*(cluster.start(name) for name in names))
        yield cluster
    finally:
        await cluster.network.close()
        await cluster.close()


async def _round(cluster: Cluster, live: LiveNode, lots: Sequence[Sequence[Request]]) -> Run:
    """Bring a lot to each process that serves, and wait until all is done."""
    processes = [one.pid for one in cluster.processes.values()]
    serving = [name for name in cluster.processes if not name.startswith("worker")]
    before, began = sum(map(cpu_of, processes)), time.perf_counter()
    await asyncio.gather(
        *(
            fire(
                f"http://127.0.0.1:{cluster.ports[name]}", lot,
                at_once=AT_ONCE // len(serving), expected=202,
            )
            for name, lot in zip(serving, lots, strict=True)
        )
    )  # fmt: skip
    await until_done(live, within=PATIENCE)
    seconds, number = time.perf_counter() - began, sum(map(len, lots))
    return Run((sum(map(cpu_of, processes)) - before) * 1000 / number, number / seconds)


async def _measured(cluster: Cluster, *, rounds: int, activities: int, senders: int) -> list[Run]:
    network, host = cluster.network, cluster.address.partition("://")[2]
    live = await LiveNode.at(
        network, host, cluster.database_url, cluster.folder / "author", set_up=False
    )
    story = await live.publish_story(title="Home by six")
    crowd = await asyncio.to_thread(wire.senders, senders)
    for one in crowd:
        await live.run(actors.keep, vocab.parse_actor(one.document), house=live.house)
    serving = len([name for name in cluster.processes if not name.startswith("worker")])
    found = []
    for _ in range(rounds + 1):  # the first one warms up
        made = await asyncio.to_thread(
            lambda: [*wire.replies(activities, by=crowd, to=[story], hub=cluster.address)]
        )
        lots: list[list[Request]] = [[] for _ in range(serving)]
        for lot, request in zip(cycle(lots), made, strict=False):
            lot.append(request)
        found.append(await _round(cluster, live, lots))
    return found[1:]


async def cluster(*, rounds: int, activities: int, senders: int) -> list[Figure]:
    """Replies taken in and made responses, by one process that does it all and by two that serve
    and two that work.
    """
    seen: dict[str, list[Run]] = {}
    with tempfile.TemporaryDirectory(prefix="fettle-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        await asyncio.to_thread(folder.chmod, 0o755)
        engines = Engines(folder)
        try:
            for number, names in LAYOUTS.items():
                async with _hub(engines, folder / f"of-{number}", names) as one:
                    seen[number] = await _measured(
                        one, rounds=rounds, activities=activities, senders=senders
                    )
        finally:
            engines.close()
    ratios = [four.cpu / one.cpu for one, four in zip(seen["1"], seen["4"], strict=True)]
    words = {"1": "one process", "4": "two that serve, two that work"}
    return [
        *(
            Figure(
                name=f"cluster.cpu.{number}", unit="ms CPU", rounds=[run.cpu for run in runs],
                words=f"an activity until it is a response, PostgreSQL, {words[number]}",
            )
            for number, runs in seen.items()
        ),
        *(
            Figure(
                name=f"cluster.rate.{number}", unit="a second", rounds=[run.rate for run in runs],
                words=f"such activities, {words[number]}",
            )
            for number, runs in seen.items()
        ),
        Figure(
            name="cluster.ratio", unit="times", rounds=ratios,
            words="CPU for an activity, four processes by one",
        ),
    ]  # fmt: skip
