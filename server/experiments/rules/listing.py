"""The numbers of a measure as a table and as CSV. Pure."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO

from server.experiments.rules.figures import calendar, exact, plain
from server.experiments.rules.reading import Reading
from server.experiments.rules.sentences import said_of, said_of_excluded
from server.spreadsheets import held_back

HEADINGS = ("date", "value", "n", "note", "round", "left out because", "what the chart says")
"""The columns of a CSV; what reads pasted tables knows them (`rules.sheets`)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number as a table shows it."""

    at: date
    day: str
    """`March 2026` or `2 March 2026`."""
    value: str
    n: str
    note: str
    cycle: int | None
    excluded: str
    said: str
    """What the chart says of it."""


def rows(reading: Reading) -> list[Row]:
    """Return all numbers by date, those that are left out among them."""
    measure, day = reading.measure, calendar(reading.measure)
    judged = {one.point.at: one for one in reading.judged}
    return [
        Row(
            at=point.at,
            day=day(point.at),
            value=plain(point.value),
            n="" if point.n is None else plain(point.n),
            note=point.note,
            cycle=point.cycle,
            excluded=point.excluded,
            said=said_of(judged[point.at], measure.chart)
            if point.at in judged
            else said_of_excluded(point),
        )
        for point in sorted(measure.points, key=lambda point: point.at)
    ]


def as_csv(reading: Reading) -> str:
    """Return all numbers as CSV (RFC 4180): ISO days, numbers without separators of thousands,
    words that a spreadsheet would compute with held back by an apostrophe.
    """
    into = StringIO(newline="")
    writer = csv.writer(into)
    writer.writerow(HEADINGS)
    writer.writerows(_cells(reading))
    return into.getvalue()


def _cells(reading: Reading) -> Iterator[tuple[str, ...]]:
    points = sorted(reading.measure.points, key=lambda point: point.at)
    for row, point in zip(rows(reading), points, strict=True):
        numbers = (exact(point.value), "" if point.n is None else exact(point.n))
        cycle = "" if row.cycle is None else str(row.cycle)
        words = (held_back(row.note), cycle, held_back(row.excluded), row.said)
        yield (row.at.isoformat(), *numbers, *words)
