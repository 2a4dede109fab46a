"""Answers with pages that are held.

Strangers are given whole ones, which are the same for everybody: nothing said from the page before,
no form with a token, no cookie set. Those who are signed in are given drafts that are the same for
many, with their own corner and token put in.
"""

from collections.abc import Awaitable, Callable, Hashable

from aiohttp import web
from markupsafe import Markup

from server.web import keys
from server.web.faces import look
from server.web.negotiation import has_already
from server.web.rendering import finished, page_of
from server.web.shelf import MadePage


def is_told(request: web.Request) -> bool:
    """Say whether a page has to say something from the one before it."""
    return request.app[keys.COOKIES].read(request, "said") is not None


async def shown(
    request: web.Request, version: Hashable | None, make: Callable[[], Awaitable[web.Response]]
) -> web.Response:
    """Answer with the page of the request's path, which the query must not change: as it is held
    in that version, else as `make` makes it. None stands for a page that is not there to be held.
    """
    shelf, path = request.app[keys.PAGES], request.path
    if version is None or keys.VISITOR in request or is_told(request):
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


async def shared(
    request: web.Request, version: Hashable, make: Callable[[], Awaitable[str]]
) -> web.Response:
    """Answer somebody who is signed in with the draft of the request's path, as it is held in that
    version, else as `make` makes it. The version has to tell apart all to whom it is not the same.
    """
    drafts = request.app[keys.PIECES]
    name = (request.path, version, look(request.app[keys.FACE]))
    draft = drafts.find(name, None)
    if draft is None:
        async with drafts.turn(name):
            draft = drafts.find(name, None)
            if draft is None:
                draft = Markup(await make())  # noqa: S704 - it is a template's
                drafts.keep(name, None, draft, size=len(draft))
    return page_of(request, finished(request, str(draft)))
