"""Read stories: the list, one, its history; and what other servers and feed readers get."""

import functools
from typing import Any

from aiohttp import web

from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.errors import NotFoundError, WithdrawnError
from server.hub import service as hubs
from server.posts import service as posts
from server.posts.cards import card, entry, path_of
from server.posts.pages import note_response
from server.posts.rules import State, Visibility
from server.posts.tables import Post, Revision
from server.responses import service as responses
from server.responses import versions
from server.responses.cards import cards_of
from server.responses.forms import ResponseForm
from server.responses.rules import WORDS
from server.stories import service
from server.stories.forms import ROLES
from server.stories.versions import of_latest
from server.web import (
    AnyMember,
    cursor,
    draft,
    feeds,
    is_told,
    keys,
    page,
    render,
    see_other,
    shared,
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
    version = await of_latest(posts.PAGE + 1) if at_top else None
    return await shown(request, version, functools.partial(_list, request))


async def _list(request: web.Request) -> web.Response:
    at = cursor(request, posts.MARK)
    role = request.query.get("role", "")
    stretch = posts.Stretch.between(at.before, at.after)
    somebody = visitor(request)
    viewer = await Actor.get(id=somebody.actor_id) if somebody else None
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
    house, face = request.app[keys.HOUSE], request.app[keys.FACE]
    entries = [entry(post) for post in (await service.latest())[: posts.PAGE]]
    return feeds.feed_response(
        request,
        feeds.Feed(
            title=f"Stories – {face.name}", url=house.uri("/stories"),
            feed_url=house.uri("/stories.atom"), entries=entries,
            updated=max((one.updated for one in entries), default=house.clock.now()),
        ),
    )  # fmt: skip


@routes.get("/stories/{ulid}", name="story")
async def story(request: web.Request) -> web.Response:
    """Show one story with what came of it; to other servers, the Note in its exact bytes."""
    if wants_activity(request):
        return await note_response(request, kind=service.KIND)
    uri, somebody = request.app[keys.HOUSE].uri(request.path), visitor(request)
    if somebody is None:
        version = await versions.of_post(uri)
        return await shown(request, version, functools.partial(_read, request))
    seen = await versions.for_member(uri, person_id=somebody.id, actor_id=somebody.actor_id)
    if seen is None or somebody.is_steward or is_told(request):
        return await _read(request)
    make = functools.partial(_draft, request, thanked=seen.thanked)
    return await shared(request, seen.version, make)


async def _read(request: web.Request) -> web.Response:
    return await show_story(request, await _post(request), ResponseForm())


async def _draft(request: web.Request, *, thanked: bool) -> str:
    """Return the page for everybody who is signed in and has nothing of their own on it."""
    post = await _post(request)
    if not await posts.may_see(post, None):  # it may have been for everybody a moment ago
        raise NotFoundError
    context = await _context(request, post, None)
    own = {"visitor": AnyMember(), "thanked": thanked, "form": ResponseForm()}
    return draft(request, STORY, context | own)


async def show_story(request: web.Request, post: Post, form: ResponseForm) -> web.Response:
    """Show a story, ours or our copy of somebody else's, with `form` below it."""
    somebody = visitor(request)
    if post.state is State.WITHDRAWN:
        if post.local and somebody and (somebody.is_steward or post.written_by_id == somebody.id):
            return see_other(request, f"{path_of(post)}/delivery")
        raise WithdrawnError
    viewer = await actors.by_id(somebody.actor_id) if somebody else None
    if not await posts.may_see(post, viewer):
        raise NotFoundError
    mine = somebody is not None and post.written_by_id == somebody.id
    sees_status = post.local and somebody is not None and (mine or somebody.is_steward)
    own = {
        "form": form,
        "mine": mine,
        "thanked": viewer is not None and await responses.has_thanked(viewer, post),
        **await _pins(request, post, viewer),
        "status_line": await delivery.status(post.uri or "") if sees_status else None,
    }
    context = await _context(request, post, viewer)
    return render(request, STORY, status=422 if form.errors else 200, **(context | own))


async def _context(request: web.Request, post: Post, viewer: Actor | None) -> dict[str, Any]:
    """Return what a story's page shows to everybody, and of what is below it what the viewer may
    read.
    """
    told = await service.of_post(post)
    return {
        "post": post,
        "story": told,
        "role": ROLE_WORDS.get(told.author_role, "") if told and told.author_role else "",
        "tags": [(tag.shown, f"/topics/{tag.name}") for tag in await posts.tags(post)],
        "pictures": await posts.shown_pictures(post, house=request.app[keys.HOUSE]),
        "said_below": await responses.said_under(post, viewer),
        "thanks": await responses.thanks_for(post),
        "thanked": False,
        "mine": False,
        "may_pin": False,
        "status_line": None,
        "avatar": functools.partial(actors.avatar, house=request.app[keys.HOUSE]),
        "kind_words": WORDS.get,
        "description": card(post).excerpt,
        "creator": post.author.handle,
        "canonical": post.url,
        "alternates": [("application/activity+json", "ActivityPub", post.uri)],
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
    somebody = visitor(request)
    viewer = await Actor.get(id=somebody.actor_id) if somebody else None
    if not await posts.may_see(post, viewer):
        raise NotFoundError
    revisions = await Revision.filter(post_id=post.id).order_by("-version").limit(100)
    return render(request, "stories/history.html", post=post, revisions=revisions)


async def _post(request: web.Request, *, suffix: str = "") -> Post:
    """Return the story at the request's path, be it withdrawn. Raises NotFoundError."""
    path = request.path.removesuffix(suffix)
    post = await posts.by_path(path, house=request.app[keys.HOUSE])
    if post is None or post.kind != service.KIND or post.state is State.DRAFT:
        raise NotFoundError
    return post
