"""Where a delivery may be sent on to (security case 17)."""

import asyncio

import pytest
from aiohttp import web

from federation.connector import AddressPolicy, Timeouts
from federation.delivery import Courier, Delivered, Rejected, Retry
from federation.keys import SigningKey
from federation.signatures import acceptable, claims, verify
from federation.testing import verification_key
from tests.support.network import Network
from tests.support.peer import Peer

INBOX = "https://there.test/inbox"
BODY = b'{"type":"Create","actor":"https://here.test/actor"}'


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_that_keeps_the_method_is_followed_and_signed_anew(
    status: int, network: Network, courier: Courier, there: Peer, key: SigningKey
) -> None:
    """The signature is for where it goes."""
    other = await Peer.at(network, "other.test")
    there.redirects("/inbox", "https://other.test/inbox", status=status)
    assert await courier.deliver(INBOX, BODY, key) == Delivered(202)
    message = other.received[0].message
    claim = acceptable(claims(message), message, network.clock.now())
    verify(message, claim, verification_key(key), now=network.clock.now())
    assert other.received[0].body == BODY


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_redirect_that_loses_the_body_is_not_followed(
    status: int, network: Network, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """A GET at the other end would deliver nothing."""
    other = await Peer.at(network, "other.test")
    there.redirects("/inbox", "https://other.test/inbox", status=status)
    assert isinstance(await courier.deliver(INBOX, BODY, key), Retry)
    assert other.requests == []


async def test_three_redirects_are_followed_and_no_fourth(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Nor does one in a circle."""
    for number in range(4):
        there.redirects(f"/{number}", f"/{number + 1}", status=308)
    assert isinstance(await courier.deliver("https://there.test/0", BODY, key), Retry)
    assert len(there.requests) == 4
    there.answers("/4", status=202)
    assert await courier.deliver("https://there.test/1", BODY, key) == Delivered(202)
    there.redirects("/4", "/1", status=308)
    assert isinstance(await courier.deliver("https://there.test/1", BODY, key), Retry)


@pytest.mark.parametrize(
    "location",
    [
        "http://there.test/x",
        "https://10.0.0.1/x",
        "https://a@there.test/",
        "file:///etc/passwd",
        "",
    ],
)
async def test_a_redirect_to_where_we_may_not_go_is_a_rejection(
    location: str, there: Peer, courier: Courier, key: SigningKey
) -> None:
    """Each hop is checked like the first."""
    there.redirects("/inbox", location, status=308)
    outcome = await courier.deliver(INBOX, BODY, key)
    assert isinstance(outcome, Rejected)
    assert len(there.requests) == 1


@pytest.mark.parametrize(
    "inbox",
    [
        "",
        "inbox",
        "http://there.test/inbox",
        "https://127.0.0.1/inbox",
        "https://[::1]/",
        "ftp://x/",
    ],
)
async def test_an_inbox_that_may_not_be_asked_is_a_rejection(
    inbox: str, network: Network, key: SigningKey
) -> None:
    """No attempt could ever work, and none is made."""
    client = network.client(policy=AddressPolicy())
    async with Courier(client, clock=network.clock) as courier:
        outcome = await courier.deliver(inbox, BODY, key)
    assert isinstance(outcome, Rejected)
    assert outcome.status is None
    assert network.resolver.asked == []


async def test_a_name_with_a_private_address_is_not_delivered_to(
    network: Network, courier: Courier, key: SigningKey
) -> None:
    """Names can be mended, so it is tried again; nothing is sent."""
    network.resolver.addresses["trap.test"] = ["10.0.0.1"]
    outcome = await courier.deliver("https://trap.test/inbox", BODY, key)
    assert isinstance(outcome, Retry)
    assert "private" in outcome.reason


async def test_a_redirect_to_itself_is_not_followed_and_passes(
    there: Peer, courier: Courier, key: SigningKey
) -> None:
    """A circle of one: somebody will mend it, so it is no refusal."""
    there.redirects("/inbox", "/inbox", status=308)
    outcome = await courier.deliver(INBOX, BODY, key)
    assert outcome == Retry("its redirects go in a circle", None, 308)
    assert len(there.requests) == 1


async def test_redirects_that_dawdle_share_one_total_time(
    network: Network, there: Peer, key: SigningKey
) -> None:
    """No lane's lease runs out because of somebody's redirects."""

    async def dawdle(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return web.Response(status=307, headers={"Location": f"{request.path}x"})

    for path in ("/inbox", "/inboxx", "/inboxxx"):
        there.handles(path, dawdle)
    client = network.client(timeouts=Timeouts(connect=0.5, total=0.5))
    async with Courier(client, clock=network.clock) as courier:
        assert await courier.deliver(INBOX, BODY, key) == Retry("it took too long")
    assert len(there.requests) == 2
