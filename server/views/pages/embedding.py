"""The panel of a view, to be shown on other sites: the only page that may be in a frame."""

from html import escape

from aiohttp import web

from server.errors import NotFoundError
from server.house import House
from server.responses.cards import cards_of
from server.views import service
from server.views.pages.asking import SLUG
from server.views.tables import SavedView
from server.web import headers, keys, render_text

routes = web.RouteTableDef()

SHOWN = 5
"""Things on the panel."""


def line_of(view: SavedView, *, house: House) -> str:
    """Return the line of HTML that shows a view on another site."""
    return (
        f'<iframe src="{house.uri(view.path)}/embed" title="{escape(view.name)}" width="100%"'
        ' height="480" loading="lazy" style="border:0"></iframe>'
    )


@routes.get(SLUG + "/embed", name="embedded-view")
async def panel(request: web.Request) -> web.Response:
    """Show the newest of a view for everybody, whoever looks: a stranger's page, without a form."""
    view, house = await service.by_slug(request.match_info["slug"]), request.app[keys.HOUSE]
    if view is None or not view.is_public:
        raise NotFoundError
    part = await service.part(view.chosen, size=SHOWN, house=house)
    told = {"view": view, "cards": await cards_of([one.post for one in part.found])}
    return web.Response(
        text=render_text(request, "views/embed.html", told), content_type="text/html",
        headers={
            "Content-Security-Policy": headers.FRAMED, "Cache-Control": "public, max-age=300",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )  # fmt: skip
