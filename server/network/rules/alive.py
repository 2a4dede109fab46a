"""How somebody whom the hub follows is, as far as can be seen from here. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    unreachable: bool = False
    """Nothing that was sent has got through for a week."""
    failing: bool = False
    """What is sent does not get through, or what is asked for does not come."""


def life(signs: Signs) -> Life:
    """Return how they are: what they said themselves before what is only seen."""
    if signs.gone:
        return Life.GONE
    if signs.moved:
        return Life.MOVED
    if signs.unreachable:
        return Life.LOST
    return Life.SILENT if signs.failing else Life.WELL


def latest(*moments: datetime | None) -> datetime | None:
    """Return the last of those that there are."""
    return max((one for one in moments if one is not None), default=None)
