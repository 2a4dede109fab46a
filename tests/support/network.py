"""A small internet on loopback: names, certificates, one clock. Nothing outside it exists.

Any number of hosts live in it: `Peer`s (someone else's software, see `peer.py`) and real nodes.
Names have no ports: `https://there.test` is wherever `there.test` listens.
"""

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

from federation.connector import AddressPolicy, Client, Timeouts
from federation.keys import PrivateKey
from federation.testing import FixedClock
from tests.support.keys import deal

IPV4 = "127.0.0.1"


class NoSuchHostError(OSError):
    """There is no such host in the test network."""


class NamedResolver(AbstractResolver):
    """Maps the network's names to ports of loopback; every other name does not exist."""

    def __init__(self) -> None:
        self.ports: dict[str, int] = {}
        self.addresses: dict[str, list[str]] = {}
        """Names that resolve to other addresses than loopback's; those tests never connect."""
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host in self.addresses:
            return [located(host, address, port) for address in self.addresses[host]]
        if host not in self.ports:
            raise NoSuchHostError(host)
        return [located(host, IPV4, self.ports[host])]

    async def close(self) -> None: ...


def located(host: str, address: str, port: int) -> ResolveResult:
    """Return where a name is."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )


class Network:
    """The hosts of one test, whom they trust, and what time it is for all of them."""

    def __init__(self, clock: FixedClock | None = None) -> None:
        self.clock = clock or FixedClock()
        self.resolver = NamedResolver()
        self.ca = trustme.CA()
        self.trust = ssl.create_default_context(cadata=self.ca.cert_pem.bytes().decode())
        """The one context that every client of the network shares."""
        self.stack = AsyncExitStack()
        """What ends with the network, the last first."""

    def server_tls(self, host: str) -> ssl.SSLContext:
        """Return what a server named `host` needs to speak TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(host).configure_cert(context)
        return context

    def client(
        self, *, policy: AddressPolicy | None = None, timeouts: Timeouts | None = None
    ) -> Client:
        """Return a client that knows the network, as a node's would but for loopback."""
        return Client(
            policy=policy or AddressPolicy(allow_loopback=True),
            user_agent="Fettle (tests; +https://here.test/about)",
            timeouts=timeouts or Timeouts(connect=5, total=10),
            resolver=self.resolver,
            tls=self.trust,
        )

    def new_key(self) -> PrivateKey:
        """Return an RSA key that nobody else in this network has."""
        return deal()

    async def close(self) -> None:
        await self.stack.aclose()


@asynccontextmanager
async def network_of(clock: FixedClock | None = None) -> AsyncIterator[Network]:
    """Bring up an empty network, and take everything down that was added to it."""
    network = Network(clock)
    try:
        yield network
    finally:
        await network.close()
