"""What a measure may hold, and what is refused with an explanation."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from server.errors import RefusedError
from server.experiments.rules.measures import (
    MEASURES,
    POINTS,
    FewPeopleError,
    ImpossibleBaselineError,
    ImpossibleNumberError,
    ImpossibleTargetError,
    OutOfHowManyError,
    Point,
    Rebase,
    SameDayError,
    TooLongError,
    TooManyMeasuresError,
    TooManyPointsError,
    TooManyRebasesError,
    UnexplainedRebaseError,
    UnnamedMeasureError,
    check_count,
)
from tests.server.experiments.series import MONDAY, weekly


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"name": "  "}, UnnamedMeasureError),
        ({"name": "x" * 151}, TooLongError),
        ({"unit": "x" * 61}, TooLongError),
        ({"definition": "x" * 2_001}, TooLongError),
        ({"target": float("inf")}, ImpossibleTargetError),
        ({"baseline": 1}, ImpossibleBaselineError),
        ({"baseline": 401}, ImpossibleBaselineError),
        ({"rebases": (Rebase(at=MONDAY, why=" "),)}, UnexplainedRebaseError),
        ({"rebases": (Rebase(at=MONDAY, why="x" * 501),)}, TooLongError),
        ({"rebases": (Rebase(at=MONDAY, why="x"),) * 21}, TooManyRebasesError),
        ({"points": (Point(at=MONDAY, value=1, note="x" * 501),)}, TooLongError),
        ({"points": (Point(at=MONDAY, value=1), Point(at=MONDAY, value=2))}, SameDayError),
        ({"points": (Point(at=MONDAY, value=1, n=0),)}, OutOfHowManyError),
        ({"points": (Point(at=MONDAY, value=1, n=float("nan")),)}, OutOfHowManyError),
    ],
)
def test_what_cannot_be_kept_is_refused_in_plain_words(
    how: dict[str, Any], error: type[RefusedError]
) -> None:
    """Each with what to do about it."""
    with pytest.raises(error):
        weekly([1, 2], **how).check()


@pytest.mark.parametrize("value", [1e308, -1e13, float("nan"), float("inf")])
def test_a_number_that_cannot_be_drawn_is_refused(value: float) -> None:
    """With the day that it belongs to."""
    with pytest.raises(ImpossibleNumberError, match="12 January 2026"):
        weekly([1, value]).check()


def test_so_many_points_and_no_more() -> None:
    """Four hundred, and the refusal says what to do with more."""
    weekly([1] * POINTS).check()
    with pytest.raises(TooManyPointsError, match="into weeks") as raised:
        weekly([1] * (POINTS + 1)).check()
    assert "this makes 401" in str(raised.value)


def test_so_many_measures_and_no_more() -> None:
    """Ten of one experiment."""
    check_count(MEASURES)
    with pytest.raises(TooManyMeasuresError, match="at most 10"):
        check_count(MEASURES + 1)


def test_small_counts_of_people_are_refused() -> None:
    """Where a measure counts people: its numbers, and what they are out of."""
    measure = weekly([12, 4], counts_people=True)
    with pytest.raises(FewPeopleError, match="12 January 2026 this counts 4 people"):
        measure.check()
    measure.check(fewest_people=4)
    shares = weekly([50], counts_people=True)
    few = replace(shares, points=(replace(shares.points[0], n=3),))
    with pytest.raises(FewPeopleError, match="fewer than 5"):
        few.check()


def test_nobody_at_all_is_no_person_and_a_measure_may_count_other_things() -> None:
    """Nought shows nobody, and three broken lifts are not three people."""
    weekly([0, 7], counts_people=True).check()
    weekly([3, 1]).check()


def test_a_number_of_a_day_takes_the_place_of_the_one_before() -> None:
    """Sent again it is corrected; what is older is put where it belongs."""
    measure = weekly([1, 2])
    earlier, later = date(2025, 12, 29), MONDAY + timedelta(weeks=1)
    grown = measure.with_points([Point(at=later, value=5), Point(at=earlier, value=9)])
    assert [(point.at, point.value) for point in grown.points] == [
        (earlier, 9), (MONDAY, 1), (later, 5),
    ]  # fmt: skip
