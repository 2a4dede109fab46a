"""A whole hub, to be asked through its front door."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.engines import Engine, Engines
from tests.support.live import LiveNode
from tests.support.network import network_of


@pytest.fixture
async def ward(engine: Engine, engines: Engines, tmp_path: Path) -> AsyncIterator[LiveNode]:
    async with network_of() as network:
        yield await LiveNode.set_up_at(network, "ward.test", engines, engine, tmp_path)
