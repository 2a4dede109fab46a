"""Notifications, on a page."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from server.people.forms import ReadForm
from server.people.service import notifications
from server.web import Page, cursor, keys, render, require_visitor, see_other

routes = web.RouteTableDef()

PostLinks = Callable[[Sequence[int]], Awaitable[dict[int, tuple[str, str]]]]
POST_LINKS: web.AppKey[PostLinks] = web.AppKey("POST_LINKS")
"""Knows the (title, path) of posts by their ids; set by a feature above, which knows posts."""


@routes.get("/notifications", name="notifications")
async def notices(request: web.Request) -> web.Response:
    """Show what happened, the newest first."""
    person = require_visitor(request)
    at = cursor(request)
    before = int(at.before) if at.before and at.before.isdecimal() else None
    rows = await notifications.listed(person.id, before=before)
    more = len(rows) == notifications.PAGE
    return render(
        request, "people/notifications.html",
        slice=Page(rows, older=str(rows[-1].id) if more else None),
        links=await _links(request, [row.post_id for row in rows if row.post_id]),
        unread=await notifications.unread(person.id),
        newest=rows[0].id if rows else 0,
    )  # fmt: skip


async def _links(request: web.Request, ids: list[int]) -> dict[int, tuple[str, str]]:
    look_up = request.app.get(POST_LINKS)
    return await look_up(ids) if look_up is not None and ids else {}


@routes.post("/notifications/read", name="notifications-read")
async def read(request: web.Request) -> web.Response:
    """Mark what was on the page as read, and nothing that came since."""
    person = require_visitor(request)
    form = await ReadForm.read(request)
    if form.up_to.isdecimal():
        await notifications.mark_read(
            person.id, up_to=int(form.up_to), house=request.app[keys.HOUSE]
        )
    return see_other(request, "notifications", "All marked as read.")
