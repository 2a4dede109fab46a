"""Numbers and days in plain British English. Pure."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from math import floor, log10

from server.experiments.rules.measures import Frequency, Measure, written_day

FIGURES = 5
SMALLEST = 1e-6
"""Smaller numbers are written with a power of ten."""


def plain(value: float) -> str:
    """Return a number as people read it: `1,204`, `0.5`, `27`; of more than five figures those
    behind the point are rounded, since spreadsheets give a dozen.
    """
    if 0 < abs(value) < SMALLEST:
        return f"{value:.5g}"
    places = max(0, FIGURES - 1 - floor(log10(abs(value)))) if value else 0
    return _trimmed(f"{value:,.{places}f}")


def exact(value: float) -> str:
    """Return a number as it was written, to the last figure, for machines: `1204.5`."""
    return _trimmed(f"{Decimal(repr(value)):f}")


def _trimmed(words: str) -> str:
    return words.rstrip("0").rstrip(".") if "." in words else words


def rough(value: float, spread: float) -> str:
    """Return a number that was computed, to about a hundredth of how far such numbers lie apart."""
    places = 1 if spread <= 0 else min(9, max(0, 2 - floor(log10(spread))))
    words = f"{value:,.{places}f}"
    return words if float(words.replace(",", "")) else words.lstrip("-")  # there is no minus nought


def with_unit(words: str, unit: str) -> str:
    """Return `27 a week`, `27%`, `£27`."""
    if unit in {"£", "€", "$"}:
        return unit + words
    return words + unit if unit.startswith("%") else f"{words} {unit}".strip()


def calendar(measure: Measure) -> Callable[[date], str]:
    """Return how days are told: as months, where there is a number for each month."""
    monthly = measure.frequency is Frequency.MONTHLY or (
        len(measure.points) > 1 and all(point.at.day == 1 for point in measure.points)
    )
    return _month if monthly else written_day


def _month(day: date) -> str:
    return f"{day:%B %Y}"
