"""What belongs to a topic, a place or an experiment: a page and a feed, and how to follow it; to
other servers, its actor.
"""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from server.actors import service as actors
from server.actors.pages import actor_response, viewer_of
from server.actors.tables import Actor
from server.channels import rules
from server.channels.rules import Channel
from server.channels.service import channel_of
from server.errors import NotFoundError
from server.experiments import service as experiments
from server.follows import service as follows
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.feeding import feed_of
from server.posts.tables import Post
from server.responses.cards import cards_of
from server.web import cursor, keys, page, render, wants_activity

routes = web.RouteTableDef()

ATOM = "application/atom+xml"
ACTIVITY = "application/activity+json"


@routes.get(r"/topics/{name:[^/.]+}", name="topic")
async def topic(request: web.Request) -> web.Response:
    """Show what bears a tag; a topic that nothing bears is not there."""
    name = request.match_info["name"].lower()
    if wants_activity(request):
        return await actor_response(request, rules.topic(name, name).path)
    rows = await posts.tagged(name, _stretch(request), viewer=await viewer_of(request))
    return await _show(request, _topic(name, rows), rows)


@routes.get("/topics/{name}.atom")
async def topic_feed(request: web.Request) -> web.Response:
    """Serve what bears a tag as a feed."""
    name = request.match_info["name"].lower()
    rows = (await posts.tagged(name))[: posts.PAGE]
    return feed_of(request, f"#{name}", rules.topic(name, name).path, rows)


@routes.get(r"/places/{name:[^/.]+}", name="place")
async def place(request: web.Request) -> web.Response:
    """Show what is about a place; a place that nothing is about is not there."""
    name = request.match_info["name"]
    if wants_activity(request):
        return await actor_response(request, rules.place(name, name).path)
    rows = await posts.placed(name, _stretch(request), viewer=await viewer_of(request))
    return await _show(request, _place(name, rows), rows)


@routes.get("/places/{name}.atom")
async def place_feed(request: web.Request) -> web.Response:
    """Serve what is about a place as a feed."""
    name = request.match_info["name"]
    rows = (await posts.placed(name))[: posts.PAGE]
    channel = _place(name, rows)
    return feed_of(request, channel.title, channel.path, rows)


@routes.get("/experiments/{ulid:[0-9A-Za-z]{1,40}}/channel", name="experiment-channel")
async def experiment(request: web.Request) -> web.Response:
    """Show an experiment with the latest of its log, as it comes to those who follow it."""
    if wants_activity(request):
        return await actor_response(request, request.path)
    house, viewer = request.app[keys.HOUSE], await viewer_of(request)
    post = await posts.by_path(request.path.removesuffix("/channel"), house=house)
    if post is None or post.kind != experiments.KIND or not await posts.may_see(post, viewer):
        raise NotFoundError
    channel, path = channel_of(post), path_of(post)
    log = await posts.entries(post, limit=posts.PAGE)
    return render(
        request, "channels/experiment.html", post=post, path=path,
        cards=await cards_of([*log, post]), **await _following(request, channel, viewer),
        alternates=_alternates(request, channel, f"{path}.atom"),
    )  # fmt: skip


async def _show(request: web.Request, channel: Channel, rows: Sequence[Post]) -> web.Response:
    """Show a page of what belongs to a channel. Raises NotFoundError where nothing does, and nobody
    follows it either.
    """
    following = await _following(request, channel, await viewer_of(request))
    if not rows and following["actor"] is None:
        raise NotFoundError
    slice_ = page(rows, cursor(request, posts.MARK), size=posts.PAGE, mark=posts.mark_of)
    return render(
        request, "channels/channel.html", channel=channel, slice=slice_,
        cards=await cards_of(slice_.items), **following,
        alternates=_alternates(request, channel, f"{channel.path}.atom"),
    )  # fmt: skip


async def _following(
    request: web.Request, channel: Channel, viewer: Actor | None
) -> dict[str, Any]:  # fmt: skip
    """Return the actor of a channel, None where only things from elsewhere belong to it, and how it
    stands with the visitor.
    """
    actor = await actors.at_path(channel.path, house=request.app[keys.HOUSE])
    follow = await follows.between(viewer, actor) if viewer and actor else None
    return {"actor": actor, "follow": follow}


def _alternates(request: web.Request, channel: Channel, feed: str) -> list[tuple[str, str, str]]:
    house = request.app[keys.HOUSE]
    return [
        (ATOM, channel.title, house.uri(feed)), (ACTIVITY, "ActivityPub", house.uri(channel.path)),
    ]  # fmt: skip


def _topic(name: str, rows: Sequence[Post]) -> Channel:
    shown = (tag.shown for post in rows[:1] for tag in post.tags if tag.name == name)
    return rules.topic(name, next(shown, name))


def _place(name: str, rows: Sequence[Post]) -> Channel:
    shown = (one.shown for post in rows[:1] for one in post.placed if one.name == name)
    return rules.place(name, next(shown, name))


def _stretch(request: web.Request) -> posts.Stretch:
    at = cursor(request, posts.MARK)
    return posts.Stretch.between(at.before, at.after)
