"""The network at scale, small: a few hubs are played, on each engine. `make network` has 500."""

import asyncio
import json
import sys
from typing import Any

import pytest

from bench.network.command import nearby
from bench.network.course import Came
from bench.report import MARKS

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]

HUBS, THINGS, RATE, SECONDS = 6, 5, 5, 2
PROCESSES = {"sqlite": ["all"], "postgresql": ["web-1", "worker-1"]}


async def played(engine: str) -> Any:
    """Run the command, and return what it printed as JSON."""
    program = [sys.executable, "-m", "bench.network", "--json", "--engine", engine]
    process = await asyncio.create_subprocess_exec(
        *program, "--hubs", str(HUBS), "--things", str(THINGS), "--rates", str(RATE),
        "--seconds", str(SECONDS), "--patience", "60", "--workers", "1",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, said = await process.communicate()
    assert process.returncode == 0, printed.decode() + said.decode()
    return json.loads(printed)


@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
async def test_what_many_hubs_told_and_tell_is_found_once_each(engine: str) -> None:
    """All of the past and all that is published since, with what it cost and how soon it came."""
    report = await played(engine)
    seen = {name: figure["seen"] for name, figure in report["figures"].items()}
    assert report["faults"] == []
    assert seen["network.backfill.things"] == HUBS * THINGS
    assert seen[f"network.{RATE}.kept"] > 0
    assert 0 < seen[f"network.{RATE}.median"] <= seen[f"network.{RATE}.lag"] < 60
    assert seen[f"network.{RATE}.busy"] == 0
    for phase in ("backfill", str(RATE)):
        for what in ("cpu", "size", "played", f"used.{PROCESSES[engine][-1]}"):
            assert seen[f"network.{phase}.{what}"] > 0
    assert set(report["memory"]) == set(PROCESSES[engine])
    assert report["figures"]["network.backfill.cpu"]["mark"] == MARKS["network.backfill.cpu"]


def test_what_never_came_counts_as_late() -> None:
    """By as long as it has been waited for; what is of another lot does not count at all."""
    came = Came({"a": 10.0, "b": 11.0, "c": 12.0, "not due yet": 21.0}, ends=22.0)
    for uri, at in (("b", 11.5), ("a", 10.25), ("other", 11.0), ("a", 30.0)):
        came.note(uri, at)
    assert came.lags(20.0) == [0.25, 0.5, 8.0]


def test_only_names_of_the_test_are_here() -> None:
    """Every other name is looked up as ever."""
    find = nearby(lambda host, port, **_: (host, port))
    assert find("hub7.test", 443) == ("127.0.0.1", 443)
    assert find("hub.example", 443) == ("hub.example", 443)
    assert find(None, 0, flags=1) == (None, 0)
