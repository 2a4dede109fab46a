"""What this node says of itself to machines: NodeInfo, and our namespace."""

import orjson
from aiohttp import web

from federation import nodeinfo, vocab
from server import VERSION
from server.errors import NotFoundError
from server.follows import service as follows
from server.hub import service as hub
from server.network.service import finding
from server.people import service as people
from server.people.rules import SignUps
from server.posts import kinds
from server.posts import service as posts
from server.web import keys

routes = web.RouteTableDef()

ANYBODY = {"Access-Control-Allow-Origin": "*"}


@routes.get("/.well-known/nodeinfo")
async def links(request: web.Request) -> web.Response:
    """Say where NodeInfo is."""
    return _json(nodeinfo.links(request.app[keys.HOUSE].address), "application/json")


@routes.get("/nodeinfo/{version}")
async def document(request: web.Request) -> web.Response:
    """Serve NodeInfo 2.0 and 2.1, with real counts."""
    which = request.match_info["version"]
    if which not in {"2.0", "2.1"}:
        raise NotFoundError
    face = request.app[keys.FACE]
    counted = await posts.counts(request.app[keys.HOUSE])
    settled = await hub.is_set_up()
    info = nodeinfo.NodeInfo(
        software="fettle",
        version=VERSION,
        name=face.name,
        description=face.tagline,
        kinds=tuple(kinds.boosted()),
        open_registrations=settled and await people.sign_ups() is SignUps.OPEN,
        users=await people.counted(),
        posts=sum(n for kind, n in counted.items() if kind != "response"),
        comments=counted.get("response", 0),
        metadata=await _neighbours(request) if settled else {},
    )
    media_type = f"application/json; profile=http://nodeinfo.diaspora.software/ns/schema/{which}#"
    return _json(nodeinfo.document(info, version=which), media_type)


async def _neighbours(request: web.Request) -> vocab.JsonObject:
    """Return how many this hub follows, and where it says whom it knows, if it does."""
    house = request.app[keys.HOUSE]
    actor = await hub.hub_actor(house=house)
    if actor is None or not (await hub.settings()).shows_neighbours:
        return {}
    _, following = await follows.counts(actor)
    return {"following": following, "neighbours": house.uri(finding.PATH)}


@routes.get("/ns/fettle.jsonld")
async def namespace(request: web.Request) -> web.Response:
    """Serve our namespace's context, for people to read: nothing ever has to fetch it."""
    return _json({"@context": vocab.CONTEXT}, "application/ld+json")


def _json(document: object, media_type: str) -> web.Response:
    headers = ANYBODY | {"Content-Type": media_type}
    return web.Response(body=orjson.dumps(document), headers=headers)
