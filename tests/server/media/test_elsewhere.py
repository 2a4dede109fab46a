"""Pictures from elsewhere: fetched once through the guard, made anew, bounded, forgotten."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from federation.fetch import Fetcher
from server.house import House
from server.jobs import Worker
from server.media import service
from server.media.rules import LONGEST_WAIT, PictureMissingError, Size
from server.media.service import StillShown, tidying
from server.media.service.elsewhere import FETCHES
from server.media.tables import RemotePicture
from tests.server.media.conftest import LIMIT, files
from tests.server.media.drawing import SECRET, file_of, halves, noise, opened, telling_exif
from tests.support.network import Network
from tests.support.peer import Peer

HOUR = timedelta(hours=1)


def shows(peer: Peer, path: str = "/ada.jpg", data: bytes | None = None) -> str:
    """Have the peer show a picture; return its URL."""
    body = file_of(halves(), exif=telling_exif()) if data is None else data
    return peer.answers(path, body=body, content_type="image/jpeg")


async def test_a_picture_is_fetched_on_first_view_and_made_anew(house: House, peer: Peer) -> None:
    """Nothing but its pixels comes through; looked at again, nothing is fetched."""
    url = shows(peer)
    copy = await service.remote(url, house=house)
    assert (await service.remote(url, house=house)).key == copy.key
    assert len(peer.asked("/ada.jpg")) == 1
    data = await house.store.get(copy.file(Size.LARGE))
    assert data is not None
    assert opened(data).size == (400, 300)
    assert SECRET not in data
    assert await files(house) == sorted(copy.file(size) for size in Size)
    assert copy.size_bytes > len(data)


async def test_the_visitor_is_not_told_of(house: House, peer: Peer) -> None:
    """What is sent is the node's own request, without a signature, a cookie or a referrer."""
    url = shows(peer)
    await service.remote(url, house=house)
    [asked] = peer.requests
    sent = {name.lower(): value for name, value in asked.headers}
    assert not {"cookie", "referer", "signature", "signature-input", "authorization"} & set(sent)
    assert sent["user-agent"].startswith("Fettle")


async def test_many_who_ask_at_once_cause_one_request(house: House, peer: Peer) -> None:
    """A new story on the front page is looked at by everybody."""
    gate = asyncio.Event()

    async def answer(_: web.Request) -> web.StreamResponse:
        await gate.wait()
        return web.Response(body=file_of(halves()), content_type="image/png")

    url = peer.handles("/slow.png", answer)
    asking = [asyncio.create_task(service.remote(url, house=house)) for _ in range(20)]
    await asyncio.sleep(0)
    gate.set()
    keys = {copy.key for copy in await asyncio.gather(*asking)}
    assert len(keys) == 1
    assert len(peer.asked("/slow.png")) == 1


async def test_only_so_many_are_fetched_at_the_same_time(house: House, network: Network) -> None:
    """From however many hosts: each may take ten megabytes of memory."""
    peers = [await Peer.at(network, f"there-{number}.test") for number in range(8)]
    under_way, most, gate = 0, 0, asyncio.Event()
    body = file_of(halves(20, 20))

    async def answer(_: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way >= FETCHES:
            asyncio.get_running_loop().call_later(0.2, gate.set)  # time for one more to come
        await gate.wait()
        under_way -= 1
        return web.Response(body=body, content_type="image/jpeg")

    urls = [peer.handles(f"/{number}.jpg", answer) for peer in peers for number in range(3)]
    await asyncio.gather(*(service.remote(url, house=house) for url in urls))
    assert most == FETCHES


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 404},
        {"status": 410},
        {"body": b"<svg/>", "content_type": "image/svg+xml"},
        {"body": b"<svg/>", "content_type": "image/png"},
        {"body": b"<html>", "content_type": "text/html"},
        {"body": bytes(11 << 20), "content_type": "image/png"},
    ],
)
async def test_what_cannot_be_had_is_not_asked_for_again_that_day(
    house: House, peer: Peer, network: Network, answer: dict[str, object]
) -> None:
    """And leaves no file."""
    url = peer.answers("/odd.png", **answer)  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(PictureMissingError):
            await service.remote(url, house=house)
        network.clock.move(6 * HOUR)
    assert len(peer.asked("/odd.png")) == 1
    assert await files(house) == []
    network.clock.move(LONGEST_WAIT)
    shows(peer, "/odd.png")
    assert (await service.remote(url, house=house)).key is not None


async def test_a_host_that_is_down_is_asked_again_ever_more_rarely(
    house: House, peer: Peer, network: Network
) -> None:
    """After ten minutes, twenty, forty; a success forgets it."""
    url = peer.answers("/ada.jpg", status=503)
    for wait in (10, 20, 40):
        with pytest.raises(PictureMissingError):
            await service.remote(url, house=house)
        asked = len(peer.asked("/ada.jpg"))
        network.clock.move(timedelta(minutes=wait - 1))
        with pytest.raises(PictureMissingError):
            await service.remote(url, house=house)
        assert len(peer.asked("/ada.jpg")) == asked
        network.clock.move(timedelta(minutes=1))
    shows(peer)
    await service.remote(url, house=house)
    row = await RemotePicture.get(url=url)
    assert (row.failures, row.retry_at) == (0, None)


async def test_no_address_of_ours_can_be_reached(house: House, peer: Peer) -> None:
    """Whatever a post says: the fetch goes through the guard (security case 16)."""
    url = shows(peer)
    for odd in ("https://127.0.0.1/x.png", "https://10.0.0.1/x.png", "file:///etc/passwd", "x"):
        with pytest.raises(PictureMissingError):
            await service.remote(odd, house=house)
    assert (await service.remote(url, house=house)).url == url
    assert len(peer.requests) == 1


async def test_what_is_no_web_address_leaves_no_trace(house: House) -> None:
    """An address longer than a column, or none at all, is not even remembered."""
    for odd in ("https://there.test/" + "a" * 2048, "data:image/png;base64,AAAA", ""):
        with pytest.raises(PictureMissingError):
            await service.remote(odd, house=house)
    assert not await RemotePicture.exists()


async def test_the_store_of_a_peer_may_not_know_what_it_holds(house: House, peer: Peer) -> None:
    """Buckets often call everything a stream of octets; the bytes decide."""
    url = peer.answers("/x", body=file_of(halves(), "PNG"), content_type="binary/octet-stream")
    assert (await service.remote(url, house=house)).media_type == "image/jpeg"


async def test_a_post_that_goes_takes_our_copies_along(
    house: House, peer: Peer, worker: Worker
) -> None:
    """Rows at once, files by a job; others stay."""
    url, other = shows(peer), shows(peer, "/tom.jpg")
    await service.remote(url, house=house)
    kept = await service.remote(other, house=house)
    await service.forget_remote([url, "https://never.test/seen.png"], house=house)
    assert [row.url for row in await RemotePicture.all()] == [other]
    await worker.run_due()
    assert await files(house) == sorted(kept.file(size) for size in Size)


async def test_a_copy_that_comes_in_beside_the_deletion_is_dropped_by_a_job(
    house: House, peer: Peer, worker: Worker
) -> None:
    """Another process was writing it while the post's transaction had yet to commit."""
    url = shows(peer)
    await service.forget_remote([url], house=house)
    await service.remote(url, house=house)
    while await worker.run_due():
        pass
    assert not await RemotePicture.exists()
    assert await files(house) == []


async def test_what_nothing_shows_any_more_is_not_fetched(house: House, peer: Peer) -> None:
    """An address that we signed long ago opens nothing then."""
    still = {"https://there.test/tom.jpg"}

    async def look(asking: StillShown, _: House) -> None:
        asking.asked, asking.shown = True, asking.url in still

    house.hooks.on(StillShown, look)
    url, other = shows(peer), shows(peer, "/tom.jpg")
    with pytest.raises(PictureMissingError):
        await service.remote(url, house=house)
    assert (await service.remote(other, house=house)).url == other
    assert not peer.asked("/ada.jpg")
    assert await RemotePicture.all().count() == 1


async def test_a_copy_that_arrives_after_its_post_has_gone_is_dropped(
    house: House, peer: Peer
) -> None:
    """It was being fetched while the deletion came in."""
    gone = False

    async def look(asking: StillShown, _: House) -> None:
        asking.asked, asking.shown = True, not gone

    async def answer(_: web.Request) -> web.StreamResponse:
        nonlocal gone
        gone = True
        return web.Response(body=file_of(halves()), content_type="image/jpeg")

    house.hooks.on(StillShown, look)
    url = peer.handles("/ada.jpg", answer)
    with pytest.raises(PictureMissingError):
        await service.remote(url, house=house)
    assert not await RemotePicture.exists()


async def test_the_copies_looked_at_longest_ago_make_room(
    house: House, peer: Peer, worker: Worker, network: Network
) -> None:
    """Beyond the limit, and then a little more, so that it isn't done for every picture."""
    data = file_of(noise(40, 40))
    for number in range(8):
        await service.remote(shows(peer, f"/{number}.jpg", data), house=house)
        network.clock.move(2 * HOUR)
    size = (await RemotePicture.get(url__endswith="/0.jpg")).size_bytes
    assert 8 * size > LIMIT > 2 * size
    await service.remote("https://there.test/0.jpg", house=house)  # looked at just now
    while await worker.run_due():
        pass
    left = {row.url.rpartition("/")[2] for row in await RemotePicture.all()}
    assert len(left) * size <= 0.9 * LIMIT < (len(left) + 1) * size
    assert {"0.jpg", "7.jpg"} <= left
    assert len(await files(house)) == 3 * len(left)


async def test_old_failures_are_forgotten(house: House, peer: Peer, network: Network) -> None:
    """They are rows that nobody asks for any more."""
    url = peer.answers("/x.png", status=404)
    with pytest.raises(PictureMissingError):
        await service.remote(url, house=house)
    network.clock.move(timedelta(days=7))
    await tidying.sweep({}, house)
    assert await RemotePicture.exists()
    network.clock.move(timedelta(days=2))
    await tidying.sweep({}, house)
    assert not await RemotePicture.exists()


async def test_two_processes_that_fetch_the_same_end_with_one_copy(
    house: House, peer: Peer, network: Network
) -> None:
    """The later one counts; what the earlier wrote is swept as files without a row."""
    arrived = asyncio.Barrier(2)

    async def answer(_: web.Request) -> web.StreamResponse:
        await arrived.wait()
        return web.Response(body=file_of(halves()), content_type="image/jpeg")

    url = peer.handles("/ada.jpg", answer)
    async with Fetcher(network.client(), clock=network.clock) as fetcher:
        second = replace(house, address="https://hub.test:1", fetcher=fetcher)
        await asyncio.gather(*(service.remote(url, house=one) for one in (house, second)))
    [row] = await RemotePicture.all()
    assert len(await files(house)) == 6
    network.clock.move(timedelta(days=3650))
    await tidying.sweep_files({}, house)
    assert await files(house) == sorted(row.file(size) for size in Size)


async def test_only_what_we_signed_is_fetched(house: House) -> None:
    """Nobody can use the node to fetch what they like."""
    path = service.proxied("https://there.test/ä.png?a=1&b=2", house=house)
    token = path.split("/")[2]
    assert service.asked_url(token, house=house) == "https://there.test/ä.png?a=1&b=2"
    text, _, tag = token.partition(".")
    other = service.proxied("https://there.test/other.png", house=house).split("/")[2]
    for forged in (f"{other.partition('.')[0]}.{tag}", f"{text}.", text, f"{token}A", "", ".", "€"):
        with pytest.raises(PictureMissingError):
            service.asked_url(forged, house=house)
