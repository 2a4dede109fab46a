"""What a hub's two colours make: a style sheet and a mark.

Served as files, so that no page holds a style of its own.
"""

from functools import lru_cache
from hashlib import blake2b

from aiohttp import web

from server.web import keys
from server.web.colours import DEFAULT_BRIGHT, DEFAULT_DEEP, is_colour
from server.web.faces import Face
from server.web.negotiation import has_already

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=300"

_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
    '<path d="M5 4.5 35 3l1.5 32L4 37z" fill="{hub}"/><g stroke-linecap="round">'
    '<path d="M12 11.5v3m0 5v3m0 5v3M20 11v1m0 5v3m0 5v3m8-16.5v3m0 5v3m0 5v3"'
    ' stroke="{hub_2}" stroke-width="3.2"/>'
    '<path d="M9 17.2h6m3.5 0h5m3 0h5M8.5 25h5m4 0h5.5m3.5 0h5" stroke="#fff" stroke-width="2.2"/>'
    "</g></svg>"
)

routes = web.RouteTableDef()


def url(face: Face) -> str:
    """Return the address of the style sheet of a face; another one once its colours change."""
    return f"/theme.css?v={_digest(face.hub, face.hub_2)}"


def mark_url(face: Face) -> str:
    """Return the address of the mark (favicon) of a face."""
    return f"/favicon.svg?v={_digest(face.hub, face.hub_2)}"


@routes.get("/theme.css", name="theme")
async def style(request: web.Request) -> web.Response:
    """Answer with the hub's two colours, for `var(--hub)` and `var(--hub-2)`."""
    hub, hub_2 = _colours(request.app[keys.FACE])
    return _file(request, f":root{{--hub:{hub};--hub-2:{hub_2}}}\n", "text/css")


@routes.get("/favicon.svg", name="mark")
async def mark(request: web.Request) -> web.Response:
    """Answer with the woven patch in the hub's colours."""
    hub, hub_2 = _colours(request.app[keys.FACE])
    return _file(request, _MARK.format(hub=hub, hub_2=hub_2), "image/svg+xml")


@routes.get("/favicon.ico", name="favicon")
async def favicon(request: web.Request) -> web.Response:
    """Lead browsers that ask for the old name to the mark."""
    return web.Response(
        status=302,
        headers={"Location": mark_url(request.app[keys.FACE]), "Cache-Control": _FOR_NOW},
    )


def _file(request: web.Request, text: str, media: str) -> web.Response:
    digest = _digest(*_colours(request.app[keys.FACE]))
    current = request.query.get("v") == digest
    headers = {"ETag": f'"{digest}"', "Cache-Control": _FOR_EVER if current else _FOR_NOW}
    if has_already(request, headers["ETag"]):
        return web.Response(status=304, headers=headers)
    return web.Response(text=text, content_type=media, headers=headers)


def _colours(face: Face) -> tuple[str, str]:
    return (
        face.hub if is_colour(face.hub) else DEFAULT_DEEP,
        face.hub_2 if is_colour(face.hub_2) else DEFAULT_BRIGHT,
    )


@lru_cache(maxsize=64)
def _digest(hub: str, hub_2: str) -> str:
    return blake2b(f"{hub} {hub_2}".encode(), digest_size=5).hexdigest()
