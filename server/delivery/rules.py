"""When to try again, for how long, and in which order. Pure: no clock, no database, no network."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Protocol, TypeVar


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
"""How long ordinary things are tried."""

LONG_HORIZON = timedelta(days=365)
"""How long withdrawals, follows and their answers are tried."""

LONG_LIVED = frozenset({"Delete", "Follow", "Accept", "Reject", "Undo"})
"""Activity types that wait for the long horizon."""


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


class Keyed(Protocol):
    """Anything that has to keep its order among those with the same key."""

    @property
    def order_key(self) -> str:
        """Return what must arrive in order."""
        ...


T = TypeVar("T", bound=Keyed)


def in_order(waiting: Iterable[T]) -> Sequence[Sequence[T]]:
    """Return the rows as queues: one for each order key, in the order they came."""
    queues: dict[str, list[T]] = {}
    for row in waiting:
        queues.setdefault(row.order_key, []).append(row)
    return list(queues.values())
