"""Leading on, saying something once, sessions and their cookies."""

import pytest
from aiohttp import web

from server.web import end_session, leave_for, local_path, open_session, render, see_other, visitor
from tests.server.web.conftest import Serve

table = web.RouteTableDef()


@table.get("/page/{number}", name="page")
async def page(request: web.Request) -> web.Response:
    """Show a page."""
    return render(request, "errors/leave.html", url="https://a.example", to_host="a.example")


@table.get("/done")
async def done(request: web.Request) -> web.Response:
    """Lead on and say something."""
    return see_other(request, "page", said="Thank you, <Ida> & all.", number=3)


@table.get("/in")
async def sign_in(request: web.Request) -> web.Response:
    """Open Ida's session."""
    response = see_other(request, "/who")
    open_session(request, response, "idas", seconds=3600)
    return response


@table.get("/out")
async def sign_out(request: web.Request) -> web.Response:
    """End it."""
    response = see_other(request, "/who")
    end_session(request, response)
    return response


@table.get("/who")
async def who(request: web.Request) -> web.Response:
    """Say who it is."""
    somebody = visitor(request)
    return web.Response(text=somebody.name if somebody else "nobody")


@table.get("/leave")
async def leave(request: web.Request) -> web.Response:
    """Lead away."""
    return leave_for(request, request.query["to"], host="far.example")


async def test_something_is_said_once(serve: Serve) -> None:
    """On the next page, escaped, and on none after it."""
    client = await serve(table)
    async with client.get("/done", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/page/3")
    async with client.get("/page/3") as response:
        assert "Thank you, &lt;Ida&gt; &amp; all." in await response.text()
        assert "ETag" not in response.headers
    async with client.get("/page/3") as response:
        assert "Thank you" not in await response.text()


@pytest.mark.parametrize("cookie", ["Rm9yZ2Vk.x", "Rm9yZ2Vk", ".", "é.é", "a" * 3_000])
async def test_nobody_else_can_have_something_said(serve: Serve, cookie: str) -> None:
    """What is not signed by this node is not shown."""
    client = await serve(table)
    headers = {"Cookie": f"fettle-hub-example-said={cookie}"}
    async with client.get("/page/3", headers=headers) as response:
        assert response.status == 200
        assert 'role="status"' not in await response.text()


async def test_a_session_lasts_until_it_is_ended(serve: Serve) -> None:
    """In, and out, and the browser forgets the pages."""
    client = await serve(table)
    async with client.get("/in") as response:
        assert await response.text() == "ida"
    async with client.get("/out", allow_redirects=False) as response:
        assert response.headers["Clear-Site-Data"] == '"cache"'
    async with client.get("/who") as response:
        assert await response.text() == "nobody"


@pytest.mark.parametrize(
    ("address", "name", "secure"),
    [
        ("http://localhost:8000", "fettle-localhost-8000-session", False),
        ("http://localhost:8001", "fettle-localhost-8001-session", False),
        ("https://hub.example", "__Host-fettle-hub-example-session", True),
    ],
)
async def test_cookies_are_closed_and_named_for_the_node(
    serve: Serve, address: str, name: str, secure: bool
) -> None:
    """HttpOnly, SameSite=Lax, for the whole site, Secure with https: several nodes keep apart."""
    client = await serve(table, address=address)
    async with client.get("/in", allow_redirects=False) as response:
        (header,) = (it for it in response.headers.getall("Set-Cookie") if it.startswith(name))
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/" in header
    assert ("Secure" in header) == secure
    assert "Domain" not in header


async def test_pages_of_somebody_signed_in_are_theirs_alone(serve: Serve) -> None:
    """No shared cache keeps them, and no validator tells them apart."""
    client = await serve(table)
    headers = {"Cookie": "fettle-hub-example-session=idas"}
    async with client.get("/page/3", headers=headers) as response:
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert "Cookie" in response.headers["Vary"]
        assert "ETag" not in response.headers
        assert "Ida Fennimore" in await response.text()


async def test_pages_for_anybody_are_asked_for_again_cheaply(serve: Serve) -> None:
    """304 for who has it, also after it was squeezed."""
    client = await serve(table)
    for coding in ("gzip", "identity"):
        async with client.get("/page/3", headers={"Accept-Encoding": coding}) as first:
            tag = first.headers["ETag"]
            assert ("Content-Encoding" in first.headers) == (coding == "gzip")
            assert "On to a.example" in await first.text()
        async with client.get("/page/3", headers={"If-None-Match": tag}) as again:
            assert (again.status, await again.read()) == (304, b"")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/home?x=1", "/home?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/" + "a" * 2_000, "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_the_way_back_stays_on_this_site(text: str | None, path: str) -> None:
    """Whatever an address says."""
    assert local_path(text) == path


async def test_leaving_is_by_a_page_that_goes_on_by_itself(serve: Serve) -> None:
    """Our policy on forms would stop a redirect; only the web can be left for."""
    client = await serve(table)
    to = "https://far.example/share?uri=a&b=<c>"
    async with client.get("/leave", params={"to": to}) as response:
        assert response.status == 200
        assert response.headers["Refresh"] == f"0; url={to}"
        assert "https://far.example/share?uri=a&amp;b=&lt;c&gt;" in await response.text()
    for bad in ("javascript:alert(1)", "/home", "https://a.example/\nX: y"):
        async with client.get("/leave", params={"to": bad}) as response:
            assert response.status == 400
