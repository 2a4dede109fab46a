"""What people do with saved views. One verb, one transaction."""

from server.views.service.exporting import Format, exported
from server.views.service.letters import (
    JOB,
    ROUND_JOB,
    make_round,
    on_ended,
    send,
    subscribe,
    subscribed,
    unsubscribe,
)
from server.views.service.reading import LISTED, Part, by_slug, listed, part
from server.views.service.saving import change, check_may_change, delete, on_closed, save

__all__ = [
    "JOB",
    "LISTED",
    "ROUND_JOB",
    "Format",
    "Part",
    "by_slug",
    "change",
    "check_may_change",
    "delete",
    "exported",
    "listed",
    "make_round",
    "on_closed",
    "on_ended",
    "part",
    "save",
    "send",
    "subscribe",
    "subscribed",
    "unsubscribe",
]
