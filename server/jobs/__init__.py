"""Work that is done after the request: one durable queue in the node's own database."""

from server.jobs.registry import Handler, Registry
from server.jobs.service import (
    Counts,
    DeadJob,
    Later,
    counts,
    dead,
    enqueue,
    enqueue_many,
    replay,
)
from server.jobs.worker import Worker

__all__ = [
    "Counts",
    "DeadJob",
    "Handler",
    "Later",
    "Registry",
    "Worker",
    "counts",
    "dead",
    "enqueue",
    "enqueue_many",
    "replay",
]
