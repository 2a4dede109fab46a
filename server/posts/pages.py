"""What other servers read of posts: collections, activities by id, tags' pages are elsewhere."""

from aiohttp import web

from federation import vocab
from server.actors.pages import WHO, actor_of
from server.delivery import service as delivery
from server.errors import NotFoundError
from server.posts import service
from server.posts.rules import OPEN, State
from server.posts.tables import Boost, Post
from server.posts.wire import stamp_document, tombstone
from server.web import activity_response, keys, vary

routes = web.RouteTableDef()

PATH = "/{kind:stories|experiments|responses|updates}/{ulid}"
"""Where posts of ours live."""

GONE = {
    "Content-Type": "application/activity+json",
    "Access-Control-Allow-Origin": "*",
}


@routes.get(f"/{WHO}/outbox")
async def outbox(request: web.Request) -> web.Response:
    """Serve what an actor published and passed on, in pages."""
    actor = await actor_of(request)
    if "page" not in request.query:
        total = await service.outbox_total(actor)
        head = vocab.Collection(
            id=actor.outbox, total_items=total, first=f"{actor.outbox}?page=true",
            attributed_to=actor.uri,
        )  # fmt: skip
        return activity_response(request, vocab.dumps(vocab.render(head)))
    before = whole(request.query.get("before"))
    found = await service.outbox(actor, before=before)
    here = f"{actor.outbox}?page=true" + (f"&before={before}" if before else "")
    page: vocab.JsonObject = {
        "@context": vocab.CONTEXT, "id": here, "type": "OrderedCollectionPage",
        "partOf": actor.outbox, "orderedItems": list(found.activities),
    }  # fmt: skip
    if found.older is not None:
        page["next"] = f"{actor.outbox}?page=true&before={found.older}"
    return activity_response(request, vocab.dumps(page))


def whole(text: str | None) -> int | None:
    """Return a positive whole number from a query, or None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


@routes.get(f"/{WHO}/featured")
async def featured(request: web.Request) -> web.Response:
    """Serve the ids of what an actor shows first."""
    actor = await actor_of(request)
    found = [post.uri or "" for post in await service.pinned(actor)]
    return activity_response(request, _collection(actor.featured or "", found))


@routes.get("/quotes/{ulid}")
async def quote_stamp(request: web.Request) -> web.Response:
    """Serve a stamp: that a post of ours may be quoted, and by what (FEP-044f)."""
    found = await service.stamp(request.path, house=request.app[keys.HOUSE])
    if found is None:
        raise NotFoundError
    return activity_response(request, vocab.dumps(vocab.render(stamp_document(found))))


@routes.get("/activities/{ulid}")
async def activity(request: web.Request) -> web.Response:
    """Serve a public activity of ours by its id, in its exact bytes."""
    row = await delivery.activity_at(request.app[keys.HOUSE].uri(request.path))
    if row is None:
        raise NotFoundError
    return activity_response(request, bytes(row.body))


@routes.get(PATH + "/replies")
async def replies(request: web.Request) -> web.Response:
    """Serve the ids of what was said in answer, as far as anybody may read it."""
    post = await open_post(request)
    children = (
        await Post.filter(parent_id=post.id, state="published", visibility__in=list(OPEN))
        .order_by("id")
        .limit(service.CONVERSATION)
        .values_list("uri", flat=True)
    )
    return activity_response(
        request, _collection(f"{post.uri}/replies", [str(c) for c in children])
    )


@routes.get(PATH + "/shares")
async def shares(request: web.Request) -> web.Response:
    """Serve the ids of the boosts of a post."""
    post = await open_post(request)
    uris = (
        await Boost.filter(post_id=post.id)
        .order_by("id")
        .limit(service.CONVERSATION)
        .values_list("uri", flat=True)
    )
    return activity_response(request, _collection(f"{post.uri}/shares", [str(uri) for uri in uris]))


@routes.get("/contexts/{ulid}")
async def context(request: web.Request) -> web.Response:
    """Serve the ids of all that was said in a conversation, as far as anybody may read it; it is of
    whoever began it (FEP-7888).
    """
    uri = request.app[keys.HOUSE].uri(request.path)
    found = (
        await Post.filter(conversation=uri, state="published", visibility__in=list(OPEN))
        .order_by("id")
        .limit(service.CONVERSATION)
        .values_list("uri", "parent_id", "author__uri")
    )
    if not found:
        raise NotFoundError
    begun_by = next((author for _, parent, author in found if parent is None), None)
    return activity_response(request, _collection(uri, [one for one, _, _ in found], begun_by))


async def open_post(request: web.Request) -> Post:
    """Return the post of ours under whose path this is, if anybody may read it. Raises
    NotFoundError.
    """
    house = request.app[keys.HOUSE]
    post = await service.by_path(request.path.rpartition("/")[0], house=house)
    if post is None or not await service.may_see(post, None):
        raise NotFoundError
    return post


def _collection(uri: str, items: list[str], by: str | None = None) -> bytes:
    return vocab.dumps(
        vocab.render(
            vocab.Collection(
                id=uri,
                total_items=len(items),
                items=tuple(items),
                type="OrderedCollection",
                attributed_to=by,
            )
        )
    )


async def note_response(request: web.Request, *, kind: str) -> web.Response:
    """Answer other servers with the Note at the request's path, in its exact bytes; 410 and its
    tombstone where it was withdrawn. Raises NotFoundError for what is not for anybody to read.
    """
    uri = request.app[keys.HOUSE].uri(request.path)
    served = await service.served(uri)
    if served is None or served.kind != kind:
        raise NotFoundError
    if served.state is State.WITHDRAWN and (post := await service.by_uri(uri)) is not None:
        body = vocab.dumps(vocab.render(tombstone(post)))
        return web.Response(status=410, body=body, headers=GONE | {"Vary": vary(request)})
    if not served.is_open:
        raise NotFoundError
    return activity_response(request, served.document)
