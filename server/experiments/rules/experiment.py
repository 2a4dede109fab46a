"""An experiment as it was written. Pure."""

from dataclasses import dataclass

from server.errors import RefusedError
from server.experiments.rules.adaptation import Adaptation
from server.experiments.rules.cycles import Cycle
from server.experiments.rules.measures import Numbered
from server.experiments.rules.stages import Stage, StageEntry
from server.posts.rules import Organisation

TEXT_LIMIT = 20_000
"""Characters of one text."""
LINE_LIMIT = 300
"""Characters of a line: of an aim's parts, of who tries it."""
INSPIRED_BY = 20
"""Stories that one experiment names."""


class UntitledError(RefusedError):
    """Give your experiment a title."""


class NoProblemError(RefusedError):
    """Say what the problem is."""


class NoIdeaError(RefusedError):
    """Say what you will try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is to change, how much, by when, and for whom; each may be left open."""

    what: str = ""
    how_much: str = ""
    by: str = ""
    """A month or a date, as it was written."""
    for_whom: str = ""

    def __bool__(self) -> bool:
        """Say whether there is anything in it."""
        return bool(self.what or self.how_much or self.by or self.for_whom)


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """What people try: Markdown texts, of which title, problem and idea are needed."""

    title: str
    problem: str = ""
    idea: str = ""
    """What is tried, and why it may work."""
    inspired_by: tuple[str, ...] = ()
    """Ids of stories, ours or others'."""
    aim: Aim = Aim()
    who: str = ""
    """A person or an informal team."""
    lived_experience: str = ""
    """How people who use the service shaped it."""
    setting: str = ""
    cost: str = ""
    equity: str = ""
    learning: str = ""
    help_wanted: str = ""
    interests: str = ""
    warning: str = ""
    """What people are told before they read it; on the wire the Note says it, not our terms."""
    places: tuple[str, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    """Where it is tried, as they are called then."""
    topics: tuple[str, ...] = ()
    stage: Stage | None = None
    """None where a peer says none that we know."""
    stages: tuple[StageEntry, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    measures: tuple[Numbered, ...] = ()
    adapted_from: Adaptation | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that may name people and topics."""
        return (
            self.problem, self.idea, self.learning, self.lived_experience, self.setting, self.cost,
            self.equity, self.help_wanted,
        )  # fmt: skip

    @property
    def now(self) -> StageEntry | None:
        """The last line of the log that its own hub still shows."""
        told = [one for one in self.stages if not one.vanished]
        return told[-1] if told else None

    def measure(self, number: int) -> Numbered | None:
        """Return the measure of that number, None where there is none."""
        return next((one for one in self.measures if one.number == number), None)

    @property
    def latest(self) -> str:
        """What was learned last: by the end, by the experiment so far, or by its last cycle."""
        now = self.now
        if now is not None and now.learned:
            return now.learned
        by_cycles = [cycle.learned for cycle in self.cycles if cycle.learned.strip()]
        return self.learning or (by_cycles[-1] if by_cycles else "")

    def check(self) -> None:
        """Raise UntitledError, NoProblemError or NoIdeaError where it can't be published yet."""
        if not self.title.strip():
            raise UntitledError
        if not self.problem.strip():
            raise NoProblemError
        if not self.idea.strip():
            raise NoIdeaError
