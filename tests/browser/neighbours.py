"""Whom a national team meets: five hubs of ours, and forty-five servers that are played."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from server.experiments import service as experiments
from server.experiments.rules.measures import Direction, Measure
from server.experiments.rules.stages import Stage
from server.experiments.rules.updates import Update
from server.posts.tables import Post
from tests.server.experiments.series import MISSED, weekly
from tests.server.views.conftest import try_out
from tests.support.engines import Engines
from tests.support.live import LiveNode
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import Resident

HUBS = ("ward.test", "beck.test", "tarn.test", "marsh.test", "quarry.test")
KINDS = {"mastodon": "Person", "lemmy": "Group", "wordpress": "Group", "peertube": "Group"}
PLAYED = 43
"""Servers with somebody to follow; of two more one can't be reached, and one is no hub."""
QUICK = 20
"""Those of them that answer at once; the others wait until they may."""


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """The team, and everybody who is on its list."""

    network: Network
    team: LiveNode
    hubs: dict[str, LiveNode]
    people: list[Resident]
    """One on each played server."""
    may_answer: asyncio.Event
    """What those wait for that do not answer at once."""

    @property
    def pasted(self) -> str:
        """Fifty addresses, spelled in several ways."""
        quick, slow = self.people[:QUICK], self.people[QUICK:]
        lines = [*HUBS, *(one.uri for one in quick), "https://shop.test", "@una@quiet.test"]
        return "\n".join([*lines, *(one.handle for one in slow)])

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Have the team do what is due until the block ends, a second passing between times."""

        async def work() -> None:
            while True:
                await self.team.work()
                self.network.clock.move(timedelta(seconds=1))
                await asyncio.sleep(0.05)

        working = asyncio.create_task(work())
        try:
            yield
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


async def meet(network: Network, engines: Engines, folder: Path, **settings: Any) -> Neighbours:
    """Bring everybody up: the team with settings of its own, the others with what they told."""

    async def hub(host: str) -> LiveNode:
        return await LiveNode.set_up_at(network, host, engines, "sqlite", folder / host)

    team = await hub("team.test")
    await team.restart(**settings)
    may_answer = asyncio.Event()
    shop, quiet = await Peer.at(network, "shop.test"), await Peer.at(network, "quiet.test")
    shop.answers("/.well-known/nodeinfo", status=404)
    await quiet.stop()
    return Neighbours(
        network=network, team=team, hubs={host: await hub(host) for host in HUBS},
        people=[await _somebody(network, number, may_answer) for number in range(PLAYED)],
        may_answer=may_answer,
    )  # fmt: skip


async def _somebody(network: Network, number: int, may_answer: asyncio.Event) -> Resident:
    software, kind = list(KINDS.items())[number % len(KINDS)]
    peer = await Peer.at(network, f"{software}-{number}.test")
    peer.software = software
    one = peer.actor(f"team{number}", type=kind, indexable=True)
    one.outbox = [one.create(one.note(f"<p>A discharge in village {number}</p>"))]
    if number >= QUICK:
        peer.waits("/.well-known/webfinger", may_answer)
    return one


async def tries(
    hub: LiveNode, title: str, *, about: str = "a discharge", stage: Stage = Stage.WORKING,
    weeks: int = len(MISSED),
) -> Post:  # fmt: skip
    """Have somebody try something, with numbers of so many weeks."""
    post = await try_out(hub, title, problem=f"People wait all day for {about}.")
    ida = await hub.person()
    await moves_to(hub, post, stage)
    late = Measure(name="Late", unit="a week", direction=Direction.DOWN)
    await hub.run(experiments.keep_measure, post, late, by=ida, house=hub.house)
    brought = experiments.Brought(list(weekly(MISSED[:weeks]).points))
    await hub.run(experiments.add_points, post, 1, brought, by=ida, house=hub.house)
    return post


async def moves_to(hub: LiveNode, post: Post, stage: Stage) -> None:
    """Have whoever tries something say where it stands from now on."""
    update, ida = Update(text="So far.", stage=stage), await hub.person()
    await hub.run(experiments.record, post, update, by=ida, house=hub.house)
