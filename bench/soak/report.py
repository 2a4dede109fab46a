"""What a soak saw, and whether it was well."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import orjson

from bench.report import RESULTS
from federation.ports import SystemClock

GROWTH = 1.1
"""How much larger memory may be in the last third than in the first (medians)."""
LONG_ENOUGH = 120.0
"""Seconds; in less, memory is still filling with what it keeps on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Figures by what they are called, and every fault that was found."""

    seconds: float
    figures: Mapping[str, float]
    memory: Mapping[str, Sequence[float]]
    """MiB of the processes that were left alone, once a second."""
    faults: Sequence[str]

    @property
    def well(self) -> bool:
        """Whether nothing was lost, doubled or out of order, and memory was flat."""
        return not self.faults and (
            self.seconds < LONG_ENOUGH or all(one <= GROWTH for one in self.growth.values())
        )

    @property
    def growth(self) -> dict[str, float]:
        """The median of the last third of each process's memory, by that of the first."""
        return {
            name: median(seen[-len(seen) // 3 :]) / median(seen[: max(1, len(seen) // 3)])
            for name, seen in self.memory.items()
            if seen
        }

    def table(self) -> str:
        """Return it for people."""
        lines = [(name, f"{value:,.0f}") for name, value in self.figures.items()]
        for name, ratio in self.growth.items():
            lines.append((f"memory of {name}, MiB at the end", f"{self.memory[name][-1]:.0f}"))
            lines.append((f"memory of {name}, last third by first", f"{ratio:.2f}"))
        lines.append(("faults", str(len(self.faults))))
        width = max(len(name) for name, _ in lines)
        told = [f"{name.ljust(width)}  {value.rjust(9)}" for name, value in lines]
        return "\n".join([*told, *self.faults[:20], "WELL" if self.well else "NOT WELL"])

    def document(self) -> bytes:
        """Return everything as JSON."""
        found = {
            "measured": SystemClock().now().isoformat(timespec="seconds"),
            "seconds": self.seconds, "well": self.well, "faults": list(self.faults),
            "figures": dict(self.figures), "growth": self.growth,
            "memory": {name: list(seen) for name, seen in self.memory.items()},
            "load": [round(load, 2) for load in os.getloadavg()],
        }  # fmt: skip
        return orjson.dumps(found, option=orjson.OPT_INDENT_2)

    def write(self) -> Path:
        """Write the JSON into bench/results/, and return where."""
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{SystemClock().now().strftime('%Y%m%d-%H%M%S')}-soak.json"
        path.write_bytes(self.document())
        return path
