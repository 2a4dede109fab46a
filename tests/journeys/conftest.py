"""Two hubs and a stranger, in a network of their own, on each engine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.engines import Engine, Engines
from tests.support.live import LiveNode
from tests.support.network import Network, network_of

Hub = Callable[[str], Awaitable[LiveNode]]


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """A small internet."""
    async with network_of() as network:
        yield network


@pytest.fixture
def hub(network: Network, engine: Engine, engines: Engines, tmp_path: Path) -> Hub:
    """Bring up a hub by its host name, set up, with a database of its own."""

    async def bring_up(host: str) -> LiveNode:
        return await LiveNode.set_up_at(network, host, engines, engine, tmp_path / host)

    return bring_up
