"""Tables as people paste them: read as they were meant, or said where that is not sure."""

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import RefusedError
from server.experiments.rules import amounts, dates
from server.experiments.rules.dates import Doubt
from server.experiments.rules.listing import as_csv
from server.experiments.rules.measures import Frequency, Measure, Point, TooManyPointsError
from server.experiments.rules.reading import read
from server.experiments.rules.sheets import (
    PROBLEMS,
    NothingToReadError,
    Sheet,
    TooMuchToReadError,
    read_sheet,
)

TODAY = date(2026, 11, 28)
AUGUST = date(2026, 8, 3)


def sheet(text: str) -> Sheet:
    """A table as it was read today."""
    return read_sheet(text, today=TODAY)


def numbers(read_: Sheet) -> list[tuple[str, float]]:
    """Dates and values."""
    return [(point.at.isoformat(), point.value) for point in read_.points]


@pytest.mark.parametrize(
    "words",
    [
        "3/8/26", "03/08/2026", "03-08-2026", "3.8.26", "3 Aug 2026", "3 August 2026", "3-Aug-26",
        "3rd of August, 2026", "Aug 3, 2026", "2026-08-03", "2026/8/3", "w/c 3 Aug", "W/C 3/8/26",
        "week commencing 3 August 2026", "Monday 3 August 2026", "Mon, 3 Aug 2026", "wc 3rd Aug",
        "46237", "2026-08-03T09:00:00Z", "2026-08-03 00:00", "3 Aug", "3 Aug '26", " 3  Aug  2026 ",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(words: str) -> None:
    """British order first."""
    found = dates.one(words, today=TODAY)
    assert found is not None
    assert found.at == AUGUST


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("Aug 2026", date(2026, 8, 1)), ("Aug-26", date(2026, 8, 1)), ("Aug 26", date(2026, 8, 1)),
        ("August 2026", date(2026, 8, 1)), ("2026-08", date(2026, 8, 1)),
        ("08/2026", date(2026, 8, 1)), ("Sept 2026", date(2026, 9, 1)), ("2026", date(2026, 1, 1)),
        ("Q3 2026", date(2026, 7, 1)), ("2026 Q1", date(2026, 1, 1)), ("3/8/71", date(1971, 8, 3)),
        ("30 Nov", date(2025, 11, 30)), ("29 Feb", date(2024, 2, 29)),
        ("May 2026", date(2026, 5, 1)),
    ],
)  # fmt: skip
def test_months_quarters_and_years_are_their_first_day(words: str, at: date) -> None:
    """And what has no year was not long ago."""
    found = dates.one(words, today=TODAY)
    assert found is not None
    assert found.at == at


@pytest.mark.parametrize(
    "words",
    ["", "31/02/26", "42", "3 Agu 2026", "Augustus 2026", "13/13/26", "soon", "3/8", "99999", "0",
     "1/1/1066", "2026-13-01", "3 Aug 2026 or so", "x" * 500, "٣/٨/٢٦", "Q5 2026", "12:30"],
)  # fmt: skip
def test_what_is_no_date_is_not_made_one(words: str) -> None:
    """It is told of instead."""
    assert dates.one(words, today=TODAY) is None


@pytest.mark.parametrize(
    ("words", "value"),
    [("1,204", 1204), ("1,204,000.5", 1204000.5), ("42%", 42), ("12.5 %", 12.5), ("£3.50", 3.5),
     ("-7", -7), ("\u22127", -7), ("(7)", -7), ("+3", 3), (".5", 0.5), ("12,5", 12.5),
     ("1.204,5", 1204.5), ("1 204", 1204), ("1\u00a0204", 1204), ("1e3", 1000), ("£1,204.00", 1204),
     ("-£3", -3), ("7.", 7)],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(words: str, value: float) -> None:
    """Thousands, percent, money, minus."""
    found = amounts.number(words)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "words", ["", "abc", "1,20,4", "12a", "--3", "1.2.3", "nan", "inf", "٤٢", "9" * 50, "3/8/26"]
)
def test_what_is_no_number_is_not_made_one(words: str) -> None:
    """Not even what Python would take for one."""
    assert amounts.number(words) is None


@pytest.mark.parametrize("between", ["\t", ",", ";"])
def test_tabs_commas_and_semicolons_stand_between_columns(between: str) -> None:
    """With headings that we know, in any order."""
    lines = [["Out of", "Note", "Week commencing", "Late discharges"],
             ["120", "half-term", "3 Aug 2026", "42"], ["", "", "10 Aug 2026", "44"]]  # fmt: skip
    found = sheet("\r\n".join(between.join(line) for line in lines))
    assert found.points == [
        Point(at=AUGUST, value=42, n=120, note="half-term"),
        Point(at=AUGUST + timedelta(weeks=1), value=44),
    ]
    assert (found.doubts, found.problems) == ([], [])


def test_columns_without_headings_are_told_by_what_they_hold() -> None:
    """A date, a number, a second number that it may be out of, words."""
    found = sheet("3 Aug 2026\t42\t120\tsnow\n10 Aug 2026\t44\t118\t\n")
    assert found.points[0] == Point(at=AUGUST, value=42, n=120, note="snow")
    assert found.doubts == [
        (
            "We read two numbers on a line as “42 out of 120”. If it is one number with a comma,"
            " put quotation marks around it."
        )
    ]


def test_a_file_by_a_spreadsheet_may_begin_with_a_mark() -> None:
    """Excel's own CSV in UTF-8 does."""
    assert numbers(sheet("\ufeff3 Aug 2026,42")) == [("2026-08-03", 42)]


def test_a_comma_of_thousands_is_noticed() -> None:
    """In a file with commas it has to be quoted; without quotes it is asked for."""
    assert numbers(sheet('3 Aug 2026,"1,204"\n10 Aug 2026,"1,190"')) == [
        ("2026-08-03", 1204), ("2026-08-10", 1190),
    ]  # fmt: skip
    assert "out of" in sheet("3 Aug 2026,1,204\n10 Aug 2026,1,190").doubts[0]


def test_words_and_numbers_with_spaces_between_them_are_read() -> None:
    """As from an e-mail."""
    assert numbers(sheet("3 Aug 2026 42\n10 Aug 2026 44")) == [
        ("2026-08-03", 42), ("2026-08-10", 44),
    ]  # fmt: skip


def test_a_table_that_lies_on_its_side_is_turned() -> None:
    """Dates in one row, numbers in the next."""
    assert numbers(sheet("Month\tJan 2026\tFeb 2026\tMar 2026\tApr 2026\nFalls\t3\t5\t4\t6")) == [
        ("2026-01-01", 3), ("2026-02-01", 5), ("2026-03-01", 4), ("2026-04-01", 6),
    ]  # fmt: skip


def test_numbers_without_dates_are_counted_from_a_day() -> None:
    """Where that day is told; otherwise it is asked for."""
    text = "\n".join(map(str, (42, 44, 38)))
    asked = sheet(text)
    assert asked.points == []
    assert asked.unread == 3
    assert asked.doubts == ["There are no dates. Say when the first number is from, and how often."]
    weekly = read_sheet(text, today=TODAY, since=AUGUST)
    assert [point.at.day for point in weekly.points] == [3, 10, 17]
    assert weekly.doubts == ["There are no dates: we counted weekly from 3 August 2026."]
    for frequency, last in (
        (Frequency.DAILY, date(2026, 8, 5)), (Frequency.FORTNIGHTLY, date(2026, 8, 31)),
        (Frequency.MONTHLY, date(2026, 10, 1)), (Frequency.QUARTERLY, date(2027, 2, 1)),
        (Frequency.YEARLY, date(2028, 8, 1)),
    ):  # fmt: skip
        counted = read_sheet(text, today=TODAY, since=AUGUST, frequency=frequency)
        assert counted.points[-1].at == last


def test_figures_that_may_be_read_two_ways_are_said() -> None:
    """The day first, unless some date makes no sense so; nothing where it makes no difference."""
    [doubt] = sheet("3/8/26\t42\n10/8/26\t44").doubts
    assert doubt == "We read “3/8/26” as 3 August 2026: the day first. Is that right?"
    american = sheet("8/3/26\t42\n8/25/26\t44")
    assert numbers(american) == [("2026-08-03", 42), ("2026-08-25", 44)]
    assert "the month first, since" in american.doubts[0]
    assert sheet("3/8/26\t42\n31/8/26\t44").doubts == []
    assert sheet("1/1/26\t42\n2/2/26\t44").doubts == []


def test_other_doubts_are_said_once_each() -> None:
    """A year that is missing, a day or a year, how spreadsheets count."""
    assert sheet("3 Aug\t42\n10 Aug\t44").doubts == [
        "“3 Aug” has no year: we took it for 3 August 2026."
    ]
    assert "month of August 2026" in sheet("Aug 26\t42\nSep 26\t44").doubts[0]
    assert "how a spreadsheet counts days" in sheet("46237\t42\n46244\t44").doubts[0]
    assert "as the calendar has it" in sheet("Q1 2026\t42\nQ2 2026\t44").doubts[0]
    assert "decimal point" in sheet("3 Aug 2026;12,5\n10 Aug 2026;13,5").doubts[0]
    mixed = sheet("3 Aug 2026\t42%\n10 Aug 2026\t44")
    assert mixed.percent
    assert "we took them as they stand" in mixed.doubts[0]


def test_what_cannot_be_read_is_told_by_its_line() -> None:
    """In plain words; the rest is read."""
    found = sheet(
        "Date\tFalls\n3 Aug 2026\t42\n31/02/26\t44\n\n17 Aug 2026\tmany\n3/8/2026\t9\n\t5\n"
        "24 Aug 2026\t\n31 Aug 2026\tn/a"
    )
    assert [problem.words for problem in found.problems] == [
        "Line 3: we can’t read “31/02/26” as a date.",
        "Line 5: we can’t read “many” as a number.",
        "Line 6: there is a number for 3 August 2026 already, on line 2.",
        "Line 7: there is no date.",
    ]
    assert (found.unread, found.blank, len(found.points)) == (4, 2, 1)


def test_of_many_mistakes_the_first_are_told() -> None:
    """And how many there are."""
    found = sheet("Date\tFalls\n" + "\n".join(["soon\t4"] * 50 + ["3 Aug 2026\t4"] * 60))
    assert (len(found.problems), found.unread) == (PROBLEMS, 109)


@pytest.mark.parametrize("text", ["", "  \n\n", "Date\tFalls\n", "nothing here\nto count"])
def test_what_holds_no_numbers_is_refused_with_an_example(text: str) -> None:
    """It says what it should look like."""
    with pytest.raises(NothingToReadError, match="a line for each number"):
        sheet(text)


def test_a_hundred_thousand_numbers_are_refused_with_advice_at_once() -> None:
    """Before anything is read."""
    text = "3 Aug 2026,42\n" * 100_000
    began = time.process_time()
    with pytest.raises(TooManyPointsError, match="into weeks") as raised:
        sheet(text)
    assert time.process_time() - began < 0.2
    assert "100,000" in str(raised.value)
    days = [date(2020, 1, 1) + timedelta(days=count) for count in range(401)]
    with pytest.raises(TooManyPointsError, match="makes 401"):
        sheet("\n".join(f"{day},1" for day in days))


def test_a_table_that_is_too_wide_or_too_long_is_refused() -> None:
    """With what to copy instead."""
    for text in ("x" * 300_000, "\n".join(["\t".join(["1"] * 30)] * 5), '"' + "x" * 199_000):
        with pytest.raises(RefusedError):
            sheet(text)
    with pytest.raises(TooMuchToReadError):
        sheet("x" * 300_000)


POINTS = st.lists(
    st.builds(
        Point,
        at=st.dates(date(1900, 1, 1), date(2100, 12, 31)),
        value=st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-6),
        n=st.none() | st.integers(1, 10**6).map(float),
        note=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20),
        cycle=st.none() | st.integers(1, 50),
        excluded=st.sampled_from(["", "Counted twice", "=snow"]),
    ),
    min_size=1, max_size=20, unique_by=lambda point: point.at,
)  # fmt: skip


@given(POINTS)
def test_what_is_downloaded_can_be_pasted_again(points: list[Point]) -> None:
    """To the last figure, notes and reasons among it."""
    in_order = sorted(points, key=lambda point: point.at)
    found = sheet(as_csv(read(Measure(name="Falls", points=tuple(points)))))
    assert found.points == [replace(point, note=point.note.strip()) for point in in_order]
    assert found.problems == []


WAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d %b %Y", "%A %d %B %Y", "%Y-%m-%d", "w/c %d %b %Y", "%d.%m.%y")


@given(
    st.lists(st.dates(date(1971, 1, 1), date(2069, 12, 31)), min_size=1, max_size=30, unique=True),
    st.sampled_from(WAYS),
    st.sampled_from("\t;,"),
)
def test_any_days_in_any_way_come_back(days: list[date], way: str, between: str) -> None:
    """Where days come first they stay first, whatever else there is in the column; figures that
    could only be read the other way are never made by days that come first.
    """
    cells = [day.strftime(way) for day in days]
    found = sheet("\n".join(f"{cell}{between}{place}" for place, cell in enumerate(cells)))
    assert {point.at: point.value for point in found.points} == {
        day: place for place, day in enumerate(days)
    }
    assert found.problems == []


@given(st.text(max_size=300) | st.text("0123456789/-.,;\t\n '\"%Aaugqs", max_size=200))
def test_anything_at_all_is_read_or_refused(text: str) -> None:
    """Never anything else."""
    try:
        found = sheet(text)
    except RefusedError:
        return
    assert found.points or found.problems
    assert all(1900 <= point.at.year <= 2100 for point in found.points)


def test_a_doubt_is_shown_by_a_date_that_shows_it() -> None:
    """One whose day is its month says nothing."""
    [doubt] = sheet("2/2/26\t1\n3/8/26\t2").doubts
    assert "“3/8/26”" in doubt
    column = dates.in_column(["2/2/26", "3/8/26"], today=TODAY)
    assert all(found and found.doubt is Doubt.DAY_FIRST for found in column)
