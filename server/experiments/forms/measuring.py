"""What people fill in about what they measure: what it is, numbers, limits drawn again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Self

from server.experiments.forms.writing import DATE_HINT, rounds
from server.experiments.rules import amounts, dates
from server.experiments.rules.cycles import Cycle
from server.experiments.rules.figures import exact
from server.experiments.rules.measures import (
    LINE_LIMIT,
    NAME_LIMIT,
    NOTE_LIMIT,
    POINTS,
    TEXT_LIMIT,
    ChartKind,
    Direction,
    Frequency,
    Kind,
    Measure,
    Point,
    Rebase,
    written_day,
)
from server.experiments.rules.sheets import LETTERS
from server.experiments.rules.updates import TEXT_LIMIT as UPDATE_LIMIT
from server.web.forms import Area, Choice, File, Form, Hidden, Number, Text, Tick

DIRECTIONS = (
    (str(Direction.DOWN), "It should go down"),
    (str(Direction.UP), "It should go up"),
    (str(Direction.NEUTRAL), "Neither way is better"),
)
KINDS = (
    (str(Kind.OUTCOME), "Whether it gets better for people"),
    (str(Kind.PROCESS), "Whether we do what we meant to"),
    (str(Kind.BALANCING), "Whether something else gets worse"),
)
FREQUENCIES = (
    (str(Frequency.DAILY), "Every day"),
    (str(Frequency.WEEKLY), "Every week"),
    (str(Frequency.FORTNIGHTLY), "Every two weeks"),
    (str(Frequency.MONTHLY), "Every month"),
    (str(Frequency.QUARTERLY), "Every three months"),
    (str(Frequency.YEARLY), "Every year"),
)
CHARTS = (
    (str(ChartKind.XMR), "With limits (XmR): shows how far chance alone would go"),
    (str(ChartKind.RUN), "Without limits (run chart): for few or odd numbers"),
)
NO_NUMBER = "Write a number, like 12 or 12.5"
NO_DATE = "Write a date like 2 October 2026"
TELL = "If you say something, it goes into the log with the chart, at once to all who follow this."


def read_day(words: str, today: date) -> dates.ReadDate | None:
    """Read a day that stands alone, so that nothing beside it tells which figures are the month."""
    return dates.in_column([words], today=today)[0]


class MeasureForm(Form):
    """What is measured. Two answers are enough."""

    name = Text(
        "What will you measure?", hint="For example: late discharges with nobody told.",
        required="Say what you measure", limit=NAME_LIMIT,
    )  # fmt: skip
    unit = Text(
        "What stands behind a number?", hint="Such as: a week, %, minutes. You can leave it out.",
        limit=LINE_LIMIT,
    )  # fmt: skip
    direction = Choice("Which way is better?", DIRECTIONS, required="Choose which way is better")
    counts_people = Tick("It counts people, and few of them might be recognised")
    definition = Area(
        "What exactly is counted?",
        hint="How, when and by whom, so that somebody else would count the same.",
        rows=3,
        limit=TEXT_LIMIT,
    )
    target = Text("What do you aim for?", hint="A number. You can leave it out.", limit=40)
    frequency = Choice("How often is there a number?", FREQUENCIES, as_list=True)
    kind = Choice("What is it for?", KINDS)
    chart = Choice("How shall it be drawn?", CHARTS)
    baseline = Number(
        "How many first numbers show how it was before?",
        hint="The limits are drawn from these. Left out, they are drawn from all.",
        least=2,
        most=POINTS,
    )

    def check(self) -> None:
        """Read the target."""
        if self.target and amounts.number(self.target) is None:
            self.wrong("target", NO_NUMBER)

    def measure(self) -> Measure:
        """Return what was filled in."""
        target = amounts.number(self.target) if self.target else None
        return Measure(
            name=self.name,
            kind=Kind(self.kind) if self.kind else Kind.OUTCOME,
            definition=self.definition,
            unit=self.unit,
            direction=Direction(self.direction),
            target=target.value if target else None,
            frequency=Frequency(self.frequency) if self.frequency else None,
            chart=ChartKind(self.chart) if self.chart else ChartKind.XMR,
            baseline=self.baseline,
            counts_people=self.counts_people,
        )

    @classmethod
    def of(cls, measure: Measure) -> Self:
        """Return the form that shows a measure, to be changed."""
        return cls.filled(
            name=measure.name, unit=measure.unit, direction=measure.direction,
            counts_people=measure.counts_people, definition=measure.definition,
            target="" if measure.target is None else exact(measure.target),
            frequency=measure.frequency or "", kind=measure.kind, chart=measure.chart,
            baseline=measure.baseline,
        )  # fmt: skip


class _OneForm(Form):
    """One number and its day."""

    at = Text(
        "Which day is it for?",
        hint=f"{DATE_HINT} Of a week or a month, its first day.",
        required=NO_DATE,
        limit=dates.LONGEST,
    )
    value = Text("The number", required=NO_NUMBER, limit=amounts.LONGEST)
    n = Text("Out of how many?", hint="Only where it is a share.", limit=amounts.LONGEST)
    note = Text("A note", hint="What was special that day.", limit=NOTE_LIMIT)

    def read_numbers(self, today: date) -> None:
        """Read the day and the numbers. A day that may have been meant otherwise is shown as it was
        read, to be sent once more.
        """
        for name in ("value", "n"):
            if self.values[name] and amounts.number(str(self.values[name])) is None:
                self.wrong(name, NO_NUMBER)
        if not self.at:
            return
        read = read_day(self.at, today)
        if read is None:
            self.wrong("at", NO_DATE)
        elif read.doubt is not None:
            words = written_day(read.at)
            self.wrong("at", f"We read “{self.at}” as {words}. If that is right, press once more")
            self.typed["at"] = [words]

    def point_on(self, today: date) -> Point:
        """Return the number that was filled in."""
        at, value = read_day(self.at, today), amounts.number(self.value)
        n = amounts.number(self.n) if self.n else None
        if at is None or value is None:
            raise ValueError(self.values)
        return Point(at=at.at, value=value.value, n=n.value if n else None, note=self.note)


class AddForm(_OneForm):
    """One more number, and perhaps what happened."""

    text = Area("What happened?", hint=TELL, rows=3, limit=UPDATE_LIMIT)


class PointForm(_OneForm):
    """A number that is there already."""

    cycle = Choice("Does it belong to a round?", as_list=True)
    excluded = Text(
        "Leave it out? Then say why",
        hint="It stays on the chart, hollow, and nothing is computed from it.",
        limit=NOTE_LIMIT,
    )

    def corrected(self, today: date) -> Point:
        """Return the number as it was filled in."""
        cycle = int(self.cycle) if self.cycle else None
        return replace(self.point_on(today), cycle=cycle, excluded=self.excluded)

    @classmethod
    def of(cls, point: Point, cycles: Sequence[Cycle]) -> Self:
        """Return the form that shows a number, to be changed."""
        return cls.filled(
            options=rounds(cycles), at=written_day(point.at), value=exact(point.value),
            n="" if point.n is None else exact(point.n), note=point.note,
            cycle="" if point.cycle is None else str(point.cycle), excluded=point.excluded,
        )  # fmt: skip


class TableForm(Form):
    """Many numbers at once, from a spreadsheet or a file. `sure`: it was shown how they are
    read.
    """

    table = Area(
        "Paste from a spreadsheet",
        hint="A line for each number: its date, the number, and a note if you like.",
        rows=6,
        limit=LETTERS,
    )
    file = File(
        "Or choose a file", hint="CSV, as any spreadsheet can save it.",
        accept=(".csv", ".tsv", ".txt", "text/csv"), limit=4 * LETTERS,
    )  # fmt: skip
    since = Text(
        "If it has no dates: when is the first number from?", hint=DATE_HINT, limit=dates.LONGEST
    )
    words = Area("What happened?", hint=TELL, rows=3, limit=UPDATE_LIMIT)
    sure = Hidden(limit=10)

    def check(self) -> None:
        """Ask for something to read."""
        if not self.table and self.file is None:
            self.wrong("table", "Paste your numbers, or choose a file")

    @property
    def pasted(self) -> str:
        """What there is to be read."""
        if self.file is None:
            return self.table
        try:
            return self.file.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.file.data.decode("cp1252", "replace")  # as older spreadsheets write it


class LimitsForm(Form):
    """From when on the limits are drawn again, and why."""

    again = Text("From which day on?", hint=DATE_HINT, required=NO_DATE, limit=dates.LONGEST)
    why = Text(
        "What changed then?", hint="For example: round 1 began.",
        required="Say what changed", limit=NOTE_LIMIT,
    )  # fmt: skip

    def rebase_on(self, today: date) -> Rebase | None:
        """Return what was filled in; None where the day can't be read, which is said."""
        read = read_day(self.again, today)
        if read is None:
            self.wrong("again", NO_DATE)
            return None
        return Rebase(at=read.at, why=self.why)
