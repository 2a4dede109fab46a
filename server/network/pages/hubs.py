"""Those whom the hub follows, for everybody: who they are, and whether they are alive."""

import functools

from aiohttp import web

from server import db
from server.actors import service as actors
from server.network.service import hubs
from server.web import cursor, keys, page, render

routes = web.RouteTableDef()


@routes.get("/network/hubs", name="network-hubs")
async def listed(request: web.Request) -> web.Response:
    """Show whom the hub follows, when they were last heard, and how far our copy of theirs is."""
    at, house = cursor(request), request.app[keys.HOUSE]
    rows = await hubs.listed(db.Span.read(at.before, at.after), house=house)
    slice_ = page(rows, at, size=hubs.PAGE, mark=lambda row: row.mark)
    return render(
        request, "network/hubs.html", rows=slice_,
        avatar=functools.partial(actors.avatar, house=house),
    )  # fmt: skip
