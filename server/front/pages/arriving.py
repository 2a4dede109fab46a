"""What comes from elsewhere: our copy of a post, and an address that somebody brings along."""

from aiohttp import web

from federation import uris
from federation.errors import FederationError
from server.actors import service as actors
from server.actors.pages import viewer_of
from server.actors.tables import Actor
from server.errors import NotFoundError, RefusedError
from server.experiments import service as experiments
from server.experiments.pages.reading import show_experiment
from server.follows import service as follows
from server.people import service as people
from server.posts import service as posts
from server.posts.cards import path_of, place_of
from server.posts.tables import Post
from server.responses.cards import cards_of
from server.responses.forms import ResponseForm
from server.stories.pages.reading import show_story
from server.web import keys, limit, render, require_visitor, see_other

routes = web.RouteTableDef()


@routes.get(r"/elsewhere/{post_id:\d{1,18}}", name="elsewhere")
async def elsewhere(request: web.Request) -> web.Response:
    """Show our copy of a post, to those who may read it."""
    post = await posts.by_id(int(request.match_info["post_id"]))
    if post is None:
        raise NotFoundError
    viewer = await viewer_of(request)
    if not await posts.may_see(post, viewer):
        raise NotFoundError
    if post.local:
        return see_other(request, path_of(post))
    head = await posts.by_id(post.root_id) if post.root_id else None
    if head is not None and await posts.may_see(head, viewer):
        return see_other(request, place_of(post, head))
    if post.kind == experiments.KIND:
        return await show_experiment(request, post, ResponseForm())
    return await show_story(request, post, ResponseForm())


@routes.get("/authorize_interaction", name="interact")
async def interact(request: web.Request) -> web.Response:
    """Show what an address or a handle leads to, to follow, answer or thank it from here.

    Other servers lead their visitors here by our subscribe template.
    """
    viewer = await Actor.get(id=require_visitor(request).actor_id)
    limit(request, "interact", times=60, seconds=600, key=str(viewer.id))
    text = request.query.get("uri", "").removeprefix("acct:").strip()
    try:
        return await _led_to(request, text, viewer)
    except (FederationError, RefusedError) as error:
        return render(request, "front/not_found_there.html", status=404, text=text, why=str(error))


async def _led_to(request: web.Request, text: str, viewer: Actor) -> web.Response:
    house = request.app[keys.HOUSE]
    if uris.is_web_uri(text):
        post = await posts.by_uri(text)
        if post is None and await actors.known(text) is None:
            post = await _fetched_post(request, text)
        if post is not None and await posts.may_see(post, viewer):
            return see_other(request, path_of(post))
    actor = await actors.find(text, house=house)
    return render(
        request, "front/actor.html", actor=actor, follow=await follows.between(viewer, actor),
        avatar=actors.avatar(actor, house=house), moved=await people.new_place(actor),
        first=await cards_of(await posts.pinned(actor)),
    )  # fmt: skip


async def _fetched_post(request: web.Request, uri: str) -> Post | None:
    try:
        return await posts.fetch(uri, house=request.app[keys.HOUSE])
    except FederationError:
        return None
