"""Measures for tests: numbers, one a week or one a month."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from server.experiments.rules.measures import Direction, Measure, Point

MISSED = (
    42, 44, 38, 40, 45, 41, 37, 39, 46, 43, 40, 41, 33, 31, 34, 30, 29, 32, 31, 27,
)  # fmt: skip
"""The worked example of domain.md: missed visits a month, lower is better."""
SPIKE = (1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)
"""Its second example: one moving range is out of line."""
MONDAY = date(2026, 1, 5)


def weekly(values: Iterable[float], **how: Any) -> Measure:
    """A measure with one number each Monday."""
    points = tuple(
        Point(at=MONDAY + timedelta(weeks=week), value=value) for week, value in enumerate(values)
    )
    return Measure(
        **{"name": "Late discharges", "direction": Direction.DOWN, "points": points} | how
    )


def monthly(values: Sequence[float] = MISSED, **how: Any) -> Measure:
    """A measure with one number each month, from March 2025."""
    points = tuple(Point(at=month(place), value=value) for place, value in enumerate(values))
    return Measure(**{"name": "Missed visits", "direction": Direction.DOWN, "points": points} | how)


def month(place: int) -> date:
    """The first day of the month that many after March 2025."""
    return date(2025 + (place + 2) // 12, (place + 2) % 12 + 1, 1)
