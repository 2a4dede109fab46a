"""Where everything in a chart stands."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.charts import scales
from server.charts.geometry import APART, Layout, laid_out
from server.charts.model import Event, EventKind
from tests.server.charts.drawn import EVERYTHING, chart, day


def part(words: str) -> float:
    """A place as a number."""
    return float(words.removesuffix("%")) / 100


def everywhere(layout: Layout) -> list[float]:
    """All places, across and down."""
    return [
        *(part(spot.x) for spot in layout.spots),
        *(part(spot.y) for spot in layout.spots),
        *(part(line.y) for line in layout.lines),
        *(part(guide.y) for guide in layout.guides),
        *(part(tick.x) for tick in layout.ticks),
        *(part(band.y) for band in layout.bands),
    ]


VALUES = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=30)


@given(VALUES, st.none() | st.floats(-1e12, 1e12))
def test_everything_stands_within_the_chart(values: list[float], target: float | None) -> None:
    """Whatever the numbers are."""
    layout = laid_out(chart(*values, target=target))
    assert all(-0.0001 <= place <= 1.0001 for place in everywhere(layout))
    assert len(layout.spots) == len(values)
    assert 1 <= len(layout.ticks) <= scales.MOST


@given(VALUES)
def test_higher_numbers_stand_higher(values: list[float]) -> None:
    """And later ones further to the right."""
    places = laid_out(chart(*values)).places
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    for (number, place), (other, another) in pairwise(zip(values, places, strict=True)):
        assert (number < other) <= (place[1] >= another[1])


@given(VALUES, st.floats(-1e12, 1e12))
def test_labels_never_stand_on_one_another(values: list[float], target: float) -> None:
    """However close their lines are; and none leaves the chart."""
    labels = [part(label.y) for label in laid_out(chart(*values, target=target)).labels]
    assert all(after - before > APART - 0.001 for before, after in pairwise(labels))
    assert all(0 <= label <= 1 for label in labels)


def test_a_chart_without_numbers_is_empty() -> None:
    """There is nothing to draw, and no reason to fail."""
    layout = laid_out(chart())
    assert layout.spots == []
    assert layout.path(10, 10) == ""


def test_one_number_stands_in_the_middle_and_has_no_line() -> None:
    """A line needs two."""
    layout = laid_out(chart(7))
    assert layout.spots[0].x == "50.00%"
    assert layout.path(100, 100) == ""


def test_each_meaning_has_a_shape_of_its_own() -> None:
    """So it can be told apart without its colour; a ring says that it is outside."""
    shapes = [spot.shape.removeprefix("#mk-") for spot in laid_out(EVERYTHING).spots]
    assert shapes == [
        "steady", "steady", "steady", "worse-out", "better-out", "changed", "hollow", "better",
    ]  # fmt: skip


def test_what_is_left_out_is_not_joined_by_the_line() -> None:
    """It hangs in the air, hollow."""
    assert laid_out(EVERYTHING).path(100, 100).count("L") == 6


def test_limits_are_carried_on_from_where_they_were_set() -> None:
    """Solid where they were set, dotted from there to the next, and so halfway between two days."""
    layout = laid_out(EVERYTHING)
    means = [(part(line.x1), part(line.x2), line.kind) for line in layout.lines
             if line.kind.startswith("mean")]  # fmt: skip
    assert [kind for _, _, kind in means] == ["mean", "mean old", "mean"]
    assert all(first[1] == second[0] for first, second in pairwise(means))
    assert (means[0][0], means[-1][1]) == (0, 1)
    third, fourth = (part(spot.x) for spot in layout.spots[3:5])
    assert means[1][1] == pytest.approx((third + fourth) / 2, abs=1e-4)
    assert len(layout.bands) == 2
    assert [label.words for label in layout.labels] == [
        "Trial limit", "Average", "Target", "Trial limit",
    ]  # fmt: skip


def test_events_are_told_where_there_is_room() -> None:
    """New limits before cycles, newer ones before older ones; updates only leave a mark."""
    layout = laid_out(EVERYTHING)
    assert {event.words: event.told for event in layout.events} == {
        "New limits": True, "Round 1": True, "Two months": False,
    }  # fmt: skip
    crowd = tuple(
        Event(at=day(count), kind=EventKind.CYCLE, words=f"Round {count}") for count in range(8)
    )
    cut = Event(at=day(3), kind=EventKind.CUT, words="New limits", detail="x" * 60)
    crowded = laid_out(replace(EVERYTHING, events=(*crowd, cut))).events
    told = [event for event in crowded if event.told]
    assert told[0].words == "New limits"
    assert len(told[0].detail) == 30
    assert 1 < len(told) < 9
    assert sum(not event.spare for event in told) < len(told)


def test_the_last_number_stands_where_no_line_comes_from() -> None:
    """Below its dot after a fall, but for one to the foot; else above."""
    falls = (1, 10, 9, 8, 2), (1, 10, 9, 8, 1), (1, 10, 3, 4)
    assert [laid_out(chart(*values)).last_below for values in falls] == [True, False, False]


def test_words_of_two_events_never_meet_between_them() -> None:
    """Those to the left begin at their line, those to the right end at theirs."""
    for last, both in ((62, False), (68, True)):
        rounds = tuple(
            Event(at=day(at), kind=EventKind.CYCLE, words=f"Round {number}")
            for number, at in enumerate((36, last), 1)
        )
        told = [one.told for one in laid_out(chart(*range(101), events=rounds)).events]
        assert told == [True, both]


def test_what_happened_at_another_time_is_not_drawn() -> None:
    """A cycle that began before the first number has no place."""
    early = Event(at=day(-1), kind=EventKind.CYCLE, words="Round 1")
    assert laid_out(chart(1, 2, events=(early,))).events == []


def test_many_numbers_have_small_marks() -> None:
    """So that they do not hide one another."""
    assert {spot.shape for spot in laid_out(chart(*range(61))).spots} == {"#mk-steady-small"}
    assert {spot.shape for spot in laid_out(chart(*range(60))).spots} == {"#mk-steady"}


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (27, 51, ["30", "35", "40", "45", "50"]),
        (0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-3.1, 7, ["-2", "0", "2", "4", "6"]),
        (0, 4.2e6, ["0m", "1m", "2m", "3m", "4m"]),
        (0, 1e12, ["0.0tn", "0.2tn", "0.4tn", "0.6tn", "0.8tn", "1.0tn"]),
        (990, 2010, ["1,000", "1,200", "1,400", "1,600", "1,800", "2,000"]),
    ],
)
def test_the_axis_has_round_numbers(low: float, high: float, words: list[str]) -> None:
    """Few of them, and written short."""
    assert [words for _, words in scales.numbers(low, high)] == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 8, 3), date(2026, 8, 5), ["3 Aug 2026", "4 Aug", "5 Aug"]),
        (date(2026, 8, 3), date(2026, 8, 31), ["3 Aug 2026", "10 Aug", "17 Aug", "24 Aug",
                                               "31 Aug"]),
        (date(2025, 3, 1), date(2026, 10, 1), ["Mar 2025", "Sep", "Mar 2026", "Sep"]),
        (date(2025, 11, 1), date(2026, 4, 1), ["Nov 2025", "Dec", "Jan 2026", "Feb", "Mar", "Apr"]),
        (date(2021, 5, 2), date(2026, 4, 1), ["2022", "2023", "2024", "2025", "2026"]),
        (date(2026, 8, 3), date(2026, 8, 3), ["3 Aug 2026"]),
    ],
)  # fmt: skip
def test_the_axis_has_round_days(first: date, last: date, words: list[str]) -> None:
    """Days, weeks, months or years; the year where it is new."""
    assert [f"{tick.words} {tick.year}".strip() for tick in scales.days(first, last)] == words


@given(st.dates(), st.integers(0, 800_000))
def test_any_two_days_have_an_axis(first: date, span: int) -> None:
    """From the year 1 to the year 9999."""
    last = min(first + timedelta(days=min(span, (date.max - first).days)), date.max)
    assert len(scales.days(first, last)) <= scales.MOST
