"""A real node in development mode on a free port of this machine, for a browser to visit."""

import asyncio
import contextvars
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from server.config import Config, load
from server.house import House
from server.hub import service as hub
from server.hub.service import FirstSteward, Look
from server.node import Node
from tests.support.engines import Engines

T = TypeVar("T")

HERE = "127.0.0.1"
PASSWORD = "nine quiet herons at dusk"  # noqa: S105 - of accounts that live for one run
KEY = "a2V5" * 16
LOOK = Look(
    name="Kelderby Together",
    tagline="How care goes in and around Kelderby",
    words="Kelderby Together is where people say how care went, and what might help next time.",
    footer="Looked after by seven people who live or work in Kelderby.",
    crisis="Please stop here and call 999. Nobody watches this page through the night.",
    contact="hello@kelderby.example",
)


class Hub:
    """One running node. `run` does something in the node's own context, where its database is."""

    node: Node

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind((HERE, 0))
            self.port = int(free.getsockname()[1])
        self.address = f"http://localhost:{self.port}"
        self._folder = folder
        self._stopped = asyncio.Event()
        self._context = contextvars.Context()

    @property
    def house(self) -> House:
        """The node's house."""
        return self.node.house

    async def live(self, ready: "asyncio.Future[None]") -> None:
        """Serve until `stop`, in a task and a context of its own."""
        async with Node(await asyncio.to_thread(self._settings)) as self.node:
            await self.node.serve(host=HERE, port=self.port)
            self._context = contextvars.copy_context()
            ready.set_result(None)
            await self._stopped.wait()

    def _settings(self) -> Config:
        return load(address=self.address, development=True, data_dir=self._folder, node_key=KEY)

    def stop(self) -> None:
        """Let `live` end."""
        self._stopped.set()

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something where the node's database is."""

        async def inside() -> T:
            return await work()

        return await asyncio.create_task(inside(), context=self._context.copy())

    async def setup_link(self) -> str:
        """Return the one-time link that `fettle serve` prints."""
        link = await self.run(lambda: hub.setup_link(house=self.house))
        assert link is not None
        return link

    async def set_up(self) -> None:
        """Set it up, with a steward called `ida`."""
        ida = FirstSteward(name="ida", password=PASSWORD, display_name="Ida Fennimore")
        await self.run(lambda: hub.set_up(LOOK, steward=ida, house=self.house))
        await self.run(self.node.face.refresh)


@asynccontextmanager
async def running(folder: Path, engines: Engines) -> AsyncIterator[Hub]:
    """Bring a hub up that has its tables and is not set up yet, and take it down again."""
    engines.furnish(folder / "fettle.db")
    one = Hub(folder)
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(one.live(ready), context=contextvars.Context())
    await asyncio.wait({ready, task}, return_when=asyncio.FIRST_COMPLETED)
    try:
        if task.done():
            await task
        yield one
    finally:
        one.stop()
        await task
