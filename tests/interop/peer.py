"""The peer made with Fedify, as tests drive it: see tests/interop/fedify/peer.js."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.interop.processes import Certificate, bare_environment, free_port, running

PROGRAM = Path(__file__).parent / "fedify"
NODE = PROGRAM / "node_modules" / ".bin" / "node"

Json = dict[str, Any]


@dataclass(frozen=True)
class Peer:
    """A running peer; `origin` is its address, without a slash at the end."""

    origin: str
    trust: ssl.SSLContext | None = None

    @property
    def actor(self) -> str:
        """Return the URI of its only actor."""
        return f"{self.origin}/users/peer"

    @property
    def handle(self) -> str:
        """Return the handle of its only actor."""
        return f"@peer@{self.origin.partition('://')[2]}"

    async def ask(self, verb: str, **what: str) -> Json:
        """Make the peer do something; raise with its own words when it could not."""
        trust = self.trust if self.trust is not None else True
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as session,
            session.post(f"{self.origin}/control/{verb}", json=what) as answer,
        ):
            told: Json = await answer.json()
        assert answer.status == 200, f"the peer could not {verb}: {told.get('error')}"
        return told

    async def state(self) -> Json:
        """Return all that the peer knows; fail if one of its listeners has failed."""
        known = await self.ask("state")
        assert known["errors"] == []
        return known

    async def verified(self, kind: str) -> list[Json]:
        """Return the activities of a kind that the peer received and verified."""
        return [
            activity for activity in (await self.state())["verified"] if activity["type"] == kind
        ]


@contextmanager
def running_peer(
    folder: Path, *, first_knock: str = "rfc9421", certificate: Certificate | None = None
) -> Iterator[Peer]:
    """Run a peer, by TLS if it has a certificate; `first_knock` is the signature it tries first."""
    port = free_port()
    origin = f"{'https' if certificate else 'http'}://localhost:{port}"
    settings = {"PEER_PORT": str(port), "PEER_ORIGIN": origin, "PEER_FIRST_KNOCK": first_knock}
    if certificate:
        settings |= {
            "PEER_TLS_CERT": str(certificate.chain),
            "PEER_TLS_KEY": str(certificate.key),
            "NODE_EXTRA_CA_CERTS": str(certificate.authority),
        }
    environment = bare_environment(folder, settings)
    assert os.access(NODE, os.X_OK), "node is not installed: run make interop"
    command = [str(NODE), str(PROGRAM / "peer.js")]
    ready = f"{origin}/nodeinfo/2.1"
    trust = certificate.trust() if certificate else None
    with running(command, environment=environment, folder=folder, ready=ready, trust=trust):
        yield Peer(origin, trust)
