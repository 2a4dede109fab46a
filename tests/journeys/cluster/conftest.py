"""The topology of docker-compose.yml, for each test anew."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.cluster import Cluster, cluster_of
from tests.support.engines import Engines
from tests.support.loopback import Loopback


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Loopback]:
    """Everybody at a port of this machine."""
    network = Loopback(tmp_path)
    yield network
    await network.close()


@pytest.fixture
async def cluster(engines: Engines, tmp_path: Path, network: Loopback) -> AsyncIterator[Cluster]:
    """All of it, set up."""
    async with cluster_of(tmp_path, engines.fresh("postgres"), network) as cluster:
        yield cluster
