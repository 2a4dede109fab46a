"""What is done about whom the hub follows, many at a time."""

from server.network.service.batches import (
    ENTRIES,
    PAGE,
    Progress,
    Seen,
    begin,
    by_id,
    entries,
    leave_out,
    listed,
    look_again,
    pause,
    problems_of,
    progress,
    resume,
    sweep,
    wished,
)
from server.network.service.exporting import exported

__all__ = [
    "ENTRIES",
    "PAGE",
    "Progress",
    "Seen",
    "begin",
    "by_id",
    "entries",
    "exported",
    "leave_out",
    "listed",
    "look_again",
    "pause",
    "problems_of",
    "progress",
    "resume",
    "sweep",
    "wished",
]
