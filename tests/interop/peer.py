"""The peer made with Fedify, as tests drive it: see tests/interop/fedify/peer.js."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.interop.processes import bare_environment, free_port, running

PROGRAM = Path(__file__).parent / "fedify"
NODE = PROGRAM / "node_modules" / ".bin" / "node"

Json = dict[str, Any]


@dataclass(frozen=True)
class Peer:
    """A running peer; `origin` is its address, without a slash at the end."""

    origin: str

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
        async with (
            aiohttp.ClientSession() as session,
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
    folder: Path, *, first_knock: str = "rfc9421", settings: Mapping[str, str] | None = None
) -> Iterator[Peer]:
    """Run a peer; `first_knock` is the signature scheme that it tries first."""
    port = free_port()
    origin = f"http://localhost:{port}"
    environment = bare_environment(
        folder, {"PEER_PORT": str(port), "PEER_ORIGIN": origin, "PEER_FIRST_KNOCK": first_knock}
    )
    environment |= settings or {}
    assert os.access(NODE, os.X_OK), "node is not installed: run make interop"
    command = [str(NODE), str(PROGRAM / "peer.js")]
    ready = f"{origin}/nodeinfo/2.1"
    with running(command, environment=environment, folder=folder, ready=ready):
        yield Peer(origin)
