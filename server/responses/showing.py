"""What the page of any post shows: its words, replies, thanks; to whom it is for, and how it is
held for many.
"""

import functools
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

from aiohttp import web

from server.actors import hosts
from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.errors import NotFoundError, WithdrawnError
from server.house import House
from server.posts import service as posts
from server.posts.cards import card, path_of
from server.posts.rules import State
from server.posts.tables import Post
from server.responses import service, versions
from server.responses.forms import ResponseForm
from server.responses.rules import WORDS
from server.web import AnyMember, draft, is_told, keys, render, see_other, shared, shown, visitor


async def held(
    request: web.Request,
    template: str,
    *,
    read: Callable[[], Awaitable[web.Response]],
    context: Callable[[Post, Actor | None], Awaitable[dict[str, Any]]],
    more: Hashable = (),
    alone: bool = False,
) -> web.Response:
    """Answer with the page of the post at the request's path, held where it is the same for many.

    `read` makes it for one visitor, and `context` gives what its template shows to everybody.
    `more` is the version of what else than the post and what came of it is on the page; `alone`
    says that this visitor's page is theirs alone.
    """
    uri, somebody = request.app[keys.HOUSE].uri(request.path), visitor(request)
    if somebody is None:
        version = await versions.of_post(uri)
        return await shown(request, version and (version, more), read)
    seen = await versions.for_member(uri, person_id=somebody.id, actor_id=somebody.actor_id)
    if seen is None or alone or somebody.is_steward or is_told(request):
        return await read()
    make = functools.partial(_draft, request, template, context, thanked=seen.thanked)
    return await shared(request, (seen.version, more), make)


async def _draft(
    request: web.Request,
    template: str,
    context: Callable[[Post, Actor | None], Awaitable[dict[str, Any]]],
    *,
    thanked: bool,
) -> str:
    """Return the page for everybody who is signed in and has nothing of their own on it."""
    post = await posts.by_path(request.path, house=request.app[keys.HOUSE])
    # It may have been for everybody a moment ago.
    if post is None or not await posts.may_see(post, None):
        raise NotFoundError
    own = {"visitor": AnyMember(), "thanked": thanked, "form": ResponseForm()}
    return draft(request, template, await context(post, None) | own)


async def show(
    request: web.Request,
    template: str,
    post: Post,
    form: ResponseForm,
    *,
    context: Callable[[Post, Actor | None], Awaitable[dict[str, Any]]],
) -> web.Response:
    """Show a post, ours or our copy of somebody else's, with `form` below it. Raises WithdrawnError
    and NotFoundError.
    """
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
        "thanked": viewer is not None and await service.has_thanked(viewer, post),
        "status_line": await delivery.status(post.uri or "") if sees_status else None,
    }
    return render(
        request, template, status=422 if form.errors else 200, **(own | await context(post, viewer))
    )


async def of_everybody(request: web.Request, post: Post, viewer: Actor | None) -> dict[str, Any]:
    """Return what the page of a post shows to everybody, and of what is below it what the viewer
    may read.
    """
    house = request.app[keys.HOUSE]
    return {
        "post": post,
        "reworded": post.id in await posts.reworded([post]),
        "lane": await _lane(post, house),
        "closed_at": None if post.local else await hosts.closed_at(post.author.host),
        "tags": [(tag.shown, f"/topics/{tag.name}") for tag in await posts.tags(post)],
        "placed": [(one.shown, f"/places/{one.name}") for one in await posts.places(post)],
        "pictures": await posts.shown_pictures(post, house=house),
        "said_below": await service.said_under(post, viewer),
        "thanks": await service.thanks_for(post),
        "avatar": functools.partial(actors.avatar, house=house),
        "kind_words": WORDS.get,
        "description": card(post).excerpt,
        "creator": post.author.handle,
        "canonical": post.url,
        "alternates": [("application/activity+json", "ActivityPub", post.uri)],
    }


async def _lane(post: Post, house: House) -> delivery.LaneView | None:
    """Return how what is sent to the hub of a copy fares: whether it is still there."""
    host = post.author.host
    return None if post.local else (await delivery.lanes_to([host], house=house)).get(host)


STRANGERS: dict[str, Any] = {"mine": False, "thanked": False, "status_line": None}
"""What a page shows to whoever has nothing of their own on it."""
