"""Axes: round numbers and round days. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

MOST = 6
"""Ticks of an axis."""
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)
_LARGE = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))


@dataclass(frozen=True, slots=True)
class Day:
    """A tick on the axis of time."""

    at: date
    words: str
    year: str
    """Below it, where the year is new."""


def numbers(low: float, high: float) -> list[tuple[float, str]]:
    """Return round numbers between two, at most seven of them, and how they are written."""
    step = _step(high - low)
    first, last = ceil(low / step), floor(high / step)
    values = [count * step for count in range(first, min(last, first + MOST) + 1)]
    unit, suffix = next(
        ((unit, suffix) for unit, suffix in _LARGE if max(map(abs, values), default=0) >= unit),
        (1.0, ""),
    )
    places = max(0, -floor(log10(step / unit) + 1e-9))
    return [(value, f"{value / unit:,.{places}f}{suffix}") for value in values]


def _step(spread: float) -> float:
    """Return 1, 2 or 5 times a power of ten, so that at most six fit in."""
    power = 10.0 ** floor(log10(spread / MOST))
    return next(
        power * times for times in (1, 2, 5, 10) if power * times * MOST >= spread * (1 - 1e-9)
    )


def days(first: date, last: date) -> list[Day]:
    """Return days that are worth a word between two, at most six."""
    for found in _candidates(first, last):
        if len(found) <= MOST:
            return found
    raise AssertionError  # two thousand years are no more than six steps of the calendar's


def _candidates(first: date, last: date) -> Iterator[list[Day]]:
    span = (last - first).days
    for step in _DAYS:
        if span // step < MOST:
            ats = [first + timedelta(days=step * count) for count in range(span // step + 1)]
            yield _told(ats, lambda at: f"{at.day} {at:%b}")
    start, end = first.year * 12 + first.month - (first.day == 1), last.year * 12 + last.month - 1
    for step in _MONTHS:
        if (end - start) // step < MOST:
            ats = [date(month // 12, month % 12 + 1, 1) for month in range(start, end + 1, step)]
            yield _told(ats, lambda at: f"{at:%b}")
    start = first.year + (first > date(first.year, 1, 1))
    for step in _YEARS:
        whole = -(-start // step) * step
        ats = [date(year, 1, 1) for year in range(whole, last.year + 1, step)]
        yield [Day(at, str(at.year), "") for at in ats]


def _told(ats: list[date], words: Callable[[date], str]) -> list[Day]:
    before: int | None = None
    found = []
    for at in ats:
        found.append(Day(at, words(at), "" if at.year == before else str(at.year)))
        before = at.year
    return found
