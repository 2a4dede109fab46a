"""Run charts: a median, and what would be odd if points fell on either side of it like coins. Pure.

Points on the median are not useful: they are left out where sides are looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from math import comb

from server.experiments.rules.exact import on_one_scale
from server.experiments.rules.signals import Rule, Signal, flag, monotone, one_sided, sign

SHIFT = 6
TREND = 5
TAIL = 40
"""One in so many, at either end, is left out of the central 95 %."""


@dataclass(frozen=True, slots=True)
class Runs:
    """How often a series crosses its median, and how often chance would have it."""

    useful: int
    """Points that are not on the median."""
    count: int
    fewest: int
    """Fewer runs than this are too few."""
    most: int
    """More runs than this are too many."""

    @property
    def too_few(self) -> bool:
        """Whether it stays on one side for longer than chance usually would."""
        return self.count < self.fewest

    @property
    def too_many(self) -> bool:
        """Whether it changes sides more often than chance usually would."""
        return self.count > self.most


def signals(values: Sequence[Fraction], median: Fraction) -> list[list[Signal]]:
    """Return for each value why it stands out: trends first, the later one of two that meet."""
    middle, *numbers = on_one_scale([median, *values])
    found: list[list[Signal]] = [[] for _ in numbers]
    plateaus = [list(same) for _, same in groupby(range(len(numbers)), numbers.__getitem__)]
    heights = [numbers[same[0]] for same in plateaus]
    for first, last, way in reversed([*monotone(heights, TREND)]):
        places = [place for same in plateaus[first : last + 1] for place in same]
        flag(found, places, Signal(Rule.TREND, way, places[0], places[-1]))
    useful = [place for place, number in enumerate(numbers) if number != middle]
    sides = [sign(numbers[place] - middle) for place in useful]
    for first, last, way in one_sided(sides, SHIFT):
        places = useful[first : last + 1]
        flag(found, places, Signal(Rule.SHIFT, way, places[0], places[-1]))
    return found


def runs(values: Sequence[Fraction], median: Fraction) -> Runs:
    """Count the runs of the values that set the median."""
    middle, *numbers = on_one_scale([median, *values])
    sides = [side for number in numbers if (side := sign(number - middle))]
    fewest, most = expected(len(sides))
    return Runs(len(sides), len([*groupby(sides)]), fewest, most)


@lru_cache(maxsize=1_024)
def expected(useful: int) -> tuple[int, int]:
    """Return the fewest and the most runs within the central 95 % of their exact distribution,
    half of the useful points on each side (Wald and Wolfowitz, 1940).
    """
    if useful < 2:
        return useful, useful
    above = useful // 2
    below = useful - above
    ways = [_ways(count, above, below) for count in range(useful + 1)]
    return _inner(ways), useful - _inner(ways[::-1])


def _ways(count: int, above: int, below: int) -> int:
    """Return in how many ways so many points fall into so many runs."""
    if count < 2:
        return 0
    half, odd = divmod(count, 2)
    if not odd:
        return 2 * comb(above - 1, half - 1) * comb(below - 1, half - 1)
    return (
        comb(above - 1, half) * comb(below - 1, half - 1)
        + comb(above - 1, half - 1) * comb(below - 1, half)
    )  # fmt: skip


def _inner(ways: Sequence[int]) -> int:
    """Return the first count that is not in the tail at the beginning."""
    total, seen = sum(ways), 0
    for count, number in enumerate(ways):
        seen += number
        if seen * TAIL > total:
            return count
    raise AssertionError  # all of them together are more than a fortieth
