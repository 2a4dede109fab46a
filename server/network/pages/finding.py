"""Hubs that may be worth following, for stewards; whom this hub knows, for other servers."""

import functools

from aiohttp import web

from federation import vocab
from server import db
from server.actors import service as actors
from server.errors import RefusedError
from server.network.service import finding
from server.posts.pages import whole
from server.web import (
    activity_response,
    cursor,
    keys,
    page,
    render,
    require_steward,
    see_other,
)

routes = web.RouteTableDef()


@routes.get(finding.PATH)
async def neighbours(request: web.Request) -> web.Response:
    """Serve the ids of the hubs that this one follows or knows, in pages, unless its stewards wish
    otherwise.
    """
    house, before = request.app[keys.HOUSE], whole(request.query.get("before"))
    found, uri = await finding.known(before=before, house=house), house.uri(finding.PATH)
    shown = found[: finding.PAGE]
    part = vocab.Collection(
        id=uri + (f"?before={before}" if before else ""),
        type="OrderedCollectionPage" if before else "OrderedCollection",
        part_of=uri if before else None,
        items=tuple(one.uri for one in shown),
        next=f"{uri}?before={shown[-1].id}" if len(found) > len(shown) else None,
        attributed_to=house.uri("/hub"),
    )
    return activity_response(request, vocab.dumps(vocab.render(part)))


@routes.get("/stewards/finding", name="finding")
async def proposed(request: web.Request) -> web.Response:
    """Show hubs that this one does not follow, and why they may be worth it; and those of which a
    steward said that they are not.
    """
    require_steward(request)
    house, at = request.app[keys.HOUSE], cursor(request)
    rows = await finding.dismissed(db.Span.read(at.before, at.after))
    return render(
        request, "network/finding.html", proposals=await finding.proposed(house=house),
        dismissed=page(rows, at, size=finding.PAGE, mark=lambda row: str(row.id)),
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


@routes.post(r"/stewards/finding/{actor_id:\d{1,18}}/{act:dismiss|again}")
async def dismiss(request: web.Request) -> web.Response:
    """Propose one of them no more, or again."""
    steward, actor_id = require_steward(request), int(request.match_info["actor_id"])
    if request.match_info["act"] == "again":
        await finding.propose_again(actor_id)
        return see_other(request, "finding", said="It may be proposed again.")
    house = request.app[keys.HOUSE]
    actor = await finding.dismiss(actor_id, by=steward.name, house=house)
    said = f"{actor.shown_name} is not proposed any more. You can change your mind below."
    return see_other(request, "finding", said=said)
