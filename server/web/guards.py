"""Who is asking, and whether they may."""

from aiohttp import web

from server.errors import NotFoundError, SignInNeededError
from server.web import keys
from server.web.addresses import client_network
from server.web.visitors import Visitor


def visitor(request: web.Request) -> Visitor | None:
    """Return who is signed in, None where nobody is."""
    return request.get(keys.VISITOR)


def require_visitor(request: web.Request) -> Visitor:
    """Return who is signed in.

    Raises SignInNeededError where nobody is: they are led to sign in, and back.
    """
    somebody = visitor(request)
    if somebody is None:
        raise SignInNeededError
    return somebody


def require_steward(request: web.Request) -> Visitor:
    """Return the steward who is signed in.

    Raises SignInNeededError where nobody is, NotFoundError where it is somebody else: the desk is
    not there for them.
    """
    somebody = require_visitor(request)
    if not somebody.is_steward:
        raise NotFoundError
    return somebody


def limit(
    request: web.Request, name: str, *, times: int, seconds: float, key: str | None = None
) -> None:
    """Count one try of `name` by the client's address (IPv6: its /64), or by `key` (an account, a
    remote host).

    Raises TooManyError beyond `times` within `seconds`.
    """
    request.app[keys.LIMITS].take(
        name, key or client_network(request), times=times, seconds=seconds
    )
