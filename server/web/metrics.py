"""What is counted for Prometheus: one registry for each app, so that several nodes live in one
process.
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_MOST_KEPT = 5_000


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

    def text(self) -> bytes:
        """Return everything in Prometheus's text format. Reads /proc: call it in a thread."""
        return generate_latest(self.registry)
