"""What is answered where something goes wrong."""

import json

import pytest
import structlog
from aiohttp import web

from federation.errors import (
    FetchError,
    MalformedError,
    TooLargeError,
    UnauthenticatedError,
    UnauthorisedError,
    UnreachableError,
)
from server import errors
from server.web import csrf, require_steward, require_visitor
from tests.server.web.conftest import Serve

RAISED: dict[str, tuple[Exception, int]] = {
    "refused": (errors.RefusedError(reason="it is closed"), 409),
    "missing": (errors.NotFoundError(), 404),
    "not-yours": (errors.NotYoursError(), 403),
    "too-many": (errors.TooManyError(retry_after=7), 429),
    "malformed": (MalformedError(term="actor"), 400),
    "too-large": (TooLargeError(limit="1 MB"), 413),
    "unauthenticated": (UnauthenticatedError(), 401),
    "unauthorised": (UnauthorisedError(reason="the key is another's"), 403),
    "fetch": (FetchError(url="https://a.example", reason="it is odd"), 502),
    "a-child": (UnreachableError(url="https://a.example", reason="it is away"), 502),
    "setting": (errors.ConfigurationError(setting="x", reason="sesame-open"), 500),
    "ours": (KeyError("sesame-open"), 500),
    "aiohttp": (web.HTTPGone(), 410),
}

table = web.RouteTableDef()


@table.get("/raise/{name}")
async def raises(request: web.Request) -> web.Response:
    """Raise what the name says."""
    raise RAISED[request.match_info["name"]][0]


@table.post("/raise/{name}")
@csrf.exempt
async def raises_for_servers(request: web.Request) -> web.Response:
    """Raise what the name says, to another server."""
    raise RAISED[request.match_info["name"]][0]


@table.get("/reset/{token}")
async def secret(request: web.Request) -> web.Response:
    """Have a secret in the path, and break."""
    raise RAISED["ours"][0]


@table.get("/mine")
async def mine(request: web.Request) -> web.Response:
    """Be for people with an account."""
    return web.Response(text=require_visitor(request).display_name)


@table.get("/desk")
async def desk(request: web.Request) -> web.Response:
    """Be for stewards."""
    return web.Response(text=require_steward(request).display_name)


@pytest.mark.parametrize("name", RAISED)
async def test_each_error_has_its_status_and_a_page(serve: Serve, name: str) -> None:
    """A page in the hub's own frame that says what to do, kept by nobody."""
    client = await serve(table)
    async with client.get(f"/raise/{name}") as response:
        text = await response.text()
        assert response.status == RAISED[name][1]
        assert response.content_type == "text/html"
        assert "Kelderby Together</title>" in text
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "sesame-open" not in text


@pytest.mark.parametrize("name", RAISED)
async def test_a_server_gets_one_line_of_json(serve: Serve, name: str) -> None:
    """The same status, and the reason."""
    client = await serve(table)
    async with client.post(f"/raise/{name}", data=b"{}") as response:
        body = await response.json()
        assert response.status == RAISED[name][1]
        assert list(body) == ["error"]
        assert "sesame-open" not in body["error"] or name == "setting"


async def test_errors_carry_the_headers_that_belong_to_them(serve: Serve) -> None:
    """When to come back; how to say who one is; what may be done instead."""
    client = await serve(table)
    async with client.get("/raise/too-many") as response:
        assert response.headers["Retry-After"] == "7"
    async with client.get("/raise/unauthenticated") as response:
        assert response.headers["WWW-Authenticate"] == "Signature"
    async with client.get("/mine") as _, client.delete("/mine") as response:
        assert response.status == 405
        assert "GET" in response.headers["Allow"]


async def test_a_reason_is_told(serve: Serve) -> None:
    """What an error says about itself stands on the page, escaped."""
    client = await serve(table)
    async with client.get("/raise/refused") as response:
        assert "That can&#39;t be done: it is closed." in await response.text()


async def test_our_faults_are_logged_without_words_or_paths(serve: Serve) -> None:
    """Where it broke and in which request, but no secret of the path, nor what the error quotes."""
    client = await serve(table)
    with structlog.testing.capture_logs() as logs:
        async with client.get("/reset/T0PS3CRET") as response:
            page = await response.text()
    events = {entry["event"]: entry for entry in logs}
    assert events["request.failed"]["error"] == "KeyError"
    assert "test_errors.py" in events["request.failed"]["where"][-1]
    assert events["request.answered"]["route"] == "/reset/{token}"
    assert "T0PS3CRET" not in json.dumps(logs)
    assert "sesame-open" not in json.dumps(logs)
    assert response.headers["X-Request-Id"] in page


async def test_whoever_is_not_signed_in_is_led_there_and_back(serve: Serve) -> None:
    """The way to sign in knows the way back; a program is told 401."""
    client = await serve(table)
    async with client.get("/mine?page=2", allow_redirects=False) as response:
        assert response.status == 303
        assert response.headers["Location"] == "/sign-in?next=%2Fmine%3Fpage%3D2"
    async with client.get("/mine", headers={"Accept": "application/activity+json"}) as response:
        assert response.status == 401
        assert await response.json() == {"error": "Please sign in first."}


async def test_the_desk_is_not_there_for_those_who_are_no_stewards(serve: Serve) -> None:
    """404 for somebody with an account, the page for a steward."""
    client = await serve(table)
    for token, status in (("idas", 404), ("stewards", 200)):
        cookie = {"Cookie": f"fettle-hub-example-session={token}"}
        async with client.get("/desk", headers=cookie) as response:
            assert response.status == status


async def test_nothing_here_looks_the_same_for_what_is_hidden_and_what_never_was(
    serve: Serve,
) -> None:
    """A page that is hidden gives itself away by nothing but its request's number."""
    client = await serve(table)
    pages = []
    for path in ("/raise/missing", "/never/was"):
        async with client.get(path) as response:
            pages.append((response.status, await response.text()))
    assert pages[0] == pages[1]


async def test_a_slash_too_many_is_taken_off(serve: Serve) -> None:
    """Unless that would lead to another site."""
    client = await serve(table)
    async with client.get("/mine/", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (308, "/mine")
    bad = f"{client.make_url('/')}/evil.example/"
    async with client.session.get(bad, allow_redirects=False) as response:
        assert response.status == 404
