"""What a run came to: figures with their marks, faults, and memory as it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReport(Report):
    """A report that says, too, what was lost or doubled."""

    scale: Mapping[str, Any]
    """How much of everything there was."""
    faults: Sequence[str]
    memory: Mapping[str, Sequence[float]]
    """MiB of each process, once a second."""

    @property
    def label(self) -> str:
        """What its file is called by."""
        return f"network-{self.engine}"

    def table(self) -> str:
        """Return it for people, the faults below."""
        words = [f"FAULT: {fault}" for fault in self.faults] or ["Nothing lost, nothing doubled."]
        return "\n".join([Report.table(self), "", *words])

    def found(self) -> dict[str, Any]:
        """Return everything that is written down."""
        further = {"scale": self.scale, "faults": self.faults, "memory": self.memory}
        return Report.found(self) | further
