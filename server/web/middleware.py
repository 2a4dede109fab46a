"""What happens around every request, from the outside in."""

import gzip
from itertools import count
from time import perf_counter

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from federation.errors import ExplainedError
from server.web import csrf, keys
from server.web.addresses import client_network, connects_directly
from server.web.errors import UnfitRequestError
from server.web.failures import answer, log_unexpected, route_of, without_slash
from server.web.negotiation import etag_of, has_already
from server.web.reading import MULTIPART, URLENCODED, read_sent
from server.web.settings import LOOPBACK

log = structlog.get_logger()


_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_UNCOUNTED = ("/static/", "/health/", "/metrics")
_SLOW = 1.0
_SQUEEZED = frozenset({"text/html", "application/atom+xml", "application/feed+json"})
_WORTH_SQUEEZING = 2_048
_PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept",
    "Access-Control-Max-Age": "86400",
}


def stack() -> list[Middleware]:
    """Return the middlewares in order: watch, errors, readable, limits, sessions, CSRF.

    Limits come before sessions, because a limit is a look in a table and a session is a query.
    """
    return [_watch(), errors, readable, limits, sessions, forgery]


def _watch() -> Middleware:
    """Give the request its id, count it, and log it: all that fail or are slow, one in so many of
    the others.
    """
    numbers = count()

    @web.middleware
    async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
        app = request.app
        request_id = f"{app[keys.HOUSE].random.getrandbits(64):016x}"
        request[keys.REQUEST_ID] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        begun, status = perf_counter(), 500
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as leading:
            status = leading.status
            raise
        finally:
            seconds, route = perf_counter() - begun, route_of(request)
            app[keys.METRICS].answered(
                method=request.method, route=route, status=status, seconds=seconds
            )
            every = app[keys.SETTINGS].log_every
            if status >= 500 or seconds > _SLOW or next(numbers) % every == 0:
                log.info(
                    "request.answered",
                    method=request.method,
                    route=route,
                    status=status,
                    ms=round(seconds * 1_000, 1),
                )
        return response

    return watch


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn errors into answers, and send pages with validators, small."""
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return web.Response(status=204, headers=_PREFLIGHT)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        shorter = without_slash(request) if error.status == 404 else None
        response = (
            answer(request, error)
            if shorter is None
            else web.Response(status=308, headers={"Location": shorter})
        )
    except ExplainedError as error:
        response = answer(request, error)
        if response.status >= 500 and response.status != 502:
            log_unexpected(request, error)
    except Exception as error:  # noqa: BLE001 - the last net: logged, and answered with a page
        log_unexpected(request, error)
        response = answer(request, error)
    return _fresh(request, response)


@web.middleware
async def readable(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse an address with NUL in it: no text in a database of ours can hold one (case 22)."""
    if "\0" in request.path or "\0" in request.query_string:
        raise UnfitRequestError
    return await handler(request)


@web.middleware
async def limits(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Bound what one address may ask of the pages, and bring to the inboxes; this machine itself
    may ask what it wants.
    """
    settings = request.app[keys.SETTINGS]
    if not request.path.startswith(_UNCOUNTED) and not connects_directly(request, LOOPBACK):
        what, times = "requests", settings.requests_per_minute
        if _is_exempt(request):
            what, times = "deliveries", settings.deliveries_per_minute
        request.app[keys.LIMITS].take(what, client_network(request), times=times, seconds=60)
    return await handler(request)


@web.middleware
async def sessions(request: web.Request, handler: Handler) -> web.StreamResponse:
    """See whose session it is."""
    token = request.app[keys.COOKIES].read(request, "session")
    if token is not None and not request.path.startswith(_UNCOUNTED):
        somebody = await request.app[keys.VISITORS].visitor(token)
        if somebody is not None:
            request[keys.VISITOR] = somebody
    return await handler(request)


@web.middleware
async def forgery(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site makes a visitor's browser send.

    A form must hold our token. Other media types can't be sent from another site without asking
    first (CORS), and are
    not read as forms; handlers that other servers post to are marked `csrf.exempt`.
    """
    if request.method not in _SAFE and not _is_exempt(request):
        csrf.check_origin(request)
        if request.content_type in {URLENCODED, MULTIPART}:
            await read_sent(request)
    return await handler(request)


def _is_exempt(request: web.Request) -> bool:
    return getattr(request.match_info.handler, "csrf_exempt", False)


def _fresh(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Let pages for anybody be asked for again cheaply, and squeeze the long ones."""
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return response
    headers = response.headers
    if response.content_type not in _SQUEEZED or "Content-Encoding" in headers:
        return response
    for_anybody = keys.VISITOR not in request and not response.cookies
    if for_anybody and response.status == 200 and request.method in {"GET", "HEAD"}:
        etag = headers.setdefault("ETag", f"W/{etag_of(response.body)}")
        if has_already(request, etag.removeprefix("W/")):
            kept = ("ETag", "Vary", "Cache-Control", "Content-Security-Policy")
            same = {name: headers[name] for name in kept if name in headers}
            return web.Response(status=304, headers=same)
    if len(response.body) > _WORTH_SQUEEZING:
        headers["Vary"] = (
            f"{headers['Vary']}, Accept-Encoding" if "Vary" in headers else "Accept-Encoding"
        )
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            response.body = gzip.compress(response.body, 4)
    return response
