"""Figures, their marks, the table and the JSON."""

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from federation.ports import SystemClock

RESULTS = Path(__file__).parent / "results"

MARKS = {
    "inbox.cpu": 0.25,
    "response.cpu": 1.5,
    "full.inbox.cpu": 0.3,
    "full.response.cpu": 1.8,
    "strangers.cpu": 3.0,
    "delivery.cpu": 1.6,
    "delivery.last": 1.2,
    "kept.cpu": 0.7,
    "enqueue.time": 1.0,
    "story.cpu": 0.6,
    "member.cpu": 2.0,
    "document.cpu": 0.2,
    "author.cpu": 0.2,
    "crowded.story": 1.2,
    "crowded.member": 1.2,
    "crowded.front": 1.2,
    "crowded.document": 1.2,
    "crowded.list": 1.2,
    "cluster.ratio": 1.25,
    "catalogue.cpu": 5.0,
    "catalogue.memory": 1.1,
    "catalogue.own": 1.1,
    "live.50.lag": 2.0,
    "network.backfill.time": 10.0,
    "network.backfill.cpu": 5.0,
    "network.50.lag": 2.0,
    "charts.svg": 1.0,
    "charts.png": 80.0,
    "search.newest.cpu": 15.0,
    "search.words.cpu": 15.0,
    "search.chosen.cpu": 15.0,
    "start.time": 2.0,
    "memory.idle": 110.0,
    "memory.load": 250.0,
}
"""What each may cost at most, on 2 shared cores with SQLite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was seen in every round of one measurement."""

    name: str
    words: str
    unit: str
    rounds: Sequence[float]

    @property
    def seen(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)

    @property
    def mark(self) -> float | None:
        """The most that it should be, None where nothing was asked."""
        return MARKS.get(self.name)

    @property
    def verdict(self) -> str:
        """Say whether the mark was met: by the median, by the best round alone, or by none."""
        if self.mark is None:
            return ""
        if self.seen <= self.mark:
            return "met"
        return "met at best" if min(self.rounds) <= self.mark else "MISSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of one run, and where it was run."""

    engine: str
    quick: bool
    figures: Sequence[Figure]

    def times_the_least(self, figure: Figure) -> float | None:
        """Return how many times the least that it can cost here (`bench/bare.py`) a figure is; None
        where the least of it was not measured in this run.
        """
        for one in self.figures:
            if one.name == f"least.{figure.name}":
                return figure.seen / one.seen
        return None

    def table(self) -> str:
        """Return the table for people: median, range over the rounds, mark, times the least."""
        head = ("", "seen", "lowest – highest", "mark", "times the least", "")
        rows = [head, *(self._row(figure) for figure in self.figures)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if column in {0, 5} else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        )

    def _row(self, figure: Figure) -> tuple[str, ...]:
        low, high = min(figure.rounds), max(figure.rounds)
        mark = "" if figure.mark is None else f"≤ {figure.mark:g} {figure.unit}"
        seen = f"{_short(figure.seen)} {figure.unit}"
        times = self.times_the_least(figure)
        least = "" if times is None else f"{times:.2f} ×"
        return figure.words, seen, f"{_short(low)} – {_short(high)}", mark, least, figure.verdict

    @property
    def label(self) -> str:
        """What its file is called by."""
        return f"{self.engine}{'-quick' if self.quick else ''}"

    def found(self) -> dict[str, Any]:
        """Return everything that is written down."""
        return {
            "measured": SystemClock().now().isoformat(timespec="seconds"),
            "engine": self.engine,
            "quick": self.quick,
            "machine": {
                "python": platform.python_version(),
                "system": platform.platform(),
                "cpus": os.cpu_count(),
                "load": [round(load, 2) for load in os.getloadavg()],
            },
            "figures": {
                figure.name: {
                    **asdict(figure), "seen": figure.seen, "mark": figure.mark,
                    "verdict": figure.verdict, "times_the_least": self.times_the_least(figure),
                }
                for figure in self.figures
            },
        }  # fmt: skip

    def document(self) -> bytes:
        """Return everything as JSON."""
        return orjson.dumps(self.found(), option=orjson.OPT_INDENT_2)

    def write(self) -> Path:
        """Write the JSON into bench/results/, and return where."""
        RESULTS.mkdir(exist_ok=True)
        moment = SystemClock().now().strftime("%Y%m%d-%H%M%S")
        path = RESULTS / f"{moment}-{self.label}.json"
        path.write_bytes(self.document())
        return path


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
