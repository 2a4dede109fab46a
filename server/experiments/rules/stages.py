"""The stages of an experiment and their log, which only grows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from server.errors import RefusedError

WHY_LIMIT = 1_000
"""Characters of why a stage changed."""
LEARNED_LIMIT = 10_000
"""Characters of what was learned by an experiment that stopped."""
CHANGES = 100
"""Changes of stage in one log; of entries that a peer took out, as many again are kept."""


class Stage(StrEnum):
    """Where an experiment stands, as those who try it say; in any order."""

    IDEA = "idea"
    TRYING = "trying"
    LEARNING = "learning"
    WORKING = "working"
    SPREADING = "spreading"
    STOPPED = "stopped"


class Reason(StrEnum):
    """Why an experiment stopped."""

    DID_NOT_HELP = "did-not-help"
    NOT_HERE = "not-here"
    RAN_OUT = "ran-out"
    ORGANISATION_CLOSED = "organisation-closed"
    SUPERSEDED = "superseded"
    FINISHED = "finished"


class UnexplainedError(RefusedError):
    """Say in a sentence why the stage changes."""


class UnreasonedError(RefusedError):
    """Say why it stopped."""


class NothingLearnedError(RefusedError):
    """Say what you learned: it is worth as much as success."""


class SameStageError(RefusedError):
    """It is at that stage already."""


class TooManyChangesError(RefusedError):
    """The log of stages is full. Begin a new experiment, and say what it goes on from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntry:
    """One line of the log: since when an experiment is at a stage, and why."""

    stage: Stage
    at: date
    why: str = ""
    reason: Reason | None = None
    """Of `stopped` only, which needs it."""
    learned: str = ""
    """Of `stopped` only, which needs it."""
    vanished: bool = False
    """Whether its own hub no longer shows it, though it did."""

    def check(self) -> None:
        """Raise UnexplainedError, or for `stopped` UnreasonedError or NothingLearnedError, where
        it does not say enough.
        """
        if self.stage is Stage.STOPPED:
            if self.reason is None:
                raise UnreasonedError
            if not self.learned.strip():
                raise NothingLearnedError
        elif not self.why.strip():
            raise UnexplainedError


def first(stage: Stage, *, at: date) -> StageEntry:
    """Return the first line of a log: where an experiment is when it is told of. Why it is there,
    the experiment itself says.
    """
    return StageEntry(stage=stage, at=at)


def after(log: Sequence[StageEntry], entry: StageEntry) -> tuple[StageEntry, ...]:
    """Return the log with one more line; a line is never later than the one that follows it.

    Raises what `StageEntry.check` does, SameStageError, TooManyChangesError.
    """
    entry.check()
    if log and log[-1].stage is entry.stage:
        raise SameStageError
    if len(log) >= CHANGES:
        raise TooManyChangesError
    if log and log[-1].at > entry.at:
        entry = replace(entry, at=log[-1].at)
    return (*log, entry)


def merged(known: Sequence[StageEntry], told: Sequence[StageEntry]) -> tuple[StageEntry, ...]:
    """Return the log that is shown of an experiment elsewhere: all that its hub tells now and, in
    their place by date, the lines that it told before and has changed or taken out.
    """
    now = [replace(one, vanished=False) for one in told[:CHANGES]]
    gone = [replace(one, vanished=True) for one in known if replace(one, vanished=False) not in now]
    return tuple(sorted([*gone[:CHANGES], *now], key=lambda one: one.at))
