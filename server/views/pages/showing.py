"""The list of views, and the page of one."""

from aiohttp import web

from server.actors.pages import viewer_of
from server.responses.cards import cards_of
from server.search import service as search
from server.search.pages.network import choices, found
from server.search.rules.filter import Filter
from server.views import service
from server.views.pages.asking import SLUG, view_at
from server.views.pages.embedding import line_of
from server.views.rules.saving import narrowed, narrower
from server.web import Page, cursor, feeds, keys, page, render, visitor

routes = web.RouteTableDef()


@routes.get("/views", name="views")
async def listed(request: web.Request) -> web.Response:
    """List the views, the newest first."""
    at = cursor(request)
    before, somebody = int(at.before) if at.before else None, visitor(request)
    rows = await service.listed(for_all=somebody is None, before=before)
    slice_ = page(rows, at, size=service.LISTED, mark=lambda view: str(view.id))
    return render(
        request, "views/list.html", slice=Page(slice_.items, older=slice_.older),
        letters=await service.subscribed(somebody.id) if somebody else {},
    )  # fmt: skip


@routes.get(SLUG, name="view")
async def shown(request: web.Request) -> web.Response:
    """Show what is in a view, all of it or what somebody asks to see of it."""
    view, house, viewer = await view_at(request), request.app[keys.HOUSE], await viewer_of(request)
    asked = narrower(view.chosen, Filter.read(request.query))
    chosen, somebody = narrowed(view.chosen, asked), visitor(request)
    slice_ = await found(request, chosen, viewer)
    return render(
        request, "views/view.html", view=view, slice=slice_,
        cards=await cards_of([one.post for one in slice_.items]),
        count=await search.count(chosen, viewer=viewer, house=house),
        choices=await choices(request, chosen, viewer, path=view.path, asked=asked),
        lesson=chosen.address("/network/learning"), asked=asked.as_query(),
        line=line_of(view, house=house),
        mine=somebody is not None and (somebody.id == view.made_by_id or somebody.is_steward),
        alternates=[
            (str(feeds.Form.ATOM), view.name, house.uri(f"{view.path}.atom")),
            (str(feeds.Form.JSON), view.name, house.uri(f"{view.path}.feed.json")),
        ],
    )  # fmt: skip
