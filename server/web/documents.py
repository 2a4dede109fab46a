"""Answers to other servers: who gets them, and what caches are told of them."""

from aiohttp import web

from federation.errors import UnauthenticatedError
from server.web import keys
from server.web.negotiation import ACTIVITY, etag_of, has_already


class UnsignedError(UnauthenticatedError):
    """This hub answers other servers only where they sign what they ask for."""


def activity_response(
    request: web.Request,
    body: bytes,
    *,
    content_type: str = ACTIVITY,
    cache: str = "public, max-age=60",
    anybody: bool = False,
) -> web.Response:
    """Answer with public JSON: readable from any site, with a validator; 304 where it is known
    already.

    Raises UnsignedError in secure mode unless it was asked for by somebody who proved who they are,
    or is for `anybody`.
    """
    secure = request.app[keys.SETTINGS].secure
    if secure and not anybody and keys.ASKER not in request:
        raise UnsignedError
    etag = etag_of(body)
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Vary": vary(request),
        "ETag": etag,
        "Cache-Control": "private, max-age=60" if secure else cache,
    }
    if has_already(request, etag):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = f"{content_type}; charset=utf-8"
    return web.Response(body=body, headers=headers)


def vary(request: web.Request) -> str:
    """Return what an answer to another server depends on. No cache may give what somebody signed
    for to anybody else, nor the other way round.
    """
    depends = request.app[keys.SETTINGS].secure or "Signature" in request.headers
    return "Accept, Signature" if depends else "Accept"
