"""A hub that means ill shows a catalogue without end, in circles, with too much in it: it harms
nobody, and a steward reads in words what is wrong.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiohttp import web

from server import db
from server.network.rules.subscribing import lane_of
from server.network.rules.walking import AGAIN, MOST, PAGES, Standing
from server.network.tables import Catalogue
from tests.security.conftest import Scene, follow, on_sqlite
from tests.support.peer import Peer
from tests.support.resident import CONTEXT, Document, Resident

Made = Callable[[int], tuple[list[Document], int | None]]
"""What a page of that number holds, and the number of the one after it."""


def shows(ann: Resident, made: Made) -> None:
    """Have somebody's outbox be made while it is read."""
    peer = ann.peer
    assert isinstance(peer, Peer)

    async def page(request: web.Request) -> web.StreamResponse:
        number = int(request.query.get("page", "0"))
        items, following = made(number)
        document = {
            "@context": CONTEXT, "id": f"{peer.origin}/made?page={number}",
            "type": "OrderedCollectionPage", "orderedItems": items,
        }  # fmt: skip
        if following is not None:
            document["next"] = f"{peer.origin}/made?page={following}"
        return Peer.json(document)

    ann.terms["outbox"] = peer.handles("/made", page)


def told(ann: Resident, number: int, **terms: Any) -> Document:
    """Return the Create of a note of that number, which is nowhere else."""
    uri = f"{ann.peer.origin}/notes/made-{number}"
    note = {
        "id": uri, "type": "Note", "attributedTo": ann.uri, "content": f"<p>No. {number}</p>",
        "published": "2020-01-01T00:00:00Z", "to": ["as:Public"], "cc": [], **terms,
    }  # fmt: skip
    return {"id": f"{uri}#create", "type": "Create", "actor": ann.uri, "object": note}


async def catalogue(scene: Scene) -> Catalogue:
    async def read() -> Catalogue:
        return await Catalogue.get()

    return await scene.ward.run(read)


async def count(scene: Scene, what: str) -> int:
    [row] = await scene.ward.run(db.rows, f"SELECT count(*) AS n FROM {what}")  # noqa: S608
    return int(row["n"])


async def until(scene: Scene, what: str, number: int = 1) -> None:
    """Ask until there are so many: the hub works by itself."""
    async with asyncio.timeout(20):
        while await count(scene, what) < number:  # noqa: ASYNC110 - it is a database
            await asyncio.sleep(0.05)


def pages_asked(scene: Scene) -> int:
    return len([one for one in scene.peer.requests if one.path.startswith("/made")])


async def test_an_outbox_without_end_is_read_a_stretch_at_a_time_and_not_for_ever(
    scene: Scene,
) -> None:
    """So many pages, then others get their turn; after so many things it is enough."""
    shows(scene.ann, lambda n: ([told(scene.ann, n)], n + 1))
    await follow(scene, scene.ann)
    assert (pages_asked(scene), await count(scene, "posts")) == (PAGES, PAGES)
    row = await catalogue(scene)
    assert (row.standing, row.problem) == (Standing.WALKING, "")
    scene.network.clock.move(timedelta(seconds=5))
    await scene.settle()
    assert pages_asked(scene) == 2 * PAGES

    almost = MOST - 1
    await scene.ward.run(db.execute, "UPDATE catalogues SET seen = ?", almost)
    scene.network.clock.move(timedelta(seconds=5))
    await scene.settle()
    row = await catalogue(scene)
    assert pages_asked(scene) == 2 * PAGES + 1
    assert row.standing is Standing.RESTING
    assert "more than 50,000 things" in row.problem


@on_sqlite
async def test_pages_that_lead_in_a_circle_are_read_once(scene: Scene) -> None:
    """However the circle begins."""
    shows(scene.ann, lambda n: ([told(scene.ann, n)], n + 1 if n < 3 else 1))
    await follow(scene, scene.ann)
    row = await catalogue(scene)
    assert (pages_asked(scene), row.standing) == (4, Standing.RESTING)
    assert "in a circle" in row.problem
    assert await count(scene, "posts") == 4


async def test_a_thing_with_more_tags_than_anybody_needs_keeps_some(scene: Scene) -> None:
    """As when it is sent (case 22); the page is read, whatever else is on it."""
    tags = [{"type": "Hashtag", "name": f"#t{n}"} for n in range(20_000)]
    shows(
        scene.ann, lambda _: ([told(scene.ann, 1, tag=tags), told(scene.ann, 2, tag="odd")], None)
    )
    await follow(scene, scene.ann)
    assert await count(scene, "posts") == 2
    assert await count(scene, "tags") <= 500


async def test_what_is_from_the_future_is_from_now(scene: Scene) -> None:
    """It stands on top of nothing for long, and is no news to those whom it names."""
    later = "2999-01-01T00:00:00Z"
    named = [{"type": "Mention", "href": scene.ida}]
    boost = {**scene.ann.announce(scene.ann.note()["id"]), "published": later}
    shows(
        scene.ann,
        lambda _: ([told(scene.ann, 1, published=later, updated=later, tag=named), boost], None),
    )
    await follow(scene, scene.ann)

    async def latest() -> list[Any]:
        now = db.moment(scene.network.clock.now())
        return await db.rows(
            "SELECT id FROM posts WHERE published_at > ? UNION ALL"
            " SELECT id FROM boosts WHERE created_at > ?",
            now, now,
        )  # fmt: skip

    assert await count(scene, "posts") == 2
    assert await scene.ward.run(latest) == []
    assert await count(scene, "notifications") == 0


@on_sqlite
async def test_a_page_of_five_megabytes_is_not_read(scene: Scene) -> None:
    """It is asked for ever more rarely; what it would be told of stays as it is."""
    shows(scene.ann, lambda n: ([told(scene.ann, n, content="x" * 5_000_000)], None))
    await follow(scene, scene.ann)
    row = await catalogue(scene)
    assert "can’t be read: it is larger than" in row.problem
    assert (row.failures, row.finished_at, await count(scene, "posts")) == (1, None, 0)
    for _ in range(20):
        scene.network.clock.move(timedelta(minutes=5))
        await scene.settle()
    assert 2 <= pages_asked(scene) <= 5
    shows(scene.ann, lambda n: ([told(scene.ann, n)], None))
    scene.network.clock.move(AGAIN)
    await scene.settle()
    row = await catalogue(scene)
    assert (row.standing, row.failures, row.problem) == (Standing.RESTING, 0, "")


async def test_one_who_never_finishes_a_page_keeps_nobody_else_waiting(scene: Scene) -> None:
    """Neither what others told before nor what comes in meanwhile."""
    released = asyncio.Event()

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/activity+json"})
        await response.prepare(request)
        await response.write(b"{")
        await released.wait()
        return response

    scene.ann.terms["outbox"] = scene.peer.handles("/slow", trickle)
    names = (f"n{n}.test" for n in range(99))
    host = next(one for one in names if lane_of(one) != lane_of(scene.peer.host))
    other = await Peer.at(scene.network, host)
    bob = other.actor("bob")
    bob.outbox = [bob.create(bob.note())]
    for one in (bob, scene.ann):
        await scene.ward.follow(one.handle)
    await scene.settle()
    asked = scene.peer.activities("Follow")[0]
    await scene.ann.post(scene.inbox, scene.ann.accept(asked))
    await bob.post(scene.inbox, bob.accept(other.activities("Follow")[0]))

    async def work() -> None:
        scene.ward.node.work()

    await scene.ward.run(work)
    await until(scene, "posts")
    await bob.post(scene.inbox, bob.create(bob.note()))
    await until(scene, "posts", 2)
    released.set()
    await until(scene, "catalogues WHERE problem <> ''")
