"""Tables as people paste them from a spreadsheet, and CSV files. Pure.

What could have been meant otherwise is read one way and said, so that a page can show it before
anything is kept; what can't be read is said by its line.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO

from server.errors import RefusedError
from server.experiments.rules import amounts, dates
from server.experiments.rules.dates import Doubt, ReadDate
from server.experiments.rules.measures import (
    NOTE_LIMIT,
    POINTS,
    Frequency,
    Point,
    TooManyPointsError,
    written_day,
)
from server.spreadsheets import let_go

LETTERS = 200_000
"""Of a whole table: 400 numbers with a note each."""
LINES = 2 * POINTS
"""Lines of a table, empty ones and headings among them."""
COLUMNS = 20
MARKS = ("\t", ";", ",")
"""What may stand between columns; of two that stand there as often, the first."""
PROBLEMS = 20
"""Lines that are told of; the rest is counted."""

HEADINGS = {
    "at": ("date", "day", "week", "month", "quarter", "year", "period", "when", "week commencing",
           "week beginning", "w/c", "week starting", "month beginning", "date of week"),
    "value": ("value", "number", "count", "result", "rate", "percent", "percentage", "%", "score",
              "measure", "measurement", "total", "numerator", "average", "median", "how many"),
    "n": ("n", "out of", "denominator", "of how many", "out of how many", "sample", "cases", "of"),
    "note": ("note", "notes", "comment", "comments", "remark", "remarks", "what happened"),
    "cycle": ("round", "cycle"),
    "excluded": ("left out because", "excluded", "why left out", "left out"),
}  # fmt: skip
"""How a column may be headed."""

DOUBTS = {
    Doubt.DAY_FIRST: "We read “{cell}” as {day}: the day first. Is that right?",
    Doubt.MONTH_FIRST: "We read “{cell}” as {day}: the month first, since some dates make no sense"
    " otherwise. Is that right?",
    Doubt.NO_YEAR: "“{cell}” has no year: we took it for {day}.",
    Doubt.YEAR_OR_DAY: "We read “{cell}” as the month of {month}, not as a day. Is that right?",
    Doubt.SERIAL: "“{cell}” is how a spreadsheet counts days: we read it as {day}.",
    Doubt.QUARTER: "We read “{cell}” as the quarter that begins on {day}, as the calendar has it.",
}


class NothingToReadError(RefusedError):
    """There are no numbers in what you pasted. It should have a line for each number: its date, and
    the number.
    """


class TooMuchToReadError(RefusedError):
    """This is more than we can read at once. Copy only the columns with the date, the number and
    perhaps a note.
    """


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read."""

    line: int
    words: str


@dataclass(slots=True)
class Sheet:
    """What was read of a table."""

    points: list[Point] = field(default_factory=list)
    """By date."""
    doubts: list[str] = field(default_factory=list)
    """What could have been meant otherwise, and how it was read."""
    problems: list[Problem] = field(default_factory=list)
    """What could not be read; at most `PROBLEMS`."""
    unread: int = 0
    """How many lines could not be read."""
    blank: int = 0
    """How many dates have no number: they are left out."""
    percent: bool = False
    """Whether the numbers are percentages."""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: list[str]

    def cell(self, column: int | None) -> str:
        return self.cells[column] if column is not None and column < len(self.cells) else ""


def read_sheet(
    text: str,
    *,
    today: date,
    since: date | None = None,
    frequency: Frequency = Frequency.WEEKLY,
) -> Sheet:
    """Read a table: tabs, semicolons, commas or spaces between the columns, with or without
    headings, numbers one below or one beside another.

    Numbers without dates are dated from `since` on, as often as `frequency` says. Raises
    NothingToReadError, TooMuchToReadError, TooManyPointsError.
    """
    lines = _upright(_lines(text), today)
    columns = _columns(lines, today)
    body = lines[1:] if columns.headed else lines
    sheet = Sheet()
    ats = _dates(body, columns, sheet, today=today, since=since, frequency=frequency)
    _read_rows(body, ats, columns, sheet)
    if not sheet.points and not sheet.problems:
        raise NothingToReadError
    if len(sheet.points) > POINTS:
        raise TooManyPointsError(limit=POINTS, count=f"{len(sheet.points):,}")
    sheet.points.sort(key=lambda point: point.at)
    return sheet


def _lines(text: str) -> list[_Line]:
    """Cut a text into its cells; what is too long is refused before it is looked at."""
    count = text.count("\n") + text.count("\r")
    if count > 2 * LINES:
        raise TooManyPointsError(limit=POINTS, count=f"{text.count(chr(10)) or count:,}")
    if len(text) > LETTERS:
        raise TooMuchToReadError
    text = text.removeprefix("\ufeff").replace("\0", "")
    split = _split(text)
    lines = [_Line(number, cells) for number, cells in split if any(cells)]
    if not lines:
        raise NothingToReadError
    return lines


def _upright(lines: list[_Line], today: date) -> list[_Line]:
    """Return a table with its dates below one another: one that lies on its side is turned."""
    wide = max(len(line.cells) for line in lines)
    if len(lines) <= 3 and any(_are_dates(line.cells[1:], today) for line in lines):
        across = range(min(wide, LINES))
        turned = [_Line(place + 1, [line.cell(place) for line in lines]) for place in across]
        return [line for line in turned if any(line.cells)]
    if wide > COLUMNS:
        raise TooMuchToReadError
    return lines


def _are_dates(cells: Sequence[str], today: date) -> bool:
    """Whether most of several cells hold dates."""
    filled = [cell for cell in cells if cell]
    found = sum(one is not None for one in dates.in_column(filled, today=today))
    return found > 1 and found * 2 > len(filled)


def _split(text: str) -> Iterator[tuple[int, list[str]]]:
    between = _between(text)
    if between == " ":
        for number, line in enumerate(text.splitlines(), 1):
            yield number, line.rsplit(maxsplit=1)
        return
    reader = csv.reader(StringIO(text, newline=""), delimiter=between, skipinitialspace=True)
    before = 0
    try:
        for cells in reader:
            yield before + 1, [" ".join(cell.split()) for cell in cells]
            before = reader.line_num
    except csv.Error as error:
        raise TooMuchToReadError from error


def _between(text: str) -> str:
    """Return what stands between the columns: of tabs, semicolons and commas what each line has the
    most of, else what most lines have.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    every = {mark: min((line.count(mark) for line in lines), default=0) for mark in MARKS}
    if any(every.values()):
        return max(MARKS, key=every.__getitem__)
    for mark in MARKS:
        if sum(mark in line for line in lines) * 2 > len(lines):
            return mark
    return " " if any(" " in line.strip() for line in lines) else ","


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where what stands."""

    headed: bool
    value: int
    at: int | None = None
    n: int | None = None
    note: int | None = None
    cycle: int | None = None
    excluded: int | None = None
    guessed_n: bool = False


def _columns(lines: Sequence[_Line], today: date) -> _Columns:
    first = lines[0]
    headed = not any(_holds_something(cell, today) for cell in first.cells)
    body = lines[1:] if headed else lines
    named = _named(first.cells) if headed else {}
    wide = max((len(line.cells) for line in body), default=0)
    at = named.get("at", _first_of_dates(body, wide, today))
    taken = {at, *named.values()}
    free = [column for column in range(wide) if column not in taken]
    numeric = [column for column in free if _is_numeric(body, column)]
    value = named["value"] if "value" in named else next(iter(numeric), None)
    if value is None and at is not None and "at" not in named and _is_numeric(body, at):
        value, at = at, None  # years, or serial numbers, would be numbers where nothing else is
    if value is None:
        raise NothingToReadError
    rest = [column for column in numeric if column > value]
    guess = rest[0] if not headed and rest else None
    words = [column for column in free if column not in numeric and column > value]
    return _Columns(
        headed=headed,
        value=value,
        at=at,
        n=named.get("n", guess),
        note=named.get("note", words[0] if words and not headed else None),
        cycle=named.get("cycle"),
        excluded=named.get("excluded"),
        guessed_n=guess is not None,
    )


def _holds_something(cell: str, today: date) -> bool:
    return amounts.number(cell) is not None or dates.one(cell, today=today) is not None


def _named(cells: Sequence[str]) -> dict[str, int]:
    """Return which columns are headed with words that we know; the first of each kind."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        words = cell.lower().strip(" :.()")
        for name, known in HEADINGS.items():
            if words in known:
                found.setdefault(name, place)
    return found


def _first_of_dates(lines: Sequence[_Line], wide: int, today: date) -> int | None:
    """Return the first column most of which are dates."""
    for column in range(wide):
        cells = [cell for line in lines if (cell := line.cell(column))]
        found = sum(one is not None for one in dates.in_column(cells, today=today))
        if found * 2 > len(cells):
            return column
    return None


def _is_numeric(lines: Sequence[_Line], column: int) -> bool:
    cells = [cell for line in lines if not amounts.is_blank(cell := line.cell(column))]
    return sum(amounts.number(cell) is not None for cell in cells) * 2 > len(cells)


def _dates(
    lines: Sequence[_Line],
    columns: _Columns,
    sheet: Sheet,
    *,
    today: date,
    since: date | None,
    frequency: Frequency,
) -> Sequence[ReadDate | None]:
    if columns.at is not None:
        cells = [line.cell(columns.at) for line in lines]
        found = dates.in_column(cells, today=today)
        _say_doubts(cells, found, sheet)
        return found
    if since is None:
        sheet.doubts.append("There are no dates. Say when the first number is from, and how often.")
        return [None] * len(lines)
    sheet.doubts.append(f"There are no dates: we counted {frequency} from {written_day(since)}.")
    return [ReadDate(at) for at in _counted(since, frequency, len(lines))]


def _counted(since: date, frequency: Frequency, count: int) -> list[date]:
    days = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.FORTNIGHTLY: 14}
    if frequency in days:
        return [since + timedelta(days=days[frequency] * place) for place in range(count)]
    months = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}[frequency]
    first = since.year * 12 + since.month - 1
    places = [first + months * place for place in range(count)]
    return [date(place // 12, place % 12 + 1, 1) for place in places]


def _say_doubts(cells: Sequence[str], found: Sequence[ReadDate | None], sheet: Sheet) -> None:
    """Say each kind of doubt once, by a date that shows it best: one whose day is not its month."""
    shown: dict[Doubt, tuple[str, date]] = {}
    for cell, one in zip(cells, found, strict=True):
        if one is not None and one.doubt is not None:
            before = shown.get(one.doubt)
            if before is None or before[1].day == before[1].month != one.at.day:
                shown[one.doubt] = (cell, one.at)
    sheet.doubts += [
        DOUBTS[doubt].format(cell=cell, day=written_day(at), month=f"{at:%B %Y}")
        for doubt, (cell, at) in shown.items()
    ]


def _read_rows(
    lines: Sequence[_Line], ats: Sequence[ReadDate | None], columns: _Columns, sheet: Sheet
) -> None:
    seen: dict[date, int] = {}
    ways: Counter[str] = Counter()
    for line, at in zip(lines, ats, strict=True):
        words = line.cell(columns.value)
        if amounts.is_blank(words):
            sheet.blank += 1
            continue
        read = amounts.number(words)
        if read is None:
            _tell(sheet, line, f"we can’t read “{words[:40]}” as a number.")
        elif at is None:
            _tell(sheet, line, _no_date(line, columns))
        elif at.at in seen:
            day = written_day(at.at)
            _tell(sheet, line, f"there is a number for {day} already, on line {seen[at.at]}.")
        else:
            seen[at.at] = line.number
            ways.update({"%": read.percent, "plain": not read.percent, ",": read.comma})
            sheet.points.append(_point(at.at, read.value, line, columns))
    _say_ways(sheet, ways, columns)


def _no_date(line: _Line, columns: _Columns) -> str:
    words = line.cell(columns.at)
    return f"we can’t read “{words[:40]}” as a date." if words else "there is no date."


def _point(at: date, value: float, line: _Line, columns: _Columns) -> Point:
    n, cycle = amounts.number(line.cell(columns.n)), line.cell(columns.cycle)
    return Point(
        at=at,
        value=value,
        n=n.value if n and n.value > 0 else None,
        note=let_go(line.cell(columns.note))[:NOTE_LIMIT],
        cycle=int(cycle) if cycle.isascii() and cycle.isdigit() and len(cycle) < 4 else None,
        excluded=let_go(line.cell(columns.excluded))[:NOTE_LIMIT],
    )


def _tell(sheet: Sheet, line: _Line, words: str) -> None:
    sheet.unread += 1
    if len(sheet.problems) < PROBLEMS:
        sheet.problems.append(Problem(line.number, f"Line {line.number}: {words}"))


def _say_ways(sheet: Sheet, ways: Counter[str], columns: _Columns) -> None:
    sheet.percent = ways["%"] > 0
    if ways["%"] and ways["plain"]:
        sheet.doubts.append("Some numbers have a % and some have not: we took them as they stand.")
    if ways[","]:
        sheet.doubts.append("We read a comma as a decimal point: “12,5” as 12.5. Is that right?")
    if columns.guessed_n and any(point.n for point in sheet.points):
        first = next(point for point in sheet.points if point.n)
        sheet.doubts.append(
            f"We read two numbers on a line as “{first.value:g} out of {first.n:g}”. If it is one"
            f" number with a comma, put quotation marks around it."
        )
