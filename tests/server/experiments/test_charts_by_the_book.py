"""XmR and run charts by the worked examples of domain.md, and at the edges of every rule."""

from dataclasses import replace
from datetime import date

import pytest

from server.experiments.rules import runs
from server.experiments.rules.measures import ChartKind, Direction, Measure, Rebase
from server.experiments.rules.reading import Assurance, Stretch, Verdict, read
from server.experiments.rules.signals import Rule, Way
from tests.server.experiments.series import MISSED, SPIKE, monthly, weekly


def only(measure: Measure) -> Stretch:
    """The one stretch of a measure."""
    [stretch] = read(measure).stretches
    return stretch


def flagged(measure: Measure, rule: Rule) -> list[int]:
    """Which points, counted from one, break a rule."""
    return [
        place
        for place, judged in enumerate(read(measure).judged, 1)
        if any(signal.rule is rule for signal in judged.signals)
    ]


def labels(measure: Measure) -> list[Rule | None]:
    """The reason that each point is known by."""
    return [one.label.rule if one.label else None for one in read(measure).judged]


def rounded(stretch: Stretch) -> tuple[float, float, float, float]:
    """Mean, mean moving range and limits, to four places."""
    limits = stretch.limits
    assert limits is not None
    found = (limits.mean, limits.mean_range, limits.lower, limits.upper)
    return tuple(round(float(number), 4) for number in found)  # type: ignore[return-value]


def test_missed_visits_on_limits_of_the_first_twelve() -> None:
    """The worked example: mean, limits, and which points break which rule."""
    measure = weekly(MISSED, baseline=12)
    stretch = only(measure)
    assert rounded(stretch) == (41.3333, 3.5455, 31.9024, 50.7642)
    assert not stretch.on_trial
    assert flagged(measure, Rule.OUTSIDE) == [14, 16, 17, 19, 20]
    assert flagged(measure, Rule.TWO_OF_THREE) == [13, 15]
    assert flagged(measure, Rule.SHIFT) == [*range(11, 21)]
    assert flagged(measure, Rule.TREND) == []
    assert read(measure).variation is Verdict.BETTER
    assert read(measure).measured


def test_missed_visits_with_limits_drawn_again() -> None:
    """From point 13 on: the new usual, on trial, with nothing that stands out."""
    plain = weekly(MISSED)
    measure = replace(plain, rebases=(Rebase(at=plain.points[12].at, why="The call begins"),))
    before, since = read(measure).stretches
    assert len(before.judged) == 12
    assert rounded(since) == (30.875, 2.5714, 24.035, 37.715)
    assert since.on_trial
    assert not any(judged.signals for judged in since.judged)
    assert not read(measure).measured


def test_missed_visits_as_a_run_chart() -> None:
    """On the median of the first twelve: points on it are skipped, and break nothing."""
    measure = weekly(MISSED, baseline=12, chart=ChartKind.RUN)
    stretch = only(measure)
    assert stretch.centre == 41
    assert stretch.runs is not None
    assert (stretch.runs.useful, stretch.runs.count) == (10, 6)
    assert not stretch.runs.too_few
    assert not stretch.runs.too_many
    assert flagged(measure, Rule.SHIFT) == [11, *range(13, 21)]
    assert flagged(measure, Rule.TREND) == []


def test_outlying_ranges_are_screened_where_that_is_asked_for() -> None:
    """As the R package does by default, once; a series without ranges is left as it is."""
    assert rounded(only(weekly(SPIKE))) == (1.9444, 1.8824, -3.0626, 6.9515)
    [screened] = read(weekly(SPIKE), screen_outlying_ranges=True).stretches
    assert rounded(screened) == (1.9444, 1.0, -0.7156, 4.6044)
    [constant] = read(weekly([3] * 5), screen_outlying_ranges=True).stretches
    assert rounded(constant) == (3, 0, 3, 3)


def test_a_range_just_at_the_line_is_outlying() -> None:
    """3.267 times the mean range, exactly, is dropped: nine of 6.733 and one of 29.403."""
    values = [*[0, 6.733] * 5, 36.136]
    [screened] = read(weekly(values), screen_outlying_ranges=True).stretches
    assert rounded(screened)[1] == 6.733


@pytest.mark.parametrize(
    ("useful", "fewest", "most"), [(10, 3, 9), (12, 4, 10), (15, 5, 12), (20, 7, 15), (24, 8, 18)]
)
def test_how_many_runs_chance_would_have(useful: int, fewest: int, most: int) -> None:
    """The table of domain.md, from the exact distribution."""
    assert runs.expected(useful) == (fewest, most)


def test_with_few_points_no_number_of_runs_is_odd() -> None:
    """Up to five on either side of nothing: one run to five."""
    assert runs.expected(0) == (0, 0)
    assert [runs.expected(useful)[1] for useful in range(1, 6)] == [1, 2, 3, 4, 5]


def test_seven_on_one_side_are_a_shift_and_six_are_none() -> None:
    """A point on the mean breaks it, even where seven others are on one side."""
    base = [5, 15] * 6
    assert flagged(weekly([*base, *[11] * 7], baseline=12), Rule.SHIFT) == [*range(12, 20)]
    assert flagged(weekly([*base, 9, *[11] * 6, 9], baseline=12), Rule.SHIFT) == []
    broken = [*base, 9, *[11] * 4, 10, *[11] * 4]
    assert flagged(weekly(broken, baseline=12), Rule.SHIFT) == []


def test_seven_points_that_rise_are_a_trend_and_a_tie_breaks_it() -> None:
    """Six strict steps; with a tie, seven points are five and two."""
    assert flagged(weekly([9, 1, 2, 3, 4, 5, 6, 7, 1]), Rule.TREND) == [*range(2, 9)]
    assert flagged(weekly([9, 2, 3, 4, 5, 6, 7, 1]), Rule.TREND) == []
    assert flagged(weekly([9, 1, 2, 3, 3, 4, 5, 6, 7, 1]), Rule.TREND) == []
    assert flagged(weekly([9, 1, 2, 3, 3, 4, 5, 6, 7, 1]), Rule.SHIFT) == []


def test_where_a_rise_turns_into_a_fall_the_fall_is_the_news() -> None:
    """The peak belongs to both trends, and is labelled by the later one."""
    measure = weekly([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1])
    peak = read(measure).judged[6]
    assert [signal.way for signal in peak.signals if signal.rule is Rule.TREND] == [
        Way.LOWER,
        Way.HIGHER,
    ]


def test_two_of_three_need_all_three_on_one_side() -> None:
    """Two close to a limit with one beyond it count; with one across the mean they do not."""
    base = [5, 15] * 6  # mean 10, mean range 10: limits -16.6 and 36.6, close from 27.733 on
    close = 30
    assert flagged(weekly([*base, close, 11, close], baseline=12), Rule.TWO_OF_THREE) == [13, 15]
    assert flagged(weekly([*base, close, 40, close], baseline=12), Rule.TWO_OF_THREE) == [13, 15]
    assert flagged(weekly([*base, close, 9, close], baseline=12), Rule.TWO_OF_THREE) == []
    assert flagged(weekly([*base, 9, close, 40, 9], baseline=12), Rule.TWO_OF_THREE) == []
    assert flagged(weekly([*base, 9, *[close] * 3], baseline=12), Rule.TWO_OF_THREE) == [14, 15, 16]


def test_a_point_on_a_line_is_not_beyond_it() -> None:
    """Strict comparisons, exact: 36.6 is the limit, 27.733 is where closeness begins."""
    base = [5, 15] * 6
    assert flagged(weekly([*base, 36.6], baseline=12), Rule.OUTSIDE) == []
    assert flagged(weekly([*base, 36.600000001], baseline=12), Rule.OUTSIDE) == [13]
    on_it = [*base, 27.733, 27.733, 11]
    assert flagged(weekly(on_it, baseline=12), Rule.TWO_OF_THREE) == []
    assert flagged(weekly([*base, 27.734, 36.6, 11], baseline=12), Rule.TWO_OF_THREE) == [13, 14]


def test_a_label_is_chosen_in_the_order_one_three_four_two() -> None:
    """Outside, then trend, then two of three, then shift."""
    base = [5, 15] * 6
    measure = weekly([*base, 12, 13, 14, 28, 30, 31, 40, 39, 38], baseline=12)
    assert labels(measure)[12:] == [
        Rule.TREND, Rule.TREND, Rule.TREND, Rule.TREND, Rule.TREND, Rule.TREND, Rule.OUTSIDE,
        Rule.OUTSIDE, Rule.OUTSIDE,
    ]  # fmt: skip
    close_and_shifted = weekly([*base, 9, 11, 12, 11, 12, 11, 28, 28], baseline=12)
    assert labels(close_and_shifted)[-3:] == [Rule.SHIFT, Rule.TWO_OF_THREE, Rule.TWO_OF_THREE]


def test_excluded_points_take_no_part() -> None:
    """Not in the limits, not in the ranges, not in what is consecutive."""
    measure = weekly([*MISSED[:5], 500, *MISSED[5:]], baseline=12)
    without = replace(measure.points[5], excluded="Counted twice")
    points = (*measure.points[:5], without, *measure.points[6:])
    reading = read(replace(measure, points=points))
    [stretch] = reading.stretches
    assert rounded(stretch) == (41.3333, 3.5455, 31.9024, 50.7642)
    assert len(reading.judged) == len(MISSED)


def test_a_trend_in_a_run_chart_counts_ties_once() -> None:
    """Five heights that rise, one of them twice; the flat part belongs to it."""
    measure = weekly([9, 1, 2, 2, 3, 4, 5, 0], chart=ChartKind.RUN)
    assert flagged(measure, Rule.TREND) == [2, 3, 4, 5, 6, 7]
    assert flagged(weekly([9, 1, 2, 2, 3, 4, 0], chart=ChartKind.RUN), Rule.TREND) == []


def test_too_few_and_too_many_runs() -> None:
    """One half then the other; up and down like a saw."""
    halves = only(weekly([1] * 6 + [9] * 6, chart=ChartKind.RUN))
    saw = only(weekly([1, 9] * 6, chart=ChartKind.RUN))
    assert halves.runs is not None
    assert saw.runs is not None
    assert (halves.runs.too_few, halves.runs.too_many) == (True, False)
    assert (saw.runs.too_few, saw.runs.too_many) == (False, True)


@pytest.mark.parametrize(
    ("direction", "target", "assurance"),
    [
        (Direction.UP, 51, Assurance.FALLS_SHORT),
        (Direction.UP, 31, Assurance.MEETS),
        (Direction.UP, 40, Assurance.HIT_OR_MISS),
        (Direction.DOWN, 51, Assurance.MEETS),
        (Direction.DOWN, 31, Assurance.FALLS_SHORT),
        (Direction.DOWN, 40, Assurance.HIT_OR_MISS),
        (Direction.NEUTRAL, 51, None),
        (Direction.UP, None, None),
    ],
)
def test_a_target_is_met_missed_or_a_matter_of_luck(
    direction: Direction, target: float | None, assurance: Assurance | None
) -> None:
    """By the limits, mirrored where lower is better; none where neither way is."""
    measure = weekly(MISSED, baseline=12, direction=direction, target=target)
    assert read(measure).assurance is assurance


def test_a_target_on_a_limit_is_hit_or_miss() -> None:
    """Beyond means beyond, for a target too; and a run chart knows no limits."""
    measure = weekly([5, 15] * 6, target=36.6, direction=Direction.UP)
    assert read(measure).assurance is Assurance.HIT_OR_MISS
    assert read(replace(measure, chart=ChartKind.RUN)).assurance is None


@pytest.mark.parametrize(
    ("direction", "verdict"),
    [
        (Direction.DOWN, Verdict.BETTER),
        (Direction.UP, Verdict.WORSE),
        (Direction.NEUTRAL, Verdict.CHANGED),
    ],
)
def test_what_is_better_hangs_on_the_direction(direction: Direction, verdict: Verdict) -> None:
    """The same signal is an improvement, a concern, or neither."""
    reading = read(weekly(MISSED, baseline=12, direction=direction))
    assert reading.variation is verdict
    assert reading.measured is (verdict is Verdict.BETTER)


def test_a_falling_trend_is_better_even_above_the_mean() -> None:
    """Of a trend, where it goes counts, and not which side it is on."""
    measure = weekly([0, 20] * 6 + [19, 18, 17, 16, 15, 14, 13], baseline=12)
    last = read(measure).last
    assert last is not None
    assert last.label is not None
    assert (last.label.rule, last.verdict) == (Rule.TREND, Verdict.BETTER)


def test_measured_needs_twelve_points_and_the_last_of_them() -> None:
    """Eleven are too few; an improvement that is over is none."""
    values = [42, 44, 38, 40, 20]
    assert read(weekly(values, baseline=4)).variation is Verdict.BETTER
    assert not read(weekly(values, baseline=4)).measured
    assert not read(weekly([*MISSED, 42], baseline=12)).measured


def test_no_points_and_one_point_say_nothing() -> None:
    """There are no limits, no signals, and nothing to divide by."""
    assert read(weekly([])).stretches == ()
    assert read(weekly([])).variation is Verdict.USUAL
    for chart in ChartKind:
        stretch = only(weekly([7], chart=chart, target=3))
        assert (float(stretch.centre), stretch.limits) == (7.0, None)
        assert stretch.judged[0].signals == ()


def test_limits_are_drawn_again_on_a_day_from_that_day() -> None:
    """The point of that day begins the new segment; segments without points are left out."""
    measure = monthly(
        rebases=(
            Rebase(at=date(2026, 3, 1), why="The call"),
            Rebase(at=date(2020, 1, 1), why="Before all"),
            Rebase(at=date(2030, 1, 1), why="After all"),
        )
    )
    first, second = read(measure).stretches
    assert (len(first.judged), len(second.judged)) == (12, 8)
    assert second.judged[0].point.at == date(2026, 3, 1)
    assert second.rebase == measure.rebases[0]
