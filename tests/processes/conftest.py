"""Hubs of the real command."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.processes.fragile import Fragile
from tests.processes.hubs import Hub, hubs
from tests.support.engines import Engine, Engines
from tests.support.loopback import Loopback


@pytest.fixture
def hub(tmp_path: Path, engines: Engines) -> Iterator[Hub]:
    """A hub that is neither set up nor served, but has its tables."""
    with hubs(tmp_path, "hub", engines=engines) as [one]:
        yield one


@pytest.fixture
def new_hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub that has nothing but an empty folder."""
    with hubs(tmp_path, "hub", engines=None) as [one]:
        yield one


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Loopback]:
    """Everybody at a port of this machine."""
    network = Loopback(tmp_path)
    yield network
    await network.close()


@pytest.fixture
async def fragile(hub: Hub, network: Loopback, engine: Engine, engines: Engines) -> Fragile:
    """A hub that is set up and not served, on each engine, and trusts whom the network trusts."""
    url = f"sqlite://{hub.database}" if engine == "sqlite" else engines.fresh(engine)
    settings = {"FETTLE_DATABASE_URL": url, "SSL_CERT_FILE": str(network.authority)}
    one = Fragile(hub, url, settings)
    await one.set_up()
    return one
