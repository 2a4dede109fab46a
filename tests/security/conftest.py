"""One hub that was set up, a stranger's server beside it, and what the hub's database holds."""

import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from server import db
from server.db import Model
from tests.security.browser import Browser
from tests.support.engines import TABLES, Engine, Engines
from tests.support.live import LiveNode, settle
from tests.support.network import Network, network_of
from tests.support.peer import Peer
from tests.support.resident import Resident

HOST = "ward.test"
WORKINGS = frozenset({"attempts", "jobs", "job_schedules", "lanes", "hosts"})
"""Tables that say nothing of anybody: what is still to do, what was tried."""

Rows = dict[str, list[str]]

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"])
"""For what never comes as far as the database: once is enough."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A hub at ward.test, and somebody who lives at there.test."""

    network: Network
    ward: LiveNode
    peer: Peer
    ann: Resident

    @property
    def inbox(self) -> str:
        """The hub's shared inbox."""
        return f"{self.ward.origin}/inbox"

    @property
    def ida(self) -> str:
        """The id of the person who looks after the hub."""
        return f"{self.ward.origin}/people/ida"

    def browser(self) -> Browser:
        """A browser of its own, of somebody who is not signed in."""
        browser = Browser(self.network, self.ward.origin)
        self.network.stack.push_async_callback(browser.close)
        return browser

    async def stored(self) -> Rows:
        """Return everything that the hub's database holds, apart from its workings."""
        return await self.ward.run(_stored)

    async def settle(self) -> None:
        """Have the hub do all that there is to do."""
        await settle(self.ward)

    @asynccontextmanager
    async def nothing_happens(self) -> AsyncIterator[None]:
        """Whatever is done within: nothing is stored, changed or sent, now or later."""
        before, sent = await self.stored(), len(self.peer.received)
        yield
        await self.settle()
        after = await self.stored()
        assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
        assert [one.activity for one in self.peer.received[sent:]] == []


def _tables() -> list[str]:
    models = {
        model
        for module in TABLES
        for _, model in inspect.getmembers(import_module(module), inspect.isclass)
        if issubclass(model, Model) and model._meta.db_table
    }
    return sorted({str(model._meta.db_table) for model in models} - WORKINGS)


async def _stored() -> Rows:
    return {
        table: sorted(map(repr, await db.rows(f"SELECT * FROM {table}")))  # noqa: S608 - ours
        for table in _tables()
    }


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """A small internet."""
    async with network_of() as network:
        yield network


@pytest.fixture
async def scene(network: Network, engine: Engine, engines: Engines, tmp_path: Path) -> Scene:
    """The hub serves; the stranger's server too, and its Ann has never been heard of."""
    ward = await LiveNode.set_up_at(network, HOST, engines, engine, tmp_path / HOST)
    peer = await Peer.at(network, "there.test")
    return Scene(network, ward, peer, peer.actor("ann"))


async def follow(scene: Scene, somebody: Resident, *, by: str | None = None) -> None:
    """Have the hub, or somebody on it, follow a stranger, who says yes."""
    number = len(scene.peer.activities("Follow")) + 1
    await scene.ward.follow(somebody.handle, by=by)
    await scene.settle()
    asked = await scene.peer.arrived("Follow", number=number)
    assert (await somebody.post(scene.inbox, somebody.accept(asked))).status == 202
    await scene.settle()
