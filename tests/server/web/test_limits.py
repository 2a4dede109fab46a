"""How often, and from where."""

import pytest
from aiohttp import web

from server.errors import TooManyError
from server.web import WebSettings, client_address
from server.web.addresses import client_network
from server.web.limits import Limits
from tests.server.web.conftest import HandClock, Serve

table = web.RouteTableDef()


@table.get("/who")
async def who(request: web.Request) -> web.Response:
    """Say who asks."""
    return web.json_response([client_address(request), client_network(request)])


def test_beyond_the_limit_is_refused_until_time_has_passed(clock: HandClock) -> None:
    """Three within a minute, then none for as long as the error says."""
    limits = Limits(clock)
    for _ in range(3):
        limits.take("sign-in", "a", times=3, seconds=60)
    with pytest.raises(TooManyError) as refused:
        limits.take("sign-in", "a", times=3, seconds=60)
    assert refused.value.facts["retry_after"] == 20
    limits.take("sign-in", "b", times=3, seconds=60)
    limits.take("join", "a", times=3, seconds=60)
    clock.pass_by(seconds=19)
    with pytest.raises(TooManyError):
        limits.take("sign-in", "a", times=3, seconds=60)
    clock.pass_by(seconds=1)
    limits.take("sign-in", "a", times=3, seconds=60)


def test_being_refused_does_not_lengthen_the_wait(clock: HandClock) -> None:
    """Whoever keeps trying is let in at the same time as whoever waits."""
    limits = Limits(clock)
    limits.take("x", "a", times=1, seconds=60)
    for _ in range(100):
        with pytest.raises(TooManyError):
            limits.take("x", "a", times=1, seconds=60)
    clock.pass_by(seconds=60)
    limits.take("x", "a", times=1, seconds=60)


def test_a_key_can_start_again(clock: HandClock) -> None:
    """After a sign-in that went well, say."""
    limits = Limits(clock)
    limits.take("x", "a", times=1, seconds=60)
    limits.forget("x", "a")
    limits.take("x", "a", times=1, seconds=60)


def test_memory_is_bounded(clock: HandClock) -> None:
    """However many keys come, no more than so many are held, and the busiest stay."""
    limits = Limits(clock, most=100)
    for number in range(10_000):
        limits.take("x", str(number), times=5, seconds=60)
        limits.take("x", "busy", times=100_000, seconds=60)
    assert len(limits) == 100


@pytest.mark.parametrize(
    ("forwarded", "address", "network"),
    [
        (None, "127.0.0.1", "127.0.0.1"),
        ("203.0.113.9", "203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", "203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.9"),
        ("nonsense", "127.0.0.1", "127.0.0.1"),
        ("6.6.6.6, nonsense", "127.0.0.1", "127.0.0.1"),
    ],
)
async def test_a_trusted_proxy_says_who_it_speaks_for(
    serve: Serve, forwarded: str | None, address: str, network: str
) -> None:
    """The rightmost address that is no proxy's; what the client wrote further left is ignored."""
    client = await serve(table)
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    async with client.get("/who", headers=headers) as response:
        assert await response.json() == [address, network]


async def test_an_untrusted_peer_speaks_for_itself(serve: Serve) -> None:
    """Anybody can write a header."""
    client = await serve(table, settings=WebSettings(trusted_proxies=()))
    async with client.get("/who", headers={"X-Forwarded-For": "203.0.113.9"}) as response:
        assert await response.json() == ["127.0.0.1", "127.0.0.1"]


async def test_an_address_that_asks_too_much_is_told_when_to_come_back(
    serve: Serve, clock: HandClock
) -> None:
    """429 with Retry-After for that address, pages for the others."""
    client = await serve(table, settings=WebSettings(requests_per_minute=3))
    busy, calm = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "203.0.113.10"}
    for _ in range(3):
        async with client.get("/who", headers=busy) as response:
            assert response.status == 200
    async with client.get("/who", headers=busy) as response:
        assert response.status == 429
        assert response.headers["Retry-After"] == "20"
        assert "a bit much" in await response.text()
    async with client.get("/who", headers=calm) as response:
        assert response.status == 200
    clock.pass_by(seconds=20)
    async with client.get("/who", headers=busy) as response:
        assert response.status == 200
