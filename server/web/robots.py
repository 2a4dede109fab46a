"""What we ask of search engines.

Whether a person wishes to be found is said on their own pages (`noindex`).
"""

from aiohttp import web

_CLOSED = (
    "/home",
    "/notifications",
    "/settings",
    "/stewards",
    "/drafts",
    "/sign-in",
    "/join",
    "/reset",
    "/letters",
    "/setup",
    "/proxy",
    "/authorize_interaction",
)
_TEXT = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in _CLOSED)

routes = web.RouteTableDef()


@routes.get("/robots.txt", name="robots")
async def robots(request: web.Request) -> web.Response:
    """Name the parts that are for people who are signed in."""
    return web.Response(text=_TEXT, headers={"Cache-Control": "public, max-age=86400"})
