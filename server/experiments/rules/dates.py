"""Dates as people write them, British order first. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EARLIEST, LATEST = 1900, 2100
CENTURY = 70
"""Two figures from here on are of the last century."""
SERIAL_ZERO = date(1899, 12, 30)
"""Where spreadsheets count days from (ECMA-376, the 1900 date system)."""
SERIALS = range(20_000, 75_000)
LONGEST = 60
"""Letters of a date."""

_PREFIX = re.compile(
    r"^(?:(?:w/?[bce]|wk|week)\b\.?\s*(?:commencing|beginning|starting|ending|of)?[:\s]*)?"
    r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b[.,]?\s*)?",
    re.IGNORECASE,
)
_TIME = re.compile(r"[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$")
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4}|'?\d\d)"
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?$")
_FIGURES = re.compile(r"(?P<first>\d{1,2})[-/. ](?P<second>\d{1,2})[-/. ](?P<year>\d{4}|\d\d)$")
_MONTH_YEAR = re.compile(r"(?P<month>\d{1,2})[-/](?P<year>\d{4})$")
_QUARTER = re.compile(r"q(?P<quarter>[1-4])[ ,/-]*(?P<year>\d{4})$", re.IGNORECASE)
_YEAR_QUARTER = re.compile(r"(?P<year>\d{4})[ ,/-]*q(?P<quarter>[1-4])$", re.IGNORECASE)
_WORDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}[ /-]*(?:of )?{_MONTH}[ ,/-]*{_YEAR}$",
        rf"{_MONTH}[ /-]*{_DAY}(?:,| ) *(?P<year>\d{{4}})$",
        rf"{_MONTH}[ ,/-]*{_YEAR}$",
        rf"{_DAY}[ /-]*(?:of )?{_MONTH}$",
    )
)


class Doubt(StrEnum):
    """Why a date may have been meant otherwise."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    NO_YEAR = "no year"
    YEAR_OR_DAY = "year or day"
    SERIAL = "serial"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date, and why it may have been meant otherwise."""

    at: date
    doubt: Doubt | None = None


def in_column(cells: Sequence[str], *, today: date) -> list[ReadDate | None]:
    """Read the dates of one column; None where there is none.

    Where figures can only be month first (`8/25/26`), and none can only be day first, all are.
    """
    order = _order(cells)
    return [one(cell, today=today, order=order) for cell in cells]


def one(words: str, *, today: date, order: Doubt | None = None) -> ReadDate | None:
    """Read one date; `order` is what is known of its column. A date without a year is the last such
    day that is not after today.
    """
    if len(words) > LONGEST or not words.isascii():
        return None
    bare = _bare(words)
    if match := _ISO.match(bare):
        return _made(match["year"], match["month"], match["day"] or "1")
    if match := _FIGURES.match(bare):
        pair = (match["second"], match["first"])
        month, day = pair[::-1] if order is Doubt.MONTH_FIRST else pair
        return _made(match["year"], month, day, doubt=order)
    if match := _MONTH_YEAR.match(bare):
        return _made(match["year"], match["month"], "1")
    if match := _QUARTER.match(bare) or _YEAR_QUARTER.match(bare):
        return _made(match["year"], str(int(match["quarter"]) * 3 - 2), "1", doubt=Doubt.QUARTER)
    if bare.isascii() and bare.isdigit():
        return _number(int(bare))
    return _in_words(bare, today)


def _bare(words: str) -> str:
    return _PREFIX.sub("", _TIME.sub("", " ".join(words.split()))).strip(" ,.")


def _order(cells: Sequence[str]) -> Doubt | None:
    """Return how the figures of a column may be read: None where it is sure that days come first,
    or where it makes no difference.
    """
    pairs = [
        (int(match["first"]), int(match["second"]))
        for cell in cells
        if len(cell) <= LONGEST and (match := _FIGURES.match(_bare(cell)))
    ]
    if any(first > 12 for first, _ in pairs) or all(first == second for first, second in pairs):
        return None
    return Doubt.MONTH_FIRST if any(second > 12 for _, second in pairs) else Doubt.DAY_FIRST


def _in_words(bare: str, today: date) -> ReadDate | None:
    for pattern in _WORDS:
        match = pattern.match(bare)
        month = _month(match["month"]) if match else None
        if match is None or month is None:
            continue
        found = match.groupdict()
        if found.get("year") is None:
            return _without_year(month, match["day"], today)
        has_day = found.get("day") is not None
        short = not has_day and len(match["year"]) == 2
        doubt = Doubt.YEAR_OR_DAY if short and " " in bare else None
        return _made(match["year"].lstrip("'"), month, found.get("day") or "1", doubt=doubt)
    return None


def _month(words: str) -> str | None:
    """Return the number of a month, by its first letters: `Sept`, `August`."""
    start = words[:3].lower()
    if start not in MONTHS:
        return None
    number = MONTHS.index(start) + 1
    whole = f"{date(2000, number, 1):%B}".lower()
    return str(number) if whole.startswith(words.lower()) else None


def _without_year(month: str, day: str, today: date) -> ReadDate | None:
    for year in _years_back(today):
        found = _made(str(year), month, day, doubt=Doubt.NO_YEAR)
        if found and found.at <= today:
            return found
    return None


def _years_back(today: date) -> Iterator[int]:
    yield from range(today.year, today.year - 9, -1)  # eight years may lie between leap days


def _number(figures: int) -> ReadDate | None:
    if EARLIEST <= figures <= LATEST:
        return ReadDate(date(figures, 1, 1))
    if figures in SERIALS:
        return ReadDate(SERIAL_ZERO + timedelta(days=figures), Doubt.SERIAL)
    return None


def _made(year: str, month: str, day: str, *, doubt: Doubt | None = None) -> ReadDate | None:
    whole = int(year)
    if len(year) == 2:
        whole += 1900 if whole >= CENTURY else 2000
    if not EARLIEST <= whole <= LATEST:
        return None
    try:
        return ReadDate(date(whole, int(month), int(day)), doubt)
    except ValueError:
        return None
