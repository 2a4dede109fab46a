"""What is known of this hub and of those that it follows: a list by choice, and its feed."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from markupsafe import Markup

from server.actors.pages import viewer_of
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.experiments.rules.words import STAGES
from server.follows import service as follows
from server.hub import service as hub
from server.posts.feeding import feed_of
from server.responses.cards import cards_of
from server.search import service
from server.search.rules.filter import Filter
from server.search.service import Option
from server.search.versions import of_newest
from server.stories.forms import ROLES
from server.web import Page, cursor, keys, page, render, shown
from server.web.faces import look
from server.web.rendering import render_text

routes = web.RouteTableDef()

PATH = "/network"
ATOM = "application/atom+xml"
PAIRS = 5
"""Experiments of a page that look alike, two by two, that are named."""
KINDS = {
    "story": "Stories", "experiment": "Experiments", "update": "News of experiments",
    "note": "Other posts",
}  # fmt: skip
SAID: dict[str, Mapping[Any, str]] = {
    "kind": KINDS, "stage": STAGES, "role": dict(ROLES),
    "measured": {"yes": "The numbers got better"},
}  # fmt: skip
"""What is chosen from few, in words."""
HEADINGS = {
    "kind": "What it is", "stage": "Where it stands", "measured": "Measured", "topic": "Topics",
    "place": "Places", "organisation": "Teams and organisations", "hub": "Hubs", "role": "Told by",
}  # fmt: skip


@routes.get(PATH, name="network")
async def network(request: web.Request) -> web.Response:
    """Show everybody what this hub and those that it follows told, by what is chosen."""
    version = await of_newest(service.PAGE + 1) if not request.query else None
    return await shown(request, version, partial(_network, request))


async def _network(request: web.Request) -> web.Response:
    actor, house = await _hub(request), request.app[keys.HOUSE]
    chosen, viewer = Filter.read(request.query), await viewer_of(request)
    slice_ = await found(request, chosen, viewer)
    feed = chosen.address(f"{PATH}.atom")
    return render(
        request, "search/network.html", chosen=chosen, slice=slice_, asked=chosen.as_query(),
        cards=await cards_of([one.post for one in slice_.items]),
        choices=await choices(request, chosen, viewer), counts=await follows.counts(actor),
        pairs=(await service.pairs([one.post for one in slice_.items]))[:PAIRS],
        feed=feed, alternates=[(ATOM, "New at this hub and others", house.uri(feed))],
    )  # fmt: skip


async def found(
    request: web.Request, chosen: Filter, viewer: Actor | None
) -> Page[service.Found]:  # fmt: skip
    """Return the page of what was chosen that the address asks for."""
    at = cursor(request)
    before, after = (int(one) if one else None for one in (at.before, at.after))
    rows = await service.find(
        chosen, before=before, after=after, limit=service.PAGE + 1, viewer=viewer,
        house=request.app[keys.HOUSE],
    )  # fmt: skip
    return page(rows, at, size=service.PAGE, mark=lambda one: str(one.number))


async def choices(
    request: web.Request, chosen: Filter, viewer: Actor | None, *, path: str = PATH,
    asked: Filter | None = None,
) -> Markup:  # fmt: skip
    """Return what else could be chosen, counted now, as ways to lists at `path`; what is chosen and
    not `asked` for in the address, that page has chosen itself. Where there is more than is
    counted, it is held for half a minute, but never for somebody who is kept apart from others.
    """
    asked = chosen if asked is None else asked
    held, face = request.app[keys.PIECES], look(request.app[keys.FACE])
    apart = await service.left_out(viewer)
    name = None if apart else ("choices", path, chosen, asked, face)
    made = held.find(name, None) if name else None
    if made is None:
        offered = await service.facets(chosen, viewer=viewer, house=request.app[keys.HOUSE])
        facets = offered.options
        open_ones = [one for one in facets if getattr(chosen, one) == getattr(asked, one)]
        values = [(one, option.value) for one in open_ones for option in facets[one]]
        spelled = await service.spelled(values, house=request.app[keys.HOUSE])
        named = [
            (HEADINGS[one], _ways(path, asked, one, facets[one], spelled))
            for one in HEADINGS
            if one in open_ones
        ]
        context = {"named": named, "offered": offered, "looked_at": service.LOOKED_AT}
        made = Markup(render_text(request, "search/choices.html", context))  # noqa: S704 - ours
        if name and offered.more:
            held.keep(name, None, made, size=len(made))
    return made


def _ways(
    path: str, asked: Filter, name: str, options: Sequence[Option],
    spelled: Mapping[tuple[str, str], str],
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the options of a choice, each with the address of the list that it leads to: with it,
    or where it is chosen without it.
    """
    rest = {key: value for key, value in asked.as_query().items() if key != name}
    words = SAID.get(name, {})
    return [
        {
            "words": words.get(one.value) or spelled.get((name, one.value), one.value),
            "count": one.count,
            "chosen": one.chosen,
            "href": f"{path}?{urlencode(rest if one.chosen else rest | {name: one.value})}",
        }
        for one in options
    ]  # fmt: skip


@routes.get(f"{PATH}.atom")
async def feed(request: web.Request) -> web.Response:
    """Serve the same, the newest of it, as a feed."""
    chosen = Filter.read(request.query)
    rows = await service.find(chosen, house=request.app[keys.HOUSE])
    title = "New at this hub and others"
    found = [one.post for one in rows]
    own = chosen.address(f"{PATH}.atom")
    return feed_of(request, title, chosen.address(PATH), found, own=own)


async def _hub(request: web.Request) -> Actor:
    actor = await hub.hub_actor(house=request.app[keys.HOUSE])
    if actor is None:
        raise NotFoundError
    return actor
