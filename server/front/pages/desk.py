"""The stewards' desk: what waits, what does not get through."""

import functools

from aiohttp import web

from server import jobs
from server.actors import service as actors
from server.delivery import service as delivery
from server.follows import service as follows
from server.follows.rules import FollowState
from server.hub import service as hub
from server.safety import service as safety
from server.web import keys, render, require_steward

SILENT = 5
"""Hubs that can't be reached, shown on the desk; the others are a page further."""

routes = web.RouteTableDef()


@routes.get("/stewards", name="desk")
async def desk(request: web.Request) -> web.Response:
    """Show in one page what waits for a steward."""
    require_steward(request)
    house = request.app[keys.HOUSE]
    actor = await hub.hub_actor(house=house)
    asking = await follows.followers(actor, state=FollowState.REQUESTED) if actor else []
    return render(
        request, "front/desk.html",
        asking=asking, counts=await follows.counts(actor) if actor else (0, 0),
        queue=await delivery.counts(house=house), jobs=await jobs.counts(house=house),
        silent=await delivery.failing(limit=SILENT + 1, house=house),
        reports=await safety.waiting_reports(), today=house.clock.now(),
        avatar=functools.partial(actors.avatar, house=house),
    )  # fmt: skip
