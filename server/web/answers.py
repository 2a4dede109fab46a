"""The usual answers of a page besides showing itself."""

from urllib.parse import urlencode

from aiohttp import web

from server.web import flash, keys
from server.web.errors import UnfitRequestError
from server.web.forms import Form
from server.web.rendering import render

_ODD = frozenset(map(chr, (*range(32), 127)))


def see_other(
    request: web.Request, to: str, said: str | None = None, **match: object
) -> web.Response:
    """Lead on after a form was taken (303): to a path, or to a route by its name and the parts of
    its path.

    `said` is shown once at the top of the page that comes next.
    """
    path = to if to.startswith("/") else route_path(request, to, **match)
    response = web.Response(
        status=303, headers={"Location": path, "Cache-Control": "private, no-store"}
    )
    if said:
        flash.say(request, response, said)
    return response


def shown_again(request: web.Request, template: str, form: Form, **context: object) -> web.Response:
    """Show a form with mistakes as it was typed (422), with what to do about each."""
    return render(request, template, status=422, form=form, **context)


def leave_for(request: web.Request, url: str, *, host: str) -> web.Response:
    """Lead to a page on another site, `host` being what the visitor is told.

    A plain redirect after a form would be stopped by our own `form-action`, so this is a page with
    a link that goes on
    by itself. Raises UnfitRequestError for an address that is not on the web.
    """
    if not url.startswith(("https://", "http://")) or not _ODD.isdisjoint(url):
        raise UnfitRequestError
    response = render(request, "errors/leave.html", url=url, to_host=host)
    response.headers["Refresh"] = f"0; url={url}"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def route_path(request: web.Request, name: str, **match: object) -> str:
    """Return the path of a route by its name and the parts of its path."""
    parts = {key: str(value) for key, value in match.items()}
    return str(request.app.router[name].url_for(**parts))


def local_path(text: str | None, default: str = "/") -> str:
    """Return `text` where it is a path on this site, else `default`: where to go on after signing
    in.
    """
    if text is None or not text.startswith("/") or not _ODD.isdisjoint(text):
        return default
    return default if text.startswith(("//", "/\\")) or len(text) > 1_000 else text


def sign_in_path(request: web.Request) -> str:
    """Return the sign-in page's path, which leads back to the present page."""
    back = request.rel_url.raw_path_qs if request.method in {"GET", "HEAD"} else ""
    return f"/sign-in?{urlencode({'next': back})}" if back not in {"", "/"} else "/sign-in"


def open_session(
    request: web.Request, response: web.StreamResponse, token: str, *, seconds: int
) -> None:
    """Set the session cookie, and drop the anonymous one: what was bound to it ends at sign-in."""
    cookies = request.app[keys.COOKIES]
    cookies.set(response, "session", token, seconds=seconds)
    cookies.drop(response, "visit")


def end_session(request: web.Request, response: web.StreamResponse) -> None:
    """Drop the session cookie, and have the browser forget pages that it has kept."""
    request.app[keys.COOKIES].drop(response, "session")
    response.headers["Clear-Site-Data"] = '"cache"'


def session_token(request: web.Request) -> str | None:
    """Return the token in the session cookie, None where there is no cookie."""
    return request.app[keys.COOKIES].read(request, "session")
