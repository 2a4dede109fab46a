"""XmR charts: limits from what a series itself does, and four rules for what stands out. Pure.

After the NHS "Making Data Count" tools, to the letter of domain.md: numbers are not rounded, every
comparison is strict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from server.experiments.rules.exact import mean, on_one_scale
from server.experiments.rules.signals import Rule, Signal, Way, flag, monotone, one_sided, sign

LIMIT = Fraction("2.66")
"""Mean moving ranges from the mean to a limit."""
CLOSE = Fraction("1.7733")
"""Mean moving ranges from the mean to where a point is close to a limit: two thirds of the way."""
OUTLYING = Fraction("3.267")
"""Mean moving ranges from which on a moving range is out of line."""
SHIFT = 7
TREND = 7
"""Points that are a shift, or a trend: six steps."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which numbers chance alone lets nearly all points fall."""

    mean: Fraction
    mean_range: Fraction
    """Mean moving range."""

    @property
    def lower(self) -> Fraction:
        """The lower limit."""
        return self.mean - LIMIT * self.mean_range

    @property
    def upper(self) -> Fraction:
        """The upper limit."""
        return self.mean + LIMIT * self.mean_range


def limits(values: Sequence[Fraction], *, screen_outlying_ranges: bool = False) -> Limits | None:
    """Return what the values set, in the order of their dates; None where there are fewer than two.

    All moving ranges count, as in the NHS spreadsheet; or those out of line are dropped once, as
    the R package does.
    """
    if len(values) < 2:
        return None
    ranges = [abs(after - before) for before, after in pairwise(values)]
    usual = mean(ranges)
    if screen_outlying_ranges and usual:
        usual = mean([moved for moved in ranges if moved < OUTLYING * usual])
    return Limits(mean(values), usual)


def signals(values: Sequence[Fraction], within: Limits) -> list[list[Signal]]:
    """Return for each value why it stands out, in the order of `Rule`; of two trends that meet in
    one point, the later one first.
    """
    near = CLOSE * within.mean_range
    lines = (within.lower, within.mean - near, within.mean, within.mean + near, within.upper)
    scaled = on_one_scale([*lines, *values])
    (low, near_low, middle, near_high, high), numbers = scaled[:5], scaled[5:]
    sides = [sign(number - middle) for number in numbers]
    close = [low <= number < near_low or near_high < number <= high for number in numbers]
    found: list[list[Signal]] = [[] for _ in numbers]
    for place, number in enumerate(numbers):
        if not low <= number <= high:
            found[place].append(Signal(Rule.OUTSIDE, Way(sides[place]), place, place))
    for first, last, way in reversed([*monotone(numbers, TREND)]):
        flag(found, range(first, last + 1), Signal(Rule.TREND, way, first, last))
    for signal, places in _two_of_three(sides, close):
        flag(found, places, signal)
    for first, last, way in one_sided(sides, SHIFT):
        flag(found, range(first, last + 1), Signal(Rule.SHIFT, way, first, last))
    return found


def _two_of_three(
    sides: Sequence[int], close: Sequence[bool]
) -> list[tuple[Signal, tuple[int, ...]]]:
    """Return each three on one side of which two are close to a limit, with those that are; a
    point that was among an earlier three is left out.
    """
    found: list[tuple[Signal, tuple[int, ...]]] = []
    flagged: set[int] = set()
    for start in range(len(sides) - 2):
        three = range(start, start + 3)
        places = tuple(place for place in three if close[place])
        if len(places) < 2 or not sides[start] or len({sides[place] for place in three}) > 1:
            continue
        signal = Signal(Rule.TWO_OF_THREE, Way(sides[start]), places[0], places[-1])
        found.append((signal, tuple(place for place in places if place not in flagged)))
        flagged.update(places)
    return found
