"""The real `fettle serve` is killed in the middle of a back catalogue, on both engines."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from aiohttp import web

from federation.connector import AddressPolicy
from tests.processes.hubs import SECONDS, Hub
from tests.support.engines import Engine, Engines
from tests.support.loopback import Loopback, LoopbackPeer
from tests.support.peer import Peer
from tests.support.resident import Resident

pytestmark = [pytest.mark.long, pytest.mark.timeout(240)]

PAGES, EACH = 12, 5
MIDDLE = 6

LET_GO = (
    "UPDATE jobs SET due_ms = due_ms - 60000 WHERE leased_by IS NOT NULL",
    "UPDATE catalogues SET due_ms = due_ms - 60000",
)
"""As if so much time had gone by as a lease lasts."""


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Loopback]:
    """Everybody at a port of this machine."""
    network = Loopback(tmp_path)
    yield network
    await network.close()


class Outbox:
    """Somebody's outbox, whose middle page is not answered the first time."""

    def __init__(self, ann: Resident) -> None:
        self.ann, self.asked, self.reached = ann, list[int](), asyncio.Event()
        peer = ann.peer
        assert isinstance(peer, Peer)
        ann.terms["outbox"] = peer.handles("/paged", self.answer)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        number = int(request.query.get("page", "1"))
        self.asked.append(number)
        if number == MIDDLE and not self.reached.is_set():
            self.reached.set()
            await asyncio.sleep(SECONDS)
        here, ann = f"{self.ann.peer.origin}/paged", self.ann
        items = [self.told(number * EACH + n) for n in range(EACH)]
        following = {"next": f"{here}?page={number + 1}"} if number < PAGES else {}
        return Peer.json(
            {
                "@context": "https://www.w3.org/ns/activitystreams", "id": f"{here}?page={number}",
                "type": "OrderedCollectionPage", "orderedItems": items, "attributedTo": ann.uri,
                **following,
            }
        )  # fmt: skip

    def told(self, number: int) -> dict[str, Any]:
        uri = f"{self.ann.peer.origin}/notes/made-{number}"
        note = {
            "id": uri, "type": "Note", "attributedTo": self.ann.uri, "content": f"<p>{number}</p>",
            "published": "2020-01-01T00:00:00Z", "to": ["as:Public"], "cc": [],
        }  # fmt: skip
        return {"id": f"{uri}#create", "type": "Create", "actor": self.ann.uri, "object": note}


async def ask(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements on a hub's database, and return what the last one found."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite://"), timeout=30)) as held, held:
            return [held.execute(one).fetchall() for one in statements][-1]
    connection = await asyncpg.connect(url)
    found = [tuple(await connection.fetch(one)) for one in statements][-1]
    await connection.close()
    return [tuple(row) for row in found]


async def test_a_killed_hub_goes_on_where_it_was(
    hub: Hub, network: Loopback, engine: Engine, engines: Engines
) -> None:
    """Nothing is lost or doubled, and no page is asked for again but the one under way."""
    url = f"sqlite://{hub.database}" if engine == "sqlite" else engines.fresh(engine)
    settings = {"FETTLE_DATABASE_URL": url, "SSL_CERT_FILE": str(network.authority)}
    ended = await asyncio.to_thread(
        hub.run, "setup", "--name", "A hub", "--steward", "ida", "--password-stdin",
        said="seven grey kettles whistle", **settings,
    )  # fmt: skip
    assert ended.status == 0, ended
    peer = await LoopbackPeer.beside(network)
    peer.client = network.client(policy=AddressPolicy(allow_loopback=True, allow_http=True))
    network.stack.push_async_callback(peer.client.aclose)
    ann = peer.actor("ann")
    outbox = Outbox(ann)
    await asyncio.to_thread(hub.serve, **settings)
    ended = await asyncio.to_thread(hub.run, "follow", ann.uri, **settings)
    assert ended.status == 0, ended
    asked = await peer.arrived("Follow", within=SECONDS)
    await ann.post(f"{hub.address}/hub/inbox", ann.accept(asked))
    async with asyncio.timeout(SECONDS):
        await outbox.reached.wait()
    await asyncio.to_thread(hub.killed)
    done = "SELECT count(*), count(DISTINCT uri) FROM posts"
    assert await ask(url, done) == [((MIDDLE - 1) * EACH,) * 2]

    await ask(url, *LET_GO)
    await asyncio.to_thread(hub.serve, **settings)
    async with asyncio.timeout(SECONDS):
        while await ask(url, "SELECT standing FROM catalogues") != [("resting",)]:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert await ask(url, done) == [(PAGES * EACH,) * 2]
    assert await ask(url, "SELECT taken, problem FROM catalogues") == [(PAGES * EACH, "")]
    assert outbox.asked == [*range(1, MIDDLE + 1), *range(MIDDLE, PAGES + 1)]
