"""What a measure says: each point judged, the limits it is judged by, the verdicts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from server.experiments.rules import runs, xmr
from server.experiments.rules.exact import median, written
from server.experiments.rules.measures import (
    ChartKind,
    Direction,
    Measure,
    Point,
    Rebase,
    Segment,
    segments,
)
from server.experiments.rules.runs import Runs
from server.experiments.rules.signals import Signal, Way
from server.experiments.rules.xmr import Limits

ENOUGH = 12
"""Points from which on limits are no longer on trial, and a measure may be called measured."""


class Verdict(StrEnum):
    """What a point means."""

    USUAL = "usual"
    """What chance alone gives."""
    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    """Unlikely to be chance, where neither way is better."""


class Assurance(StrEnum):
    """Whether a target will be met if nothing changes."""

    MEETS = "consistently meets"
    FALLS_SHORT = "consistently falls short"
    HIT_OR_MISS = "hit or miss"


@dataclass(frozen=True, slots=True)
class Judged:
    """A point, and why it stands out."""

    point: Point
    signals: tuple[Signal, ...]
    verdict: Verdict

    @property
    def label(self) -> Signal | None:
        """The reason that counts, where there are several."""
        return self.signals[0] if self.signals else None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The points of one segment, judged by its limits."""

    rebase: Rebase | None
    judged: tuple[Judged, ...]
    centre: Fraction
    """The mean; of a run chart, the median."""
    set_by: int
    """How many first points set the centre and the limits."""
    limits: Limits | None
    """None for a run chart, and where there is only one point."""
    runs: Runs | None
    """Of the points that set the median; None but for a run chart."""

    @property
    def on_trial(self) -> bool:
        """Whether the limits come from few points."""
        return self.set_by < ENOUGH


@dataclass(frozen=True, slots=True)
class Reading:
    """What a measure says."""

    measure: Measure
    stretches: tuple[Stretch, ...]
    assurance: Assurance | None
    """By the limits of the last stretch; None without a target or a direction."""

    @property
    def judged(self) -> tuple[Judged, ...]:
        """All points that take part, by date."""
        return tuple(judged for stretch in self.stretches for judged in stretch.judged)

    @property
    def last(self) -> Judged | None:
        """The last point that takes part."""
        return self.stretches[-1].judged[-1] if self.stretches else None

    @property
    def variation(self) -> Verdict:
        """The verdict on the last point."""
        return self.last.verdict if self.last else Verdict.USUAL

    @property
    def measured(self) -> bool:
        """Whether the badge *measured* is earned: enough points, of which the last shows a change
        for the better that chance would hardly make.
        """
        enough = sum(len(stretch.judged) for stretch in self.stretches) >= ENOUGH
        return enough and self.variation is Verdict.BETTER


def read(measure: Measure, *, screen_outlying_ranges: bool = False) -> Reading:
    """Judge all points of a measure, segment by segment; excluded ones take no part."""
    stretches = tuple(
        _by_run(measure, segment)
        if measure.chart is ChartKind.RUN
        else _by_xmr(measure, segment, screen=screen_outlying_ranges)
        for segment in segments(measure)
    )
    last = stretches[-1].limits if stretches else None
    return Reading(measure, stretches, _assurance(measure, last))


def verdict_of(signal: Signal | None, direction: Direction) -> Verdict:
    """Return what a reason to stand out means where that direction is better."""
    if signal is None:
        return Verdict.USUAL
    if direction is Direction.NEUTRAL:
        return Verdict.CHANGED
    better = Way.HIGHER if direction is Direction.UP else Way.LOWER
    return Verdict.BETTER if signal.way is better else Verdict.WORSE


def _by_xmr(measure: Measure, segment: Segment, *, screen: bool) -> Stretch:
    values = [written(point.value) for point in segment.points]
    first = values[: measure.baseline]
    limits = xmr.limits(first, screen_outlying_ranges=screen)
    found = xmr.signals(values, limits) if limits else [[] for _ in values]
    return Stretch(
        rebase=segment.rebase,
        judged=_judged(segment.points, found, measure.direction),
        centre=limits.mean if limits else values[0],
        set_by=len(first),
        limits=limits,
        runs=None,
    )


def _by_run(measure: Measure, segment: Segment) -> Stretch:
    values = [written(point.value) for point in segment.points]
    first = values[: measure.baseline]
    centre = median(first)
    return Stretch(
        rebase=segment.rebase,
        judged=_judged(segment.points, runs.signals(values, centre), measure.direction),
        centre=centre,
        set_by=len(first),
        limits=None,
        runs=runs.runs(first, centre),
    )


def _judged(
    points: Sequence[Point], found: Sequence[Sequence[Signal]], direction: Direction
) -> tuple[Judged, ...]:
    return tuple(
        Judged(point, tuple(signals), verdict_of(signals[0] if signals else None, direction))
        for point, signals in zip(points, found, strict=True)
    )


def _assurance(measure: Measure, limits: Limits | None) -> Assurance | None:
    if limits is None or measure.target is None or measure.direction is Direction.NEUTRAL:
        return None
    target = written(measure.target)
    above, below = target > limits.upper, target < limits.lower
    if not above and not below:
        return Assurance.HIT_OR_MISS
    reached = below if measure.direction is Direction.UP else above
    return Assurance.MEETS if reached else Assurance.FALLS_SHORT
