"""How long to wait before the next try, and when to give up. Pure."""

from datetime import timedelta

TRIES = 12
"""After so many a job is dead: kept, shown to the stewards, and replayed only when they say so."""
FIRST_WAIT = timedelta(seconds=15)
FACTOR = 2.5
LONGEST_WAIT = timedelta(days=1)
LEASE = timedelta(seconds=60)
"""How long a job belongs to the worker that took it, unless the worker renews it."""
ERROR_LIMIT = 500
"""Characters of an error that are kept."""


def wait_after(attempts: int, *, jitter: float) -> timedelta:
    """Return how long to wait after so many failed attempts, from 15 seconds up to a day.

    `jitter` from 0 to 1 shortens it by up to a tenth, so that what failed together is not tried
    together again.
    """
    try:
        wait = min(FIRST_WAIT * FACTOR ** (attempts - 1), LONGEST_WAIT)
    except OverflowError:
        wait = LONGEST_WAIT
    return wait * (1 - jitter / 10)


def next_time(due: int, *, every: int, now: int) -> int:
    """Return the first moment after `now` that lies a whole number of periods after `due`.

    All in milliseconds: what was missed while nothing ran is not made up for.
    """
    return due + every * (max(0, now - due) // every + 1)
