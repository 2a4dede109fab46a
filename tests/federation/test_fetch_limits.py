"""Redirects, size and time have an end (security cases 17 and 21)."""

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator, Callable
from time import process_time

import pytest
from aiohttp import web

from federation.connector import AddressPolicy, Timeouts
from federation.errors import (
    FetchError,
    ForbiddenAddressError,
    RefusedDocumentError,
    UnreachableError,
)
from federation.fetch import Fetcher
from federation.keys import SigningKey
from federation.signatures import acceptable, claims, verify
from federation.testing import verification_key
from tests.federation.fetched import NOTE, note
from tests.support.network import Network
from tests.support.peer import Handler, Peer

MEBIBYTE = 1024 * 1024


async def test_a_redirect_is_signed_anew(
    network: Network, there: Peer, fetcher: Fetcher, key: SigningKey
) -> None:
    """A signature names the host and the path: the first one's would be worth nothing there."""
    other = await Peer.at(network, "other.test")
    url = there.redirects("/old", "https://other.test/new")
    other.answers("/new", body=note("https://other.test/new"))
    assert (await fetcher.document(url))["id"] == "https://other.test/new"
    message = other.requests[0].message
    claim = acceptable(claims(message), message, network.clock.now())
    verify(message, claim, verification_key(key), now=network.clock.now())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_three_redirects_are_followed(status: int, there: Peer, fetcher: Fetcher) -> None:
    """Of any kind."""
    for number in range(3):
        there.redirects(f"/{number}", f"/{number + 1}", status=status)
    there.answers("/3", body=note("https://there.test/3"))
    answer = await fetcher.get("https://there.test/0")
    assert answer.url == "https://there.test/3"


async def test_a_fourth_redirect_is_refused(there: Peer, fetcher: Fetcher) -> None:
    """Nobody leads us on and on."""
    for number in range(5):
        there.redirects(f"/{number}", f"/{number + 1}")
    with pytest.raises(RefusedDocumentError, match="more than 3"):
        await fetcher.get("https://there.test/0")
    assert len(there.requests) == 4


async def test_a_redirect_in_a_circle_is_refused(there: Peer, fetcher: Fetcher) -> None:
    """At the first step back."""
    there.redirects("/a", "/b")
    there.redirects("/b", "/a#x")
    with pytest.raises(RefusedDocumentError, match="circle"):
        await fetcher.get("https://there.test/a")
    assert len(there.requests) == 2


@pytest.mark.parametrize(
    "location",
    [
        "http://there.test/x",
        "ftp://there.test/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://10.1.2.3/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://inside.test/",
        "https://a:b@there.test/",
        "https://",
        "http://[",
        "",
    ],
)
async def test_a_redirect_to_where_we_may_not_go_is_refused(
    location: str, network: Network, there: Peer
) -> None:
    """Each hop is checked like the first (CVE-2025-23221)."""
    network.resolver.addresses["inside.test"] = ["10.0.0.1"]
    url = there.redirects("/x", location)
    policy = AddressPolicy(allow_loopback=True, allow_http=True)
    async with Fetcher(network.client(policy=policy), clock=network.clock) as fetcher:
        with pytest.raises((ForbiddenAddressError, RefusedDocumentError)):
            await fetcher.get(url)
    assert len(there.requests) == 1


async def test_a_body_of_one_mebibyte_is_taken_and_a_byte_more_is_not(
    there: Peer, fetcher: Fetcher
) -> None:
    """The limit is what it says."""
    url = there.answers("/full", body=b"x" * MEBIBYTE)
    assert len((await fetcher.get(url)).body) == MEBIBYTE
    url = there.answers("/over", body=b"x" * (MEBIBYTE + 1))
    with pytest.raises(RefusedDocumentError, match="larger"):
        await fetcher.get(url)


def _gzip(size: int) -> bytes:
    return gzip.compress(b"x" * size, 1)


def _zlib(size: int) -> bytes:
    return zlib.compress(b"x" * size, 1)


def _raw_deflate(size: int) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return packer.compress(b"x" * size) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", _gzip), ("deflate", _zlib), ("deflate", _raw_deflate)]
)
async def test_a_compressed_bomb_is_cut_at_the_limit(
    encoding: str, pack: Callable[[int], bytes], there: Peer, fetcher: Fetcher
) -> None:
    """200 MiB in 200 KiB: no more is unpacked than is taken."""
    bomb = pack(200 * MEBIBYTE)
    url = there.answers("/bomb", body=bomb, headers={"Content-Encoding": encoding})
    began = process_time()
    with pytest.raises(RefusedDocumentError, match="larger"):
        await fetcher.get(url)
    assert process_time() - began < 0.5


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip", "compress", "gzip, gzip"])
async def test_a_body_in_an_encoding_that_was_not_asked_for_is_not_taken(
    encoding: str, there: Peer, fetcher: Fetcher
) -> None:
    """Only gzip and deflate are asked for; what can't be unpacked is never half of something."""
    body = b"(\xb5/\xfd" + b"\x00" * 100
    there.answers(NOTE, body=body, headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError):
        await fetcher.document(NOTE)
    assert there.requests[0].header("Accept-Encoding") == "gzip, deflate"


async def test_a_compressed_document_is_read(there: Peer, fetcher: Fetcher) -> None:
    """gzip is what most servers send."""
    body = gzip.compress(json.dumps(note()).encode())
    there.answers(NOTE, body=body, headers={"Content-Encoding": "gzip"})
    assert (await fetcher.document(NOTE))["id"] == NOTE


@pytest.fixture
async def hasty(network: Network) -> AsyncIterator[Fetcher]:
    """A fetcher that waits half a second in all."""
    client = network.client(timeouts=Timeouts(connect=0.5, total=0.5))
    async with Fetcher(client, clock=network.clock) as fetcher:
        yield fetcher


def _trickle(first: bytes, *, pause: float) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/activity+json"})
        await response.prepare(request)
        await response.write(first)
        while True:
            await asyncio.sleep(pause)
            await response.write(b" ")

    return answer


async def test_a_body_that_trickles_is_cut_by_the_total_time(there: Peer, hasty: Fetcher) -> None:
    """Each byte comes in time, the last never does (CVE-2023-36461)."""
    url = there.handles("/drip", _trickle(b"{", pause=0.05))
    with pytest.raises(UnreachableError, match="too long"):
        await hasty.get(url)


async def test_a_body_without_end_is_cut_at_the_limit(there: Peer, fetcher: Fetcher) -> None:
    """However fast it comes."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/activity+json"})
        await response.prepare(request)
        while True:
            await response.write(b" " * 65536)
            await asyncio.sleep(0)

    with pytest.raises(RefusedDocumentError, match="larger"):
        await fetcher.get(there.handles("/stream", answer))


async def test_an_answer_that_never_begins_is_given_up(there: Peer, hasty: Fetcher) -> None:
    """The connection stands, nothing comes."""

    async def answer(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    with pytest.raises(UnreachableError, match="too long"):
        await hasty.get(there.handles("/mute", answer))


async def test_redirects_that_dawdle_share_one_total_time(there: Peer, hasty: Fetcher) -> None:
    """Three hops do not get three times the time."""

    async def dawdle(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        following = int(request.path[1:]) + 1
        return web.Response(status=302, headers={"Location": f"/{following}"})

    for number in range(4):
        there.handles(f"/{number}", dawdle)
    with pytest.raises(UnreachableError, match="too long"):
        await hasty.get("https://there.test/0")
    assert len(there.requests) == 2


async def test_a_body_that_breaks_off_is_no_document(there: Peer, fetcher: Fetcher) -> None:
    """Half of something is nothing."""

    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "application/activity+json", "Content-Length": "1000"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b'{"id": "https://there.test/x"}')
        assert request.transport is not None
        request.transport.abort()
        return response

    with pytest.raises(UnreachableError):
        await fetcher.get(there.handles("/half", answer))


async def test_a_host_that_is_down_is_unreachable(there: Peer, fetcher: Fetcher) -> None:
    """Refused connections pass."""
    await there.stop()
    with pytest.raises(UnreachableError):
        await fetcher.document(NOTE)
