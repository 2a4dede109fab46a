"""What is counted for Prometheus: one registry for each app, so that several nodes live in one
process.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from server import db

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_MOST_KEPT = 5_000

Read = Callable[[], Awaitable[Mapping[str, float]]]


class Metrics:
    """The counters of one app. A feature adds its own by handing over `registry`."""

    def __init__(self) -> None:
        """Make a registry with the process's figures and those of requests."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._requests = Counter(
            "fettle_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "fettle_request_seconds",
            "From the request's first line to its answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._figures: list[tuple[Gauge, Callable[[], Awaitable[float]]]] = []
        self._together: list[tuple[Mapping[str, Gauge], Read]] = []
        self._kept: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer.

        `route` is a pattern, never a path: paths hold secrets and never end.
        """
        kept = self._kept.get((method, route, status))
        if kept is None:
            kept = (
                self._requests.labels(method, route, str(status)),
                self._seconds.labels(route),
            )
            if len(self._kept) < _MOST_KEPT:
                self._kept[method, route, status] = kept
        kept[0].inc()
        kept[1].observe(seconds)

    def figure(self, name: str, words: str, read: Callable[[], Awaitable[float]]) -> None:
        """Show what `read` returns, asked whenever somebody looks."""
        self._figures.append((Gauge(name, words, registry=self.registry), read))

    def figures(self, read: Read, *, gauges: Mapping[str, tuple[str, str]]) -> None:
        """Show what `read` returns, several figures at once: `gauges` says for each by its name
        there what it is called here, and what it is.
        """
        made = {
            name: Gauge(called, words, registry=self.registry)
            for name, (called, words) in gauges.items()
        }
        self._together.append((made, read))

    async def look(self) -> None:
        """Ask for the figures; where the database is away, they stay what they were."""
        with suppress(*db.FAILURES):
            for gauge, read in self._figures:
                gauge.set(await read())
            for gauges, read_all in self._together:
                found = await read_all()
                for name, gauge in gauges.items():
                    gauge.set(found[name])

    def text(self) -> bytes:
        """Return everything in Prometheus's text format. Reads /proc: call it in a thread."""
        return generate_latest(self.registry)
