"""An entry in an experiment's log. Pure."""

from dataclasses import dataclass
from textwrap import shorten

from server.errors import RefusedError
from server.experiments.rules.measures import Reported
from server.experiments.rules.stages import Reason, Stage

TEXT_LIMIT = 10_000
"""Characters of one entry."""
UPDATES = 400
"""Entries of one log."""
WHY = 300
"""Characters of an entry that stand in the log of stages."""


class EmptyUpdateError(RefusedError):
    """Say what happened."""


class LongUpdateError(RefusedError):
    """That is too long for one entry: there is room for {limit} letters."""


class TooManyUpdatesError(RefusedError):
    """The log of this experiment is full. Begin a new one, and say what it goes on from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What happened, as those who follow an experiment see it arrive."""

    text: str
    """Markdown; of what stopped, what was learned."""
    stage: Stage | None = None
    """Where it stands from now on."""
    reason: Reason | None = None
    """Why it stopped."""
    cycle: int | None = None
    """The number of the cycle it belongs to."""
    points: tuple[Reported, ...] = ()
    """The numbers that came with it."""

    def check(self) -> None:
        """Raise EmptyUpdateError where it says nothing, LongUpdateError where it says too much."""
        if not self.text.strip():
            raise EmptyUpdateError
        if len(self.text) > TEXT_LIMIT:
            raise LongUpdateError(limit=f"{TEXT_LIMIT:,}")

    @property
    def why(self) -> str:
        """Return the entry in a line, for the log of stages."""
        return shorten(self.text, WHY, placeholder=" …")
