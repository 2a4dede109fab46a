"""The kinds of response, and which of them need words. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.errors import RefusedError

TEXT_LIMIT = 10_000
"""Characters of a response as written."""


class ResponseKind(StrEnum):
    """What somebody who responds means by it; saying so is optional."""

    THANKS = "thanks"
    EXPLANATION = "explanation"
    APOLOGY = "apology"
    SIGNPOST = "signpost"
    CHANGE_PLANNED = "change-planned"
    CHANGE_MADE = "change-made"
    NO_CHANGE_BECAUSE = "no-change-because"
    STARTED_EXPERIMENT = "started-experiment"
    I_TRIED_THIS_TOO = "i-tried-this-too"
    LEARNING_FROM_THIS = "learning-from-this"


CHANGES = frozenset({ResponseKind.CHANGE_PLANNED, ResponseKind.CHANGE_MADE})
"""The kinds that say what changes; they need words for it."""
SAYS_ENOUGH = CHANGES | {ResponseKind.STARTED_EXPERIMENT, ResponseKind.LEARNING_FROM_THIS}
"""The kinds that need no further words."""
SETTLING = frozenset({ResponseKind.CHANGE_MADE, ResponseKind.NO_CHANGE_BECAUSE})
"""The kinds that settle a promise, where its author or whoever looks after their hub answers the
promise itself with them: it was kept, or is not going to be.
"""
YEARS = range(1900, 2200)
"""The years that a change may be dated in: others are slips of the pen."""

WORDS = {
    ResponseKind.THANKS: "Thanks",
    ResponseKind.EXPLANATION: "An explanation",
    ResponseKind.APOLOGY: "An apology",
    ResponseKind.SIGNPOST: "Where to find help",
    ResponseKind.CHANGE_PLANNED: "A change is planned",
    ResponseKind.CHANGE_MADE: "A change was made",
    ResponseKind.NO_CHANGE_BECAUSE: "Why nothing changes",
    ResponseKind.STARTED_EXPERIMENT: "We are trying something",
    ResponseKind.I_TRIED_THIS_TOO: "I tried this too",
    ResponseKind.LEARNING_FROM_THIS: "We are learning from this",
}
"""How a kind is called on a page."""


class EmptyResponseError(RefusedError):
    """Write a few words first."""


class UnsaidChangeError(RefusedError):
    """Say what the change is."""


class UnnamedExperimentError(RefusedError):
    """Give the address of the experiment, like https://example.org/experiments/1."""


class UnnamedThanksError(RefusedError):
    """Say whom you thank."""


class UnsaidThanksError(RefusedError):
    """Say in a few words what you are thankful for."""


class UnlikelyDateError(RefusedError):
    """Write a date that is closer to today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response as it was written: Markdown."""

    text: str
    kind: ResponseKind | None = None
    change: str = ""
    """What is planned or was done."""
    when: date | None = None
    """By when it is planned, or when it was done."""
    experiment: str = ""
    """The address of the experiment that was started."""
    on_behalf_of: str = ""
    interests: str = ""
    thanked: str = ""
    """Whom it thanks, where it answers nothing: the id of an actor, or what a team is called."""
    thanked_for: str = ""
    """What it thanks them for."""

    def check(self) -> None:
        """Raise EmptyResponseError, UnsaidChangeError, UnnamedExperimentError or UnlikelyDateError
        where it can't answer a post.
        """
        started = self.kind is ResponseKind.STARTED_EXPERIMENT
        if self.kind in CHANGES and not self.change.strip():
            raise UnsaidChangeError
        if started and not self.experiment.lower().startswith(("https://", "http://")):
            raise UnnamedExperimentError
        if self.when is not None and self.when.year not in YEARS:
            raise UnlikelyDateError
        if self.kind not in SAYS_ENOUGH and not self.text.strip():
            raise EmptyResponseError

    def check_thanks(self) -> None:
        """Raise UnnamedThanksError or UnsaidThanksError where it can't thank for what is no
        post.
        """
        if not self.thanked.strip():
            raise UnnamedThanksError
        if not self.thanked_for.strip():
            raise UnsaidThanksError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What somebody here learned from, as it was when they said so."""

    uri: str
    title: str
    """Empty: it was taken back, or had none."""
    people: str
    """Who told it; empty: it was taken back."""
    hub: str
    """The host that it was told on."""
    published: date | None
    seen: date

    @property
    def words(self) -> str:
        """It whole, in a line, to be put under what somebody writes elsewhere."""
        parts = [self.people, f"“{self.title}”" if self.title else "", self.hub]
        if self.published:
            parts.append(f"{self.published:%-d %B %Y}")
        told = ", ".join(filter(None, parts))
        return f"{told}. {self.uri} (seen on {self.seen:%-d %B %Y})"
