"""Measures as other hubs read them."""

import math
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.experiments.rules.measures import (
    MEASURES,
    POINTS,
    ChartKind,
    Direction,
    Frequency,
    Kind,
    Measure,
    Point,
    Rebase,
)
from server.experiments.rules.reading import read
from server.experiments.rules.sentences import sentence
from server.experiments.wire.measure import (
    measure_to_wire,
    measures_from_wire,
    point_from_wire,
    point_to_wire,
)
from tests.server.experiments.series import MISSED, monthly, weekly

ID = "https://hub.example/experiments/01KB/measures/1"
WHOLE = Measure(
    name="Late discharges", kind=Kind.BALANCING, definition="Counted on Mondays.", unit="a week",
    direction=Direction.DOWN, target=5, frequency=Frequency.WEEKLY, chart=ChartKind.RUN,
    baseline=12, rebases=(Rebase(at=date(2026, 10, 10), why="cycle 1"),), counts_people=True,
    points=(
        Point(at=date(2026, 8, 3), value=42),
        Point(at=date(2026, 8, 10), value=44.5, n=120, note="snow", cycle=1, excluded="twice"),
    ),
)  # fmt: skip


def again(terms: dict[str, Any]) -> dict[str, Measure]:
    """What another hub reads of the bytes that were sent."""
    return measures_from_wire({"measures": [orjson.loads(orjson.dumps(terms))]})


def test_a_measure_is_written_as_the_examples_have_it() -> None:
    """Names and shapes of wire-examples.md; what is not said is left out."""
    assert measure_to_wire(WHOLE, id=ID) == {
        "id": ID, "name": "Late discharges", "kind": "balancing",
        "definition": "Counted on Mondays.", "unit": "a week", "direction": "down", "target": 5,
        "frequency": "weekly", "chart": "run", "baseline": 12,
        "rebase": [{"at": "2026-10-10", "why": "cycle 1"}], "countsPeople": True,
        "points": [
            {"at": "2026-08-03", "value": 42},
            {"at": "2026-08-10", "value": 44.5, "n": 120, "note": "snow", "cycle": 1,
             "excluded": "twice"},
        ],
    }  # fmt: skip
    bare = measure_to_wire(Measure(name="Falls"), id=ID)
    assert set(bare) == {"id", "name", "kind", "direction", "chart"}


def test_another_hub_reads_the_same_and_says_the_same() -> None:
    """It computes anew, and comes to the same verdict and the same sentence."""
    assert again(measure_to_wire(WHOLE, id=ID)) == {ID: WHOLE}
    assert again(measure_to_wire(Measure(name="Falls"), id=ID)) == {ID: Measure(name="Falls")}
    ours = read(monthly(MISSED, baseline=12, target=30))
    [theirs] = again(measure_to_wire(ours.measure, id=ID)).values()
    assert read(theirs) == ours
    assert sentence(read(theirs)) == sentence(ours)


@given(st.lists(st.floats(-1e12, 1e12), max_size=30), st.none() | st.floats(-1e12, 1e12))
def test_any_numbers_are_read_as_they_were_written(values: list[float], target: float) -> None:
    """To the last figure, so that verdicts agree."""
    measure = weekly(values, target=target)
    [found] = again(measure_to_wire(measure, id=ID)).values()
    assert found == measure
    assert read(found) == read(measure)


@pytest.mark.parametrize(
    "value", [1e308, -1e13, 10**400, math.nan, math.inf, True, "42", None, [42], {"a": 1}]
)
def test_a_number_that_cannot_be_drawn_is_left_out(value: object) -> None:
    """With the rest of the measure kept."""
    points: list[Any] = [{"at": "2026-08-03", "value": value}, {"at": "2026-08-10", "value": 44}]
    one: Any = {"id": ID, "name": "Falls", "target": value, "points": points}
    [found] = measures_from_wire({"measures": [one]}).values()
    assert [point.value for point in found.points] == [44]
    assert found.target is None


def test_a_hostile_measure_is_bounded() -> None:
    """A hundred thousand numbers, as many measures, words without end, what is no date."""
    many = [{"at": f"2026-{month:02}-{day:02}", "value": day, "n": 0, "cycle": 0}
            for month in range(1, 13) for day in range(1, 29)] * 300  # fmt: skip
    one = {
        "name": "x" * 10_000, "definition": "x" * 10_000, "unit": "x" * 10_000, "baseline": 1,
        "kind": "odd", "direction": 7, "chart": None, "frequency": "hourly",
        "rebase": [{"at": "soon", "why": "x"}, {"at": "2026-08-03", "why": "x" * 10_000}] * 50,
        "points": many,
    }  # fmt: skip
    measures: list[Any] = [{**one, "id": f"{ID}/{count}"} for count in range(1_000)]
    found = measures_from_wire({"measures": measures})
    assert len(found) == MEASURES
    first = next(iter(found.values()))
    assert len(first.points) <= POINTS
    assert {(point.n, point.cycle) for point in first.points} == {(None, None)}
    assert first.baseline is None
    assert len(first.rebases) == 10
    replace(first, rebases=()).check()


@pytest.mark.parametrize(
    "terms", [{}, {"measures": None}, {"measures": [{"id": ID}]}, {"measures": [{"name": "x"}]},
              {"measures": [{"id": "javascript:1", "name": "x"}]}, {"measures": ["x"]}],
)  # fmt: skip
def test_what_is_no_measure_is_left_out(terms: dict[str, Any]) -> None:
    """It needs a name, and an id that is an address."""
    assert measures_from_wire(terms) == {}


def test_of_two_numbers_of_a_day_and_two_measures_of_an_id_the_first_counts() -> None:
    """Whoever sends them."""
    points = [{"at": "2026-08-03", "value": 1}, {"at": "2026-08-03T10:00:00Z", "value": 2}]
    twice: list[Any] = [{"id": ID, "name": "One", "points": points}, {"id": ID, "name": "Two"}]
    [found] = measures_from_wire({"measures": twice}).values()
    assert (found.name, [point.value for point in found.points]) == ("One", [1])


def test_a_point_travels_alone_in_an_update() -> None:
    """With the same terms as in a measure."""
    for point in WHOLE.points:
        assert point_from_wire(point_to_wire(point)) == point
