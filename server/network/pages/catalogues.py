"""What those whom the hub follows had published before, on its way in: for stewards."""

import functools

from aiohttp import web

from server import db
from server.actors import service as actors
from server.network.service import catalogues
from server.web import cursor, keys, page, render, require_steward, see_other

routes = web.RouteTableDef()

ONE = r"/stewards/catalogues/{catalogue_id:\d{1,18}}"


@routes.get("/stewards/catalogues", name="catalogues")
async def listed(request: web.Request) -> web.Response:
    """Show how far each has come, when it goes on and what went wrong."""
    require_steward(request)
    at = cursor(request)
    rows = await catalogues.listed(db.Span.read(at.before, at.after))
    slice_ = page(rows, at, size=catalogues.PAGE, mark=lambda row: str(row.id))
    house = request.app[keys.HOUSE]
    return render(
        request, "network/catalogues.html", rows=slice_,
        avatar=functools.partial(actors.avatar, house=house),
    )  # fmt: skip


@routes.post(f"{ONE}/stop")
async def stop(request: web.Request) -> web.Response:
    """Take in no more of one, until told so."""
    require_steward(request)
    await catalogues.stop(_which(request), house=request.app[keys.HOUSE])
    return see_other(request, "catalogues", said="It has stopped. What came in stays.")


@routes.post(f"{ONE}/go-on")
async def go_on(request: web.Request) -> web.Response:
    """Go on with one now."""
    require_steward(request)
    await catalogues.go_on(_which(request), house=request.app[keys.HOUSE])
    return see_other(request, "catalogues", said="It goes on.")


def _which(request: web.Request) -> int:
    return int(request.match_info["catalogue_id"])
