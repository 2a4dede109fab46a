"""Who may see a post, and the states of one. Pure."""

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
