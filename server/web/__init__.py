"""The web side of a node: what every feature's pages lean on.

`make_app` puts it together. A page is a handler in a feature's `pages.py`, with `routes =
web.RouteTableDef()`:

    @routes.post("/stories/{ulid}/thank", name="thank")
    async def thank(request: web.Request) -> web.Response:
        person = require_visitor(request)
        form = await ThankForm.read(request)
        if form.errors:
            return shown_again(request, "stories/thank.html", form)
        await service.thank(...)
        return see_other(request, "story", said="Thank you.", ulid=request.match_info["ulid"])
"""

from server.web import csrf, feeds, headers, keys
from server.web.addresses import client_address
from server.web.answers import (
    end_session,
    leave_for,
    local_path,
    open_session,
    route_path,
    see_other,
    session_token,
    shown_again,
)
from server.web.app import make_app
from server.web.documents import activity_response, vary
from server.web.door import Door
from server.web.faces import Face, PlainFace
from server.web.guards import limit, require_steward, require_visitor, visitor
from server.web.negotiation import (
    json_error,
    wants_activity,
    wants_json,
)
from server.web.paging import Cursor, Page, cursor, page
from server.web.reading import body_limit, read_body
from server.web.rendering import draft, render, render_text
from server.web.settings import WebSettings
from server.web.showing import is_told, shared, shown
from server.web.streaming import streamed
from server.web.visitors import AnyMember, NoVisitors, Visitor, Visitors

__all__ = [
    "AnyMember",
    "Cursor",
    "Door",
    "Face",
    "NoVisitors",
    "Page",
    "PlainFace",
    "Visitor",
    "Visitors",
    "WebSettings",
    "activity_response",
    "body_limit",
    "client_address",
    "csrf",
    "cursor",
    "draft",
    "end_session",
    "feeds",
    "headers",
    "is_told",
    "json_error",
    "keys",
    "leave_for",
    "limit",
    "local_path",
    "make_app",
    "open_session",
    "page",
    "read_body",
    "render",
    "render_text",
    "require_steward",
    "require_visitor",
    "route_path",
    "see_other",
    "session_token",
    "shared",
    "shown",
    "shown_again",
    "streamed",
    "vary",
    "visitor",
    "wants_activity",
    "wants_json",
]
