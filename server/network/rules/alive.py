"""How somebody whom the hub follows is, as far as can be seen from here. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WEEK = timedelta(days=7)
"""Whoever was silent for so long is lost."""
QUIET = timedelta(days=60)
"""Who has told nothing new for so long is quiet."""


class Life(StrEnum):
    """How they are."""

    WELL = "well"
    SILENT = "silent"
    """They do not take what is sent to them, or do not answer what they are asked."""
    LOST = "lost"
    """They have not for a week."""
    MOVED = "moved"
    GONE = "gone"
    """They said goodbye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of them."""

    gone: bool = False
    moved: bool = False
    failing_since: datetime | None = None
    """Since when what is sent does not get through, or what is asked for does not come."""
    heard_at: datetime | None = None
    """When anything last came from where they are, or was taken there."""


def life(signs: Signs, *, now: datetime) -> Life:
    """Return how they are: what they said themselves before what is only seen."""
    if signs.gone:
        return Life.GONE
    if signs.moved:
        return Life.MOVED
    if signs.failing_since is None:
        return Life.WELL
    alive = max(signs.failing_since, signs.heard_at or signs.failing_since)
    return Life.LOST if now - alive >= WEEK else Life.SILENT


def quiet_since(told: datetime | None, *, followed: datetime, now: datetime) -> datetime | None:
    """Return since when somebody has told nothing new; None where that is not long. Of whoever
    never told anything nothing is known from before they were followed.
    """
    since = told or followed
    return since if now - since >= QUIET else None


def latest(*moments: datetime | None) -> datetime | None:
    """Return the last of those that there are."""
    return max((one for one in moments if one is not None), default=None)
