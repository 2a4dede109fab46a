"""What the hub has nothing to do with."""

from aiohttp import web

from federation import uris
from federation.errors import FederationError
from server import db
from server.errors import NotFoundError, RefusedError
from server.safety import service
from server.safety.forms import LetInForm, TurnAwayForm
from server.safety.rules import PAGE
from server.web import cursor, keys, page, render, require_steward, see_other

routes = web.RouteTableDef()


@routes.get("/stewards/blocks", name="blocks")
async def blocks(request: web.Request) -> web.Response:
    """List the hosts and actors that are turned away, each with why."""
    require_steward(request)
    return await _shown(request, TurnAwayForm())


async def _shown(request: web.Request, form: TurnAwayForm) -> web.Response:
    at = cursor(request)
    rows = await service.turned_away_actors(db.Span.read(at.before, at.after))
    return render(
        request, "safety/blocks.html", status=422 if form.errors else 200, form=form,
        hosts=await service.turned_away_hosts(),
        rows=page(rows, at, size=PAGE, mark=lambda row: str(row.id)),
    )  # fmt: skip


@routes.post("/stewards/blocks")
async def turn_away(request: web.Request) -> web.Response:
    """Turn a host or an actor away."""
    require_steward(request)
    form = await TurnAwayForm.read(request)
    if not form.errors:
        try:
            turned = await service.turn_away(
                form.who, reason=form.reason, house=request.app[keys.HOUSE]
            )
        except RefusedError as error:
            form.wrong("who", str(error))
        except FederationError as error:
            form.wrong("who", f"Their server could not be asked: {error}")
        else:
            return see_other(request, "blocks", f"{turned.called} is blocked.")
    return await _shown(request, form)


@routes.post("/stewards/blocks/hosts/{host}/remove", name="unblock-host")
async def let_in_host(request: web.Request) -> web.Response:
    """Take the block of a host back."""
    require_steward(request)
    await LetInForm.read(request)
    try:
        host = uris.normalise_host(request.match_info["host"])
    except FederationError as error:
        raise NotFoundError from error
    await service.let_in_host(host, house=request.app[keys.HOUSE])
    return see_other(request, "blocks", f"{host} is no longer blocked.")


@routes.post(r"/stewards/blocks/{actor_id:\d{1,18}}/remove", name="unblock-actor")
async def let_in_actor(request: web.Request) -> web.Response:
    """Take the block of an actor back."""
    require_steward(request)
    await LetInForm.read(request)
    await service.let_in_actor(int(request.match_info["actor_id"]), house=request.app[keys.HOUSE])
    return see_other(request, "blocks", "They are no longer blocked.")
