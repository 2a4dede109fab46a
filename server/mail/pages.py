"""No more letters: in one click, without signing in (RFC 8058)."""

from aiohttp import web

from server.errors import NotFoundError
from server.mail import service
from server.web import csrf, keys, render

routes = web.RouteTableDef()

LETTERS = r"/letters/{kind:[a-z0-9-]{1,40}}/{row:\d{1,18}}/{tag:[\w-]{1,64}}"


@routes.get(LETTERS, name="way-out")
async def ask(request: web.Request) -> web.Response:
    """Ask whether they are to end: what only looks at addresses in letters ends nothing."""
    _looked_at(request)
    return render(request, "mail/way-out.html", done=False)


@routes.post(LETTERS)
@csrf.exempt
async def end(request: web.Request) -> web.Response:
    """End them, whether a person presses the button or their mail program does; its tag is all the
    proof there is.
    """
    kind, row = _looked_at(request)
    await service.end(kind, row, house=request.app[keys.HOUSE])
    return render(request, "mail/way-out.html", done=True)


def _looked_at(request: web.Request) -> tuple[str, int]:
    """Return what the address ends. Raises NotFoundError where it is none of ours."""
    kind, row = request.match_info["kind"], int(request.match_info["row"])
    tag, house = request.match_info["tag"], request.app[keys.HOUSE]
    if not service.is_way_out(kind, row, tag, house=house):
        raise NotFoundError
    return kind, row
