"""Feeds and pages of lists."""

from datetime import UTC, datetime
from itertools import chain
from xml.etree.ElementTree import fromstring

from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from server.web import Cursor, cursor, page
from server.web.feeds import Entry, Feed, Picture, atom, feed_response
from tests.server.web.conftest import Serve

NS = {"a": "http://www.w3.org/2005/Atom"}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

table = web.RouteTableDef()


def feed(**entry: str) -> Feed:
    """Return a feed with one entry."""
    words = {"title": "The bag", "html": "<p>Mum came home</p>", **entry}
    return Feed(
        title="Kelderby & Co",
        url="https://hub.example/stories",
        feed_url="https://hub.example/stories.atom",
        updated=NOON,
        entries=[
            Entry(
                uri="https://hub.example/stories/1",
                url="https://hub.example/stories/1",
                published=NOON,
                updated=NOON,
                author="Ida",
                language="cy",
                tags=["care"],
                pictures=[Picture(url="https://hub.example/m/1", media_type="image/webp", size=9)],
                **words,
            )
        ],
    )


@table.get("/stories.atom")
async def stories(request: web.Request) -> web.Response:
    """Answer with a feed."""
    return feed_response(request, feed())


@table.get("/at")
async def where(request: web.Request) -> web.Response:
    """Say where the page begins, in a list by number."""
    at = cursor(request)
    return web.json_response([at.before, at.after])


def test_a_feed_has_what_atom_asks_for() -> None:
    """Ids, times, authors, links both ways, content as escaped HTML (RFC 4287 §4.1)."""
    root = fromstring(atom(feed()))  # noqa: S314
    assert root.findtext("a:title", namespaces=NS) == "Kelderby & Co"
    assert root.findtext("a:updated", namespaces=NS) == "2026-11-23T12:00:00Z"
    links = {it.get("rel"): it.get("href") for it in root.findall("a:link", NS)}
    assert links == {
        "self": "https://hub.example/stories.atom",
        "alternate": "https://hub.example/stories",
    }
    entry = root.find("a:entry", NS)
    assert entry is not None
    assert entry.findtext("a:id", namespaces=NS) == "https://hub.example/stories/1"
    assert entry.findtext("a:author/a:name", namespaces=NS) == "Ida"
    content = entry.find("a:content", NS)
    assert content is not None
    assert (content.get("type"), content.text) == ("html", "<p>Mum came home</p>")
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "cy"


@given(text=st.text(alphabet=st.characters(), max_size=100))
def test_no_words_break_a_feed(text: str) -> None:
    """Characters that XML can't hold are left out; the rest arrives."""
    root = fromstring(atom(feed(title=text)))  # noqa: S314
    title = root.findtext("a:entry/a:title", namespaces=NS)
    assert title is not None
    assert set(title) <= set(text) | {"\n"}


async def test_a_feed_is_fetched_again_cheaply_and_from_anywhere(serve: Serve) -> None:
    """Feed readers ask every hour."""
    client = await serve(table)
    async with client.get("/stories.atom") as response:
        assert response.content_type == "application/atom+xml"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        tag = response.headers["ETag"]
    async with client.get("/stories.atom", headers={"If-None-Match": tag}) as response:
        assert response.status == 304


def listed(at: Cursor, rows: list[str], size: int) -> list[str]:
    """Do what a query does: up to one more than `size`, oldest first when going back."""
    if at.after is not None:
        return sorted(row for row in rows if row > at.after)[: size + 1]
    return sorted((row for row in rows if at.before is None or row < at.before), reverse=True)[
        : size + 1
    ]


@given(count=st.integers(0, 40), size=st.integers(1, 9))
def test_walking_a_list_shows_everything_once_both_ways(count: int, size: int) -> None:
    """Down to its end and up again."""
    rows = [f"{number:03}" for number in range(count)]
    at, down = Cursor(), list[list[str]]()
    while True:
        part = page(listed(at, rows, size), at, size=size, mark=str)
        down.append(list(part.items))
        if part.older is None:
            break
        at = Cursor(before=part.older)
    assert list(chain(*down)) == rows[::-1]
    up = [list(part.items)]
    while part.newer is not None:
        at = Cursor(after=part.newer)
        part = page(listed(at, rows, size), at, size=size, mark=str)
        up.insert(0, list(part.items))
    assert list(chain(*up)) == rows[::-1]


async def test_a_mark_in_the_address_is_a_mark_or_nothing(serve: Serve) -> None:
    """What can't be one shows the top of the list."""
    client = await serve(table)
    for query, at in (
        ("before=17", ["17", None]),
        ("after=999999999999999999", [None, "999999999999999999"]),
        ("before=1&after=2", ["1", None]),
        ("before=a", [None, None]),
        ("before=%01", [None, None]),
        ("before=" + "1" * 19, [None, None]),
        ("", [None, None]),
    ):
        async with client.get(f"/at?{query}") as response:
            assert await response.json() == at
