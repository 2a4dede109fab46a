"""Dates and numbers as people say them."""

from datetime import UTC, datetime, timedelta

import pytest

from server.web.words import ago, day, day_and_hour, hour, number, plural, zone

LONDON = zone("Europe/London")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(hours=11), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=7), "16 November"),
        (timedelta(days=400), "19 October 2025"),
        (-timedelta(minutes=5), "in 5 minutes"),
        (-timedelta(days=1), "tomorrow"),
        (-timedelta(days=3), "in 3 days"),
    ],
)
def test_how_long_it_is_since(back: timedelta, words: str) -> None:
    """Near things in hours and days, far ones by their date."""
    assert ago(NOW - back, now=NOW, at=LONDON) == words


def test_dates_are_british_and_local() -> None:
    """Day, month, year; a summer evening in Greenwich time is an hour later in London."""
    evening = datetime(2026, 6, 30, 23, 5, tzinfo=UTC)
    assert day(evening, at=LONDON) == "1 July 2026"
    assert day_and_hour(evening, at=LONDON) == "1 July 2026 at 12:05am"
    assert day(NOW, now=NOW, at=LONDON) == "23 November"


@pytest.mark.parametrize(
    ("at", "words"),
    [((0, 0), "midnight"), ((12, 0), "midday"), ((9, 0), "9am"), ((14, 5), "2:05pm")],
)
def test_hours_are_as_people_say_them(at: tuple[int, int], words: str) -> None:
    """Twelve hours, no leading nought."""
    assert hour(datetime(2026, 1, 1, *at, tzinfo=UTC)) == words


def test_numbers() -> None:
    """One is singular, thousands have commas, small ones are words."""
    assert plural(1, "story", "stories") == "1 story"
    assert plural(1204, "story", "stories") == "1,204 stories"
    assert plural(0, "reply", "replies") == "0 replies"
    assert [number(0), number(3), number(11)] == ["no", "three", "11"]


def test_an_unknown_time_zone_is_utc() -> None:
    """A machine without time zone data still serves pages."""
    assert zone("Middle-earth/Shire") is UTC
