"""What stands out: the rules that a point may break, and runs of points that do. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import pairwise


class Rule(StrEnum):
    """Why a point stands out, in the order in which a label is chosen (domain.md: 1, 3, 4, 2)."""

    OUTSIDE = "outside"
    """Beyond a limit."""
    TREND = "trend"
    """One of several that rise, or fall, one after another."""
    TWO_OF_THREE = "two-of-three"
    """One of two in three that are close to a limit."""
    SHIFT = "shift"
    """One of several in a row on one side of the centre."""


class Way(IntEnum):
    """Towards which end something stands out; of a trend, where it goes."""

    LOWER = -1
    HIGHER = 1


@dataclass(frozen=True, slots=True)
class Signal:
    """Why one point stands out."""

    rule: Rule
    way: Way
    first: int
    """The place in its segment of the first point that the rule was broken with."""
    last: int
    """Of the last one."""


def sign(number: int) -> int:
    """Return -1, 0 or 1."""
    return (number > 0) - (number < 0)


def one_sided(sides: Sequence[int], least: int) -> Iterator[tuple[int, int, Way]]:
    """Yield first, last and side of each stretch of at least so many equal sides; 0 is no side."""
    start = 0
    for end in range(1, len(sides) + 1):
        if end < len(sides) and sides[end] == sides[start]:
            continue
        if sides[start] and end - start >= least:
            yield start, end - 1, Way(sides[start])
        start = end


def monotone(values: Sequence[int], least: int) -> Iterator[tuple[int, int, Way]]:
    """Yield first, last and way of each stretch of at least so many points that all rise or all
    fall; where a rise turns into a fall, the point in between belongs to both.
    """
    steps = [sign(after - before) for before, after in pairwise(values)]
    for first, last, way in one_sided(steps, least - 1):
        yield first, last + 1, way


def flag(found: Sequence[list[Signal]], places: Iterable[int], signal: Signal) -> None:
    """Give each of these points one more reason to stand out."""
    for place in places:
        found[place].append(signal)
