"""Charts for tests."""

from datetime import date, timedelta
from typing import Any

from server.charts.model import Chart, Dot, Event, EventKind, Level, Mark

FIRST = date(2026, 1, 1)


def day(count: int) -> date:
    """So many days after the first."""
    return FIRST + timedelta(days=count)


def dots(*values: float, **how: Any) -> tuple[Dot, ...]:
    """One dot a day."""
    return tuple(
        Dot(at=day(count), value=value, words=f"Day {count}: {value}", **how)
        for count, value in enumerate(values)
    )


def chart(*values: float, **how: Any) -> Chart:
    """A chart of one number a day, with limits at 0 and 10 where there are any."""
    level = Level(
        since=day(0), until=day(len(values) - 1), set_until=day(len(values) - 1), centre=5,
        lower=0, upper=10, centre_words="5", lower_words="0", upper_words="10",
    )  # fmt: skip
    told: dict[str, Any] = {
        "name": "Missed visits", "sentence": "Nothing stands out.",
        "alternative": "Missed visits. Nothing stands out. Last number: 4.",
        "dots": dots(*values), "levels": (level,) if values else (),
    }  # fmt: skip
    return Chart(**(told | how))


EVERYTHING = chart(
    4, 6, 5, 12, -2, 4, 7, 3,
    dots=(
        *dots(4, 6, 5),
        Dot(at=day(3), value=12, words="above", mark=Mark.WORSE, outside=True),
        Dot(at=day(4), value=-2, words="below", mark=Mark.BETTER, outside=True),
        Dot(at=day(5), value=4, words="changed", mark=Mark.CHANGED),
        Dot(at=day(6), value=7, words="Left out: twice", hollow=True),
        Dot(at=day(7), value=3, words="last", mark=Mark.BETTER),
    ),
    levels=(
        Level(since=day(0), until=day(3), set_until=day(1), centre=5, lower=0, upper=10),
        Level(since=day(4), until=day(7), set_until=day(7), centre=3, lower=-1, upper=7,
              on_trial=True),
    ),
    events=(
        Event(at=day(4), kind=EventKind.CUT, words="New limits", detail="The call begins"),
        Event(at=day(6), kind=EventKind.CYCLE, words="Round 1"),
        Event(at=day(5), kind=EventKind.UPDATE, words="Two months"),
    ),
    target=2, target_words="2", last_words="3", mark=Mark.BETTER, caption="a day.",
)  # fmt: skip
"""One of everything that a chart can hold."""
