"""Pages for strangers, kept as bytes."""

import asyncio
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from server.web import render, shown
from server.web.shelf import FRESH_FOR, OVERHEAD, Shelf
from tests.server.web.conftest import HandClock, Serve

ZONE = ZoneInfo("Europe/London")  # read from disk before any page is made


@dataclass
class Handler:
    """A page that counts how often it is made."""

    version: object = 1
    made: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def get(self, request: web.Request) -> web.Response:
        async def make() -> web.Response:
            self.made += 1
            self.begun.set()
            await self.gate.wait()
            return render(
                request, "errors/leave.html", url=f"https://x.example/{self.made}", to_host="x"
            )

        return await shown(request, self.version, make)

    def routes(self) -> web.RouteTableDef:
        table = web.RouteTableDef()
        table.get("/page")(self.get)
        return table


@pytest.fixture
def handler() -> Handler:
    """A page."""
    return Handler()


async def test_a_page_is_made_once_while_its_version_is_the_same(
    serve: Serve, handler: Handler
) -> None:
    """And made anew at the first request after that has changed."""
    client = await serve(handler.routes())
    first = await (await client.get("/page")).text()
    assert await (await client.get("/page")).text() == first
    assert handler.made == 1
    handler.version = 2
    assert await (await client.get("/page")).text() != first
    assert handler.made == 2


async def test_a_page_that_is_held_answers_as_any_other(serve: Serve, handler: Handler) -> None:
    """Squeezed or not, with the same validator; 304 where it is known."""
    client = await serve(handler.routes())
    await client.get("/page")
    plain = await client.get("/page", headers={"Accept-Encoding": "identity"})
    squeezed = await client.get("/page", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert await plain.text() == await squeezed.text()
    assert plain.headers["ETag"] == squeezed.headers["ETag"]
    assert {"Cookie", "Accept-Encoding"} <= set(squeezed.headers["Vary"].split(", "))
    known = await client.get("/page", headers={"If-None-Match": plain.headers["ETag"]})
    assert (known.status, handler.made) == (304, 1)
    assert known.headers["Content-Security-Policy"] == plain.headers["Content-Security-Policy"]


async def test_a_page_is_made_anew_after_a_while(
    serve: Serve, handler: Handler, clock: HandClock
) -> None:
    """What its version does not tell, as how long ago something was, is never far behind."""
    client = await serve(handler.routes())
    await client.get("/page")
    clock.pass_by(seconds=FRESH_FOR.total_seconds())
    await client.get("/page")
    assert handler.made == 2


async def test_whoever_is_signed_in_is_given_no_page_of_others(
    serve: Serve, handler: Handler
) -> None:
    """Nor are others given theirs."""
    client = await serve(handler.routes())
    cookie = {"Cookie": "fettle-hub-example-session=idas"}
    await client.get("/page", headers=cookie)
    assert "Ida Fennimore" not in await (await client.get("/page")).text()
    assert "Ida Fennimore" in await (await client.get("/page", headers=cookie)).text()
    assert handler.made == 3


async def test_a_page_with_a_form_is_for_one_only(serve: Serve, handler: Handler) -> None:
    """Its token is bound to a cookie; to hold it would hand it to everybody."""
    table = web.RouteTableDef()

    @table.get("/page")
    async def page(request: web.Request) -> web.Response:
        async def make() -> web.Response:
            handler.made += 1
            return render(
                request, "errors/expired.html", pairs=[("title", "Home")], again="/", back="/",
                whole=True, sign_in=False,
            )  # fmt: skip

        return await shown(request, 1, make)

    client = await serve(table)
    for _ in range(2):
        answer = await client.get("/page")
        assert "csrf" in await answer.text()
        assert "private" in answer.headers["Cache-Control"]
        client.session.cookie_jar.clear()
    assert handler.made == 2


async def test_of_many_who_ask_at_once_one_has_it_made(serve: Serve, handler: Handler) -> None:
    """When a page is passed round, a thousand people ask in the second after it has changed."""
    client = await serve(handler.routes())
    handler.gate.clear()
    asking = [asyncio.create_task(client.get("/page")) for _ in range(20)]
    await asyncio.wait_for(handler.begun.wait(), 5)
    await asyncio.sleep(0.05)  # so that the others come while it is being made
    handler.gate.set()
    answers = await asyncio.gather(*asking)
    assert {answer.status for answer in answers} == {200}
    assert handler.made == 1


def test_no_more_is_held_than_there_is_room_for() -> None:
    """Whatever is asked for; what nobody asked for longest goes first."""
    shelf = Shelf[str](HandClock(), room=3 * (100 + OVERHEAD))
    for name in ("a", "b", "c"):
        shelf.keep(name, 1, name, size=100)
    assert shelf.find("a", 1) == "a"
    shelf.keep("d", 1, "d", size=100)
    assert [name for name in "abcd" if shelf.find(name, 1)] == ["a", "c", "d"]
    shelf.keep("d", 2, "new", size=50)
    assert (shelf.find("d", 1), shelf.find("d", 2)) == (None, "new")
    assert shelf.size == 3 * OVERHEAD + 250
    shelf.keep("e", 1, "e", size=1_000_000)
    assert (shelf.find("e", 1), shelf.size) == (None, 0)
