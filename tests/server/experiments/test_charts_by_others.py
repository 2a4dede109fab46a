"""Our rules against controlcharts, the SPC engine of Western Australia's health department, which
can be set to the NHS "Making Data Count" rules (PyPI: controlchartspy; only these tests know it).

Where it differs, and why what it says is still worth hearing:
- It sets its limits 3 / 1.128 mean ranges from the mean (2.6596), where the NHS spreadsheet and
  domain.md say 2.66; two thirds of it are 1.7730, where they say 1.7733. And it rounds as computers
  do. So series are left out that have a point between the two, or on the mean: a thousandth of the
  distance.
- One tie in a trend does not break it there; to us it does. So trends are compared where no two
  neighbours are the same.
- Two of three counts a point beyond a limit as close to it, flags it, and does not ask on which
  side of the mean the third is; the NHS rule says all three on one side. So whatever we flag it has
  to flag, and what it flags beyond that has to have one of these reasons.
- In a run chart a point on the median breaks a shift there, and it has no rule for runs. So run
  charts are compared where no point lies on the median, and no two are the same.
"""

import warnings
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from server.experiments.rules.measures import ChartKind
from server.experiments.rules.reading import Stretch, read
from server.experiments.rules.signals import Rule
from tests.server.experiments.series import MISSED, MONDAY, SPIKE, weekly

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it parses its scripts anew
    from controlchartspy import spc

NAMES = {Rule.OUTSIDE: "astpoint", Rule.TREND: "trend", Rule.SHIFT: "shift"}
SERIES = st.lists(st.integers(-1_000, 1_000), min_size=8, max_size=40)


def theirs(values: list[float], **asked: Any) -> list[dict[str, Any]]:
    """What the other engine says of each point; higher is better."""
    how: dict[str, Any] = {
        "chart_type": "i", "outliers_in_limits": True, "baseline": None, "shift": 7, "trend": 7,
    } | asked  # fmt: skip
    days = [MONDAY + timedelta(days=day) for day in range(len(values))]
    chart = spc(
        data={"day": days, "value": values},
        keys="day",
        numerators="value",
        spc_settings={
            "chart_type": how["chart_type"],
            "outliers_in_limits": how["outliers_in_limits"],
            "num_points_subset": how["baseline"],
        },
        outlier_settings={
            "astronomical": True, "shift": True, "shift_n": how["shift"], "trend": True,
            "trend_n": how["trend"], "two_in_three": True,
        },
    )  # fmt: skip
    assert chart.limits is not None
    return [*chart.limits]


def flagged(stretch: Stretch, rule: Rule) -> list[bool]:
    """Which points break a rule."""
    return [any(one.rule is rule for one in judged.signals) for judged in stretch.judged]


def none_between(stretch: Stretch) -> bool:
    """Whether no point lies where the two constants of the engines disagree, or on the mean."""
    assert stretch.limits is not None
    gap = stretch.limits.mean_range / 500
    lines = [stretch.limits.lower, stretch.limits.upper]
    lines += [(line * 2 + stretch.centre) / 3 for line in lines] + [stretch.centre]
    return all(
        abs(int(judged.point.value) - line) > gap for judged in stretch.judged for line in lines
    )


def same(values: list[int], baseline: int | None = None) -> None:
    """Compare all that can be compared of one series."""
    [stretch] = read(weekly(values, baseline=baseline)).stretches
    limits = stretch.limits
    assert limits is not None
    other = theirs([float(value) for value in values], baseline=baseline)
    assert abs(other[0]["target"] - float(limits.mean)) < 1e-9
    assert (
        abs((other[0]["ul99"] - other[0]["target"]) * 1.128 / 3 - float(limits.mean_range)) < 1e-9
    )
    if not none_between(stretch):
        return
    tied = any(before == after for before, after in pairwise(values))
    for rule, name in NAMES.items():
        if not (tied and rule is Rule.TREND):
            assert flagged(stretch, rule) == [one[name] != "none" for one in other], rule
    agrees_on_two_of_three(stretch, [one["two_in_three"] != "none" for one in other])


def agrees_on_two_of_three(stretch: Stretch, other: list[bool]) -> None:
    """Whatever we flag is flagged there; what only they flag is outside, or there is no three
    around it that is on one side of the mean and has two that are close.
    """
    limits = stretch.limits
    assert limits is not None
    away = [int(judged.point.value) - limits.mean for judged in stretch.judged]
    near, far = limits.mean_range * 17733 / 10000, limits.upper - limits.mean
    for place, (ours, theirs_too) in enumerate(
        zip(flagged(stretch, Rule.TWO_OF_THREE), other, strict=True)
    ):
        assert theirs_too or not ours
        if theirs_too and not ours and near < abs(away[place]) <= far:
            around = [away[start : start + 3] for start in range(max(0, place - 2), place + 1)]
            assert not any(
                len(three) == 3
                and len({one > 0 for one in three}) == 1
                and sum(near < abs(one) <= far for one in three) >= 2
                for three in around
            )


def test_the_worked_examples_are_judged_alike() -> None:
    """Of domain.md, with limits of the first twelve and of all."""
    same([*MISSED], baseline=12)
    same([*MISSED])
    same([*SPIKE])


def test_outlying_ranges_are_screened_alike() -> None:
    """The switch of the R package is theirs as well."""
    [ours] = read(weekly(SPIKE), screen_outlying_ranges=True).stretches
    other = theirs([*map(float, SPIKE)], outliers_in_limits=False)
    assert ours.limits is not None
    spread = (other[0]["ul99"] - other[0]["target"]) * 1.128 / 3
    assert abs(spread - float(ours.limits.mean_range)) < 1e-9


@settings(max_examples=60, deadline=None)
@given(SERIES, st.none() | st.integers(4, 8))
def test_any_series_is_judged_alike(series: list[int], baseline: int | None) -> None:
    """Limits, what is outside, trends, shifts and two of three."""
    same(series, baseline)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(-5, 5), min_size=10, max_size=30),
    st.lists(st.integers(1, 9), min_size=30, max_size=30),
)
def test_long_runs_and_trends_are_found_alike(steps: list[int], much: list[int]) -> None:
    """A series that wanders has more of both than one that jumps about."""
    place, walk = 0, []
    for step, by in zip(steps, much, strict=False):
        place += 10 * step + by
        walk.append(place)
    same(walk)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-40, 40), min_size=8, max_size=30, unique=True))
def test_run_charts_are_judged_alike(series: list[int]) -> None:
    """Shifts of six on one side of the median, where no point lies on it."""
    [stretch] = read(weekly(series, chart=ChartKind.RUN)).stretches
    assume(all(judged.point.value != stretch.centre for judged in stretch.judged))
    other = theirs([*map(float, series)], chart_type="run", shift=6, trend=5)
    assert other[0]["target"] == float(stretch.centre)
    for rule in (Rule.SHIFT, Rule.TREND):
        assert flagged(stretch, rule) == [one[NAMES[rule]] != "none" for one in other]
