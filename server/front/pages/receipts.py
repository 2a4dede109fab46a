"""How one published thing got on, for its writer and the stewards; after it was taken back, the
receipts.
"""

from aiohttp import web

from server.delivery import service as delivery
from server.delivery.service import Fate
from server.errors import NotFoundError
from server.posts import service as posts
from server.posts.pages import PATH
from server.posts.rules import State
from server.posts.tables import Post
from server.web import keys, render, require_visitor, see_other

routes = web.RouteTableDef()

SUFFIX = "/delivery"
HERE = PATH + SUFFIX


@routes.get(HERE, name="receipts")
async def receipts(request: web.Request) -> web.Response:
    """List where a thing was delivered, where it waits and why; in words, page by page."""
    post = await _own(request)
    uri = post.uri or ""
    counted = await delivery.status(uri)
    asked = request.query.get("what", "")
    fate = Fate(asked) if asked in list(Fate) else _most_telling(counted)
    found = await delivery.receipts(uri, fate, after=request.query.get("after", ""))
    further = found[delivery.PAGE - 1].host if len(found) > delivery.PAGE else None
    return render(
        request, "front/receipts.html", post=post, counted=counted, fate=fate,
        withdrawn=post.state is State.WITHDRAWN, receipts=found[: delivery.PAGE], further=further,
        path=request.path, edit_travels_at=posts.edit_travels_at(post),
    )  # fmt: skip


@routes.post(HERE, name="tell-edit")
async def tell_edit(request: web.Request) -> web.Response:
    """Send now what was changed, instead of waiting for more."""
    post = await _own(request)
    await posts.tell(post, house=request.app[keys.HOUSE])
    return see_other(request, "receipts", said="The change is on its way.", **request.match_info)


def _most_telling(counted: delivery.Status) -> Fate:
    if counted.waiting:
        return Fate.WAITING
    return Fate.FAILED if counted.failed else Fate.ARRIVED


async def _own(request: web.Request) -> Post:
    """Return the post at the path, be it withdrawn, where the visitor wrote it or is a steward;
    to anybody else it is not there (case 30).
    """
    somebody = require_visitor(request)
    path = request.path.removesuffix(SUFFIX)
    post = await posts.by_path(path, house=request.app[keys.HOUSE])
    if post is None or not post.local or post.state is State.DRAFT:
        raise NotFoundError
    if post.written_by_id != somebody.id and not somebody.is_steward:
        raise NotFoundError
    return post
