"""Headers, static files, colours, health, figures."""

import gzip
import re

import pytest
import structlog
from aiohttp import web

from server.web import WebSettings, keys, render
from server.web.static import FILES, static
from tests.server.web.conftest import Serve

TOKEN = "open-sesame"  # noqa: S105

table = web.RouteTableDef()


@table.get("/page/{secret}")
async def page(request: web.Request) -> web.Response:
    """Show a page."""
    return render(request, "errors/leave.html", url="https://a.example", to_host="a.example")


@table.get("/embed")
async def embed(request: web.Request) -> web.Response:
    """Set a policy of its own."""
    return web.Response(headers={"Content-Security-Policy": "frame-ancestors *"})


@pytest.mark.parametrize("path", ["/page/1", "/nowhere", "/health/live", "/theme.css"])
async def test_every_answer_guards_the_visitor(serve: Serve, path: str) -> None:
    """No script but ours, in no frame, no guessing of types, no referrer for others."""
    client = await serve(table)
    async with client.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert re.fullmatch("[0-9a-f]{16}", response.headers["X-Request-Id"])
        assert response.headers["Server"] == "Fettle"
        assert "Strict-Transport-Security" not in response.headers


async def test_behind_tls_it_stays_there(serve: Serve) -> None:
    """A year of HSTS where the address is https."""
    client = await serve(table, address="https://hub.example")
    async with client.get("/page/1") as response:
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_a_handler_may_say_otherwise(serve: Serve) -> None:
    """Embeds are framed by others."""
    client = await serve(table)
    async with client.get("/embed") as response:
        assert response.headers["Content-Security-Policy"] == "frame-ancestors *"


async def test_pages_hold_no_style_and_no_script_and_fetch_nothing_from_elsewhere(
    serve: Serve,
) -> None:
    """Whatever a page loads is ours, so the policy can be strict."""
    client = await serve(table, development=True)
    async with client.get("/patterns?wrong=1&in=1") as response:
        text = await response.text()
    assert " style=" not in text
    assert "<style" not in text
    assert not re.search(r"<script(?! type=\"module\" src=\"/static/)", text)
    assert not re.search(r"\son[a-z]+=", text)
    loaded = re.findall(
        r"<(?:img|script|link|source|iframe)\b[^>]*?(?:src|href)=\"([^\"]+)\"", text
    )
    assert loaded
    assert all(url.startswith(("/", "http://hub.example/")) for url in loaded)


async def test_the_development_mode_is_on_every_page_and_its_pages_are_nowhere_else(
    serve: Serve,
) -> None:
    """Its banner cannot be overlooked; the pattern page is not there in earnest."""
    trial, earnest = await serve(table, development=True), await serve(table)
    for path in ("/page/1", "/nowhere"):
        async with trial.get(path) as response:
            assert "Development mode." in await response.text()
        async with earnest.get(path) as response:
            assert "Development mode." not in await response.text()
    async with earnest.get("/patterns") as response:
        assert response.status == 404


async def test_static_files_are_kept_for_ever_by_what_they_hold(serve: Serve) -> None:
    """Squeezed for those who like it; another content has another address."""
    client = await serve()
    async with client.get(static("fettle.css"), headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.content_type == "text/css"
        assert await response.read() == FILES["fettle.css"].body
        tag = response.headers["ETag"]
    async with client.get(static("fettle.css"), headers={"If-None-Match": tag}) as response:
        assert response.status == 304
    async with client.get("/static/000000000000/fettle.css") as response:
        assert response.headers["Cache-Control"] == "public, max-age=300"
    for path in ("/static/000000000000/../app.py", "/static/000000000000/app.py", "/static/x/y"):
        async with client.get(path) as response:
            assert response.status == 404


def test_a_page_is_light() -> None:
    """Style and script are a small part of the 50 KB that a page may have."""
    assert len(gzip.compress(FILES["fettle.css"].body)) < 12 * 1024
    assert len(gzip.compress(FILES["fettle.js"].body)) < 2 * 1024


async def test_a_hubs_two_colours_are_a_style_sheet_and_a_mark(serve: Serve) -> None:
    """At an address that changes with them."""
    client = await serve(table)
    async with client.get("/page/1") as response:
        found = re.search(r'href="(/theme\.css\?v=\w+)"', await response.text())
    assert found
    async with client.get(found[1]) as response:
        assert await response.text() == ":root{--hub:#6a2450;--hub-2:#e6a91f}\n"
        assert "immutable" in response.headers["Cache-Control"]
    async with client.get("/theme.css?v=older") as response:
        assert "immutable" not in response.headers["Cache-Control"]
    async with client.get("/favicon.ico") as response:
        assert response.content_type == "image/svg+xml"
        assert "#6a2450" in await response.text()


async def test_health(serve: Serve) -> None:
    """Alive at once; ready when every check is well; what is not is named without its secrets."""
    client = await serve()
    assert client.app is not None
    states: dict[str, str | None] = {"database": None}

    async def database() -> str | None:
        return states["database"]

    async def broken() -> str | None:
        raise ConnectionRefusedError(111, "postgres://ida:sesame-open@db")

    client.app[keys.CHECKS]["database"] = database
    async with client.get("/health/live") as response:
        assert response.status == 200
    async with client.get("/health/ready") as response:
        assert (response.status, await response.json()) == (
            200,
            {"ready": True, "checks": {"database": "ok"}},
        )
    states["database"] = "no answer"
    client.app[keys.CHECKS]["mail"] = broken
    async with client.get("/health/ready") as response:
        assert (response.status, await response.json()) == (
            503,
            {
                "ready": False,
                "checks": {"database": "no answer", "mail": "failed: ConnectionRefusedError"},
            },
        )


async def test_figures_count_by_route_and_hold_no_paths(serve: Serve) -> None:
    """By the pattern that matched, for those who connect from this machine itself."""
    client = await serve(table)
    for _ in range(3):
        await client.get("/page/T0PS3CRET")
    await client.get("/wp-login.php")
    async with client.get("/metrics") as response:
        text = await response.text()
    assert 'fettle_requests_total{method="GET",route="/page/{secret}",status="200"} 3.0' in text
    assert 'route="(none)",status="404"' in text
    assert "T0PS3CRET" not in text
    assert "wp-login" not in text


async def test_two_apps_count_apart(serve: Serve) -> None:
    """Several nodes live in one process."""
    one, other = await serve(table), await serve(table)
    await one.get("/page/1")
    async with other.get("/metrics") as response:
        assert 'route="/page/{secret}"' not in await response.text()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
async def test_figures_are_not_for_those_behind_a_proxy(serve: Serve, header: str) -> None:
    """A proxy on this machine speaks for the whole world, whatever the header says."""
    client = await serve()
    async with client.get("/metrics", headers={header: "127.0.0.1"}) as response:
        assert response.status == 404


async def test_figures_behind_a_token(serve: Serve) -> None:
    """Once there is a token, it is what counts, from anywhere."""
    client = await serve(settings=WebSettings(metrics_token=TOKEN))
    for header, status in ((f"Bearer {TOKEN}", 200), ("Bearer x", 404), ("", 404), ("é", 404)):
        headers = {"Authorization": header, "X-Forwarded-For": "203.0.113.9"}
        async with client.get("/metrics", headers=headers) as response:
            assert response.status == status


async def test_uneventful_requests_are_logged_now_and_then(serve: Serve) -> None:
    """One in so many, with what belongs to it, and no path."""
    client = await serve(table, settings=WebSettings(log_every=5))
    with structlog.testing.capture_logs() as logs:
        for _ in range(10):
            await client.get("/page/T0PS3CRET")
    answered = [entry for entry in logs if entry["event"] == "request.answered"]
    assert len(answered) == 2
    assert {entry["route"] for entry in answered} == {"/page/{secret}"}
    assert {entry["status"] for entry in answered} == {200}


async def test_search_engines_are_told_what_is_not_theirs(serve: Serve) -> None:
    """The parts for people who are signed in."""
    client = await serve()
    async with client.get("/robots.txt") as response:
        text = await response.text()
    assert "Disallow: /settings\n" in text
    assert "Disallow: /stories" not in text
