"""Where everything in a chart stands, as parts of its width and height. Pure.

The same for every output: a page stretches it to the width there is, a picture has a fixed size;
words and marks keep their size in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from server.charts.model import Chart, Dot, Event, EventKind, Level
from server.charts.scales import days, numbers

EDGE = 0.025
"""Left free at either side, of the width."""
HEADROOM = 0.06
"""Left free above and below what is drawn, of its height."""
APART = 0.1
"""Labels beside the lines keep this distance, of the height."""
MANY = 60
"""Dots from which on the usual ones are drawn small."""
LETTER, NARROW_LETTER = 0.017, 0.038
"""How wide a letter of an event is, of the width, about: where letters are large, as on a picture,
and where it is narrow.
"""
MIDDLE = 0.5
"""To the right of it words end at their line, so that they stay within the chart."""
LOW = 0.84
"""From here on there is no room for a number below its dot, before the words of the axis come."""
LONGEST = 30
"""Letters of what is told of an event."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A line across at a round number."""

    y: str
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A word below, at a round day."""

    x: str
    words: str
    year: str
    spare: bool
    """Left out where it is narrow."""


@dataclass(frozen=True, slots=True)
class Band:
    """Between the limits, where they were set."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Line:
    """A limit, a centre or a target."""

    x1: str
    x2: str
    y: str
    kind: str


@dataclass(frozen=True, slots=True)
class Label:
    """What a line is, beside it."""

    y: str
    words: str
    value: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A line down, or a mark at the foot."""

    x: str
    kind: str
    words: str
    detail: str
    told: bool
    """Whether there is room for its words."""
    spare: bool
    """Whether there is none where it is narrow."""
    ends: bool
    """Whether its words end at it, instead of beginning there."""


class Spot(NamedTuple):
    """A dot: there are hundreds, so it is made, and taken apart by templates, as a tuple."""

    shape: str
    x: str
    y: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A chart with everything in its place."""

    guides: list[Guide]
    ticks: list[Tick]
    bands: list[Band]
    lines: list[Line]
    labels: list[Label]
    events: list[Happened]
    spots: list[Spot]
    places: list[tuple[float, float]]
    """Of the dots that take part, as parts of the width and height."""

    @property
    def last_below(self) -> bool:
        """Whether there is more room below the last dot than above it, where the line comes."""
        return len(self.places) > 1 and self.places[-2][1] < self.places[-1][1] < LOW

    def path(self, width: float, height: float) -> str:
        """Return the line through the dots within a box of that size, as SVG says it."""
        points = [f"{x * width:.1f} {y * height:.1f}" for x, y in self.places]
        return "M" + "L".join(points) if len(points) > 1 else ""


class _Frame:
    """Turns days and numbers into parts of the width and height."""

    def __init__(self, chart: Chart) -> None:
        self.first, self.last = chart.dots[0].at, chart.dots[-1].at
        self._start = self.first.toordinal()
        self._span = self.last.toordinal() - self._start
        low, high = _extent(chart)
        room = (high - low) * HEADROOM
        self.low, self.high = low - room, high + room

    def x(self, at: date) -> float:
        """From the left; one dot alone stands in the middle."""
        if not self._span:
            return 0.5
        return EDGE + (1 - 2 * EDGE) * ((at.toordinal() - self._start) / self._span)

    def y(self, value: float) -> float:
        """From the top."""
        return (self.high - value) / (self.high - self.low)


def laid_out(chart: Chart) -> Layout:
    """Put everything in its place; a chart without dots is empty."""
    if not chart.dots:
        return Layout([], [], [], [], [], [], [], [])
    frame = _Frame(chart)
    extents = [*_extents(chart, frame)]
    places = [(frame.x(dot.at), frame.y(dot.value)) for dot in chart.dots]
    return Layout(
        guides=[
            Guide(_part(frame.y(value)), words) for value, words in numbers(frame.low, frame.high)
        ],
        ticks=[
            Tick(_part(frame.x(day.at)), day.words, day.year, bool(place % 2))
            for place, day in enumerate(days(frame.first, frame.last))
        ],
        bands=[band for level, *xs in extents if (band := _band(level, xs, frame))],
        lines=[*_lines(chart, extents, frame)],
        labels=_labels(chart, frame),
        events=_events(chart.told, frame),
        spots=_spots(chart.dots, places),
        places=[place for dot, place in zip(chart.dots, places, strict=True) if not dot.hollow],
    )


def _part(number: float) -> str:
    return f"{number:.2%}"


def _extent(chart: Chart) -> tuple[float, float]:
    values = [dot.value for dot in chart.dots]
    for level in chart.levels:
        values += [line for line in (level.lower, level.centre, level.upper) if line is not None]
    if chart.target is not None:
        values.append(chart.target)
    low, high = min(values), max(values)
    if high - low > abs(high) * 1e-9:
        return low, high
    room = abs(high) / 10 or 1.0  # all the same: so much room that it can be seen
    return low - room, high + room


def _extents(chart: Chart, frame: _Frame) -> Sequence[tuple[Level, float, float, float]]:
    """Return each level with where it begins, where it is no longer set but carried, where it
    ends: halfway between the dots.
    """
    ats = [dot.at for dot in chart.dots if not dot.hollow]
    after = dict(pairwise(ats))

    def halfway(at: date) -> float:
        return (frame.x(at) + frame.x(after[at])) / 2 if at in after else 1.0

    found = []
    start = 0.0
    for level in chart.levels:
        end, carried = halfway(level.until), halfway(level.set_until)
        found.append((level, start, min(carried, end), end))
        start = end
    return found


def _band(level: Level, xs: Sequence[float], frame: _Frame) -> Band | None:
    if level.lower is None or level.upper is None:
        return None
    start, carried, _ = xs
    top, foot = frame.y(level.upper), frame.y(level.lower)
    return Band(_part(start), _part(top), _part(carried - start), _part(foot - top))


def _lines(
    chart: Chart, extents: Sequence[tuple[Level, float, float, float]], frame: _Frame
) -> list[Line]:
    found = []
    for level, start, carried, end in extents:
        for value, kind in ((level.upper, "lim"), (level.centre, "mean"), (level.lower, "lim")):
            if value is None:
                continue
            y = _part(frame.y(value))
            found.append(Line(_part(start), _part(carried), y, kind))
            if carried < end:
                found.append(Line(_part(carried), _part(end), y, f"{kind} old"))
    if chart.target is not None:
        found.append(Line("0%", "100%", _part(frame.y(chart.target)), "target"))
    return found


def _labels(chart: Chart, frame: _Frame) -> list[Label]:
    """Return what the last level's lines are, from the top, so far apart that all can be read."""
    named: list[tuple[float, str, str]] = []
    if chart.levels:
        level = chart.levels[-1]
        named.append((level.centre, chart.centre, level.centre_words))
        if level.lower is not None and level.upper is not None and level.lower < level.upper:
            named.append(
                (level.upper, "Trial limit" if level.on_trial else "Upper limit", level.upper_words)
            )
            named.append(
                (level.lower, "Trial limit" if level.on_trial else "Lower limit", level.lower_words)
            )
    if chart.target is not None:
        named.append((chart.target, "Target", chart.target_words))
    named.sort(key=lambda one: -one[0])
    places = _spread([frame.y(value) for value, _, _ in named])
    return [
        Label(_part(y), words, value) for y, (_, words, value) in zip(places, named, strict=True)
    ]


def _spread(places: Sequence[float]) -> list[float]:
    """Move places (in order) apart: down where they are too close, then up from the foot."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + APART) if found else place)
    foot = 1.0
    for at in reversed(range(len(found))):
        found[at] = min(found[at], foot)
        foot = found[at] - APART
    return found


def _events(events: Sequence[Event], frame: _Frame) -> list[Happened]:
    """Return what happened; where words would meet, the newer ones and those of limits are told."""
    by_weight = sorted(events, key=lambda one: (one.kind is EventKind.CUT, one.at), reverse=True)
    wide, narrow = _Words(LETTER), _Words(NARROW_LETTER)
    found = []
    for event in by_weight:
        x, detail = frame.x(event.at), _cut(event.detail)
        words = f"{event.words}: {detail}" if detail else event.words
        told = event.kind is not EventKind.UPDATE and wide.fit(x, words)
        spare = told and not narrow.fit(x, event.words)
        found.append(
            Happened(_part(x), event.kind, event.words, detail, told, spare, ends=x > MIDDLE)
        )
    return found


class _Words:
    """Keeps account of where words stand, beside the lines that they belong to."""

    def __init__(self, letter: float) -> None:
        self._letter = letter
        self._taken: list[tuple[float, float]] = []

    def fit(self, x: float, words: str) -> bool:
        """Whether there is still room for these; then it is taken."""
        width = self._letter * (len(words) + 1)  # with the gap between them and their line
        start, end = (x - width, x) if x > MIDDLE else (x, x + width)
        free = not any(start < other_end and other < end for other, other_end in self._taken)
        if free:
            self._taken.append((start, end))
        return free


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def _spots(dots: Sequence[Dot], places: Sequence[tuple[float, float]]) -> list[Spot]:
    size = "-small" if len(dots) > MANY else ""
    return [
        Spot(f"#mk-{_shape(dot)}{size}", f"{x:.2%}", f"{y:.2%}", dot.mark, dot.words)
        for dot, (x, y) in zip(dots, places, strict=True)
    ]


def _shape(dot: Dot) -> str:
    if dot.hollow:
        return "hollow"
    return f"{dot.mark}-out" if dot.outside else dot.mark
