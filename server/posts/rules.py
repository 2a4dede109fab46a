"""Who may see a post, the states of one, when an edit travels. Pure."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a post stands; `withdrawn` keeps a tombstone."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Visibility(StrEnum):
    """Whom a post is for: the four kinds that the fediverse knows."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"


class Relation(StrEnum):
    """How one published thing goes back to another."""

    INSPIRED_BY = "inspired-by"
    ADAPTED_FROM = "adapted-from"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation as somebody refers to it: as it was called then."""

    name_then: str
    kind: str = ""


WARNING_LIMIT = 300
"""Characters of what people are told before they read something."""
OPEN = frozenset({Visibility.PUBLIC, Visibility.UNLISTED})
"""What anybody may read who has the address."""


def answering(asked: Visibility, answered: Visibility) -> Visibility:
    """Return whom an answer is for: what answers something that was not for everybody is only for
    those it speaks to, whatever was asked.
    """
    return asked if answered in OPEN else Visibility.DIRECT


TITLE_LIMIT = 200
"""Characters of a title."""

TEXT_LIMIT = 50_000
"""Characters of one text field as written."""

NOTE_LIMIT = 256 * 1024
"""Bytes of a whole Note on the wire (federation.md §1)."""

PINS = 5
"""Posts that one actor of ours shows first."""

PINS_ELSEWHERE = 20
"""Such posts of an actor elsewhere that are kept."""

QUOTES = 1_000
"""Quotes of one post that are allowed."""

PICTURES = 4
"""Pictures with one post."""

RESTED = timedelta(minutes=10)
"""After an edit, the time in which the next one still travels with it."""

LONGEST_UNTOLD = timedelta(hours=1)
"""How long the first of several edits waits at most (federation.md §1)."""


PLACES = 20
"""Places of one post."""

WORD = re.compile(r"\w+")


def slug(place: str) -> str:
    """Return the name of a place as it stands in an address: `Low Marsh` is `low-marsh`."""
    plain = unicodedata.normalize("NFKC", place).casefold()
    return "-".join(WORD.findall(re.sub("['’]", "", plain)))[:100].strip("-")


def travels_at(last: datetime, first: datetime) -> datetime:
    """Return when edits travel, of which these are the last and the first that nobody was told."""
    return min(last + RESTED, first + LONGEST_UNTOLD)


def takes_words_out(before: str, after: str) -> bool:
    """Say whether an edit leaves out any word that was said, or says it less often: what was said
    in error must not go round for another hour.
    """
    return bool(Counter(_words(before)) - Counter(_words(after)))


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())
