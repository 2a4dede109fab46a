"""The sentence that comes with a chart: plain, honest, and never about causes."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.experiments.rules import figures
from server.experiments.rules.measures import (
    ChartKind,
    Direction,
    Frequency,
    Measure,
    Point,
    Rebase,
)
from server.experiments.rules.reading import read
from server.experiments.rules.sentences import alternative, said_of, sentence
from tests.server.experiments.series import MISSED, MONDAY, month, monthly, weekly

FLAT = [5, 15] * 6
"""Twelve numbers with a mean of 10 and limits of -16.6 and 36.6."""
RUN = {"chart": ChartKind.RUN}
UP, NEUTRAL = {"direction": Direction.UP}, {"direction": Direction.NEUTRAL}
AGAIN = {"rebases": (Rebase(at=month(12), why="The call begins"),)}


def on_twelve(values: list[float], **how: Any) -> Measure:
    """A measure whose first twelve numbers set the limits."""
    return monthly([*FLAT, *values], baseline=12, **how)


SAID = [
    (monthly([]), "There are no numbers yet."),
    (monthly([7]), "There is only one number so far: too few to tell a change from chance."),
    (monthly(FLAT[:8]), "There are only 8 numbers so far: too few to tell a change from chance."),
    (monthly(FLAT), "Nothing stands out: the numbers go up and down as chance would have it."),
    (
        monthly(MISSED, baseline=12),
        (
            "Since March 2026, the numbers have been lower than before: this is better, and "
            "unlikely to be chance."
        ),
    ),
    (
        monthly(MISSED, baseline=12, **UP),
        (
            "Since March 2026, the numbers have been lower than before: this is worse, and "
            "unlikely to be chance."
        ),
    ),
    (
        monthly(MISSED, baseline=12, **NEUTRAL),
        "Since March 2026, the numbers have been lower than before: this is unlikely to be chance.",
    ),
    (
        on_twelve([11] * 7),
        (
            "Since March 2026, the numbers have been higher than before: this is worse, and "
            "unlikely to be chance."
        ),
    ),
    (
        monthly([*FLAT, 9, 16, 18, 20, 22, 24, 26, 28], baseline=12, **UP),
        (
            "Since April 2026, the numbers have been higher than before: this is better, and "
            "unlikely to be chance."
        ),
    ),
    (
        on_twelve([19, 18, 17, 16, 9, 8, 7], **UP),
        (
            "Since March 2026, the numbers have fallen one after another: this is worse, and "
            "unlikely to be chance."
        ),
    ),
    (
        on_twelve([1, 2, 3, 4, 15, 16, 17], **UP),
        (
            "Since March 2026, the numbers have risen one after another: this is better, and "
            "unlikely to be chance."
        ),
    ),
    (
        on_twelve([40], unit="a month"),
        (
            "The last number, 40 a month for March 2026, is higher than usual: this is worse, and"
            " unlikely to be chance."
        ),
    ),
    (
        on_twelve([-20.5]),
        (
            "The last number, -20.5 for March 2026, is lower than usual: this is better, and "
            "unlikely to be chance."
        ),
    ),
    (
        on_twelve([9, 28, 11, 28]),
        (
            "Two of the last three numbers are unusually high: this is worse, and unlikely to be "
            "chance."
        ),
    ),
    (
        on_twelve([11, -8, 9, -8]),
        (
            "Two of the last three numbers are unusually low: this is better, and unlikely to be "
            "chance."
        ),
    ),
    (
        on_twelve([40, 10]),
        "The last number is as usual; one that was not is from March 2026.",
    ),
    (
        monthly([*FLAT, *[9] * 4], **AGAIN),
        (
            "Since the limits were drawn again in March 2026, nothing stands out, but 4 numbers "
            "so far are too few to be sure."
        ),
    ),
    (
        monthly([*FLAT, 9], **AGAIN),
        (
            "Since the limits were drawn again in March 2026, nothing stands out, but one number "
            "so far is too few to be sure."
        ),
    ),
    (
        monthly([*FLAT, *FLAT], **AGAIN),
        "Since the limits were drawn again in March 2026, nothing stands out.",
    ),
    (
        monthly([*FLAT, *FLAT, *[11] * 7], baseline=12, **AGAIN),
        (
            "Since March 2027, the numbers have been higher than the new usual: this is worse, "
            "and unlikely to be chance."
        ),
    ),
    (
        monthly([5, 15, 5, 15, 40], baseline=4),
        (
            "The last number, 40 for July 2025, is higher than usual: this is worse, and unlikely"
            " to be chance. But it is early: there are only 4 numbers to go by, so look again "
            "when there are 12."
        ),
    ),
    (
        monthly([*FLAT[:4], *FLAT, 40], baseline=4),
        (
            "The last number, 40 for July 2026, is higher than usual: this is worse, and unlikely"
            " to be chance. But that is compared with only 4 numbers."
        ),
    ),
    (
        monthly([5, 15, 5, 5, 5, 15, 15, 15, 5, 15, 15, 5, 10], **RUN),
        "Nothing stands out: the numbers go up and down as chance would have it.",
    ),
    (
        monthly([5] * 5 + [15] * 5 + [5] * 5 + [15] * 5, **RUN),
        (
            "The numbers stay on one side of the middle for longer than usual: this is unlikely "
            "to be chance."
        ),
    ),
    (
        monthly([5, 15] * 8, **RUN),
        "The numbers cross the middle more often than usual: this is unlikely to be chance.",
    ),
    (
        weekly([*FLAT, 40], baseline=12),
        (
            "The last number, 40 for 30 March 2026, is higher than usual: this is worse, and "
            "unlikely to be chance."
        ),
    ),
]


@pytest.mark.parametrize(("measure", "said"), SAID)
def test_a_chart_says_what_it_shows(measure: Measure, said: str) -> None:
    """Every kind of thing that it may say."""
    assert sentence(read(measure)) == said


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"target": 40}, "If nothing changes, the target of 40 will almost always be met."),
        ({"target": -20}, "If nothing changes, the target of -20 will hardly ever be met."),
        (
            {"target": 9.5, "unit": "%"},
            "If nothing changes, the target of 9.5% will sometimes be met and sometimes be missed.",
        ),
    ],
)
def test_with_a_target_it_says_what_to_expect(how: dict[str, Any], said: str) -> None:
    """In a second half."""
    assert sentence(read(monthly(FLAT, **how))).endswith(f" as chance would have it. {said}")


def test_where_something_changed_a_target_is_not_foretold() -> None:
    """The limits are those of before, and it says so; on trial limits nothing is said."""
    changed = sentence(read(monthly(MISSED, baseline=12, target=30)))
    assert changed.endswith(
        " By the limits as they are, the target of 30 would hardly ever be met."
    )
    assert "target" not in sentence(read(monthly(FLAT[:8], target=30)))
    assert "target" not in sentence(read(monthly(FLAT, target=30, direction=Direction.NEUTRAL)))


CAUSAL = re.compile(
    r"\b(because|due|thanks|cause[sd]?|causing|le[ad]d?s? to|results?|resulted|owing|effects?|"
    r"impacts?|proves?|proven|proof|made|makes?|works?|worked|success\w*|therefore|so that|hence|"
    r"consequen\w+|explain\w*|shows? that|driv\w+|attribut\w+|improve\w*|help\w*)\b",
    re.IGNORECASE,
)

MEASURES = st.builds(
    lambda values, how, cut: monthly(
        values, **how, rebases=(Rebase(at=month(cut), why="Something"),) if cut else ()
    ),
    st.lists(st.integers(0, 12), max_size=40),
    st.fixed_dictionaries(
        {
            "direction": st.sampled_from(Direction),
            "chart": st.sampled_from(ChartKind),
            "baseline": st.none() | st.integers(2, 14),
            "target": st.none() | st.integers(-5, 20),
        }
    ),
    st.integers(0, 30),
)


@given(MEASURES)
def test_no_sentence_ever_claims_a_cause(measure: Measure) -> None:
    """A chart shows that something changed, never why."""
    said = sentence(read(measure))
    assert CAUSAL.search(said) is None, said
    assert said.endswith(".")
    assert len(said) < 300


@given(MEASURES)
def test_unlikely_to_be_chance_is_only_said_of_what_was_found(measure: Measure) -> None:
    """Where the last number breaks a rule, or a run chart has odd runs; and then it is said."""
    reading = read(measure)
    last = reading.stretches[-1] if reading.stretches else None
    odd = last is not None and last.runs is not None and (last.runs.too_few or last.runs.too_many)
    stands_out = reading.last is not None and bool(reading.last.signals)
    said = "unlikely to be chance" in sentence(reading)
    assert said or not stands_out
    assert stands_out or odd or not said


def test_the_words_of_every_measure_are_held_against_the_list() -> None:
    """The list would catch what it is there for."""
    for claim in ("because of the call", "the call made a difference", "this led to fewer"):
        assert CAUSAL.search(claim)


def test_the_picture_is_told_in_words() -> None:
    """Its name, its sentence, its last number: for whoever can't see it."""
    assert alternative(read(monthly(MISSED, baseline=12, unit="a month"))) == (
        "Missed visits. Since March 2026, the numbers have been lower than before: this is better,"
        " and unlikely to be chance. Last number: 27 a month, October 2026."
    )
    assert alternative(read(monthly([]))) == "Missed visits. There are no numbers yet."


def test_each_number_is_told_in_words() -> None:
    """For tables, and for whoever points at one."""
    judged = read(monthly(MISSED, baseline=12)).judged
    assert said_of(judged[0], ChartKind.XMR) == "As usual"
    assert said_of(judged[10], ChartKind.XMR) == "Better: one of several in a row below the average"
    assert said_of(judged[10], ChartKind.RUN).endswith("below the middle")
    assert said_of(judged[-1], ChartKind.XMR) == "Better: below the lower limit"


@pytest.mark.parametrize(
    ("value", "words"),
    [(27.0, "27"), (1204.5, "1,204.5"), (0.1, "0.1"), (-3, "-3"), (1e12, "1,000,000,000,000"),
     (1e-300, "1e-300"), (0.0, "0"), (100, "100")],
)  # fmt: skip
def test_numbers_are_written_as_people_do(value: float, words: str) -> None:
    """No exponents but for what nobody counts."""
    assert figures.plain(value) == words


def test_computed_numbers_are_written_roughly_and_units_where_they_belong() -> None:
    """As exact as a chart can be read."""
    assert [figures.rough(50.7642, 18.9), figures.rough(1204.4, 700)] == ["50.8", "1,204"]
    assert [figures.rough(0.01234, 0.005), figures.rough(-0.001, 20)] == ["0.01234", "0.0"]
    assert figures.rough(3, 0) == "3.0"
    assert [figures.with_unit("27", unit) for unit in ("a week", "%", "£", "")] == [
        "27 a week", "27%", "£27", "27",
    ]  # fmt: skip


def test_days_are_told_as_months_where_there_is_a_number_for_each() -> None:
    """By what it says of itself, or by its dates."""
    one = Measure(name="One", points=(Point(at=date(2026, 8, 1), value=1),))
    assert figures.calendar(one)(MONDAY) == "5 January 2026"
    assert figures.calendar(replace(one, frequency=Frequency.MONTHLY))(MONDAY) == "January 2026"
