"""How far a walk through somebody's outbox goes at a time, and when it goes on. Pure."""

from datetime import timedelta
from enum import StrEnum

PAGES = 20
"""Pages of one stretch."""
SECONDS = 60.0
"""How long one stretch takes, about."""
LOOKED_UP = 100
"""Things and people that one stretch may ask for one by one."""
CHUNK = 50
"""Things that are taken in together, in one transaction."""
MOST = 50_000
"""Things of one outbox that are looked at: there are hubs without end, made for that."""
NEWEST = 20
"""Ids that are kept of where a walk began, for the next one to find."""

PAUSE = timedelta(seconds=5)
"""Between two stretches of one walk."""
SOON = timedelta(seconds=10)
"""What is due so soon is waited for."""
AGAIN = timedelta(days=1)
"""Between two walks."""
SPREAD = timedelta(hours=2)
"""By how much earlier at most, so that not all begin at once."""
BEAT = timedelta(minutes=5)
"""How often it is looked what is due."""
AWAY = timedelta(hours=1)
"""Who has not looked for so long was away, and may have missed something."""
WAITS = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=6), timedelta(hours=12), timedelta(days=1),
)  # fmt: skip
"""After one failure, two, and so on."""


class Standing(StrEnum):
    """Where a back catalogue stands."""

    WALKING = "walking"
    """It is being taken in, or waits for its turn."""
    RESTING = "resting"
    """All that was to be had is here; it is looked through again every day."""
    STOPPED = "stopped"
    """A steward said so."""
    NOTHING = "nothing"
    """They publish nothing that could be read."""


def wait_after(failures: int) -> timedelta:
    """Return how long to leave somebody alone who failed so many times, one after another."""
    return WAITS[min(failures, len(WAITS)) - 1]
