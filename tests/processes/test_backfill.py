"""The real `fettle serve` is killed in the middle of a back catalogue, on both engines."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from federation.connector import AddressPolicy
from tests.processes.fragile import Fragile
from tests.processes.hubs import SECONDS
from tests.support.loopback import Loopback, LoopbackPeer
from tests.support.peer import Peer
from tests.support.resident import Resident

pytestmark = [pytest.mark.long, pytest.mark.timeout(240)]

PAGES, EACH = 12, 5
MIDDLE = 6


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


async def test_a_killed_hub_goes_on_where_it_was(fragile: Fragile, network: Loopback) -> None:
    """Nothing is lost or doubled, and no page is asked for again but the one under way."""
    peer = await LoopbackPeer.beside(network)
    peer.client = network.client(policy=AddressPolicy(allow_loopback=True, allow_http=True))
    network.stack.push_async_callback(peer.client.aclose)
    ann = peer.actor("ann")
    outbox = Outbox(ann)
    await fragile.serve()
    await fragile.run("follow", ann.uri)
    asked = await peer.arrived("Follow", within=SECONDS)
    await ann.post(f"{fragile.hub.address}/hub/inbox", ann.accept(asked))
    async with asyncio.timeout(SECONDS):
        await outbox.reached.wait()
    await fragile.kill()
    done = "SELECT count(*), count(DISTINCT uri) FROM posts"
    assert await fragile.ask(done) == [((MIDDLE - 1) * EACH,) * 2]

    await fragile.serve()
    await fragile.comes_to("SELECT standing FROM catalogues", ("resting",))
    assert await fragile.ask(done) == [(PAGES * EACH,) * 2]
    assert await fragile.ask("SELECT taken, problem FROM catalogues") == [(PAGES * EACH, "")]
    assert outbox.asked == [*range(1, MIDDLE + 1), *range(MIDDLE, PAGES + 1)]
