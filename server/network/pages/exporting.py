"""Whom the hub follows, as files to take away."""

from aiohttp import web

from server.errors import NotFoundError
from server.hub import service as hub
from server.network import service
from server.network.formats import MEDIA_TYPES, Format
from server.web import keys, require_steward, streamed

routes = web.RouteTableDef()


@routes.get("/stewards/subscriptions/export.{form:csv|opml|txt}", name="export-following")
async def export(request: web.Request) -> web.StreamResponse:
    """Send whom the hub follows; bit by bit, however many."""
    require_steward(request)
    house, form = request.app[keys.HOUSE], Format(request.match_info["form"])
    actor = await hub.hub_actor(house=house)
    if actor is None:
        raise NotFoundError
    return await streamed(
        request, service.exported(actor, form, house=house), media_type=MEDIA_TYPES[form],
        filename=f"following.{form}",
    )  # fmt: skip
