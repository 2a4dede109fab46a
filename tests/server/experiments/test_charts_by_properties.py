"""What holds of every series: nothing is judged by how a computer rounds, and time has no side."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.experiments.rules.exact import mean, median, written
from server.experiments.rules.measures import ChartKind, Direction, Measure
from server.experiments.rules.reading import read
from server.experiments.rules.signals import Rule
from tests.server.experiments.series import weekly

HUNDREDTHS = st.integers(-500, 500)
SERIES = st.lists(HUNDREDTHS, min_size=1, max_size=40)
FINITE = st.floats(-1e12, 1e12)
KINDS = st.fixed_dictionaries(
    {
        "chart": st.sampled_from(ChartKind),
        "baseline": st.none() | st.integers(2, 20),
        "direction": st.sampled_from(Direction),
    }
)


def decimals(hundredths: list[int]) -> list[float]:
    """Numbers as people write them, with two places."""
    return [float(Decimal(number) / 100) for number in hundredths]


def verdicts(measure: Measure) -> list[Any]:
    """Everything that is said of every point, and of the whole."""
    reading = read(measure)
    return [
        *((judged.signals, judged.verdict) for judged in reading.judged),
        *(stretch.runs for stretch in reading.stretches),
        reading.measured,
    ]


@given(FINITE, st.integers(1, 60), KINDS)
def test_a_constant_series_signals_nothing(value: float, count: int, how: dict[str, Any]) -> None:
    """Whatever the constant: its mean is itself, and nothing is beyond it."""
    reading = read(weekly([value] * count, **how))
    assert not any(judged.signals for judged in reading.judged)
    assert reading.stretches[0].centre == written(value)


@given(SERIES, HUNDREDTHS, KINDS)
def test_shifting_a_series_changes_no_verdict(
    series: list[int], by: int, how: dict[str, Any]
) -> None:
    """Exactly, at every tie: 0.1 is a tenth."""
    moved = [number + by for number in series]
    assert verdicts(weekly(decimals(moved), **how)) == verdicts(weekly(decimals(series), **how))


@given(SERIES, st.sampled_from([3, 7, 100, 12345]), KINDS)
def test_scaling_a_series_changes_no_verdict(
    series: list[int], by: int, how: dict[str, Any]
) -> None:
    """In minutes or in hours, in pounds or in pence."""
    larger = [number * by for number in series]
    assert verdicts(weekly(decimals(larger), **how)) == verdicts(weekly(decimals(series), **how))


@given(SERIES, st.sampled_from(ChartKind))
def test_reversing_a_series_mirrors_its_trends(series: list[int], chart: ChartKind) -> None:
    """The same points, the other way; and shifts and what is outside stay where they are."""
    forth = read(weekly(series, chart=chart)).judged
    back = read(weekly(series[::-1], chart=chart)).judged[::-1]
    for there, here in zip(forth, back, strict=True):
        assert {-signal.way for signal in there.signals if signal.rule is Rule.TREND} == {
            signal.way for signal in here.signals if signal.rule is Rule.TREND
        }
        assert {(one.rule, one.way) for one in there.signals if one.rule is not Rule.TREND} == {
            (one.rule, one.way) for one in here.signals if one.rule is not Rule.TREND
        }


@given(SERIES, KINDS)
def test_turning_a_series_upside_down_mirrors_every_verdict(
    series: list[int], how: dict[str, Any]
) -> None:
    """Lower that is better becomes higher that is better."""
    other = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP}
    measure = weekly(series, **how)
    turned = weekly(
        [-number for number in series],
        **{**how, "direction": other.get(measure.direction, measure.direction)},
    )
    assert [one.verdict for one in read(turned).judged] == [
        one.verdict for one in read(measure).judged
    ]


@given(SERIES, KINDS)
def test_the_order_in_which_points_were_written_down_does_not_matter(
    series: list[int], how: dict[str, Any]
) -> None:
    """Dates do."""
    measure = weekly(series, **how)
    assert verdicts(replace(measure, points=measure.points[::-1])) == verdicts(measure)


@given(st.lists(FINITE, min_size=1, max_size=30))
def test_means_are_exact(values: list[float]) -> None:
    """As fractions of what was written, whatever the sizes."""
    exact = [Fraction(Decimal(repr(value))) for value in values]
    assert [written(value) for value in values] == exact
    assert mean(exact) == sum(exact) / len(exact)
    below = sum(number < median(exact) for number in exact)
    above = sum(number > median(exact) for number in exact)
    assert max(below, above) <= len(values) / 2
