"""Dates, times and numbers in plain British English."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def zone(name: str) -> tzinfo:
    """Return the time zone, UTC where the machine does not know it."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return UTC


def day(moment: datetime, *, now: datetime | None = None, at: tzinfo = UTC) -> str:
    """Return `21 November 2026`; without its year where `now` is given and in the same one."""
    local = moment.astimezone(at)
    if now is not None and local.year == now.astimezone(at).year:
        return f"{local.day} {local:%B}"
    return f"{local.day} {local:%B %Y}"


def hour(moment: datetime, *, at: tzinfo = UTC) -> str:
    """Return `2:05pm`, `midday` or `midnight`."""
    local = moment.astimezone(at)
    if local.minute == 0 and local.hour in {0, 12}:
        return "midday" if local.hour else "midnight"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'pm' if local.hour >= 12 else 'am'}"


def day_and_hour(moment: datetime, *, at: tzinfo = UTC) -> str:
    """Return `21 November 2026 at 2:05pm`."""
    return f"{day(moment, at=at)} at {hour(moment, at=at)}"


def ago(moment: datetime, *, now: datetime, at: tzinfo = UTC) -> str:
    """Return how long it is since, or until:

    `5 minutes ago`, `yesterday`, `in 3 days`; a date beyond a week.
    """
    seconds = (now - moment).total_seconds()
    days = (now.astimezone(at).date() - moment.astimezone(at).date()).days
    if abs(seconds) < _MINUTE:
        return "just now"
    if abs(days) > 6:
        return day(moment, now=now, at=at)
    if abs(seconds) < _HOUR:
        return _direction(plural(int(abs(seconds) // _MINUTE), "minute"), seconds)
    if days == 0 or abs(seconds) < 6 * _HOUR:
        return _direction(plural(int(abs(seconds) // _HOUR), "hour"), seconds)
    if abs(days) == 1:
        return "yesterday" if days > 0 else "tomorrow"
    return _direction(plural(abs(days), "day"), seconds)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return `1 story`, `1,204 stories`; `many` is `one` with an s unless given."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def number(count: int) -> str:
    """Return `no`, `one` to `ten`, then figures."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


def size(count: int) -> str:
    """Return so many bytes as `10 MB` or `512 KB` (of 1,024)."""
    kilobytes = count // 1024
    return f"{kilobytes // 1024} MB" if kilobytes >= 1024 else f"{kilobytes} KB"


def _direction(words: str, seconds: float) -> str:
    return f"{words} ago" if seconds > 0 else f"in {words}"
