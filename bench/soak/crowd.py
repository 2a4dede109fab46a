"""The other servers: most are well, some are down, and some are in a bad way for a while."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import cycle

from aiohttp import web

from tests.support.loopback import Loopback, LoopbackPeer

INBOX = "/inbox"


async def failing(_: web.Request) -> web.StreamResponse:
    """Answer 500."""
    return web.Response(status=500)


async def hanging(_: web.Request) -> web.StreamResponse:
    """Take the request and say nothing."""
    await asyncio.sleep(3600)
    return web.Response(status=202)


async def trickling(request: web.Request) -> web.StreamResponse:
    """Say no, a byte a second."""
    answer = web.StreamResponse(status=503, headers={"Content-Length": "1000"})
    await answer.prepare(request)
    with suppress(ConnectionError):
        while True:
            await answer.write(b".")
            await asyncio.sleep(1)
    return answer


async def resetting(request: web.Request) -> web.StreamResponse:
    """Hang up."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=202)


async def circling(_: web.Request) -> web.StreamResponse:
    """Say that it is where it is."""
    return web.Response(status=307, headers={"Location": INBOX})


BAD_WAYS: tuple[Callable[[web.Request], Awaitable[web.StreamResponse]], ...] = (
    failing, hanging, trickling, resetting, circling,
)  # fmt: skip


class Crowd:
    """All of them, in one process."""

    def __init__(self, peers: list[LoopbackPeer], *, dead: int, troubled: int) -> None:
        """The first are well, then come those that get into trouble, then those that go down."""
        well = len(peers) - dead - troubled
        self.everybody, self.well = peers, peers[:well]
        self.troubled, self.dead = peers[well : well + troubled], peers[well + troubled :]
        self.returned: list[LoopbackPeer] = []

    async def die(self) -> None:
        """Have those go down who will."""
        await asyncio.gather(*(peer.stop() for peer in self.dead))

    async def come_back(self) -> None:
        """Have half of those that are down be there again."""
        half = len(self.dead) // 2
        self.returned, self.dead = self.dead[:half], self.dead[half:]
        await asyncio.gather(*(peer.start() for peer in self.returned))

    def trouble(self) -> None:
        """Have each of the troubled fall into its own bad way."""
        for peer, way in zip(self.troubled, cycle(BAD_WAYS), strict=False):
            peer.handles(INBOX, way)

    def heal(self) -> None:
        """Have them be well again."""
        for peer in self.troubled:
            peer.heals(INBOX)

    def alive(self) -> list[LoopbackPeer]:
        """Return who should have everything in the end."""
        return [*self.well, *self.troubled, *self.returned]


@asynccontextmanager
async def crowd(network: Loopback, *, peers: int, dead: int) -> AsyncIterator[Crowd]:
    """Bring up so many servers."""
    found = [await LoopbackPeer.beside(network) for _ in range(peers)]
    for peer in found:
        peer.keeps_requests = False
    yield Crowd(found, dead=dead, troubled=max(5, peers // 20))
