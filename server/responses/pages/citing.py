"""What people here are learning from, with references that others can use."""

from aiohttp import web

from server import db
from server.actors.pages import viewer_of
from server.posts.feeding import feed_of
from server.posts.tables import Post
from server.responses import service
from server.web import cursor, keys, page, render

routes = web.RouteTableDef()


@routes.get("/citations", name="citations")
async def citations(request: web.Request) -> web.Response:
    """Show what people here say they are learning from, the newest first."""
    at = cursor(request)
    rows = await service.citations(
        db.Span.read(at.before, at.after), viewer=await viewer_of(request)
    )
    slice_ = page(rows, at, size=service.CITATIONS, mark=lambda one: str(one.id))
    feed = request.app[keys.HOUSE].uri("/citations.atom")
    return render(
        request, "responses/citations.html", slice=slice_,
        alternates=[("application/atom+xml", "What we are learning from", feed)],
    )  # fmt: skip


@routes.get("/citations.atom")
async def feed(request: web.Request) -> web.Response:
    """Serve what they said about it as a feed."""
    said = [one.said.id for one in (await service.citations())[: service.CITATIONS]]
    rows = await Post.filter(id__in=said).order_by("-id").prefetch_related("author", "tags")
    return feed_of(request, "What we are learning from", "/citations", rows)
