"""Who gets JSON and who a page."""

import pytest
from aiohttp import web

from server.web import activity_response, render, wants_activity
from tests.server.web.conftest import Serve

ACTIVITY = "application/activity+json"
PROFILED = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

table = web.RouteTableDef()


@table.get("/thing")
async def thing(request: web.Request) -> web.Response:
    """Have two faces."""
    if wants_activity(request):
        return activity_response(request, b'{"type":"Note"}')
    return render(request, "errors/leave.html", url="https://a.example", to_host="a.example")


@pytest.mark.parametrize(
    "accept",
    [
        ACTIVITY,
        ACTIVITY.upper(),
        PROFILED,
        "application/ld+json",
        f"{ACTIVITY}, application/ld+json",
        f"{ACTIVITY}, {PROFILED}, text/html;q=0.1",
        f"text/html;q=0.5, {ACTIVITY}",
        f"{ACTIVITY};q=0.9, */*;q=0.1",
    ],
)
async def test_servers_get_json(serve: Serve, accept: str) -> None:
    """Whoever names ActivityStreams, and does not like pages better, gets it."""
    client = await serve(table)
    async with client.get("/thing", headers={"Accept": accept}) as response:
        assert response.content_type == ACTIVITY
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Accept" in response.headers["Vary"]
        assert await response.json(content_type=None) == {"type": "Note"}


@pytest.mark.parametrize(
    "accept",
    [
        BROWSER,
        "*/*",
        "",
        "text/html",
        "application/json",
        f"text/html, {ACTIVITY}",
        f"{ACTIVITY};q=0, text/html;q=0.1",
        f"{ACTIVITY};q=nonsense, text/html",
        'application/ld+json; profile="http://www.w3.org/ns/json-ld#expanded"',
        "," * 5_000,
    ],
)
async def test_everybody_else_gets_a_page(serve: Serve, accept: str) -> None:
    """Browsers, commands without a wish, and the confused."""
    client = await serve(table)
    async with client.get("/thing", headers={"Accept": accept}) as response:
        assert response.content_type == "text/html"
        assert "Accept" in response.headers["Vary"]


async def test_what_is_known_is_not_sent_again(serve: Serve) -> None:
    """The validator of an answer brings 304 and nothing else."""
    client = await serve(table)
    first = await client.get("/thing", headers={"Accept": ACTIVITY})
    tag = first.headers["ETag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        async with client.get(
            "/thing", headers={"Accept": ACTIVITY, "If-None-Match": given}
        ) as again:
            assert (again.status, await again.read()) == (304, b"")
            assert again.headers["ETag"] == tag
    async with client.get(
        "/thing", headers={"Accept": ACTIVITY, "If-None-Match": '"other"'}
    ) as changed:
        assert changed.status == 200


async def test_another_site_may_ask_before_it_reads(serve: Serve) -> None:
    """A preflight for reading is answered, so that scripts elsewhere can name our profile."""
    client = await serve(table)
    headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    async with client.options("/thing", headers=headers) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        assert "Access-Control-Allow-Credentials" not in response.headers
