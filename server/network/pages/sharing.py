"""Lists of hubs that this hub shares, for everybody and for other hubs."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from federation import html, vocab
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.hub import service as hub
from server.network import service, wire
from server.network.formats import MEDIA_TYPES, Format, writing
from server.network.rules import wording
from server.network.tables import HubList
from server.web import activity_response, cursor, keys, render, wants_activity

routes = web.RouteTableDef()

ONE = "/lists/{slug:[a-z0-9-]{1,64}}"


@routes.get("/lists", name="lists")
async def listed(request: web.Request) -> web.Response:
    """Show the lists that this hub shares."""
    return render(request, "network/lists.html", lists=await service.all_shared())


@routes.get(ONE, name="list")
async def one(request: web.Request) -> web.Response:
    """Show whom a list names and how to subscribe to it; to other hubs, the list itself."""
    shared = await service.by_slug(request.match_info["slug"])
    house, hubs = request.app[keys.HOUSE], await service.hubs_of(shared)
    uri = address_of(request, shared)
    if wants_activity(request):
        actor = await hub.hub_actor(house=house)
        if actor is None:
            raise NotFoundError
        document = vocab.render(wire.to_wire(uri, shared, hubs, by=actor.uri))
        return activity_response(request, vocab.dumps(document))
    return render(
        request, "network/list.html", canonical=uri, words=html.from_markdown(shared.words),
        alternates=[("application/activity+json", shared.title, uri)],
        **await told(request, shared, hubs),
    )  # fmt: skip


async def told(request: web.Request, shared: HubList, hubs: Sequence[Actor]) -> dict[str, Any]:
    """Return what pages tell of a list: a part of whom it names, and what kind each is."""
    part, further = service.part_of(hubs, cursor(request).after)
    return {
        "shared": shared, "uri": address_of(request, shared), "hubs": part, "total": len(hubs),
        "further": further, "software": await service.software_of(part),
        "kind": wording.kind_words, "named": wording.software_name,
    }  # fmt: skip


@routes.get(ONE + ".{form:csv|opml|txt}")
async def taken_away(request: web.Request) -> web.Response:
    """Send a list as a file, for other programs."""
    shared = await service.by_slug(request.match_info["slug"])
    form, now = Format(request.match_info["form"]), request.app[keys.CLOCK].now()
    lines = [writing.line(form, writing.Listed.of(one)) for one in await service.hubs_of(shared)]
    text = writing.head(form, shared.title, now) + "".join(lines) + writing.foot(form)
    return web.Response(
        body=text.encode("utf-8", "replace"), content_type=MEDIA_TYPES[form], charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{shared.slug}.{form}"'},
    )  # fmt: skip


def address_of(request: web.Request, shared: HubList) -> str:
    """Return the address by which others subscribe."""
    return request.app[keys.HOUSE].uri(f"/lists/{shared.slug}")
