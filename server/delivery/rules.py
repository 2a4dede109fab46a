"""When to try again, for how long, and what an outcome means. Pure: no clock, no database, no
network.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Protocol


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REJECTED = "rejected"
    """The other side said no, for good."""
    GONE = "gone"
    """There is no such inbox any more."""
    DROPPED = "dropped"
    """Given up after the horizon, or by a steward."""


BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
)
"""How long a lane waits after its first, second, ... failure in a row; the last one stays."""

HORIZON = timedelta(days=7)
"""How long ordinary things are tried, and how long a host may fail before it is unreachable."""

LONG_HORIZON = timedelta(days=365)
"""How long withdrawals, follows and their answers are tried."""

LONG_LIVED = frozenset({"Delete", "Follow", "Accept", "Reject", "Undo"})
"""Activity types that wait for the long horizon, also for a host that is unreachable."""

QUEUE_LIMIT = 5_000
"""Ordinary deliveries that may wait for one host. A busy hub sends so many in a week, which is as
long as they are tried; a row takes some 200 bytes, so a thousand dead hosts take 1 GB at most.
"""

UNREACHABLE = "it has not been reached for a week, so only what has to arrive waits for it"
FULL = "too much is waiting for it already"


def backoff(failures: int, random: Random) -> timedelta:
    """Return the wait after `failures` (1 or more) in a row, with a tenth of jitter either way."""
    step = BACKOFF[min(failures, len(BACKOFF)) - 1]
    return step * random.uniform(0.9, 1.1)


def horizon(activity_type: str) -> timedelta:
    """Return how long an activity of this type is tried."""
    return LONG_HORIZON if activity_type in LONG_LIVED else HORIZON


class Attempt(Protocol):
    """What is known of an attempt once it was made."""

    @property
    def again(self) -> bool:
        """Return whether it has to be made again."""
        ...

    @property
    def host_trouble(self) -> bool:
        """Return whether the whole host asked to wait, or did not answer."""
        ...


def lane_sleeps(attempts: Sequence[Attempt]) -> bool:
    """Say whether a round's outcomes mean that the host is in trouble, and not one inbox of it.

    A host that takes something else in the same round is up: then only what failed waits.
    """
    failed = [one for one in attempts if one.again]
    arrived = any(not one.again for one in attempts)
    return any(one.host_trouble for one in failed) or (bool(failed) and not arrived)
