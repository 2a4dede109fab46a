"""What is on its way out, for stewards: the lanes, one lane, what was lost."""

from typing import Any

from aiohttp import web

from server.delivery import service as delivery
from server.front.forms import GiveUpForm
from server.web import keys, render, require_steward, see_other, shown_again

routes = web.RouteTableDef()

HOST = r"/stewards/deliveries/to/{host:[^/]{1,255}}"
FEW = 5


@routes.get("/stewards/deliveries", name="deliveries")
async def deliveries(request: web.Request) -> web.Response:
    """Show the lanes that fail, those at work, and what was lost last."""
    require_steward(request)
    house = request.app[keys.HOUSE]
    failing = await delivery.failing(after=request.query.get("after", ""), house=house)
    return render(
        request, "front/deliveries.html",
        failing=failing[: delivery.PAGE], further=_further(failing),
        under_way=await delivery.under_way(house=house), queue=await delivery.counts(house=house),
        lost=await delivery.lost(limit=FEW + 1), now=house.clock.now(),
    )  # fmt: skip


@routes.get("/stewards/deliveries/lost", name="lost")
async def lost(request: web.Request) -> web.Response:
    """List what was refused or given up, the last first."""
    require_steward(request)
    found = await delivery.lost(before=request.query.get("before", ""))
    return render(
        request, "front/lost.html", lost=found[: delivery.PAGE], further=_further(found)
    )  # fmt: skip


@routes.get(HOST, name="lane")
async def lane(request: web.Request) -> web.Response:
    """Show what waits for one server, why, and what was given up."""
    require_steward(request)
    return render(request, "front/lane.html", form=GiveUpForm(), **await _lane(request))


@routes.post(f"{HOST}/try", name="knock-lane")
async def try_now(request: web.Request) -> web.Response:
    """Try a lane now."""
    require_steward(request)
    host = request.match_info["host"]
    await delivery.try_now(host, house=request.app[keys.HOUSE])
    return see_other(request, "lane", host=host, said=f"{host} is being tried now.")


@routes.post(f"{HOST}/drop", name="drop-lane")
async def drop(request: web.Request) -> web.Response:
    """Give up what waits for a server, with a reason."""
    steward, host = require_steward(request), request.match_info["host"]
    form = await GiveUpForm.read(request)
    if form.errors:
        return shown_again(request, "front/lane.html", form, **await _lane(request))
    number = await delivery.drop(
        host, by=steward.name, reason=form.reason, withdrawals=form.withdrawals,
        house=request.app[keys.HOUSE],
    )  # fmt: skip
    return see_other(request, "lane", host=host, said=f"Given up for {host}: {number}.")


@routes.post(r"/stewards/deliveries/{delivery_id:\d{1,18}}/retry", name="retry")
async def retry(request: web.Request) -> web.Response:
    """Try a delivery again now."""
    require_steward(request)
    await delivery.retry(int(request.match_info["delivery_id"]), house=request.app[keys.HOUSE])
    return see_other(request, "deliveries", said="It is being tried again.")


async def _lane(request: web.Request) -> dict[str, Any]:
    house, host = request.app[keys.HOUSE], request.match_info["host"]
    seen = await delivery.lane(host, house=house)
    waiting = await delivery.waiting_for(host, after=request.query.get("after", ""))
    return {
        "lane": seen, "waiting": waiting[: delivery.PAGE], "further": _further(waiting),
        "drops": await delivery.drops(host), "now": house.clock.now(),
    }  # fmt: skip


def _further(found: list[delivery.LaneView] | list[delivery.Passage]) -> str | None:
    """Return the mark of the last one of a page, where there are more."""
    return found[delivery.PAGE - 1].mark if len(found) > delivery.PAGE else None
