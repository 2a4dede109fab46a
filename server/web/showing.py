"""Answers strangers with pages that are held.

Only pages that are the same for everybody: nobody signed in, nothing said from the page before, no
form with a token, no cookie set.
"""

from collections.abc import Awaitable, Callable, Hashable

from aiohttp import web

from server.web import keys
from server.web.faces import look
from server.web.negotiation import has_already
from server.web.shelf import MadePage


async def shown(
    request: web.Request, version: Hashable | None, make: Callable[[], Awaitable[web.Response]]
) -> web.Response:
    """Answer with the page of the request's path, which the query must not change: as it is held
    in that version, else as `make` makes it. None stands for a page that is not there to be held.
    """
    shelf, path = request.app[keys.PAGES], request.path
    said = request.app[keys.COOKIES].read(request, "said")
    if version is None or keys.VISITOR in request or said is not None:
        return await make()
    whole = (version, look(request.app[keys.FACE]))
    page = shelf.find(path, whole)
    if page is None:
        async with shelf.turn(path):
            page = shelf.find(path, whole)  # somebody else may have made it meanwhile
            if page is None:
                response = await make()
                if not _is_for_anybody(request, response):
                    return response
                page = MadePage.of(bytes(response.body))  # type: ignore[arg-type]
                shelf.keep(path, whole, page, size=page.size)
    return _answer(request, page)


def _is_for_anybody(request: web.Request, response: web.Response) -> bool:
    return (
        response.status == 200
        and isinstance(response.body, bytes)
        and not response.cookies
        and keys.VISIT not in request
        and response.headers.get("Cache-Control") == "no-cache"
    )


def _answer(request: web.Request, page: MadePage) -> web.Response:
    headers = {
        "Vary": "Accept, Cookie, Accept-Encoding", "Cache-Control": "no-cache", "ETag": page.etag,
    }  # fmt: skip
    if has_already(request, page.etag.removeprefix("W/")):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = "text/html; charset=utf-8"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return web.Response(body=page.squeezed, headers=headers)
    return web.Response(body=page.body, headers=headers)
