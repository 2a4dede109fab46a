"""Faults beneath us and around us: a full disk, a database that restarts, peers in a bad way."""

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from federation.signatures import Message, Scheme, sign
from server import db
from tests.journeys.conftest import Hub
from tests.journeys.test_bad_days import followed
from tests.support.engines import Engine, Engines
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import CONTENT_TYPE

PROMPT = 20.0
"""Seconds until a node has found its database again, on a busy machine."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    hub: Hub, network: Network, engine: Engine
) -> None:
    """Pages are still read; what would be written is answered 503, and taken when there is room."""
    assert engine == "sqlite"
    ward = await hub("ward.test")
    ann = (await Peer.at(network, "there.test")).actor("ann")
    assert (await ann.post(f"{ward.hub_uri}/inbox", ann.follow(ward.hub_uri))).status == 202
    story = await ward.publish_story(title="Home by six")
    await settle(ward)
    await ward.run(fill_up)
    before = await ward.counts()
    said = ann.create(ann.reply(story, "<p>" + "I see. " * 2_000 + "</p>"))
    answer = await ann.post(f"{ward.hub_uri}/inbox", said)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert "error" in json.loads(answer.body)
    with pytest.raises(db.FAILURES) as refused:
        await ward.publish_story(title="Another", what_happened="It was full. " * 2_000)
    assert db.is_away(refused.value)
    assert await ward.counts() == before
    assert (await ward.get("/")).status == 200

    await ward.run(db.rows, f"PRAGMA max_page_count = {1 << 30}")
    assert (await ann.post(f"{ward.hub_uri}/inbox", said)).status == 202
    await settle(ward)
    assert await ward.post(said["object"]["id"]) is not None


async def fill_up() -> None:
    """Allow no more pages than there are, none of which is empty."""
    await db.execute("CREATE TABLE ballast (filling BLOB)")
    [pages] = await db.rows("PRAGMA page_count")
    await db.rows(f"PRAGMA max_page_count = {pages['page_count']}")
    while True:
        try:
            await db.execute("INSERT INTO ballast VALUES (zeroblob(1000))")
        except db.FAILURES:
            return


@pytest.fixture
def own_engines() -> Iterator[Engines]:
    """A PostgreSQL server of this test's own, to be restarted under nobody else."""
    with tempfile.TemporaryDirectory(prefix="fettle-restart-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        engines = Engines(folder)
        yield engines
        engines.close()


async def until(network: Network, so: Callable[[], bool]) -> None:
    """Let the node work and time pass until it is so; a lane whose outcome could not be written
    down rests until its lease is over.
    """
    async with asyncio.timeout(PROMPT):
        while not so():
            network.clock.move(timedelta(seconds=5))
            await asyncio.sleep(0.2)


@pytest.mark.parametrize("engine", ["postgres"])
async def test_a_node_goes_on_when_postgresql_was_restarted(
    own_engines: Engines, network: Network, engine: Engine, tmp_path: Path
) -> None:
    """By itself: pages, inbox, jobs and deliveries; meanwhile it says 503 and is not ready."""
    assert engine == "postgres"
    ward = await LiveNode.at(network, "ward.test", own_engines.fresh("postgres"), tmp_path)
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")

    async def work() -> None:
        ward.node.work()

    await ward.run(work)
    follow = ann.follow(ward.hub_uri)
    await ann.post(f"{ward.hub_uri}/inbox", follow)
    await until(network, lambda: bool(peer.activities("Accept")))
    own_engines.server.stop()
    assert (await ward.get("/health/ready")).status == 503
    assert (await ward.get("/about")).status == 503
    assert (await ann.post(f"{ward.hub_uri}/inbox", ann.activity("Listen", "x"))).status == 503
    own_engines.server.restart()
    async with asyncio.timeout(PROMPT):
        while (await ward.get("/health/ready")).status != 200:  # noqa: ASYNC110 - it is outside
            await asyncio.sleep(0.1)
    uri = await ward.publish_story(title="Home by six")
    await until(network, lambda: bool(peer.activities("Announce")))
    assert (await ann.post(f"{ward.hub_uri}/inbox", ann.undo(follow))).status == 202
    assert (await ann.post(f"{ward.hub_uri}/inbox", ann.follow(ward.hub_uri))).status == 202
    await until(network, lambda: len(peer.activities("Accept")) == 2)
    assert peer.activities("Announce")[-1]["object"] == uri


async def test_work_that_breaks_is_noticed(hub: Hub) -> None:
    """A process that serves but works no more says so, and ends to be started anew."""
    ward, told = await hub("ward.test"), asyncio.Event()
    ward.node.when_broken = told.set

    async def breaking() -> None:
        raise LookupError

    async def begin() -> None:
        ward.node._begin(breaking())

    await ward.run(begin)
    await asyncio.wait_for(told.wait(), PROMPT)
    assert ward.node.broken


async def reset(request: web.Request) -> web.StreamResponse:
    """Hang up."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def trickle(request: web.Request) -> web.StreamResponse:
    """Say no, bit by bit, and never end."""
    answer = web.StreamResponse(status=503, headers={"Content-Length": "100000"})
    await answer.prepare(request)
    for _ in range(20):
        await answer.write(b"no ")
        await asyncio.sleep(0.01)
    return answer


async def circle(_: web.Request) -> web.StreamResponse:
    """Point at itself."""
    return web.Response(status=308, headers={"Location": "/inbox"})


@pytest.mark.parametrize("way", [reset, trickle, circle])
async def test_a_peer_in_a_bad_way_gets_it_when_it_is_well(
    hub: Hub, network: Network, way: Handler
) -> None:
    """Whatever it does meanwhile, it is not taken for a no, and it comes once, in order."""
    ward, peer, _ = await followed(hub, network)
    peer.handles("/inbox", way)
    uri = await ward.publish_story(title="Home by six")
    await settle(ward)
    network.clock.move(timedelta(minutes=2))
    await settle(ward)
    assert peer.activities() == []
    await ward.edit_story(uri, title="Home by seven", what_happened="It was later.")
    peer.heals("/inbox")
    for _ in range(4):
        network.clock.move(timedelta(minutes=31))
        await settle(ward)
    assert [one["object"] for one in peer.activities("Announce")] == [uri]
    await ward.withdraw_story(uri)
    await settle(ward)
    assert [one["type"] for one in peer.activities()][-1] == "Delete"


async def test_a_peer_that_answers_500_for_an_hour_gets_everything_once(
    hub: Hub, network: Network
) -> None:
    """Asked ever more rarely: about after 1, 6 and 36 minutes."""
    ward, peer, _ = await followed(hub, network)
    peer.answers("/inbox", status=500)
    first = await ward.publish_story(title="Home by six")
    second = await ward.publish_story(title="Home by seven")
    for _ in range(60):
        await settle(ward)
        network.clock.move(timedelta(minutes=1))
    tries = len(peer.asked("/inbox"))
    assert 4 <= tries <= 12, tries
    peer.heals("/inbox")
    peer.forget()
    for _ in range(3):
        network.clock.move(timedelta(hours=2))
        await settle(ward)
    assert sorted(one["object"] for one in peer.activities("Announce")) == sorted([first, second])


@pytest.mark.parametrize(("minutes", "status"), [(50, 202), (-50, 202), (70, 401), (-70, 401)])
async def test_a_peer_whose_clock_is_wrong_is_heard_within_an_hour(
    hub: Hub, network: Network, minutes: int, status: int
) -> None:
    """An hour either way; beyond, nothing can be told from a replay."""
    ward = await hub("ward.test")
    ann = (await Peer.at(network, "there.test")).actor("ann")
    inbox, body = f"{ward.hub_uri}/inbox", json.dumps(ann.follow(ward.hub_uri)).encode()
    message = Message("POST", inbox, (("Content-Type", CONTENT_TYPE),), body)
    theirs = network.clock.now() + timedelta(minutes=minutes)
    signed = sign(message, ann.key, scheme=Scheme.CAVAGE, now=theirs)
    answer = await ann.peer.send(
        "POST", inbox, headers={"Content-Type": CONTENT_TYPE, **signed}, body=body
    )
    assert answer.status == status
