"""Which addresses may be reached (security case 16)."""

import socket
import ssl
import subprocess
import sys

import aiohttp
import pytest
from aiohttp import web

from federation.connector import (
    AddressPolicy,
    Client,
    guarded_connector,
    target_of,
)
from federation.errors import ForbiddenAddressError, UnreachableError
from federation.fetch import Fetcher
from tests.support.network import NamedResolver, Network
from tests.support.peer import Peer

PRODUCTION = AddressPolicy()
SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "127.0.0.1.",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "①②⑦.⓪.⓪.①",
    "localhost",
]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_a_spelling_of_a_loopback_address_does_not_matter(
    host: str, network: Network
) -> None:
    """Decimal, octal, hexadecimal, short, mapped, in circles: loopback hears nothing."""
    heard: list[str] = []
    listener = await _listener(heard)
    port = listener.addresses[0][1]
    client = Client(
        policy=AddressPolicy(allow_http=True),
        user_agent="Fettle (tests)",
        tls=network.trust,
        resolver=_Libc(),
    )
    async with Fetcher(client, clock=network.clock) as fetcher:
        with pytest.raises(ForbiddenAddressError):
            await fetcher.get(f"http://{host}:{port}/")
    await listener.cleanup()
    assert heard == []


@pytest.mark.parametrize("host", ["0x7f000001", "0x7f.1", "2130706433", "127.1", "localhost"])
async def test_the_connection_itself_is_guarded_whatever_the_host_is_called(host: str) -> None:
    """Without the check of the text the socket is still refused, or the host's name is."""
    heard: list[str] = []
    listener = await _listener(heard)
    port = listener.addresses[0][1]
    connector = guarded_connector(PRODUCTION, resolver=_Libc())
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(f"http://{host}:{port}/")
    await listener.cleanup()
    assert heard == []


async def test_the_unguarded_listener_would_have_heard(network: Network) -> None:
    """The tests above would notice: with loopback allowed the same listener answers."""
    heard: list[str] = []
    listener = await _listener(heard)
    port = listener.addresses[0][1]
    policy = AddressPolicy(allow_http=True, allow_loopback=True)
    async with Client(policy=policy, user_agent="Fettle (tests)", tls=network.trust) as client:
        for host in ("127.0.0.1", "localhost"):
            response = await client.send("GET", target_of(f"http://{host}:{port}/"), headers={})
            response.close()
    await listener.cleanup()
    assert heard == ["/", "/"]


async def test_a_name_that_leads_to_a_private_address_is_refused(
    network: Network, there: Peer
) -> None:
    """Whoever owns a name may point it anywhere: every address is judged when it is dialled."""
    for address in ("10.0.0.1", "127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1"):
        network.resolver.addresses["trap.test"] = [address]
        async with _production(network) as client:
            with pytest.raises(ForbiddenAddressError):
                await client.send("GET", target_of("https://trap.test/"), headers={})


async def test_a_name_with_only_private_addresses_is_refused(network: Network) -> None:
    """Several addresses are judged one by one."""
    network.resolver.addresses["trap.test"] = ["127.0.0.1", "::1", "10.0.0.1"]
    async with _production(network) as client:
        with pytest.raises(ForbiddenAddressError):
            await client.send("GET", target_of("https://trap.test/"), headers={})


async def test_a_name_that_changes_its_address_gains_nothing(network: Network) -> None:
    """DNS rebinding: public when it is asked first, loopback when it is dialled."""
    heard: list[str] = []
    listener = await _listener(heard)
    resolver = _Rebinding(listener.addresses[0][1])
    policy = AddressPolicy(allow_http=True)
    async with Client(policy=policy, user_agent="t", resolver=resolver) as client:
        await resolver.resolve("trap.test")
        with pytest.raises(ForbiddenAddressError):
            await client.send("GET", target_of("http://trap.test/"), headers={})
    await listener.cleanup()
    assert resolver.turns == 2
    assert heard == []


async def test_nothing_is_sent_through_a_proxy_of_the_environment(
    network: Network, there: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would connect where the guard can't look."""
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    there.answers("/hello", body=b"{}")
    async with network.client() as client:
        response = await client.send("GET", target_of("https://there.test/hello"), headers={})
        assert response.status == 200
        response.close()


async def test_cookies_are_neither_kept_nor_sent(network: Network, there: Peer) -> None:
    """Nobody can follow the node about."""
    there.answers("/hello", headers={"Set-Cookie": "who=you; Path=/"})
    async with network.client() as client:
        for _ in range(2):
            response = await client.send("GET", target_of("https://there.test/hello"), headers={})
            await response.read()
    assert [one.header("Cookie") for one in there.asked("/hello")] == [None, None]


async def test_the_node_says_who_it_is(network: Network, there: Peer) -> None:
    """The User-Agent names the node and whom to write to."""
    async with network.client() as client:
        (await client.send("GET", target_of("https://there.test/"), headers={})).close()
    assert there.requests[0].header("User-Agent") == "Fettle (tests; +https://here.test/about)"


async def test_a_certificate_of_somebody_else_is_refused(network: Network, there: Peer) -> None:
    """A name that leads to another host's server is not that host."""
    network.resolver.ports["elsewhere.test"] = network.resolver.ports["there.test"]
    async with network.client() as client:
        with pytest.raises(UnreachableError, match="certificate"):
            await client.send("GET", target_of("https://elsewhere.test/"), headers={})
    assert there.requests == []


async def test_an_unknown_authority_is_not_trusted(network: Network, there: Peer) -> None:
    """Only what is trusted by the machine or by the settings vouches for a host."""
    client = Client(
        policy=AddressPolicy(allow_loopback=True),
        user_agent="t",
        resolver=network.resolver,
        tls=ssl.create_default_context(),
    )
    async with client:
        with pytest.raises(UnreachableError, match="certificate"):
            await client.send("GET", target_of("https://there.test/"), headers={})


async def test_a_name_that_does_not_exist_is_unreachable(network: Network) -> None:
    """It may exist tomorrow."""
    async with network.client() as client:
        with pytest.raises(UnreachableError, match="name"):
            await client.send("GET", target_of("https://nowhere.test/"), headers={})


async def test_connections_are_used_again(network: Network, there: Peer) -> None:
    """A handshake costs ten times what a request does."""
    ports: set[int] = set()

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.Response()

    there.handles("/hello", answer)
    async with network.client() as client:
        for _ in range(3):
            response = await client.send("GET", target_of("https://there.test/hello"), headers={})
            await response.read()
    assert len(ports) == 1


def test_the_certificates_of_ssl_cert_file_are_trusted(network_file: str) -> None:
    """Networks with an authority of their own name it in the environment."""
    code = (
        "from federation.connector import system_trust;"
        "print(len(system_trust().get_ca_certs()),"
        " system_trust().get_ca_certs()[0]['subject'][0][0][1])"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code],
        env={"SSL_CERT_FILE": network_file, "SSL_CERT_DIR": "/nonexistent"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("1 trustme")


@pytest.fixture
def network_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with one authority's certificate."""
    path = tmp_path_factory.mktemp("trust") / "ca.pem"
    Network().ca.cert_pem.write_to_path(str(path))
    return str(path)


class _Libc(NamedResolver):
    """Understands every spelling of an IPv4 address that `getaddrinfo` does."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[aiohttp.abc.ResolveResult]:
        name = "127.0.0.1" if host == "localhost" else host
        self.addresses[host] = [socket.inet_ntoa(socket.inet_aton(name))]
        return await super().resolve(host, port, family)


class _Rebinding(NamedResolver):
    """Tells a public address first and loopback from then on."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port, self.turns = port, 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[aiohttp.abc.ResolveResult]:
        self.turns += 1
        self.addresses[host] = ["93.184.216.34" if self.turns == 1 else "127.0.0.1"]
        return await super().resolve(host, self.port, family)


def _production(network: Network) -> Client:
    return network.client(policy=PRODUCTION)


async def _listener(heard: list[str]) -> web.AppRunner:
    """Listen on loopback, plainly, and write down what is asked for."""

    async def answer(request: web.Request) -> web.Response:
        heard.append(request.path)
        return web.Response(text="inside")

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner
