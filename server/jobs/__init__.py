"""Work that is done after the request: one durable queue in the node's own database."""

from server.jobs.registry import Handler, Registry
from server.jobs.service import (
    KEPT,
    PAGE,
    Counts,
    DeadJob,
    Later,
    counts,
    dead,
    dead_one,
    enqueue,
    enqueue_many,
    replay,
    sweep,
)
from server.jobs.worker import Worker

__all__ = [
    "KEPT",
    "PAGE",
    "Counts",
    "DeadJob",
    "Handler",
    "Later",
    "Registry",
    "Worker",
    "counts",
    "dead",
    "dead_one",
    "enqueue",
    "enqueue_many",
    "replay",
    "sweep",
]
