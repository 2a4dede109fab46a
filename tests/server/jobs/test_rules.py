"""Waiting longer each time, and keeping to the grid."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.jobs.rules import LONGEST_WAIT, TRIES, next_time, wait_after


def test_each_wait_is_longer_than_the_one_before_up_to_a_day() -> None:
    """Twelve tries span about two days: a mail server may be away over a weekend's Sunday."""
    waits = [wait_after(attempts, jitter=0) for attempts in range(1, TRIES)]
    assert waits[0] == timedelta(seconds=15)
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert timedelta(days=1.5) < sum(waits, timedelta()) < timedelta(days=3)


@given(st.integers(min_value=1, max_value=100_000), st.floats(min_value=0, max_value=1))
def test_a_wait_is_shortened_by_a_tenth_at_most(attempts: int, jitter: float) -> None:
    """However often it failed."""
    whole = wait_after(attempts, jitter=0)
    assert whole * 0.8999 <= wait_after(attempts, jitter=jitter) <= whole <= LONGEST_WAIT


@given(
    st.integers(min_value=0, max_value=10**13),
    st.integers(min_value=1, max_value=10**9),
    st.integers(min_value=0, max_value=10**13),
)
def test_the_next_time_is_on_the_grid_and_within_a_period(due: int, every: int, now: int) -> None:
    """What was missed is not made up for."""
    to = next_time(due, every=every, now=now)
    assert (to - due) % every == 0
    assert to > now
    assert to <= max(now, due) + every
