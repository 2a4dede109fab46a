"""A network in which real commands take part: everybody is at `localhost`, each at a port."""

import socket
import ssl
from itertools import count
from pathlib import Path
from typing import Self, cast

from aiohttp.abc import ResolveResult

from federation.ports import SystemClock
from federation.testing import FixedClock
from tests.interop.processes import free_port
from tests.support.network import IPV4, NamedResolver, Network, located
from tests.support.peer import Peer


class Straight(NamedResolver):
    """Every name is this machine, and a port is what it says."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [located(host, IPV4, port)]


class Loopback(Network):
    """The time is now; processes trust whom `authority` (a file) names."""

    def __init__(self, folder: Path) -> None:
        super().__init__(cast(FixedClock, SystemClock()))  # nobody here moves it
        self.resolver = Straight()
        self.authority, self.chain, self.key = (
            folder / name for name in ("authority.pem", "chain.pem", "key.pem")
        )
        self.ca.cert_pem.write_to_path(str(self.authority))
        issued = self.ca.issue_cert("localhost")
        for part in issued.cert_chain_pems:
            part.write_to_path(str(self.chain), append=True)
        self.key.touch(mode=0o600)
        issued.private_key_pem.write_to_path(str(self.key))

    def server_tls(self, host: str) -> ssl.SSLContext:
        return super().server_tls(host.partition(":")[0])


class LoopbackPeer(Peer):
    """A peer at an address of its own, `https://127.64.0.7:{port}`: hosts below one name would
    count as one domain, of which nobody meets many at once.
    """

    numbers = count(1)

    @classmethod
    async def beside(cls, network: Loopback) -> Self:
        """Bring up a peer; it goes down with the network."""
        number, port = next(cls.numbers), free_port()
        address = f"127.64.{number // 250}.{number % 250 + 1}"
        peer = cls(network, f"{address}:{port}")
        peer.listens_at, peer._port = address, port
        await peer.start()
        network.stack.push_async_callback(peer.client.aclose)
        network.stack.push_async_callback(peer.stop)
        return peer
