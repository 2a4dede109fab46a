"""How this node is found: WebFinger, host-meta, and the node's own actor."""

from urllib.parse import urlsplit
from xml.etree import ElementTree

import orjson
from aiohttp import web

from federation import uris, webfinger
from federation.errors import MalformedError
from server.actors import service
from server.actors.asking import OPEN
from server.actors.documents import Documents
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.house import House
from server.web import activity_response, keys, see_other, vary, visitor, wants_activity

routes = web.RouteTableDef()

DOCUMENTS: web.AppKey[Documents] = web.AppKey("documents")

WHO = "{who:hub|actor|people/[^/]+|topics/[^/]+|places/[^/]+|experiments/[^/]+/channel}"
"""Where actors of ours live; below it are their collections and inboxes."""

XRD = "http://docs.oasis-open.org/ns/xri/xrd-1.0"
ANYBODY = {"Access-Control-Allow-Origin": "*"}


@routes.get("/.well-known/webfinger")
async def finger(request: web.Request) -> web.Response:
    """Answer who is behind a handle or an address (RFC 7033): 404 for nobody, 400 for nonsense."""
    house = request.app[keys.HOUSE]
    resource = request.query.get("resource", "")
    actor = await _asked_for(resource, house)
    if actor is None or actor.gone:
        raise NotFoundError
    document = webfinger.jrd(
        f"acct:{actor.username}@{house.host}",
        actor_uri=actor.uri,
        profile_url=actor.url,
        subscribe_template=house.uri("/authorize_interaction?uri={uri}"),
        avatar_url=house.uri(actor.icon_url) if actor.icon_url else None,
    )
    return web.Response(
        body=orjson.dumps(document), content_type="application/jrd+json", headers=ANYBODY
    )


async def _asked_for(resource: str, house: House) -> Actor | None:
    """Return our actor for a WebFinger resource. Raises MalformedError for what is no resource at
    all.
    """
    if resource.startswith(("https://", "http://")):
        if not uris.is_web_uri(resource):
            raise MalformedError(term="resource")
        path = urlsplit(resource).path.rstrip("/") or "/actor"
        return await service.at_path(path, house=house) if _is_ours(resource, house) else None
    if not resource.startswith("acct:"):
        raise MalformedError(term="resource")
    handle = uris.parse_handle(resource)
    return await service.local(handle.name, house=house) if handle.host == house.host else None


def _is_ours(uri: str, house: House) -> bool:
    return uris.host_of(uri) == house.host


@routes.get("/.well-known/host-meta")
async def host_meta(request: web.Request) -> web.Response:
    """Say where WebFinger is asked, in XRD (RFC 6415)."""
    root = ElementTree.Element("XRD", xmlns=XRD)
    ElementTree.SubElement(root, "Link", rel="lrdd", template=_template(request))
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return web.Response(body=body, content_type="application/xrd+xml", headers=ANYBODY)


@routes.get("/.well-known/host-meta.json")
async def host_meta_json(request: web.Request) -> web.Response:
    """Say where WebFinger is asked, in JSON."""
    document = {"links": [{"rel": "lrdd", "template": _template(request)}]}
    return web.Response(
        body=orjson.dumps(document), content_type="application/json", headers=ANYBODY
    )


def _template(request: web.Request) -> str:
    return request.app[keys.HOUSE].uri("/.well-known/webfinger?resource={uri}")


async def actor_of(request: web.Request) -> Actor:
    """Return the actor of ours below whose id this is. Raises NotFoundError."""
    path = request.rel_url.raw_path.rpartition("/")[0]
    actor = await service.at_path(path, house=request.app[keys.HOUSE])
    if actor is None:
        raise NotFoundError
    return actor


@routes.get("/actor")
async def node(request: web.Request) -> web.Response:
    """Serve the node's own actor, which signs what is fetched; people are led to what this
    hub is.
    """
    if not wants_activity(request):
        return see_other(request, "/about")
    return await actor_response(request, "/actor")


async def actor_response(request: web.Request, path: str) -> web.Response:
    """Answer with one of our actors, whose id is `path`, as others read it; 410 with a tombstone
    where it is gone (federation.md §1). In secure mode, those who don't prove who they are get what
    they need to prove it, and no more. Raises NotFoundError.
    """
    document = await request.app[DOCUMENTS].at_path(path)
    if document.gone:
        headers = {"Content-Type": "application/activity+json", "Vary": vary(request), **ANYBODY}
        return web.Response(status=410, body=document.body, headers=headers)
    is_whole = path in OPEN or keys.ASKER in request or not request.app[keys.SETTINGS].secure
    return activity_response(request, document.body if is_whole else document.reduced, anybody=True)


async def viewer_of(request: web.Request) -> Actor | None:
    """Return as whom a visitor looks at a page, None for a stranger."""
    somebody = visitor(request)
    return await Actor.get(id=somebody.actor_id) if somebody else None
