"""Cycles: plan, do, study, act. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.errors import RefusedError

TEXT_LIMIT = 10_000
"""Characters of one field."""
CYCLES = 50
"""Cycles of one experiment."""


class Act(StrEnum):
    """What is done after a cycle."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"
    EXTEND = "extend"


class EmptyCycleError(RefusedError):
    """Say what you want to find out."""


class BackwardsError(RefusedError):
    """A round can’t end before it starts."""


class TooManyCyclesError(RefusedError):
    """There is room for fifty rounds. Begin a new experiment, and say what it goes on from."""


TEXTS = (
    "question", "prediction", "plan", "observed", "surprises", "compared_with_prediction",
    "learned",
)  # fmt: skip
"""The text fields in the order they are filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One round of trying: Markdown texts, of which only the question is needed."""

    number: int
    question: str
    prediction: str = ""
    plan: str = ""
    observed: str = ""
    surprises: str = ""
    compared_with_prediction: str = ""
    learned: str = ""
    act: Act | None = None
    started: date | None = None
    ended: date | None = None

    def check(self) -> None:
        """Raise EmptyCycleError or BackwardsError where it can't be kept."""
        if not self.question.strip():
            raise EmptyCycleError
        if self.started and self.ended and self.ended < self.started:
            raise BackwardsError
