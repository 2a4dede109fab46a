"""What is in a view, to be taken along: feeds in pages, and files with all of it."""

from aiohttp import web

from server.actors.pages import viewer_of
from server.posts.feeding import feed_of
from server.views import service
from server.views.pages.asking import SLUG, view_at
from server.views.tables import SavedView
from server.web import Page, cursor, feeds, keys, limit, streamed

routes = web.RouteTableDef()

MEDIA_TYPES = {service.Format.CSV: "text/csv", service.Format.JSON: "application/json"}
FILES, IN_SECONDS = 6, 600.0
"""Files that one address may ask for, and in what time: each may hold all that is known here."""


@routes.get(SLUG + ".atom")
async def atom(request: web.Request) -> web.Response:
    """Serve it as an Atom feed, the newest first."""
    return await _feed(request, feeds.Form.ATOM, ".atom")


@routes.get(SLUG + ".feed.json")
async def json_feed(request: web.Request) -> web.Response:
    """Serve it as a JSON feed, the newest first."""
    return await _feed(request, feeds.Form.JSON, ".feed.json")


async def _feed(request: web.Request, form: feeds.Form, end: str) -> web.Response:
    view, before = await view_at(request), cursor(request).before
    part = await service.part(
        view.chosen, before=int(before) if before else None, house=request.app[keys.HOUSE]
    )
    older = str(part.older) if part.older is not None else None
    rows = Page([one.post for one in part.found], older=older)
    response = feed_of(request, view.name, view.path, rows, own=view.path + end, form=form)
    if not view.is_public:
        response.headers["Cache-Control"] = "private, no-store"
        del response.headers["Access-Control-Allow-Origin"]
    return response


@routes.get(SLUG + ".{form:csv|json}")
async def exported(request: web.Request) -> web.StreamResponse:
    """Send all that is in a view, with all that is said of it; bit by bit, however much it is."""
    view, form = await view_at(request), service.Format(request.match_info["form"])
    limit(request, "files-of-views", times=FILES, seconds=IN_SECONDS)
    return await _file(request, view, form)


async def _file(
    request: web.Request, view: SavedView, form: service.Format
) -> web.StreamResponse:  # fmt: skip
    parts = service.exported(
        view.chosen, form, viewer=await viewer_of(request), house=request.app[keys.HOUSE]
    )
    name = view.slug.encode("ascii", "ignore").decode() or "view"
    return await streamed(
        request, parts, media_type=MEDIA_TYPES[form], filename=f"{name}.{form}"
    )  # fmt: skip
