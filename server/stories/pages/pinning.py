"""Show a story first: one's own on one's page, any public one of the hub on its front page."""

from aiohttp import web

from server.actors.tables import Actor
from server.errors import NotFoundError
from server.hub import service as hubs
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.tables import Post
from server.stories import service
from server.web import keys, require_steward, require_visitor, see_other

routes = web.RouteTableDef()


@routes.post(r"/posts/{post_id:\d{1,18}}/{act:pin|unpin}", name="pin-story")
async def pin_own(request: web.Request) -> web.Response:
    """Show a story of the visitor's own first on their page, or no longer."""
    me, post = await Actor.get(id=require_visitor(request).actor_id), await _story(request)
    if post.author_id != me.id:
        raise NotFoundError
    return await _done(request, post, by=me, where="on your page")


@routes.post(r"/stewards/posts/{post_id:\d{1,18}}/{act:pin|unpin}", name="pin-on-front")
async def pin_on_front(request: web.Request) -> web.Response:
    """Show a story of the hub first on its front page, or no longer."""
    require_steward(request)
    post, hub = await _story(request), await hubs.hub_actor(house=request.app[keys.HOUSE])
    if hub is None:
        raise NotFoundError
    return await _done(request, post, by=hub, where="on the front page")


async def _story(request: web.Request) -> Post:
    post = await posts.by_id(int(request.match_info["post_id"]))
    if post is None or not post.local or post.kind != service.KIND:
        raise NotFoundError
    return post


async def _done(request: web.Request, post: Post, *, by: Actor, where: str) -> web.Response:
    house = request.app[keys.HOUSE]
    if request.match_info["act"] == "pin":
        await posts.pin(post, by=by, house=house)
        return see_other(request, path_of(post), said=f"It is shown first {where} now.")
    await posts.unpin(post, by=by, house=house)
    return see_other(request, path_of(post), said=f"It is no longer shown first {where}.")
