"""Case 19, and the limits of case 31: what many hosts, one host or one address can make us do."""

import asyncio
from collections.abc import Iterator

import pytest
from aiohttp import web

from server.actors.newcomers import HOSTS, WINDOW
from server.inbox import pages
from server.inbox.backlog import FRESH_FOR
from server.web import keys
from tests.security.conftest import Scene, on_sqlite
from tests.security.forging import Forger, as_bytes
from tests.support.peer import Peer
from tests.support.resident import CONTENT_TYPE, Reply

ELSEWHERE = {"X-Forwarded-For": "203.0.113.7"}
"""The address of a client behind our own proxy: this machine itself has no limit."""


async def _follows(scene: Scene, host: str) -> tuple[Peer, Reply]:
    peer = await Peer.at(scene.network, host)
    return peer, await (who := peer.actor("wren")).post(scene.inbox, who.follow(scene.ida))


@on_sqlite
async def test_case_19_a_wildcard_domain_is_met_ten_times_an_hour(scene: Scene) -> None:
    """The eleventh host is told to come back, and is not asked for its key; an hour later it is."""
    for number in range(HOSTS):
        assert (await _follows(scene, f"n{number}.wild.test"))[1].status == 202
    await scene.settle()
    async with scene.nothing_happens():
        peer, reply = await _follows(scene, "n10.wild.test")
        assert (reply.status, peer.requests) == (429, [])
        assert 0 < int(reply.headers["Retry-After"]) <= WINDOW.total_seconds()
    assert (await _follows(scene, "other.test"))[1].status == 202
    scene.network.clock.move(WINDOW)
    who = peer.actors["wren"]
    assert (await who.post(scene.inbox, who.follow(scene.ida))).status == 202


@on_sqlite
async def test_case_19_whom_somebody_here_asked_for_is_always_met(scene: Scene) -> None:
    """Its domain has had its ten, and yet what it sends is read."""
    for number in range(HOSTS):
        await _follows(scene, f"n{number}.wild.test")
    peer = await Peer.at(scene.network, "asked.wild.test")
    wren, tit = peer.actor("wren"), peer.actor("tit")
    await scene.ward.follow(wren.handle)
    for who in (wren, tit):
        assert (await who.post(scene.inbox, who.follow(scene.ida))).status == 202


@pytest.fixture
def few(scene: Scene) -> Iterator[None]:
    """Three of everything that has a limit."""
    settings = scene.ward.node.app[keys.SETTINGS]
    names = ("requests_per_minute", "deliveries_per_minute", "deliveries_of_host_per_minute")
    before = {name: getattr(settings, name) for name in names}
    for name in names:
        object.__setattr__(settings, name, 3)
    yield
    for name, value in before.items():
        object.__setattr__(settings, name, value)


def _is_told_to_wait(reply: Reply) -> bool:
    return reply.status == 429 and int(reply.headers["Retry-After"]) > 0


@on_sqlite
@pytest.mark.usefixtures("few")
async def test_case_31_an_address_may_only_post_so_often(scene: Scene) -> None:
    """Whatever it posts, verified or not; and no more than that is read of it."""
    forger = Forger(scene.ann, scene.inbox)
    body = as_bytes(scene.ann.follow(scene.ida))
    for _ in range(3):
        assert (await forger.post(body, {"Content-Type": CONTENT_TYPE, **ELSEWHERE})).status == 401
    signed = {**forger.cavage(body), **ELSEWHERE}
    async with scene.nothing_happens():
        assert _is_told_to_wait(await forger.post(body, signed))
    other = {**forger.cavage(body), "X-Forwarded-For": "203.0.113.8"}
    assert (await forger.post(body, other)).status == 202


@on_sqlite
@pytest.mark.usefixtures("few")
async def test_case_31_an_address_may_only_ask_so_often(scene: Scene) -> None:
    """For pages, and for documents alike."""
    asked = [await scene.ward.get("/", **ELSEWHERE) for _ in range(4)]
    assert [one.status for one in asked] == [200] * 3 + [429]
    assert int(asked[3].headers["Retry-After"]) > 0
    document = await scene.ward.get("/hub", accept="application/activity+json", **ELSEWHERE)
    assert document.status == 429


@on_sqlite
@pytest.mark.usefixtures("few")
async def test_case_31_a_host_may_only_post_so_often_from_wherever(scene: Scene) -> None:
    """Counted by the key that proved it, for all its people together; others are not held up."""
    people = [scene.ann, scene.peer.actor("bob"), scene.peer.actor("cat"), scene.peer.actor("dan")]
    replies = [await who.post(scene.inbox, who.follow(scene.ida)) for who in people]
    assert [one.status for one in replies] == [202] * 3 + [429]
    assert _is_told_to_wait(replies[3])
    assert (await _follows(scene, "other.test"))[1].status == 202


async def test_case_31_of_a_host_only_so_much_waits_to_be_processed(scene: Scene) -> None:
    """One that sends faster than we work can't fill the disk; it goes on when there is room."""
    app = scene.ward.node.app
    app[pages.BACKLOG]._most = 3

    async def like(number: int) -> Reply:
        uri = f"{scene.ward.origin}/stories/{number}"
        return await scene.ann.post(scene.inbox, scene.ann.like(uri))

    assert [(await like(number)).status for number in range(3)] == [202] * 3
    before = await scene.stored()
    assert _is_told_to_wait(await like(3))
    assert await scene.stored() == before
    await scene.settle()
    scene.network.clock.move(FRESH_FOR)
    assert (await like(4)).status == 202


@on_sqlite
async def test_case_31_there_is_room_for_so_many_bodies_at_once(scene: Scene) -> None:
    """While keys of sleepy hosts are fetched, and bodies trickle in, memory stays bounded."""
    room = scene.ward.node.app[pages.ROOM]
    room._most = 4_000
    asked, gate = asyncio.Event(), asyncio.Event()

    async def sleepy(_: web.Request) -> web.StreamResponse:
        asked.set()
        await gate.wait()
        return web.Response(status=404)

    key_id = scene.peer.handles("/sleepy", sleepy) + "#main-key"
    forger = Forger(scene.ann, scene.inbox)
    body = as_bytes({**scene.ann.follow(scene.ida), "padding": "x" * 3_000})
    async with scene.nothing_happens():
        first = asyncio.create_task(forger.post(body, forger.cavage(body, key_id=key_id)))
        await asked.wait()
        assert room.held == len(body)
        assert _is_told_to_wait(await forger.post(body, forger.cavage(body)))
        gate.set()
        assert (await first).status == 401
    assert room.held == 0
    assert (await forger.post(body, forger.cavage(body))).status == 202
