"""What a story is made of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from server.errors import RefusedError
from server.posts.rules import Organisation

FEELINGS = 12
"""Feelings that one story may name."""


class AuthorRole(StrEnum):
    """What somebody was in this story: chosen by them, never a rank."""

    PATIENT = "patient"
    CARER = "carer"
    RELATIVE = "relative"
    STAFF = "staff"
    VOLUNTEER = "volunteer"
    ADVOCATE = "advocate"
    OTHER = "other"


class EmptyStoryError(RefusedError):
    """Say at least one thing: what happened, what people tried, what might help, or what
    was good.
    """


class UntitledStoryError(RefusedError):
    """Give your story a title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as its teller wrote it: Markdown texts, all but the title optional, one of them
    needed.
    """

    title: str
    what_happened: str = ""
    what_people_tried: str = ""
    what_might_help: str = ""
    what_was_good: str = ""
    author_role: AuthorRole | None = None
    feelings: tuple[str, ...] = ()
    when_approx: str = ""
    """A month or a season, never a day."""
    places: tuple[str, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    topics: tuple[str, ...] = ()
    interests: str = ""
    warning: str = ""
    """What people are told before they read it; on the wire the Note says it, not our terms."""
    consent: Mapping[str, str] = field(default_factory=dict)
    """Private: {about: self | child | someone-else, basis}."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts in the order they are read."""
        return (
            self.what_happened, self.what_people_tried, self.what_might_help, self.what_was_good,
        )  # fmt: skip

    def check(self) -> None:
        """Raise UntitledStoryError or EmptyStoryError where it can't be published yet."""
        if not self.title.strip():
            raise UntitledStoryError
        if not any(text.strip() for text in self.texts):
            raise EmptyStoryError


HEADINGS = (
    ("what_happened", ""),
    ("what_people_tried", "What people tried"),
    ("what_might_help", "What might help"),
    ("what_was_good", "What was good"),
)
"""The text fields in reading order, each with its heading; what happened needs none."""
