"""The benchmark runs. How fast is another matter: that is for `make bench`, on a quiet machine."""

import asyncio
import json
import sys
from typing import Any

import pytest

from bench.measures import MEASURES
from bench.report import MARKS, Figure, Report

pytestmark = pytest.mark.long


async def measured(*words: str) -> Any:
    """Run the command, and return what it printed as JSON."""
    program = [sys.executable, "-m", "bench", "--quick", "--json", *words]
    process = await asyncio.create_subprocess_exec(
        *program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    return json.loads(printed)


SEEN = {
    "inbox": {"inbox.cpu", "inbox.rate", "pace"},
    "response": {"response.cpu", "memory.load"},
    "full": {"full.inbox.cpu", "full.response.cpu"},
    "strangers": {"strangers.cpu"},
    "delivery": {"delivery.cpu", "delivery.last", "kept.cpu"},
    "story": {
        "story.cpu",
        "story.p95",
        "member.cpu",
        "document.cpu",
        "document.rate",
        "author.cpu",
    },
    "crowded": {
        "crowded.story",
        "crowded.member",
        "crowded.front",
        "crowded.document",
        "crowded.list",
    },
    "enqueue": {"enqueue.time"},
    "least": {
        "least.inbox.cpu",
        "least.delivery.cpu",
        "least.kept.cpu",
        "least.document.cpu",
    },
    "cluster": {"cluster.cpu.1", "cluster.cpu.4", "cluster.rate.4", "cluster.ratio"},
    "catalogue": {"catalogue.cpu", "catalogue.rate", "catalogue.memory", "catalogue.own"},
    "live": {f"live.{rate}.{what}" for rate in (10, 25, 50) for what in ("cpu", "lag", "size")},
    "charts": {"charts.judged", "charts.svg", "charts.svg.many", "charts.png", "charts.png.many"},
    "experiment": {
        "experiment.cpu",
        "experiment.member.cpu",
        "experiment.author.cpu",
        "experiment.anew.cpu",
    },
    "search": {
        "search.newest.cpu",
        "search.words.cpu",
        "search.chosen.cpu",
        "search.held.cpu",
        "search.index.cpu",
    },
    "start": {"start.time", "memory.idle"},
}
"""What each measure finds, among other things."""
NETWORK = {"network.backfill.time", "network.backfill.cpu", "network.50.lag"}
"""What `bench.network` finds, that has a mark."""


def test_every_mark_belongs_to_a_measure() -> None:
    """One that nothing measures would never be missed."""
    assert set(SEEN) == set(MEASURES)
    assert set(MARKS) <= NETWORK.union(*SEEN.values())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("measure", SEEN)
async def test_everything_is_measured(measure: str) -> None:
    """Each figure comes with its mark, and with what was seen in each round."""
    report = await measured("--only", measure)
    figures = report["figures"]
    assert SEEN[measure] <= set(figures)
    for name, figure in figures.items():
        assert figure["seen"] > 0, name
        assert figure["mark"] == MARKS.get(name)
    assert report["quick"] is True
    assert report["machine"]["cpus"] > 0


def test_a_mark_is_judged_by_the_median() -> None:
    """A best round that meets it is said to be that, no more."""
    met, best, missed = (
        Figure(name="member.cpu", words="a page", unit="ms CPU", rounds=rounds)
        for rounds in ([1.0, 1.5, 9.0], [1.0, 2.5, 9.0], [2.5, 4.0])
    )
    assert [one.verdict for one in (met, best, missed)] == ["met", "met at best", "MISSED"]
    table = Report(engine="sqlite", quick=True, figures=[met, missed]).table()
    assert "≤ 2 ms CPU" in table
    assert "MISSED" in table


def test_a_figure_is_held_against_the_least_of_its_kind() -> None:
    """Both were seen in the same run, on the same machine."""
    ours = Figure(name="inbox.cpu", words="taken in", unit="ms CPU", rounds=[0.9])
    least = Figure(name="least.inbox.cpu", words="the least", unit="ms CPU", rounds=[0.3])
    other = Figure(name="story.cpu", words="a page", unit="ms CPU", rounds=[0.5])
    report = Report(engine="sqlite", quick=False, figures=[ours, least, other])
    assert report.times_the_least(ours) == pytest.approx(3)
    assert report.times_the_least(other) is None
    assert "3.00 ×" in report.table()
