"""What is answered where something goes wrong: a page that says what to do, or one line of JSON."""

from dataclasses import dataclass
from urllib.parse import quote

import structlog
from aiohttp import web

from federation.errors import ExplainedError, UnauthenticatedError
from server.errors import KeyRefusedError, SignInNeededError, TooManyError
from server.web import keys
from server.web.answers import local_path, sign_in_path
from server.web.errors import StaleFormError, status_of
from server.web.negotiation import json_error, wants_json
from server.web.rendering import render

log = structlog.get_logger()

_MACHINES = ("/.well-known/", "/nodeinfo/", "/health/")
_SHY = ("password", "secret", "code", "token", "csrf")
_MOST_FRAMES = 12
AGAIN = "30"
"""Seconds after which to come again, where the database is away or full."""


@dataclass(frozen=True, slots=True)
class Words:
    """A failure in plain words: what it is, and what to do about it."""

    title: str
    advice: str


WORDS = {
    400: Words(
        "We could not read that", "Please go back and try again. If it goes wrong again, tell us."
    ),
    401: Words("Please sign in first", "Then we can show you this."),
    403: Words("That is not open to you", "If you think it should be, please tell us."),
    404: Words(
        "There is nothing here",
        "The address may be mistyped, or what was here may have been taken down.",
    ),
    405: Words("That cannot be done here", "Please go back and try another way."),
    409: Words("That cannot be done", "Nothing was changed."),
    410: Words("This has been taken down", "Whoever wrote it has taken it back."),
    413: Words("That is too large", "Please choose a smaller file, or write a little less."),
    415: Words("We cannot read that kind of file", "Please go back and choose another."),
    429: Words("That was a bit much at once", "Please wait a little, then try again."),
    500: Words(
        "Something broke on our side",
        "It is not your doing. It has been written down for those who look after this hub.",
    ),
    502: Words("The other site did not answer as it should", "Please try again in a while."),
    503: Words("We are not quite ready", "Please try again in a minute."),
}


def answer(request: web.Request, error: Exception) -> web.StreamResponse:
    """Return the answer to an error: a page, JSON, or the way to sign in."""
    status = status_of(error)
    if _for_machine(request):
        response: web.StreamResponse = json_error(status, _reason(error, status))
    elif isinstance(error, SignInNeededError) and request.method in {"GET", "HEAD"}:
        response = web.Response(
            status=303, headers={"Location": sign_in_path(request), "Cache-Control": "no-store"}
        )
    elif isinstance(error, StaleFormError | SignInNeededError):
        response = _given_back(request, error, status)
    else:
        response = _page(request, error, status)
    return _with_headers(response, error, status)


def log_unexpected(request: web.Request, error: Exception) -> None:
    """Write down a fault of ours: its kind and where, but not its words, which may be somebody's
    private ones.
    """
    frames, at = [], error.__traceback__
    while at is not None:
        frames.append(f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}")
        at = at.tb_next
    words = str(error) if request.app[keys.HOUSE].development else None
    log.error(
        "request.failed",
        route=route_of(request),
        error=type(error).__qualname__,
        where=frames[-_MOST_FRAMES:],
        words=words,
    )


def route_of(request: web.Request) -> str:
    """Return the pattern that the request's path matched: paths themselves may hold secrets."""
    resource = request.match_info.route.resource
    return "(none)" if resource is None else resource.canonical


def _for_machine(request: web.Request) -> bool:
    return (
        wants_json(request)
        or request.path.startswith(_MACHINES)
        or getattr(request.match_info.handler, "csrf_exempt", False)
    )


def _reason(error: Exception, status: int) -> str:
    if isinstance(error, ExplainedError):
        return str(error)
    if isinstance(error, web.HTTPException):
        return error.reason
    return WORDS[500].title if status == 500 else WORDS[status].title


def _page(request: web.Request, error: Exception, status: int) -> web.Response:
    words = WORDS.get(status, WORDS[400] if status < 500 else WORDS[500])
    explained = str(error) if isinstance(error, ExplainedError) and status != 500 else ""
    response = render(
        request,
        "errors/error.html",
        status=status,
        code=status,
        title=words.title,
        advice=words.advice,
        explained="" if explained in {f"{words.title}.", words.advice} else explained,
        sign_in=sign_in_path(request),
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _given_back(request: web.Request, error: Exception, status: int) -> web.Response:
    """Give people back what they wrote: their session ended, but their words are not lost."""
    sent = request.get(keys.SENT)
    pairs = [
        (name, value)
        for name, values in (sent.fields if sent else {}).items()
        for value in values
        if name != "csrf"
    ]
    kept = [pair for pair in pairs if not any(word in pair[0].lower() for word in _SHY)]
    response = render(
        request,
        "errors/expired.html",
        status=status,
        pairs=kept,
        whole=len(kept) == len(pairs),
        again=quote(request.path, safe="/:@"),
        back=_back(request),
        sign_in=isinstance(error, SignInNeededError),
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _back(request: web.Request) -> str:
    """Return the path of the page that a form was on."""
    here = f"{request.app[keys.HOUSE].address}/"
    referrer = request.headers.get("Referer", "")
    return local_path(f"/{referrer.removeprefix(here)}") if referrer.startswith(here) else "/"


def _with_headers(
    response: web.StreamResponse, error: Exception, status: int
) -> web.StreamResponse:
    match error:
        case TooManyError():
            response.headers["Retry-After"] = str(error.facts.get("retry_after", 60))
        case _ if status == 503:
            response.headers.setdefault("Retry-After", AGAIN)
        case KeyRefusedError():
            response.headers["WWW-Authenticate"] = "Bearer"
        case UnauthenticatedError():
            response.headers["WWW-Authenticate"] = "Signature"
        case web.HTTPMethodNotAllowed():
            response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        case _:
            pass
    return response


def without_slash(request: web.Request) -> str | None:
    """Return the path without the slash at its end, None where there is none to take off."""
    path = request.rel_url.raw_path
    shorter = path.rstrip("/")
    if request.method not in {"GET", "HEAD"} or not shorter or shorter == path:
        return None
    return local_path(shorter, "") or None
