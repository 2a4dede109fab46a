"""Forms come from our own pages."""

import re

import pytest
from aiohttp import web

from server.web import csrf, render, see_other, visitor
from tests.server.web.conftest import Client, Serve

taken: list[str] = []
table = web.RouteTableDef()


@table.get("/form")
async def form(request: web.Request) -> web.Response:
    """Show a page with a form."""
    return render(
        request,
        "errors/expired.html",
        pairs=[("words", "x" * 9)],
        whole=True,
        again="/form",
        back="/",
        sign_in=False,
    )


@table.post("/form")
async def take(request: web.Request) -> web.Response:
    """Take the form."""
    somebody = visitor(request)
    taken.append(somebody.name if somebody else "anonymous")
    return see_other(request, "/form", said="Thank you.")


@table.post("/inbox")
@csrf.exempt
async def inbox(request: web.Request) -> web.Response:
    """Take what other servers send."""
    taken.append("server")
    return web.Response(status=202)


@table.post("/api")
async def api(request: web.Request) -> web.Response:
    """Take JSON."""
    taken.append("json")
    return web.Response(status=202)


@pytest.fixture(autouse=True)
def nothing_taken() -> None:
    taken.clear()


async def token_on_page(client: Client, **headers: str) -> str:
    """Return the token in the form on the page."""
    async with client.get("/form", headers=headers) as response:
        found = re.search(r'name="csrf" value="([^"]+)"', await response.text())
    assert found
    return found[1]


async def post(client: Client, token: str | None, **headers: str) -> int:
    """Send the form; return the status."""
    data = {"words": "What I wrote"} | ({} if token is None else {"csrf": token})
    async with client.post("/form", data=data, headers=headers, allow_redirects=False) as answer:
        return answer.status


async def test_a_form_from_our_page_is_taken(serve: Serve) -> None:
    """With the cookie that came with the page."""
    client = await serve(table)
    assert await post(client, await token_on_page(client)) == 303
    assert taken == ["anonymous"]


async def test_tokens_differ_on_each_page_and_all_are_good(serve: Serve) -> None:
    """So that a compressed page tells nothing about them."""
    client = await serve(table)
    tokens = {await token_on_page(client) for _ in range(3)}
    assert len(tokens) == 3
    assert [await post(client, token) for token in tokens] == [303] * 3


@pytest.mark.parametrize("token", [None, "", ".", "x", "é.é", "a" * 10_000])
async def test_without_a_good_token_nothing_happens(serve: Serve, token: str | None) -> None:
    """Missing, empty, odd or invented: 403, and the handler is not reached."""
    client = await serve(table)
    await token_on_page(client)
    assert await post(client, token) == 403
    assert taken == []


async def test_a_token_of_another_visitor_is_refused(serve: Serve) -> None:
    """It is bound to the cookie it came with."""
    client = await serve(table)
    token = await token_on_page(client)
    client.session.cookie_jar.clear()
    await token_on_page(client)
    assert await post(client, token) == 403


async def test_a_token_is_bound_to_the_session(serve: Serve) -> None:
    """One from before signing in is refused after it, and one of another's session always."""
    client = await serve(table)
    ida = {"Cookie": "fettle-hub-example-session=idas"}
    steward = {"Cookie": "fettle-hub-example-session=stewards"}
    before = await token_on_page(client)
    idas = await token_on_page(client, **ida)
    assert await post(client, idas, **ida) == 303
    assert await post(client, before, **ida) == 403
    assert await post(client, idas, **steward) == 403
    assert taken == ["ida"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://hub.example.evil.example"},
    ],
)
async def test_another_site_is_refused_even_with_a_token(
    serve: Serve, headers: dict[str, str]
) -> None:
    """The browser says where it comes from."""
    client = await serve(table)
    assert await post(client, await token_on_page(client), **headers) == 403
    assert taken == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://hub.example"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:9"},
    ],
)
async def test_our_own_site_is_let_through(serve: Serve, headers: dict[str, str]) -> None:
    """By what a modern browser says, else by the origin."""
    client = await serve(table)
    assert await post(client, await token_on_page(client), **headers) == 303


async def test_other_servers_need_no_token(serve: Serve) -> None:
    """Their signature is looked at by the inbox."""
    client = await serve(table)
    for media in ("application/activity+json", "application/x-www-form-urlencoded", "text/plain"):
        async with client.post("/inbox", data=b"{}", headers={"Content-Type": media}) as answer:
            assert answer.status == 202
    assert taken == ["server"] * 3


async def test_json_from_another_site_is_refused(serve: Serve) -> None:
    """A script elsewhere can't use a visitor's session, whatever it sends."""
    client = await serve(table)
    headers = {"Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"}
    async with client.post("/api", data=b"{}", headers=headers) as answer:
        assert answer.status == 403
    async with client.post("/api", json={}) as answer:
        assert answer.status == 202
    assert taken == ["json"]


async def test_what_was_written_is_given_back(serve: Serve) -> None:
    """When the session has ended, the words are on the page, and sending them again works."""
    client = await serve(table)
    data = {
        "csrf": "stale",
        "words": "A long line that I would not like to write again, never, ever.",
    }
    async with client.post("/form", data=data) as answer:
        page = await answer.text()
    assert answer.status == 403
    assert data["words"] in page
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    assert await post(client, found[1]) == 303


async def test_what_another_site_wrote_is_not_given_back(serve: Serve) -> None:
    """Else its words would stand on our page, with a button to send them."""
    client = await serve(table)
    async with client.post(
        "/form", data={"words": "Forged"}, headers={"Sec-Fetch-Site": "cross-site"}
    ) as answer:
        assert "Forged" not in await answer.text()


async def test_a_password_is_never_given_back(serve: Serve) -> None:
    """Nor is the rest sent again without it."""
    client = await serve(table)
    async with client.post("/form", data={"name": "ida", "password": "sesame-open"}) as answer:
        page = await answer.text()
    assert "sesame-open" not in page
    assert "Send it again" not in page
