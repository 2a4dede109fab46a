"""One activity, one inbox, one outcome (federation.md §4, §6, §9)."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256

import pytest
from aiohttp import web

from federation.connector import Timeouts
from federation.delivery import Courier, Delivered, Gone, Rejected, Retry
from federation.keys import SigningKey
from federation.signatures import Scheme, acceptable, claims, verify
from federation.testing import FixedClock, verification_key
from tests.support.network import Network
from tests.support.peer import Peer

INBOX = "https://there.test/inbox"
BODY = b'{"type":"Create","actor":"https://here.test/actor"}'
CAVAGE, RFC9421 = Scheme.CAVAGE, Scheme.RFC9421


async def test_what_is_delivered_arrives_byte_for_byte(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """The bytes were made once; they are what the digest and a proof speak of."""
    assert await courier.deliver(INBOX, BODY, key) == Delivered(202)
    assert [one.body for one in there.received] == [BODY]
    assert there.received[0].header("Content-Type") == "application/activity+json"


async def test_a_delivery_is_signed_so_that_the_peer_can_prove_it(
    there: Peer, courier: Courier, key: SigningKey, clock: FixedClock
) -> None:
    """The query string is part of what is signed (§9, 3)."""
    await courier.deliver(f"{INBOX}?for=ann&x", BODY, key)
    message = there.requests[0].message
    claim = acceptable(claims(message), message, clock.now())
    verify(message, claim, verification_key(key), now=clock.now())
    assert there.requests[0].path == "/inbox?for=ann&x"


async def test_cavage_goes_first_with_its_own_digest(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Pixelfed answers 200 to RFC 9421 and drops what it got (§9, 1 and 2)."""
    await courier.deliver(INBOX, BODY, key)
    received = there.received[0]
    expected = "SHA-256=" + b64encode(sha256(BODY).digest()).decode()
    assert received.scheme is CAVAGE
    assert received.header("Digest") == expected
    assert received.header("Content-Digest") is None


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_peer_that_turns_cavage_away_is_knocked_at_with_rfc_9421(
    status: int, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """With a `Content-Digest`, and that one only."""
    there.inbox_answers(status)
    assert await courier.deliver(INBOX, BODY, key) == Delivered(202)
    first, second = there.received
    assert (first.scheme, second.scheme) == (CAVAGE, RFC9421)
    expected = "sha-256=:" + b64encode(sha256(BODY).digest()).decode() + ":"
    assert second.header("Content-Digest") == expected
    assert second.header("Digest") is None
    assert second.body == BODY


async def test_what_a_host_took_is_remembered_for_a_day(
    there: Peer, courier: Courier, key: SigningKey, clock: FixedClock
) -> None:
    """The second delivery goes straight to what worked; the next day we look again."""
    there.reads = {RFC9421}
    await courier.deliver(INBOX, BODY, key)
    await courier.deliver("https://there.test/people/ann/inbox", BODY, key)
    assert [one.scheme for one in there.received] == [CAVAGE, RFC9421, RFC9421]
    clock.move(timedelta(days=1))
    await courier.deliver(INBOX, BODY, key)
    assert [one.scheme for one in there.received][3:] == [CAVAGE, RFC9421]


async def test_what_one_host_took_says_nothing_of_another(
    network: Network, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Memory is per host."""
    other = await Peer.at(network, "other.test")
    there.reads = {RFC9421}
    await courier.deliver(INBOX, BODY, key)
    await courier.deliver(other.shared_inbox, BODY, key)
    assert [one.scheme for one in other.received] == [CAVAGE]


async def test_a_host_that_goes_back_to_cavage_is_still_reached(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """The second knock is with the other scheme, whichever came first."""
    there.reads = {RFC9421}
    await courier.deliver(INBOX, BODY, key)
    there.reads = {CAVAGE}
    assert await courier.deliver(INBOX, BODY, key) == Delivered(202)


async def test_both_knocks_in_vain_are_a_rejection(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Two requests, no third; nothing is remembered."""
    there.inbox_answers(403, 403)
    outcome = await courier.deliver(INBOX, BODY, key)
    assert isinstance(outcome, Rejected)
    assert outcome.status == 403
    assert len(there.received) == 2
    await courier.deliver(INBOX, BODY, key)
    assert there.received[2].scheme is CAVAGE


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [(403, 401, 403), (401, 403, 403), (401, 400, 400), (400, 401, 400)],
)
async def test_of_two_refusals_the_one_that_says_more_is_kept(
    first: int, second: int, told: int, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """401 mostly means that a scheme isn't read; the other answer is the reason."""
    there.inbox_answers(first, second)
    outcome = await courier.deliver(INBOX, BODY, key)
    assert isinstance(outcome, Rejected)
    assert outcome.status == told


async def test_the_second_knock_can_have_any_outcome(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """It counts like a first one."""
    there.inbox_answers(401, 410, 401, 503)
    assert await courier.deliver(INBOX, BODY, key) == Gone(410)
    assert isinstance(await courier.deliver(INBOX, BODY, key), Retry)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_every_2xx_is_delivered(
    status: int, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Servers differ in what they answer."""
    there.inbox_answers(status)
    assert await courier.deliver(INBOX, BODY, key) == Delivered(status)


@pytest.mark.parametrize("status", [404, 410])
async def test_an_inbox_that_is_not_there_is_gone(
    status: int, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Whether its owner is, is for a second confirmation to say."""
    there.inbox_answers(status)
    assert await courier.deliver(INBOX, BODY, key) == Gone(status)
    assert len(there.received) == 1


@pytest.mark.parametrize("status", [402, 405, 406, 409, 413, 415, 422, 451])
async def test_any_other_4xx_is_a_rejection(
    status: int, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """With its status, after one request."""
    there.inbox_answers(status)
    outcome = await courier.deliver(INBOX, BODY, key)
    assert isinstance(outcome, Rejected)
    assert outcome.status == status
    assert len(there.received) == 1


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 302, 301, 303, 304])
async def test_what_may_pass_is_tried_again(
    status: int, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """A maintenance page is no reason to lose what was said."""
    there.inbox_answers(status)
    outcome = await courier.deliver(INBOX, BODY, key)
    assert isinstance(outcome, Retry)
    assert (outcome.status, outcome.after) == (status, None)


async def test_retry_after_is_handed_on(there: Peer, courier: Courier, key: SigningKey) -> None:
    """The lane waits as long as it was asked to."""
    there.answers("/inbox", status=429, headers={"Retry-After": "90"}, body=b"slow\n down")
    outcome = await courier.deliver(INBOX, BODY, key)
    assert outcome == Retry("it answered 429: slow down", timedelta(seconds=90), 429)


async def test_a_host_that_is_down_is_tried_again(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Refused, then back."""
    await there.stop()
    assert isinstance(await courier.deliver(INBOX, BODY, key), Retry)
    await there.start()
    assert await courier.deliver(INBOX, BODY, key) == Delivered(202)


async def test_a_kept_connection_that_the_peer_closed_is_no_failure(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """A peer that restarted between two deliveries is simply connected to again."""
    await courier.deliver(INBOX, BODY, key)
    await there.stop()
    await there.start()
    assert await courier.deliver(INBOX, BODY, key) == Delivered(202)


async def test_a_name_that_is_not_known_is_tried_again(courier: Courier, key: SigningKey) -> None:
    """It may be a name server's bad day."""
    outcome = await courier.deliver("https://nowhere.test/inbox", BODY, key)
    assert outcome == Retry("its name is not known")


async def test_a_certificate_that_is_not_trusted_is_tried_again(
    network: Network, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """They expire and are renewed; nothing was sent meanwhile."""
    network.resolver.ports["other.test"] = network.resolver.ports["there.test"]
    outcome = await courier.deliver("https://other.test/inbox", BODY, key)
    assert outcome == Retry("its certificate is not trusted")
    assert there.received == []


@pytest.fixture
async def hasty(network: Network) -> AsyncIterator[Courier]:
    """A courier that waits half a second in all."""
    client = network.client(timeouts=Timeouts(connect=0.5, total=0.5))
    async with Courier(client, clock=network.clock) as courier:
        yield courier


async def test_a_peer_that_never_answers_is_tried_again(
    there: Peer, hasty: Courier, key: SigningKey
) -> None:
    """After the total time, not later."""

    async def answer(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    there.handles("/inbox", answer)
    assert await hasty.deliver(INBOX, BODY, key) == Retry("it took too long")


@pytest.mark.parametrize("status", [202, 410, 422])
async def test_an_answer_counts_though_its_body_never_ends(
    status: int, there: Peer, courier: Courier, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status says it all; the body is for a person to read, and 4 KiB of it are enough."""
    monkeypatch.setattr("federation.connector.client.START_SECONDS", 0.1)

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=status)
        await response.prepare(request)
        await response.write(b"so far")
        await asyncio.sleep(60)
        return response

    there.handles("/inbox", answer)
    outcome = await courier.deliver(INBOX, BODY, key)
    expected = {202: Delivered(202), 410: Gone(410), 422: Rejected(422, "it answered 422: so far")}
    assert outcome == expected[status]


async def test_a_reason_is_one_short_plain_line(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Nothing that a peer answers can break a log or a page (security case 26)."""
    there.answers("/inbox", status=422, body="a\x1b[31m\r\n\0 ‮b".encode() + b"\xff" * 10_000)
    outcome = await courier.deliver(INBOX, BODY, key)
    assert isinstance(outcome, Rejected)
    assert outcome.reason.isprintable()
    assert outcome.reason.startswith("it answered 422: a")
    assert len(outcome.reason) < 250


async def test_connections_are_kept_between_deliveries(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Two knocks and two deliveries make one handshake."""
    ports: set[int] = set()

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        body = json.dumps({"error": "no"}).encode()
        return web.Response(status=401 if len(there.requests) == 1 else 202, body=body)

    there.handles("/inbox", answer)
    for _ in range(3):
        assert isinstance(await courier.deliver(INBOX, BODY, key), Delivered)
    assert len(there.requests) == 4
    assert len(ports) == 1


async def test_at_most_four_deliveries_to_a_host_are_under_way_at_once(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Whoever asks for more waits their turn."""
    running: list[int] = []
    now = 0

    async def answer(_: web.Request) -> web.StreamResponse:
        nonlocal now
        now += 1
        running.append(now)
        await asyncio.sleep(0.02)
        now -= 1
        return web.Response(status=202)

    there.handles("/inbox", answer)
    outcomes = await asyncio.gather(*(courier.deliver(INBOX, BODY, key) for _ in range(12)))
    assert outcomes == [Delivered(202)] * 12
    assert max(running) == 4


async def test_a_slow_host_delays_no_other(
    network: Network, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Sixteen deliveries hang in one, and the next host is served at once."""
    gate = asyncio.Event()
    other = await Peer.at(network, "other.test")

    async def answer(_: web.Request) -> web.StreamResponse:
        await gate.wait()
        return web.Response(status=202)

    there.handles("/inbox", answer)
    slow = [asyncio.create_task(courier.deliver(INBOX, BODY, key)) for _ in range(16)]
    async with asyncio.timeout(5):
        assert await courier.deliver(other.shared_inbox, BODY, key) == Delivered(202)
    assert not any(task.done() for task in slow)
    gate.set()
    assert await asyncio.gather(*slow) == [Delivered(202)] * 16
