"""When letters about a view are due, and what is new in them. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from server.errors import RefusedError

HOUR = 6
"""Of the day (UTC) at which letters leave: before most people begin theirs."""
TOLD = 20
"""Things that one letter tells; of the others it says how many there are."""
LOOKED_AT = 500
"""Things that are looked at for one letter, the newest."""
SETTLED = timedelta(minutes=1)
"""What came here later than so long ago is told by the next letter: it may not be all written yet,
and then neither would tell it."""
LEASE = timedelta(minutes=15)
"""How long whoever writes and sends a letter has for it; then it is due again. A mail server may
take half a minute for each step.
"""
LETTERS = 20
"""Views about which one person gets letters."""


class TooManyLettersError(RefusedError):
    """You get letters about as many views as one person can. End one that you no longer need."""


class NoAddressError(RefusedError):
    """Letters need an e-mail address that you have confirmed. You find it in your settings."""


class Period(StrEnum):
    """How often a letter comes."""

    DAILY = "daily"
    WEEKLY = "weekly"


EVERY = {Period.DAILY: timedelta(days=1), Period.WEEKLY: timedelta(days=7)}


def due_after(period: Period, now: datetime) -> datetime:
    """Return when the next letter is due: tomorrow morning, or on the morning of next Monday."""
    days = 1 if period is Period.DAILY else 7 - now.weekday()
    return (now + timedelta(days=days)).replace(hour=HOUR, minute=0, second=0, microsecond=0)


def looked_for_since(period: Period, told_until: datetime) -> datetime:
    """Return since when something was published that may be new to whoever was told of all that
    was known until then: what another hub told may take a while to come here, but what comes with
    the back catalogue of a hub is not news.
    """
    return told_until - EVERY[period]
