"""What is new: the front page, home, a person, and their feeds."""

from datetime import timedelta
from functools import lru_cache, partial

import orjson
from aiohttp import web

from federation import html
from server.actors import service as actors
from server.actors.pages import actor_response, viewer_of
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.experiments import service as experiments
from server.follows import service as follows
from server.hub import service as hub
from server.hub.rules import HUB_PATH
from server.people import service as people
from server.posts import service as posts
from server.posts.feeding import feed_of
from server.posts.tables import Post
from server.posts.versions import of_latest, of_latest_by, of_pinned
from server.responses import service as responses
from server.responses.cards import cards_of, gathered
from server.responses.versions import of_recent_thanks, of_thanks_to
from server.stories import service as stories
from server.web import (
    cursor,
    keys,
    page,
    render,
    require_visitor,
    see_other,
    shown,
    visitor,
    wants_activity,
)

routes = web.RouteTableDef()

NEWEST = 6
WEEK = timedelta(days=7)
THANKS = 30
"""Thank-yous that are gathered by whom they are for."""
ATOM = "application/atom+xml"


@routes.get("/", name="front")
async def front(request: web.Request) -> web.Response:
    """Show what this hub is, what is new, and who is thanked; before the set-up, how to begin."""
    if wants_activity(request):
        return await hub_actor(request)
    if visitor(request):
        return await _front(request)
    first = await of_pinned(request.app[keys.HOUSE].uri("/hub"))
    version = (
        first, await of_latest(experiments.KIND, NEWEST + 1),
        await of_latest(stories.KIND, NEWEST + 1), await of_recent_thanks(THANKS),
    )  # fmt: skip
    return await shown(request, version, partial(_front, request))


async def _front(request: web.Request) -> web.Response:
    house = request.app[keys.HOUSE]
    if not await hub.is_set_up():
        return render(request, "front/before.html")
    viewer = await viewer_of(request)
    newest = await stories.latest(viewer=viewer)
    thanks = await responses.listed(viewer=viewer, size=THANKS - 1)
    tried = await experiments.latest(viewer=viewer)
    actor = await hub.hub_actor(house=house)
    first = await posts.pinned(actor, viewer=viewer) if actor else []
    rest = [post for post in newest if post.id not in {one.id for one in first}]
    return render(
        request, "front/front.html", stories=await cards_of([*first, *rest[:NEWEST]]),
        more=len(rest) > NEWEST, tried=await cards_of(tried[:NEWEST]),
        welcome=_welcome(request.app[keys.FACE].words),
        thanks=gathered(thanks, since=house.clock.now() - WEEK)[:NEWEST],
        alternates=[(ATOM, "What is new", house.uri("/feed.atom"))],
    )  # fmt: skip


_welcome = lru_cache(maxsize=64)(html.from_markdown)


@routes.get("/hub", name="hub")
async def hub_page(request: web.Request) -> web.Response:
    """Serve the hub's actor to other servers; lead people to the front page."""
    return await hub_actor(request) if wants_activity(request) else see_other(request, "/")


async def hub_actor(request: web.Request) -> web.Response:
    """Answer with the hub's actor. Raises NotFoundError before the set-up."""
    return await actor_response(request, HUB_PATH)


@routes.get("/feed.atom")
async def feed(request: web.Request) -> web.Response:
    """Serve what is new on this hub as a feed."""
    face = request.app[keys.FACE]
    return feed_of(request, face.name, "/", await _newest())


async def _newest(author: Actor | None = None) -> list[Post]:
    """Return the newest stories and experiments, of somebody or of the hub."""
    found = [*await stories.latest(author=author), *await experiments.latest(author=author)]
    return sorted(found, key=lambda post: (post.published_at, post.id), reverse=True)[: posts.PAGE]


@routes.get("/home", name="home")
async def home(request: web.Request) -> web.Response:
    """Show what those whom the visitor follows published or passed on."""
    viewer = await Actor.get(id=require_visitor(request).actor_id)
    at = cursor(request, posts.MARK)
    stretch = posts.Stretch.between(at.before, at.after)
    rows = await posts.home(viewer, now=request.app[keys.CLOCK].now(), stretch=stretch)
    slice_ = page(rows, at, size=posts.PAGE, mark=lambda one: one.mark)
    passed = {one.post.id: one.by for one in slice_.items}
    return render(
        request, "front/home.html", slice=slice_, passed=passed,
        cards=await cards_of([one.post for one in slice_.items]),
        counts=await follows.counts(viewer),
    )  # fmt: skip


@routes.get(r"/people/{name:[^/.]+}", name="person")
async def person(request: web.Request) -> web.Response:
    """Show a person and what they told; to other servers, their actor."""
    name = request.match_info["name"]
    if wants_activity(request):
        return await actor_response(request, f"/people/{name}")
    if request.query or visitor(request):
        return await _show_person(request)
    uri = request.app[keys.HOUSE].uri(f"/people/{name}")
    version = (
        await of_pinned(uri), await of_latest_by(uri, experiments.KIND, NEWEST + 1),
        await of_latest_by(uri, stories.KIND, posts.PAGE + 1),
        await of_thanks_to(uri, NEWEST + 1),
    )  # fmt: skip
    return await shown(request, version, partial(_show_person, request))


async def _show_person(request: web.Request) -> web.Response:
    actor = await _person(request, request.match_info["name"])
    house, at = request.app[keys.HOUSE], cursor(request, posts.MARK)
    stretch, viewer = posts.Stretch.between(at.before, at.after), await viewer_of(request)
    thanks = await responses.listed(whom=actor, viewer=viewer, size=NEWEST)
    rows = await stories.latest(author=actor, stretch=stretch, viewer=viewer)
    slice_ = page(rows, at, size=posts.PAGE, mark=posts.mark_of)
    first = await posts.pinned(actor, viewer=viewer) if slice_.newer is None else []
    tried = await experiments.latest(author=actor, viewer=viewer) if slice_.newer is None else []
    return render(
        request, "front/person.html", actor=actor, lines=orjson.loads(actor.fields_json),
        slice=slice_, cards=await cards_of(slice_.items), counts=await follows.counts(actor),
        follow=await follows.between(viewer, actor) if viewer else None,
        moved=await people.new_place(actor),
        thanks=thanks[:NEWEST], more_thanks=len(thanks) > NEWEST,
        first=await cards_of(first), tried=await cards_of(tried[:NEWEST]),
        alternates=[
            (ATOM, actor.shown_name, f"{actor.uri}.atom"),
            ("application/activity+json", "ActivityPub", actor.uri),
        ],
        creator=actor.handle, canonical=house.uri(f"/people/{actor.username}"),
        indexed=actor.indexable,
    )  # fmt: skip


@routes.get("/people/{name}.atom")
async def personfeed_of(request: web.Request) -> web.Response:
    """Serve what a person told as a feed."""
    actor = await _person(request, request.match_info["name"])
    path = f"/people/{actor.username}"
    return feed_of(request, actor.shown_name, path, await _newest(actor))


async def _person(request: web.Request, name: str) -> Actor:
    actor = await actors.at_path(f"/people/{name}", house=request.app[keys.HOUSE])
    if actor is None:
        raise NotFoundError
    return actor
