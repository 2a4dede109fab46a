"""A measure as a chart: what `rules` found, told to whoever draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from server.charts import drawing
from server.charts.model import Chart, Dot, Event, EventKind, Level, Mark
from server.experiments.rules.cycles import Cycle
from server.experiments.rules.figures import calendar, plain, rough, with_unit
from server.experiments.rules.listing import Row, rows
from server.experiments.rules.measures import ChartKind, Measure, Point
from server.experiments.rules.reading import Judged, Reading, Stretch, Verdict, read
from server.experiments.rules.sentences import (
    BETTER_IF,
    alternative,
    said_of,
    said_of_excluded,
    sentence,
)
from server.experiments.rules.signals import Rule

MARKS = {
    Verdict.USUAL: Mark.STEADY,
    Verdict.BETTER: Mark.BETTER,
    Verdict.WORSE: Mark.WORSE,
    Verdict.CHANGED: Mark.CHANGED,
}
CHIPS = {
    Verdict.USUAL: "",
    Verdict.BETTER: "Getting better",
    Verdict.WORSE: "Getting worse",
    Verdict.CHANGED: "Something changed",
}
KEY = {
    Mark.STEADY: "as usual",
    Mark.BETTER: "better than usual",
    Mark.WORSE: "worse than usual",
    Mark.CHANGED: "not as usual",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMark:
    """What a mark means, below a chart that has it."""

    shape: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measure as a page shows it (`templates/charts/figure.html`)."""

    key: str
    """Its own among the page's ids."""
    chart: Chart
    drawn: Markup
    chip: str
    """The verdict in two words; empty: as usual."""
    measured: bool
    definition: str
    marks: tuple[KeyMark, ...]
    limits: str
    """What the band is; empty: there is none."""
    has_entries: bool
    """Whether entries of the log are marked at the foot."""
    rows: list[Row]
    out_of: bool
    """Whether some numbers say what they are out of."""
    noted: bool
    csv_url: str


def figure_of(
    measure: Measure,
    *,
    key: str,
    cycles: Sequence[Cycle] = (),
    updates: Sequence[tuple[date, str]] = (),
    csv_url: str = "",
) -> Figure:
    """Return a measure as a page shows it: drawn, judged, listed."""
    reading = read(measure)
    chart = chart_of_reading(reading, cycles=cycles, updates=updates)
    listed = rows(reading)
    return Figure(
        key=key,
        chart=chart,
        drawn=drawing.svg(chart, key),
        chip=CHIPS[reading.variation],
        measured=reading.measured,
        definition=measure.definition,
        marks=_marks(chart),
        limits=_limits(reading),
        has_entries=any(event.kind is EventKind.UPDATE for event in chart.told),
        rows=listed,
        out_of=any(row.n for row in listed),
        noted=any(row.note for row in listed),
        csv_url=csv_url,
    )


def _marks(chart: Chart) -> tuple[KeyMark, ...]:
    """Return the marks that a chart has, in the order in which they are told."""
    kinds = {(dot.mark, dot.outside) for dot in chart.dots if not dot.hollow}
    found = [
        KeyMark(
            shape=f"#mk-{mark}{'-out' if outside else ''}",
            tone=mark,
            words=f"{words}, and outside the limits" if outside else words,
        )
        for mark, words in KEY.items()
        for outside in (False, True)
        if (mark, outside) in kinds
    ]
    if any(dot.hollow for dot in chart.dots):
        found.append(KeyMark(shape="#mk-hollow", tone=Mark.STEADY, words="left out"))
    return tuple(found)


def _limits(reading: Reading) -> str:
    last = reading.stretches[-1] if reading.stretches else None
    if last is None or last.limits is None:
        return ""
    return (
        f"where chance alone would land, from {last.set_by} numbers"
        f"{'; on trial until there are 12' if last.on_trial else ''}"
    )


def chart_of(
    measure: Measure, *, cycles: Sequence[Cycle] = (), updates: Sequence[tuple[date, str]] = ()
) -> Chart:
    """Return a measure as it is drawn; `updates` are the days of entries in the log with a few
    words of each.
    """
    return chart_of_reading(read(measure), cycles=cycles, updates=updates)


def chart_of_reading(
    reading: Reading, *, cycles: Sequence[Cycle] = (), updates: Sequence[tuple[date, str]] = ()
) -> Chart:
    """Return what was read already as it is drawn."""
    measure, last = reading.measure, reading.last
    is_run = measure.chart is ChartKind.RUN
    return Chart(
        name=measure.name,
        caption=f"{_in_unit(measure.unit)} {BETTER_IF[measure.direction]}".strip(),
        sentence=sentence(reading),
        mark=MARKS[reading.variation],
        alternative=alternative(reading),
        dots=_dots(reading),
        levels=tuple(_level(stretch) for stretch in reading.stretches),
        centre="Middle" if is_run else "Average",
        events=(*_cuts(measure), *_cycles(cycles), *_updates(updates)),
        target=measure.target,
        target_words="" if measure.target is None else plain(measure.target),
        last_words="" if last is None else plain(last.point.value),
    )


def _in_unit(unit: str) -> str:
    if not unit:
        return ""
    return f"{unit}." if unit.startswith(("a ", "per ", "in ", "of ", "out of ")) else f"in {unit}."


def _dots(reading: Reading) -> tuple[Dot, ...]:
    measure, day = reading.measure, calendar(reading.measure)
    judged = {one.point.at: one for one in reading.judged}

    def dot(point: Point) -> Dot:
        one = judged.get(point.at)
        said = said_of(one, measure.chart) if one else said_of_excluded(point)
        number = with_unit(plain(point.value), measure.unit)
        return Dot(
            at=point.at,
            value=point.value,
            words=f"{day(point.at)}: {number}. {said}",
            mark=MARKS[one.verdict] if one else Mark.STEADY,
            outside=bool(one and _is_outside(one)),
            hollow=one is None,
        )

    return tuple(dot(point) for point in sorted(measure.points, key=lambda point: point.at))


def _is_outside(judged: Judged) -> bool:
    return any(signal.rule is Rule.OUTSIDE for signal in judged.signals)


def _level(stretch: Stretch) -> Level:
    limits, points = stretch.limits, [judged.point for judged in stretch.judged]
    spread = float(limits.upper - limits.lower) if limits else 0.0
    centre = float(stretch.centre)
    return Level(
        since=points[0].at,
        until=points[-1].at,
        set_until=points[stretch.set_by - 1].at,
        centre=centre,
        lower=float(limits.lower) if limits else None,
        upper=float(limits.upper) if limits else None,
        on_trial=stretch.on_trial,
        centre_words=rough(centre, spread) if limits else plain(centre),
        lower_words=rough(float(limits.lower), spread) if limits else "",
        upper_words=rough(float(limits.upper), spread) if limits else "",
    )


def _cuts(measure: Measure) -> list[Event]:
    return [
        Event(at=rebase.at, kind=EventKind.CUT, words="New limits", detail=rebase.why)
        for rebase in measure.rebases
    ]


def _cycles(cycles: Sequence[Cycle]) -> list[Event]:
    return [
        Event(at=cycle.started, kind=EventKind.CYCLE, words=f"Round {cycle.number}")
        for cycle in cycles
        if cycle.started
    ]


def _updates(updates: Sequence[tuple[date, str]]) -> list[Event]:
    return [Event(at=at, kind=EventKind.UPDATE, words=words) for at, words in updates]
