"""Read stories: the list, one, its history; and what other servers and feed readers get."""

from functools import partial
from typing import Any

from aiohttp import web

from federation import uris
from server.actors.pages import viewer_of
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.hub import service as hubs
from server.posts import service as posts
from server.posts.feeding import feed_of
from server.posts.pages import note_response
from server.posts.rules import State, Visibility
from server.posts.tables import Post, Revision
from server.posts.versions import of_latest
from server.responses import showing
from server.responses.cards import cards_of
from server.responses.forms import ResponseForm
from server.stories import service
from server.stories.forms import ROLES
from server.web import (
    cursor,
    keys,
    page,
    render,
    shown,
    visitor,
    wants_activity,
)

routes = web.RouteTableDef()

ROLE_WORDS = dict(ROLES)
STORY = "stories/story.html"


@routes.get("/stories", name="stories")
async def stories(request: web.Request) -> web.Response:
    """List the hub's public stories, newest first, all of them or by topic or role."""
    at_top = not (request.query or visitor(request))
    version = await of_latest(service.KIND, posts.PAGE + 1) if at_top else None
    return await shown(request, version, partial(_list, request))


async def _list(request: web.Request) -> web.Response:
    at = cursor(request, posts.MARK)
    role = request.query.get("role", "")
    stretch = posts.Stretch.between(at.before, at.after)
    viewer = await viewer_of(request)
    rows = await service.latest(
        role=role if role in ROLE_WORDS else "", stretch=stretch, viewer=viewer
    )
    slice_ = page(rows, at, size=posts.PAGE, mark=posts.mark_of)
    house = request.app[keys.HOUSE]
    return render(
        request, "stories/list.html", slice=slice_, cards=await cards_of(slice_.items),
        roles=ROLES, role=role,
        alternates=[("application/atom+xml", "Stories", house.uri("/stories.atom"))],
    )  # fmt: skip


@routes.get("/stories.atom")
async def feed(request: web.Request) -> web.Response:
    """Serve the newest stories as a feed."""
    found = (await service.latest())[: posts.PAGE]
    return feed_of(request, f"Stories – {request.app[keys.FACE].name}", "/stories", found)


@routes.get("/stories/{ulid}", name="story")
async def story(request: web.Request) -> web.Response:
    """Show one story with what came of it; to other servers, the Note in its exact bytes."""
    if wants_activity(request):
        return await note_response(request, kind=service.KIND)

    async def read() -> web.Response:
        return await show_story(request, await _post(request), ResponseForm())

    return await showing.held(request, STORY, read=read, context=partial(_everybodys, request))


async def show_story(request: web.Request, post: Post, form: ResponseForm) -> web.Response:
    """Show a story, ours or our copy of somebody else's, with `form` below it."""

    async def context(post: Post, viewer: Actor | None) -> dict[str, Any]:
        return await _shown(request, post, viewer) | await _pins(request, post, viewer)

    return await showing.show(request, STORY, post, form, context=context)


async def _everybodys(request: web.Request, post: Post, viewer: Actor | None) -> dict[str, Any]:
    """Return what a story's page shows to whoever has nothing of their own on it."""
    return showing.STRANGERS | {"may_pin": False} | await _shown(request, post, viewer)


async def _shown(request: web.Request, post: Post, viewer: Actor | None) -> dict[str, Any]:
    told = await service.of_post(post)
    return await showing.of_everybody(request, post, viewer) | {
        "story": told,
        "role": ROLE_WORDS.get(told.author_role, "") if told and told.author_role else "",
        "came": await posts.came_of(post, viewer),
        "came_elsewhere": [
            (uri, uris.host_of(uri)) for uri in await service.inspired_elsewhere(post)
        ],
    }


async def _pins(request: web.Request, post: Post, viewer: Actor | None) -> dict[str, bool]:
    """Return where a public story of ours is shown first, as far as the visitor may change it."""
    may = post.local and post.visibility is Visibility.PUBLIC and post.kind == service.KIND
    hub = (
        await hubs.hub_actor(house=request.app[keys.HOUSE]) if viewer is not None and may else None
    )
    if viewer is None or hub is None:
        return {"may_pin": False}
    return {
        "may_pin": True,
        "pinned": await posts.is_pinned(post, by=viewer),
        "on_front": await posts.is_pinned(post, by=hub),
    }


@routes.get("/stories/{ulid}/history", name="story-history")
async def history(request: web.Request) -> web.Response:
    """Show how a story read before each edit."""
    post = await _post(request, suffix="/history")
    viewer = await viewer_of(request)
    if not await posts.may_see(post, viewer):
        raise NotFoundError
    revisions = await Revision.filter(post_id=post.id).order_by("-version").limit(100)
    return render(request, "posts/history.html", post=post, revisions=revisions)


async def _post(request: web.Request, *, suffix: str = "") -> Post:
    """Return the story at the request's path, be it withdrawn. Raises NotFoundError."""
    path = request.path.removesuffix(suffix)
    post = await posts.by_path(path, house=request.app[keys.HOUSE])
    if post is None or post.kind != service.KIND or post.state is State.DRAFT:
        raise NotFoundError
    return post
