"""Numbers as they were written, so that verdicts do not hang on how a computer rounds. Pure.

0.1 is a tenth here. So the mean of a constant series is that constant, a series that is shifted or
scaled is judged as before, and every hub comes to the same verdict.
"""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def written(value: float) -> Fraction:
    """Return a finite number as the shortest decimal that stands for it."""
    if value == int(value):
        return Fraction(int(value))
    return Fraction(*Decimal(repr(value)).as_integer_ratio())


def on_one_scale(numbers: Sequence[Fraction]) -> list[int]:
    """Return whole numbers that compare, and differ, as these do: adding and comparing them is
    exact, and much faster.
    """
    scale = math.lcm(*(number.denominator for number in numbers))
    return [number.numerator * (scale // number.denominator) for number in numbers]


def mean(numbers: Sequence[Fraction]) -> Fraction:
    """Return the mean of at least one number."""
    scale = math.lcm(*(number.denominator for number in numbers))
    total = sum(number.numerator * (scale // number.denominator) for number in numbers)
    return Fraction(total, scale * len(numbers))


def median(numbers: Sequence[Fraction]) -> Fraction:
    """Return the one in the middle, or halfway between the two in the middle."""
    by_size = sorted(numbers)
    half = len(by_size) // 2
    return by_size[half] if len(by_size) % 2 else (by_size[half - 1] + by_size[half]) / 2
