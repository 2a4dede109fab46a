"""Proof that a form came from our own page.

Two checks, either of which would do: the browser says where the request comes from (`Sec-Fetch-
Site`, else `Origin`),
and the form holds a token bound to the visitor's session, or to an anonymous cookie. The token is
salted anew on each
page, so that it tells nothing through compression (BREACH).
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from server.web import keys
from server.web.errors import CrossSiteError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FIELD = "csrf"
"""The hidden field; the first in each form, so that a large body is refused before it is read."""
_PURPOSE = "csrf"
_OURS = frozenset({"same-origin", "none"})


def exempt(handler: Handler) -> Handler:
    """Mark a handler that other servers post to: it reads no form and no cookie."""
    handler.csrf_exempt = True  # type: ignore[attr-defined]
    return handler


def token(request: web.Request) -> str:
    """Return a token for a form on a page that answers `request`; may ask for the anonymous cookie
    to be set.
    """
    house = request.app[keys.HOUSE]
    salt = f"{house.random.getrandbits(48):012x}"
    text = f"{salt}:{_bound_to(request)}"
    return f"{salt}.{house.vault.tag(text, purpose=_PURPOSE)}"


def is_right(request: web.Request, given: str) -> bool:
    """Return whether `given` was made for this visitor."""
    salt, _, tag = given.partition(".")
    text = f"{salt[:32]}:{_bound_to(request)}"
    return request.app[keys.HOUSE].vault.same_tag(text, tag, purpose=_PURPOSE)


def check_origin(request: web.Request) -> None:
    """Raise CrossSiteError where the browser says that another site sent this."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in _OURS:
            raise CrossSiteError
        return
    origin = request.headers.get("Origin")
    if origin is None or origin == request.app[keys.HOUSE].address:
        return
    if origin.partition("://")[2] != request.host:
        raise CrossSiteError


def _bound_to(request: web.Request) -> str:
    cookies = request.app[keys.COOKIES]
    if keys.VISITOR in request:
        return f"session:{cookies.read(request, 'session')}"
    visit = request.get(keys.VISIT) or cookies.read(request, "visit")
    if visit is None:
        visit = f"{request.app[keys.HOUSE].random.getrandbits(128):032x}"
        request[keys.NEW_VISIT] = True
    request[keys.VISIT] = visit
    return f"visit:{visit}"
