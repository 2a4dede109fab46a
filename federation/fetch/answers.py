"""Answers of other servers: of which type, how long to wait, where they send us on to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message as Header
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from federation.connector import target_of
from federation.errors import ForbiddenAddressError, RefusedDocumentError

ACTIVITY = (
    "application/activity+json, "
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
)
PICTURES = (
    "image/webp, image/png, image/jpeg, image/gif, image/jpg, image/pjpeg, image/apng, "
    "application/octet-stream, binary/octet-stream"
)
"""Raster pictures only: SVG is a programme (security case 27). Stores of files often don't know
what they hold, so what comes is to be judged by its own bytes."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
UNCHANGED = 304
MAX_REDIRECTS = 3
PASSING_STATUSES = frozenset({408, 425, 429})
"""The statuses of 4xx that say "later" and not "no"."""
LONGEST_RETRY_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back from `url`, which is where the last redirect led."""

    url: str
    status: int
    headers: Mapping[str, str]
    """Case does not matter when one is looked up."""
    media_type: str
    body: bytes


def redirected(target: URL, response: aiohttp.ClientResponse) -> URL:
    """Return where an answer sends us on to. Whether it may be reached is checked by the client.

    Raises `RefusedDocumentError` for a redirect to nowhere or from https to http.
    """
    location = response.headers.get("Location", "")
    try:
        onwards = target_of(urljoin(str(target), location)) if location else None
    except (ValueError, ForbiddenAddressError):
        onwards = None
    if onwards is None:
        raise RefusedDocumentError(url=str(target), reason="it redirects to nowhere")
    if target.scheme == "https" and onwards.scheme != "https":
        raise RefusedDocumentError(url=str(target), reason="it redirects from https to http")
    return onwards


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Read `Retry-After` (RFC 9110 §10.2.3), seconds or a date; at most a day, never negative."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_RETRY_AFTER)
    try:
        date = parsedate_to_datetime(text)
        pause = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return max(timedelta(0), min(pause, LONGEST_RETRY_AFTER))


def is_acceptable(content_type: str, accept: str) -> bool:
    """Tell whether `content_type` is exactly one of the media types that `accept` lists.

    There are no wildcards. A `profile` that is asked for must be among those given.
    """
    given, profiles = _media_type(content_type)
    for wanted, wanted_profiles in map(_media_type, accept.split(",")):
        if given == wanted and wanted_profiles <= profiles:
            return True
    return False


def _media_type(text: str) -> tuple[str, frozenset[str]]:
    header = Header()
    header["Content-Type"] = " ".join(text[:500].split())
    profile = header.get_param("profile", "")
    profiles = profile.split() if isinstance(profile, str) else ()
    essence = text.partition(";")[0].strip().lower()
    return essence, frozenset(profiles)
