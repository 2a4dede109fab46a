"""The soak, short: the same faults among a few servers. `make soak` takes ten minutes for it."""

import asyncio
import json
import sys
from typing import cast

import pytest

from bench.soak.report import Report
from tests.support.live import LiveNode
from tests.support.peer import Peer
from tests.support.traffic import Author, faults_of_arrivals, repeated

pytestmark = [
    pytest.mark.long, pytest.mark.postgres,
    pytest.mark.timeout(400),
]  # fmt: skip


async def test_a_short_bad_day_loses_nothing_and_doubles_nothing() -> None:
    """Kills, restarts, peers that are down or in a bad way; afterwards all is there, once."""
    program = [sys.executable, "-m", "bench.soak", "--json"]
    process = await asyncio.create_subprocess_exec(
        *program, "--seconds", "20", "--peers", "12", "--dead", "4",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, said = await process.communicate()
    assert printed, said.decode()
    report = json.loads(printed)
    assert report["faults"] == []
    assert process.returncode == 0
    figures = report["figures"]
    assert figures["kill -9 of a web process"] >= 2
    assert figures["kill -9 of a worker process"] >= 2
    assert figures["activities sent to the hub"] > 20
    assert figures["arrivals at other servers"] > 10


def test_a_fault_and_growing_memory_are_not_well() -> None:
    """One thing lost is enough; memory counts in a run that is long enough."""
    flat, growing = [100.0] * 30, [100.0 + second for second in range(30)]

    def report(seconds: float, memory: list[float], *faults: str) -> Report:
        return Report(seconds=seconds, figures={}, memory={"web-1": memory}, faults=faults)

    assert report(600, flat).well
    assert report(20, growing).well
    assert not report(600, growing).well
    assert not report(600, flat, "something was lost").well
    assert "NOT WELL" in report(600, growing).table()


class Heard:
    """A peer, as far as what it heard goes."""

    host = "there.test"

    def __init__(self, *heard: tuple[str, str]) -> None:
        self._heard = heard

    def activities(self) -> list[dict[str, str]]:
        return [{"type": kind, "object": uri, "id": f"{kind} {uri}"} for kind, uri in self._heard]


@pytest.mark.parametrize(
    ("heard", "faults"),
    [
        ([("Announce", "kept"), ("Announce", "gone"), ("Delete", "gone")], 0),
        ([("Announce", "gone"), ("Delete", "gone"), ("Announce", "kept")], 0),
        ([("Announce", "kept"), ("Announce", "kept")], 0),
        ([("Announce", "kept"), ("Delete", "gone")], 0),
        ([], 1),
        ([("Announce", "kept"), ("Announce", "gone")], 1),
        ([("Announce", "kept"), ("Delete", "kept")], 1),
        ([("Announce", "kept"), ("Delete", "gone"), ("Announce", "gone")], 1),
    ],
)
def test_what_is_lost_or_out_of_order_is_found(heard: list[tuple[str, str]], faults: int) -> None:
    """One story was kept and one taken back; what was gone before it could arrive need not."""
    author = Author(cast(LiveNode, None), told=["kept", "gone"], withdrawn={"gone"})
    peers = [cast(Peer, Heard(*heard))]
    assert len(faults_of_arrivals(peers, author)) == faults
    assert repeated(peers) == len(heard) - len(set(heard))
