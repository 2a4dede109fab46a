"""What a chart is made of, told by whoever has one drawn. Pure: it knows no rule and no measure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mark(StrEnum):
    """What a dot means; each has a shape of its own beside its colour."""

    STEADY = "steady"
    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"


class EventKind(StrEnum):
    """What happened on a day."""

    CUT = "cut"
    """Limits were drawn again."""
    CYCLE = "cycle"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One number."""

    at: date
    value: float
    words: str
    """What it says, whole: `March 2026: 33 a month. Better: below the lower limit`."""
    mark: Mark = Mark.STEADY
    outside: bool = False
    """Beyond a limit: it has a ring."""
    hollow: bool = False
    """It takes no part in what is computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What is usual, from one dot's day to another's."""

    since: date
    until: date
    set_until: date
    """The day of the last dot that it was computed from; from there on it is carried along."""
    centre: float
    lower: float | None = None
    upper: float | None = None
    on_trial: bool = False
    """Whether it comes from few dots."""
    centre_words: str = ""
    lower_words: str = ""
    upper_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, drawn where it did."""

    at: date
    kind: EventKind
    words: str
    """In two words: `Round 2`."""
    detail: str = ""
    """More of it, where there is room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """All that is drawn, and the words that stand with it."""

    name: str
    caption: str = ""
    """What the numbers are: `a month. Lower is better.`"""
    sentence: str
    """What the chart says."""
    mark: Mark = Mark.STEADY
    """Of the verdict."""
    alternative: str
    """What stands for the picture where it is not seen."""
    dots: tuple[Dot, ...] = ()
    """By date."""
    levels: tuple[Level, ...] = ()
    """By date."""
    centre: str = "Average"
    events: tuple[Event, ...] = ()
    target: float | None = None
    target_words: str = ""
    last_words: str = ""
    """The last number, as it stands beside its dot."""

    @property
    def told(self) -> tuple[Event, ...]:
        """What happened between the first dot and the last: that alone has a place."""
        first, last = (self.dots[0].at, self.dots[-1].at) if self.dots else (date.max, date.min)
        return tuple(event for event in self.events if first <= event.at <= last)
