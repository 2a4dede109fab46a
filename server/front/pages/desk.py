"""The stewards' desk: what waits, what does not get through."""

import functools

from aiohttp import web

from server import db, jobs
from server.actors import service as actors
from server.delivery import service as delivery
from server.follows import service as follows
from server.follows.rules import FollowState
from server.front.troubles import silent, trouble
from server.hub import service as hub
from server.safety import service as safety
from server.web import cursor, keys, page, render, require_steward, see_other

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
        queue=await delivery.counts(), jobs=await jobs.counts(house=house),
        silent=silent([trouble(row) for row in await delivery.troubled()]),
        reports=await safety.waiting_reports(), today=house.clock.now(),
        avatar=functools.partial(actors.avatar, house=house),
    )  # fmt: skip


@routes.get("/stewards/deliveries", name="deliveries")
async def deliveries(request: web.Request) -> web.Response:
    """List what failed on its way out or is being tried again, and jobs that were given up."""
    require_steward(request)
    at = cursor(request)
    rows = await delivery.troubled(db.Span.read(at.before, at.after))
    slice_ = page(rows, at, size=delivery.PAGE, mark=lambda row: str(row.id))
    return render(
        request, "front/deliveries.html", slice=slice_,
        troubles=[trouble(row) for row in slice_.items], queue=await delivery.counts(),
        dead=await jobs.dead(),
    )  # fmt: skip


@routes.post(r"/stewards/deliveries/{delivery_id:\d{1,18}}/retry", name="retry")
async def retry(request: web.Request) -> web.Response:
    """Try a delivery again now."""
    require_steward(request)
    await delivery.retry(int(request.match_info["delivery_id"]), house=request.app[keys.HOUSE])
    return see_other(request, "deliveries", said="It is being tried again.")


@routes.post(r"/stewards/jobs/{job_id:\d{1,18}}/replay", name="replay")
async def replay(request: web.Request) -> web.Response:
    """Do a job again that was given up."""
    require_steward(request)
    await jobs.replay(int(request.match_info["job_id"]), house=request.app[keys.HOUSE])
    return see_other(request, "deliveries", said="It is being done again.")
