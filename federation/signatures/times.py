"""When a signature counts: the window around its date, and its expiry."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime

from federation.signatures.errors import StaleSignatureError
from federation.signatures.message import Claim, Message

WINDOW_SECONDS = 3600
"""How far a date may lie from now, in either direction (security case 8)."""

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)}
_IMF_FIXDATE = re.compile(
    r"[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
)


def http_date(moment: datetime) -> str:
    """Write an aware `moment` as RFC 9110 §5.6.7 has it: `Sun, 06 Nov 1994 08:49:37 GMT`."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def read_http_date(text: str) -> int | None:
    """Return the seconds since 1970 of an IMF-fixdate, or None if `text` is none."""
    found = _IMF_FIXDATE.fullmatch(text)
    if found is None or found[2] not in _NUMBERS:
        return None
    day, year, hour, minute, second = (int(found[index]) for index in (1, 3, 4, 5, 6))
    try:
        moment = datetime(year, _NUMBERS[found[2]], day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp())


def check_times(claim: Claim, message: Message, *, now: datetime) -> None:
    """Check every time that `claim` vouches for.

    A covered `Date` and a covered `created` lie within an hour of `now`, and `expires` has not
    passed. Raises StaleSignatureError.
    """
    present = now.timestamp()
    if claim.created is not None and abs(claim.created - present) > WINDOW_SECONDS:
        raise StaleSignatureError(reason="created is more than an hour from now")
    if "date" in claim.covered:
        date = read_http_date(message.value("date") or "")
        if date is None:
            raise StaleSignatureError(reason="the date cannot be read")
        if abs(date - present) > WINDOW_SECONDS:
            raise StaleSignatureError(reason="the date is more than an hour from now")
    if claim.expires is not None and claim.expires < present:
        raise StaleSignatureError(reason="it has expired")
