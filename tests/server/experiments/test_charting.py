"""A measure as a chart, as a table and as CSV."""

import csv
from dataclasses import replace
from datetime import date
from io import StringIO

from server.charts.model import EventKind, Mark
from server.experiments.charting import chart_of, figure_of
from server.experiments.rules.cycles import Cycle
from server.experiments.rules.listing import HEADINGS, as_csv, rows
from server.experiments.rules.measures import ChartKind, Direction, Measure, Rebase
from server.experiments.rules.reading import read
from server.web.rendering import environment
from tests.server.experiments.series import MISSED, month, monthly, weekly

MEASURE = monthly(MISSED, baseline=12, unit="a month", target=30)


def with_one_left_out() -> Measure:
    """The sixth number takes no part, and has a note."""
    point = replace(MEASURE.points[5], excluded="Counted twice", note="=cmd()", n=120.5, cycle=1)
    return replace(MEASURE, points=(*MEASURE.points[:5], point, *MEASURE.points[6:]))


def test_a_chart_holds_what_was_found() -> None:
    """Marks by verdict, rings by limit, the limits to where they were set."""
    chart = chart_of(MEASURE)
    assert [dot.mark for dot in chart.dots] == [Mark.STEADY] * 10 + [Mark.BETTER] * 10
    assert [place for place, dot in enumerate(chart.dots, 1) if dot.outside] == [14, 16, 17, 19, 20]
    [level] = chart.levels
    assert (level.centre_words, level.lower_words, level.upper_words) == ("41.3", "31.9", "50.8")
    assert (level.until, level.set_until) == (month(19), month(11))
    assert chart.dots[-1].words == "October 2026: 27 a month. Better: below the lower limit"
    assert (chart.caption, chart.target, chart.last_words) == (
        "a month. Lower is better.", 30, "27",
    )  # fmt: skip


def test_a_left_out_number_is_hollow_and_says_why() -> None:
    """It is shown, and not hidden."""
    dot = chart_of(with_one_left_out()).dots[5]
    assert dot.hollow
    assert dot.words == "August 2025: 41 a month. Left out: Counted twice"


def test_what_happened_is_marked() -> None:
    """Limits drawn again, cycles that have begun, updates."""
    cycles = (
        Cycle(number=1, question="?", started=date(2026, 3, 2)),
        Cycle(number=2, question="?"),
    )
    measure = replace(MEASURE, rebases=(Rebase(at=month(12), why="The call"),))
    events = chart_of(measure, cycles=cycles, updates=[(date(2026, 5, 18), "Two months")]).events
    assert [(event.kind, event.words, event.detail) for event in events] == [
        (EventKind.CUT, "New limits", "The call"),
        (EventKind.CYCLE, "Round 1", ""),
        (EventKind.UPDATE, "Two months", ""),
    ]
    assert chart_of(measure).levels[-1].on_trial


def test_a_run_chart_has_a_middle_and_no_limits() -> None:
    """And one without a direction says neither way is better."""
    run = replace(MEASURE, chart=ChartKind.RUN, direction=Direction.NEUTRAL, unit="minutes")
    chart = chart_of(run)
    assert (chart.centre, chart.caption) == ("Middle", "in minutes.")
    assert (chart.levels[0].upper, chart.levels[0].centre_words) == (None, "41")
    assert chart.dots[-1].mark is Mark.CHANGED


def test_a_figure_says_only_what_is_on_it() -> None:
    """Its key has the marks that there are, and its table the columns that are filled."""
    plain = figure_of(MEASURE, key="m1")
    assert [mark.words for mark in plain.marks] == [
        "as usual", "better than usual", "better than usual, and outside the limits",
    ]  # fmt: skip
    assert (plain.chip, plain.measured, plain.out_of, plain.noted) == (
        "Getting better", True, False, False,
    )  # fmt: skip
    assert plain.limits == "where chance alone would land, from 12 numbers"
    filled = figure_of(with_one_left_out(), key="m1")
    assert (filled.out_of, filled.noted) == (True, True)
    assert filled.marks[-1].words == "left out"
    said = [(date(2026, 5, 18), "Two months"), (date(2027, 1, 1), "After the last number")]
    assert [figure_of(MEASURE, key="m1", updates=said[at:]).has_entries for at in (0, 1)] == [
        True, False,
    ]  # fmt: skip
    few = figure_of(weekly([1, 2]), key="m1")
    assert (few.chip, few.measured) == ("", False)
    assert few.limits.endswith("from 2 numbers; on trial until there are 12")
    assert figure_of(weekly([]), key="m1").limits == ""


def test_a_page_shows_sentence_chart_key_and_numbers() -> None:
    """In this order; an empty one says that there is nothing yet, and shows nothing."""
    shown = environment().get_template("charts/figure.html").module
    figure = str(shown.figure(figure_of(with_one_left_out(), key="m1", csv_url="/1.csv")))  # type: ignore[attr-defined]
    order = ("Missed visits", "Since April 2026", "Measured", "<svg class=", "What the marks mean",
             "See the numbers", "/1.csv")  # fmt: skip
    assert [figure.index(words) for words in order] == sorted(
        figure.index(words) for words in order
    )
    empty = str(shown.figure(figure_of(weekly([]), key="m2")))  # type: ignore[attr-defined]
    assert "There are no numbers yet." in empty
    assert "<svg" not in empty


def test_the_numbers_are_listed_with_what_the_chart_says_of_each() -> None:
    """Those that are left out as well."""
    listed = rows(read(with_one_left_out()))
    assert [(row.day, row.value, row.said) for row in (listed[0], listed[5], listed[-1])] == [
        ("March 2025", "42", "As usual"),
        ("August 2025", "41", "Left out: Counted twice"),
        ("October 2026", "27", "Better: below the lower limit"),
    ]
    assert (listed[5].n, listed[0].n, listed[5].cycle) == ("120.5", "", 1)


def test_a_csv_holds_every_figure_and_no_formula() -> None:
    """Days that every program reads, numbers to the last figure, nothing that computes."""
    exact = replace(with_one_left_out().points[5], value=1234.5678901)
    measure = replace(MEASURE, points=(exact,))
    head, line = csv.reader(StringIO(as_csv(read(measure)), newline=""))
    assert tuple(head) == HEADINGS
    assert line == [
        "2025-08-01", "1234.5678901", "120.5", "'=cmd()", "1", "Counted twice",
        "Left out: Counted twice",
    ]  # fmt: skip
