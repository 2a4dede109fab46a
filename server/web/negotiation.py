"""Which of a thing's faces was asked for, and whether the asker has it already."""

from functools import lru_cache
from hashlib import blake2b

from aiohttp import web

ACTIVITY = "application/activity+json"
PROFILE = "https://www.w3.org/ns/activitystreams"
_PAGES = frozenset({"text/html", "application/xhtml+xml", "text/*"})
_JSON = frozenset({"application/json", "application/jrd+json", "application/*"})
_LONGEST = 1_000


def wants_activity(request: web.Request) -> bool:
    """Return whether ActivityStreams JSON was asked for by name, and not less than HTML.

    `application/activity+json`, and `application/ld+json` with our profile or none (ActivityPub
    §3.2, leniently).
    Browsers, `*/*` and nothing at all get HTML.
    """
    accept = request.headers.get("Accept", "")[:_LONGEST].lower()
    return "json" in accept and _prefers(accept)[0]


def wants_json(request: web.Request) -> bool:
    """Return whether an answer, a refusal say, is better given as JSON than as a page."""
    accept = request.headers.get("Accept", "")[:_LONGEST].lower()
    if "json" in accept:
        return any(_prefers(accept))
    return "text/html" not in accept and "json" in request.content_type


def etag_of(body: bytes) -> str:
    """Return a strong validator of `body`, in its quotes (RFC 9110 §8.8.3)."""
    return f'"{blake2b(body, digest_size=12).hexdigest()}"'


def has_already(request: web.Request, etag: str) -> bool:
    """Return whether `If-None-Match` names `etag`; weak comparison (RFC 9110 §13.1.2)."""
    given = request.headers.get("If-None-Match")
    if given is None:
        return False
    return given.strip() == "*" or any(
        part.strip().removeprefix("W/") == etag for part in given.split(",")
    )


def json_error(status: int, reason: str) -> web.Response:
    """Answer a program with one line that says why."""
    return web.json_response(
        {"error": reason},
        status=status,
        headers={
            "Access-Control-Allow-Origin": "*",
            "Vary": "Accept, Signature",
            "Cache-Control": "no-store",
        },
    )


@lru_cache(maxsize=512)
def _prefers(accept: str) -> tuple[bool, bool]:
    """Return whether ActivityStreams, and whether other JSON, comes before HTML."""
    never = (0.0, -_LONGEST)
    best = {"activity": never, "json": never, "page": never}
    for place, item in enumerate(accept.split(",")):
        media, *parameters = (part.strip() for part in item.split(";"))
        kind = _kind(media, parameters)
        rank = (_quality(parameters), -place)
        if kind is not None:
            best[kind] = max(best[kind], rank)
    activity, json, page = best["activity"], best["json"], best["page"]
    return activity[0] > 0 and activity > page, json[0] > 0 and json > page


def _kind(media: str, parameters: list[str]) -> str | None:
    if media == ACTIVITY:
        return "activity"
    if media == "application/ld+json":
        profiles = [text.partition("=")[2] for text in parameters if text.startswith("profile")]
        fits = not profiles or PROFILE in profiles[0].strip('"').split()
        return "activity" if fits else "json"
    if media in _PAGES:
        return "page"
    return "json" if media in _JSON else None


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
