"""Look for stories, experiments, people and topics by their words."""

from aiohttp import web

from server.actors.pages import viewer_of
from server.responses.cards import cards_of
from server.search import service
from server.search.pages.network import found
from server.search.rules.filter import Filter
from server.web import keys, render

routes = web.RouteTableDef()


@routes.get("/search", name="search")
async def search(request: web.Request) -> web.Response:
    """Show what is known by some words: people and topics so called, and things that say so."""
    chosen, viewer = Filter(text=Filter.read(request.query).text), await viewer_of(request)
    if not chosen.text:
        return render(request, "search/search.html", chosen=chosen)
    house, slice_ = request.app[keys.HOUSE], await found(request, chosen, viewer)
    return render(
        request, "search/search.html", chosen=chosen, slice=slice_, asked=chosen.as_query(),
        people=await service.people(chosen.text, viewer=viewer, house=house),
        topics=await service.topics(chosen.text, viewer=viewer, house=house),
        count=await service.count(chosen, viewer=viewer, house=house),
        cards=await cards_of([one.post for one in slice_.items]),
    )  # fmt: skip
