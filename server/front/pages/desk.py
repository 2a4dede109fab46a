"""The stewards' desk: what waits, what does not get through."""

import functools
import re

from aiohttp import web

from server import jobs
from server.actors import service as actors
from server.delivery import service as delivery
from server.follows import service as follows
from server.follows.rules import FollowState
from server.hub import service as hub
from server.responses import service as responses
from server.safety import service as safety
from server.web import Page, cursor, keys, render, require_steward

SILENT = 5
"""Hubs that can't be reached, shown on the desk; the others are a page further."""
PROMISES = 5
"""Overdue promises, shown likewise."""
MARK = re.compile("[0-9]{1,7}-[0-9]{1,18}")

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
        promises=await responses.overdue(house.clock.now().date(), limit=PROMISES + 1),
        avatar=functools.partial(actors.avatar, house=house),
    )  # fmt: skip


@routes.get("/stewards/promises", name="promises")
async def promises(request: web.Request) -> web.Response:
    """List the promises of this hub that are overdue, the longest first."""
    require_steward(request)
    today, size = request.app[keys.CLOCK].now().date(), responses.PAGE
    rows = await responses.overdue(today, after=cursor(request, MARK).before, limit=size + 1)
    found = Page(rows[:size], older=rows[size - 1].mark if len(rows) > size else None)
    return render(request, "front/promises.html", slice=found)
