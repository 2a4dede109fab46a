"""What is measured: numbers by date, what they mean, where limits are drawn again. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from server.errors import RefusedError

MEASURES = 10
"""Measures of one experiment (federation.md §1)."""
POINTS = 400
"""Numbers of one measure (federation.md §1)."""
LARGEST = 1e12
"""Of a number, up or down (federation.md §1)."""
FEWEST_PEOPLE = 5
"""A count of people below this might show who they are."""
REBASES = 20
NAME_LIMIT = 150
LINE_LIMIT = 60
"""Characters of a unit."""
NOTE_LIMIT = 500
"""Characters of a note, and of a reason."""
TEXT_LIMIT = 2_000
"""Characters of a definition."""


class Kind(StrEnum):
    """What a measure is for."""

    OUTCOME = "outcome"
    """Whether it gets better for people."""
    PROCESS = "process"
    """Whether we do what we meant to."""
    BALANCING = "balancing"
    """Whether something else gets worse."""


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


class ChartKind(StrEnum):
    """How the numbers are judged."""

    RUN = "run"
    XMR = "xmr"


class Frequency(StrEnum):
    """How often there is a number."""

    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class UnnamedMeasureError(RefusedError):
    """Say what you measure."""


class TooManyMeasuresError(RefusedError):
    """An experiment holds at most {limit} measures. Keep those that would tell you that it works,
    and one or two that would tell you of harm.
    """


class TooManyPointsError(RefusedError):
    """A measure holds at most {limit} numbers, and this makes {count}. Add days together into
    weeks, or weeks into months; or keep the newest, and say in the definition where the older ones
    can be found.
    """


class TooLongError(RefusedError):
    """{what} is too long: there is room for {limit} letters."""


class ImpossibleNumberError(RefusedError):
    """The number for {day} can’t be drawn: it has to lie between -1,000,000,000,000 and
    1,000,000,000,000.
    """


class ImpossibleTargetError(RefusedError):
    """The target has to lie between -1,000,000,000,000 and 1,000,000,000,000."""


class OutOfHowManyError(RefusedError):
    """How many it was out of, for {day}, has to be more than nothing."""


class SameDayError(RefusedError):
    """There are two numbers for {day}. Keep one, or add them together."""


class FewPeopleError(RefusedError):
    """For {day} this counts {count} people. Where fewer than {fewest} are counted, somebody might
    be recognised. Count over a longer time, or over more places, so that there are {fewest} or
    more.
    """


class UnexplainedRebaseError(RefusedError):
    """Say why the limits are drawn again from {day}."""


class TooManyRebasesError(RefusedError):
    """Limits can be drawn again {limit} times at most."""


class ImpossibleBaselineError(RefusedError):
    """The first numbers that set the limits have to be at least two, and at most {limit}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One number."""

    at: date
    """Its day; of a week or a month, the first."""
    value: float
    n: float | None = None
    """Out of how many, where it is a share."""
    note: str = ""
    cycle: int | None = None
    """The number of the cycle it belongs to."""
    excluded: str = ""
    """Why it takes no part in what is computed; empty: it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebase:
    """From when on the limits are drawn anew, and why."""

    at: date
    why: str


@dataclass(frozen=True, slots=True)
class Segment:
    """The points that are judged by the same limits."""

    rebase: Rebase | None
    """What it begins with; None: the first one."""
    points: tuple[Point, ...]
    """Those that take part, by date; at least one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is measured, and the numbers so far."""

    name: str
    kind: Kind = Kind.OUTCOME
    definition: str = ""
    """What exactly is counted, how and when, so that somebody else would count the same."""
    unit: str = ""
    """What stands behind a number: `a week`, `%`, `minutes`."""
    direction: Direction = Direction.NEUTRAL
    target: float | None = None
    frequency: Frequency | None = None
    chart: ChartKind = ChartKind.XMR
    baseline: int | None = None
    """How many first points of each segment set its limits; None: all of them."""
    rebases: tuple[Rebase, ...] = ()
    points: tuple[Point, ...] = ()
    """By date; `ordered` sees to it."""
    counts_people: bool = False
    """Whether its numbers count people, so that small ones might show who they are."""

    @property
    def included(self) -> tuple[Point, ...]:
        """The points that take part."""
        return tuple(point for point in self.points if not point.excluded)

    def check(self, *, fewest_people: int = FEWEST_PEOPLE) -> None:
        """Raise a RefusedError that says what to do where it can't be kept.

        A count of people below `fewest_people` is refused, for the value as for what it was out of;
        nobody at all is no person, and passes. 0 or 1 allows every count.
        """
        self._check_words()
        if self.target is not None and not _is_drawable(self.target):
            raise ImpossibleTargetError
        if self.baseline is not None and not 2 <= self.baseline <= POINTS:
            raise ImpossibleBaselineError(limit=POINTS)
        self._check_rebases()
        if len(self.points) > POINTS:
            raise TooManyPointsError(limit=POINTS, count=f"{len(self.points):,}")
        self._check_points(fewest_people)

    def _check_words(self) -> None:
        if not self.name.strip():
            raise UnnamedMeasureError
        _check_length("The name", self.name, NAME_LIMIT)
        _check_length("The unit", self.unit, LINE_LIMIT)
        _check_length("The definition", self.definition, TEXT_LIMIT)

    def _check_rebases(self) -> None:
        if len(self.rebases) > REBASES:
            raise TooManyRebasesError(limit=REBASES)
        for rebase in self.rebases:
            if not rebase.why.strip():
                raise UnexplainedRebaseError(day=written_day(rebase.at))
            _check_length("The reason", rebase.why, NOTE_LIMIT)

    def _check_points(self, fewest_people: int) -> None:
        seen: set[date] = set()
        for point in self.points:
            day = written_day(point.at)
            if point.at in seen:
                raise SameDayError(day=day)
            seen.add(point.at)
            if not _is_drawable(point.value):
                raise ImpossibleNumberError(day=day)
            if point.n is not None and not (_is_drawable(point.n) and point.n > 0):
                raise OutOfHowManyError(day=day)
            _check_length("The note", point.note, NOTE_LIMIT)
            _check_length("The reason", point.excluded, NOTE_LIMIT)
            if self.counts_people:
                _check_people(point, fewest_people)

    def at(self, day: date) -> Point | None:
        """Return the number of a day, None where there is none."""
        return next((point for point in self.points if point.at == day), None)

    def without(self, day: date) -> "Measure":
        """Return the measure without the number of a day."""
        return replace(self, points=tuple(one for one in self.points if one.at != day))

    def with_points(self, points: Sequence[Point]) -> "Measure":
        """Return the measure with more points; one of a day that it has already takes its place."""
        by_day = {point.at: point for point in (*self.points, *points)}
        return replace(self, points=ordered(by_day.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A measure of an experiment."""

    number: int
    """Within the experiment; never given twice."""
    uri: str
    """Its id, which never changes."""
    measure: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A number that came with an entry of the log."""

    measure: str
    """The measure's id."""
    point: Point


def check_count(measures: int) -> None:
    """Raise TooManyMeasuresError where an experiment would have too many."""
    if measures > MEASURES:
        raise TooManyMeasuresError(limit=MEASURES)


def ordered(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return points by date."""
    return tuple(sorted(points, key=lambda point: point.at))


def segments(measure: Measure) -> tuple[Segment, ...]:
    """Return the points that take part, cut where limits are drawn again; none is empty."""
    starts = sorted(measure.rebases, key=lambda rebase: rebase.at)
    found: dict[int, list[Point]] = {}
    for point in ordered(measure.included):
        begun = sum(rebase.at <= point.at for rebase in starts)
        found.setdefault(begun, []).append(point)
    return tuple(
        Segment(starts[begun - 1] if begun else None, tuple(points))
        for begun, points in found.items()
    )


def written_day(day: date) -> str:
    """Return `3 August 2026`."""
    return f"{day.day} {day:%B %Y}"


def _is_drawable(value: float) -> bool:
    return math.isfinite(value) and abs(value) <= LARGEST


def _check_length(what: str, words: str, limit: int) -> None:
    if len(words) > limit:
        raise TooLongError(what=what, limit=f"{limit:,}")


def _check_people(point: Point, fewest: int) -> None:
    for count in (point.value, point.n):
        if count is not None and 0 < count < fewest:
            raise FewPeopleError(day=written_day(point.at), count=f"{count:g}", fewest=fewest)
