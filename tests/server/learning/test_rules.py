"""Counting, over time and side by side."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.experiments.rules.stages import Stage
from server.learning.rules import (
    Begun,
    Logged,
    Share,
    month_ends,
    of_one_name,
    spread,
    stages_over_time,
)

JANUARY, FEBRUARY, MARCH = date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 12)


def log(host: str, begun: date, *entries: tuple[date, Stage], stage: Stage | None = None) -> Logged:
    """Return an experiment with its log."""
    return Logged(host=host, begun=begun, stage=stage, entries=entries)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 9, 0), (1, 2, 50), (1, 8, 13), (1, 1000, 1), (999, 1000, 99), (7, 7, 100)],
)
def test_a_share_is_rounded_but_never_to_all_or_nothing(
    part: int, whole: int, percent: int
) -> None:
    """A single one is not none."""
    assert Share(part, whole).percent == percent


def test_of_fewer_than_five_no_share_is_told() -> None:
    """Nor of none."""
    assert [Share(0, whole).shown for whole in (0, 4, 5)] == [False, False, True]


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_percentage_lies_between_all_and_nothing(part: int, whole: int) -> None:
    """And within one of the exact one."""
    share = Share(min(part, whole), whole)
    assert 0 <= share.percent <= 100
    assert abs(share.percent - 100 * share.part / share.whole) < 1


def test_months_end_on_their_last_days() -> None:
    """Across a year and a February; the last is the day itself."""
    assert month_ends(MARCH, 4) == [date(2026, 12, 31), JANUARY, FEBRUARY, MARCH]
    assert len(month_ends(MARCH)) == 12


def test_an_experiment_counts_where_it_stood_then() -> None:
    """Not before it began; by its log, and without one where it stands now."""
    logs = [
        log("a.test", date(2027, 1, 5), (date(2027, 1, 5), Stage.IDEA), (MARCH, Stage.STOPPED)),
        log("b.test", date(2027, 2, 1), stage=Stage.WORKING),
        log("c.test", date(2027, 2, 1)),
        log("d.test", date(2027, 2, 1), (MARCH, Stage.TRYING), stage=Stage.TRYING),
    ]
    assert stages_over_time(logs, [date(2026, 12, 31), JANUARY, FEBRUARY, MARCH]) == [
        Counter(),
        Counter({Stage.IDEA: 1}),
        Counter({Stage.IDEA: 1, Stage.WORKING: 1, Stage.TRYING: 1}),
        Counter({Stage.STOPPED: 1, Stage.WORKING: 1, Stage.TRYING: 1}),
    ]


def test_an_idea_spreads_by_hubs() -> None:
    """A hub counts once, and as stopped only where nobody there goes on."""
    ends = (date(2027, 2, 10), Stage.STOPPED)
    logs = [
        log("a.test", date(2027, 1, 5), (date(2027, 1, 5), Stage.TRYING), ends),
        log("a.test", date(2027, 1, 9), (date(2027, 1, 9), Stage.TRYING)),
        log("b.test", date(2027, 1, 20), (date(2027, 1, 20), Stage.TRYING), ends),
        log("c.test", date(2027, 3, 1), (date(2027, 3, 1), Stage.IDEA)),
    ]
    assert spread(logs, [date(2026, 12, 31), JANUARY, FEBRUARY, MARCH]) == [
        Begun(0, 0), Begun(2, 0), Begun(2, 1), Begun(3, 1),
    ]  # fmt: skip


def test_measures_of_one_name_stand_together_in_order_of_name() -> None:
    """Whatever their capitals and spaces; never in order of anything else."""
    named = [("Missed  visits", 1), ("falls", 2), ("missed visits", 3), ("Falls", 4), ("alone", 5)]
    assert of_one_name(named) == [("falls", [2, 4]), ("Missed visits", [1, 3])]
