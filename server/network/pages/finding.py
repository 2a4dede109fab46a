"""Hubs that may be worth following, for stewards; whom this hub knows, for other servers."""

import functools

from aiohttp import web

from federation import vocab
from server.actors import service as actors
from server.errors import RefusedError
from server.network.service import finding
from server.posts.pages import whole
from server.web import activity_response, keys, render, require_steward, see_other

routes = web.RouteTableDef()


@routes.get(finding.PATH)
async def neighbours(request: web.Request) -> web.Response:
    """Serve the ids of the hubs that this one follows or knows, in pages, unless its stewards wish
    otherwise.
    """
    house, before = request.app[keys.HOUSE], whole(request.query.get("before"))
    found, uri = await finding.known(before=before, house=house), house.uri(finding.PATH)
    shown = found[: finding.PAGE]
    page = vocab.Collection(
        id=uri + (f"?before={before}" if before else ""),
        type="OrderedCollectionPage" if before else "OrderedCollection",
        part_of=uri if before else None,
        items=tuple(one.uri for one in shown),
        next=f"{uri}?before={shown[-1].id}" if len(found) > len(shown) else None,
        attributed_to=house.uri("/hub"),
    )
    return activity_response(request, vocab.dumps(vocab.render(page)))


@routes.get("/stewards/finding", name="finding")
async def proposed(request: web.Request) -> web.Response:
    """Show hubs that this one does not follow, and why they may be worth it."""
    require_steward(request)
    house = request.app[keys.HOUSE]
    return render(
        request, "network/finding.html", proposals=await finding.proposed(house=house),
        avatar=functools.partial(actors.avatar, house=house),
    )  # fmt: skip


@routes.post(r"/stewards/finding/{actor_id:\d{1,18}}/follow")
async def follow(request: web.Request) -> web.Response:
    """Follow one of them."""
    require_steward(request)
    actor_id = int(request.match_info["actor_id"])
    try:
        actor = await finding.accept(actor_id, house=request.app[keys.HOUSE])
    except RefusedError as error:
        return see_other(request, "finding", said=str(error))
    said = f"We have asked {actor.shown_name}. What it told before comes in once it says yes."
    return see_other(request, "finding", said=said)
