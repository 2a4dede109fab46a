"""What a thing is found by, and where it stands in time. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server.posts.rules import slug
from server.search.rules.filter import EVERYTHING, LETTERS, MEASURED, mark
from server.search.rules.words import kept

WITHIN = 1 << 20
"""Things that one second has room for."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())
TURNING = (f"{LETTERS['stage']}:", MEASURED)
"""What marks begin with that things come to bear as work on them goes on (`Filter.turning`)."""
PERSON = "~"
"""The mark of people; no thing bears it."""
MONTHS = (2, 8)
"""How far back one looks first, and then (`windows`): the index goes through all of a time, so for
longer ones it is dearer than looking for all there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What is known of a thing that it can be found by."""

    kind: str
    author: int
    hub: str
    published_at: datetime
    texts: tuple[str, ...]
    """Plain."""
    topics: tuple[str, ...] = ()
    """By their names in lower case."""
    places: tuple[str, ...] = ()
    """By their names in an address."""
    organisations: tuple[str, ...] = ()
    """As they are called."""
    links: tuple[str, ...] = ()
    """The marks of pages that it links to (`rules.alike`)."""
    stage: str = ""
    role: str = ""
    measured: bool = False

    @property
    def said(self) -> list[str]:
        """Its words and their stems, in their places."""
        return kept((*self.texts, *self.organisations))

    @property
    def marks(self) -> list[str]:
        """What it is found by besides its words."""
        one = {"kind": self.kind, "hub": self.hub, "stage": self.stage, "role": self.role}
        found = [mark(name, value) for name, value in one.items() if value]
        found += [mark("topic", topic) for topic in self.topics]
        found += [mark("place", place) for place in self.places]
        found += [mark("organisation", named) for named in map(slug, self.organisations) if named]
        found += [MEASURED] if self.measured else []
        found += self.links
        return [*dict.fromkeys(found), by(self.author), _when(self.published_at), EVERYTHING]


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """What is known of somebody whom people look for."""

    row: int
    names: tuple[str, ...]
    since: datetime
    """When they were first known."""

    @property
    def said(self) -> list[str]:
        """Their names, word by word."""
        return kept(self.names)

    @property
    def marks(self) -> list[str]:
        """What tells them from things."""
        return [PERSON, by(self.row), _when(self.since)]


def gained(before: Collection[str], now: Iterable[str]) -> list[str]:
    """Return the marks of work that goes on that something bears now, and did not before."""
    return [one for one in now if one.startswith(TURNING) and one not in before]


def by(author: int) -> str:
    """Return the mark of what an author published, by their row."""
    return f"a:{author}"


def _when(at: datetime) -> str:
    return f"y:{at.year}-{at.month}"


def windows(at: datetime, *, later: bool = False) -> list[list[str]]:
    """Return marks that all bear which were published shortly before a moment, or after it: of the
    nearest months, first of few and then of more.
    """
    month, step = at.year * 12 + at.month - 1, 1 if later else -1
    months = [divmod(month + step * one, 12) for one in range(MONTHS[-1])]
    marks = [f"y:{year}-{number + 1}" for year, number in months]
    return [marks[:many] for many in MONTHS]


def number(at: datetime, row: int) -> int:
    """Return the number of what was published at a moment, by its row: larger than that of all that
    was published in an earlier second.
    """
    return max(0, (at - EPOCH) // timedelta(seconds=1)) * WITHIN + row % WITHIN


def published_at(number: int) -> datetime:
    """Return the second in which the thing of a number was published."""
    return datetime.fromtimestamp(min(number // WITHIN, LAST), UTC)
