"""An experiment that goes back to another one: what was kept and changed, how it went. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from server.errors import RefusedError

LINE_LIMIT = 1_000
"""Characters of one change, or of why."""
TEXT_LIMIT = 10_000
"""Characters of what was kept, why it is different here, what one would tell others."""
CHANGES = 20
"""Changes that one adaptation tells."""


class Result(StrEnum):
    """How it went, beside the original, as those say who tried it."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    MIXED = "mixed"
    EARLY = "early"


class UnsaidChangeError(RefusedError):
    """Say what you changed, beside why."""


class TooManyChangesError(RefusedError):
    """There is room for {limit} changes. Put some together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is done otherwise than in the original."""

    what: str
    why: str = ""
    planned: bool = True
    """Decided beforehand; else it came about as it went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptation:
    """What an experiment goes back to, as it was known when it began, and how it differs."""

    original: str = ""
    """The other experiment's id; empty as long as only what differs is told."""
    title: str = ""
    """Its title then; empty once its author has taken it back."""
    hub: str = ""
    """The id of the hub that it was on, where that is known."""
    seen: str = ""
    """When it was read, as RFC 3339 has it."""
    digest: str = ""
    """`sha-256=…` over the JCS form (RFC 8785) of its `fettle:experiment` then."""
    kept: str = ""
    changed: tuple[Change, ...] = ()
    context_reason: str = ""
    """Why it has to be different here."""
    result: Result | None = None
    advice: str = ""
    """What they would tell whoever tries it next."""

    def check(self) -> None:
        """Raise UnsaidChangeError or TooManyChangesError where it can't be kept."""
        if len(self.changed) > CHANGES:
            raise TooManyChangesError(limit=CHANGES)
        if any(not change.what.strip() for change in self.changed):
            raise UnsaidChangeError
