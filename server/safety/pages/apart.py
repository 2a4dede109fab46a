"""Whom a person blocks."""

import functools

from aiohttp import web

from federation.errors import FederationError
from server import db
from server.actors import service as actors
from server.actors.tables import Actor
from server.errors import RefusedError
from server.safety import service
from server.safety.forms import BlockForm, LetInForm
from server.safety.rules import PAGE
from server.web import cursor, keys, limit, page, render, require_visitor, see_other

routes = web.RouteTableDef()


@routes.get("/settings/blocks", name="settings-blocks")
async def blocks(request: web.Request) -> web.Response:
    """Show whom the visitor blocks, and a form to block somebody."""
    return await _shown(request, BlockForm())


async def _shown(request: web.Request, form: BlockForm) -> web.Response:
    me = await Actor.get(id=require_visitor(request).actor_id)
    at = cursor(request)
    rows = await service.blocked_by(me, span=db.Span.read(at.before, at.after))
    return render(
        request, "safety/apart.html", status=422 if form.errors else 200, form=form,
        rows=page(rows, at, size=PAGE, mark=lambda row: str(row.id)),
        avatar=functools.partial(actors.avatar, house=request.app[keys.HOUSE]),
    )  # fmt: skip


@routes.post("/settings/blocks")
async def block(request: web.Request) -> web.Response:
    """Block somebody."""
    me = await Actor.get(id=require_visitor(request).actor_id)
    limit(request, "block", times=60, seconds=600, key=str(me.id))
    form, house = await BlockForm.read(request), request.app[keys.HOUSE]
    if not form.errors:
        try:
            whom = await actors.find(form.whom, house=house)
            await service.block(me, whom, house=house)
        except RefusedError as error:
            form.wrong("whom", str(error))
        except FederationError as error:
            form.wrong("whom", f"Their server could not be asked: {error}")
        else:
            said = f"You have blocked {whom.shown_name}. Neither of you is shown the other."
            return see_other(request, "settings-blocks", said)
    return await _shown(request, form)


@routes.post(r"/settings/blocks/{actor_id:\d{1,18}}/remove", name="unblock")
async def unblock(request: web.Request) -> web.Response:
    """Take a block back."""
    me = await Actor.get(id=require_visitor(request).actor_id)
    await LetInForm.read(request)
    await service.unblock(me, int(request.match_info["actor_id"]), house=request.app[keys.HOUSE])
    return see_other(request, "settings-blocks", "The block is taken back.")
