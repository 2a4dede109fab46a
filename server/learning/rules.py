"""What many stories and experiments show together: counted, over time, side by side. Pure.

Nobody is ranked, and nothing is said of fewer than `FEWEST`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from server.experiments.rules.stages import Stage

T = TypeVar("T")

FEWEST = 5
"""Of what has happened to fewer than this no share is told: it might be one person's doing."""
MONTHS = 12
"""Months that are looked back."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def shown(self) -> bool:
        """Whether there are enough to speak of a share."""
        return self.whole >= FEWEST

    @property
    def percent(self) -> int:
        """Of a hundred, rounded half up; 100 and 0 only where it is all or none."""
        if self.part in {0, self.whole}:
            return 100 if self.part else 0
        return min(99, max(1, (self.part * 200 + self.whole) // (self.whole * 2)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """An experiment by what it said of where it stands, and when."""

    host: str
    begun: date
    stage: Stage | None = None
    """Where it stands now."""
    entries: tuple[tuple[date, Stage], ...] = ()
    """Its log, in its order."""

    def at(self, day: date) -> Stage | None:
        """Return where it stood at the end of a day; None before it began, or where it does not
        say.
        """
        if day < self.begun:
            return None
        stages = [stage for since, stage in self.entries if since <= day]
        return stages[-1] if stages else self.entries[0][1] if self.entries else self.stage


@dataclass(frozen=True, slots=True)
class Begun:
    """How far an idea had come by the end of a day."""

    hubs: int
    """Where it was begun."""
    stopped: int
    """Of those, where nobody goes on with it."""


def month_ends(until: date, number: int = MONTHS) -> list[date]:
    """Return the last days of the months before a day, the oldest first, and that day itself."""
    days, day = [until], until
    for _ in range(number - 1):
        day = day.replace(day=1) - timedelta(days=1)
        days.append(day)
    return days[::-1]


def stages_over_time(logs: Sequence[Logged], days: Sequence[date]) -> list[Counter[Stage]]:
    """Return how many stood where at the end of each day."""
    return [Counter(stage for log in logs if (stage := log.at(day)) is not None) for day in days]


def spread(logs: Sequence[Logged], days: Sequence[date]) -> list[Begun]:
    """Return on how many hubs an idea had been begun by the end of each day."""
    return [_begun(logs, day) for day in days]


def _begun(logs: Sequence[Logged], day: date) -> Begun:
    hosts = {log.host for log in logs if log.begun <= day}
    going = {log.host for log in logs if log.begun <= day and log.at(day) is not Stage.STOPPED}
    return Begun(len(hosts), len(hosts - going))


def of_one_name(named: Iterable[tuple[str, T]]) -> list[tuple[str, list[T]]]:
    """Return those that are called the same but for capitals and spaces, where there are several,
    in the order of their names; within a name they stay in their order.
    """
    found: dict[str, tuple[str, list[T]]] = {}
    for name, thing in named:
        plain = " ".join(name.split())
        found.setdefault(plain.casefold(), (plain, []))[1].append(thing)
    return [found[key] for key in sorted(found) if len(found[key][1]) > 1]
