"""A hub for the tests of a module, and the programs of others that it meets."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.interop.hub import Hub, running_hub
from tests.interop.sender import Sender, sending


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The real command, set up and serving, shared by the tests of a module."""
    with running_hub(tmp_path_factory.mktemp("hub")) as hub:
        yield hub


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    """An actor of nobody's, fresh for each test."""
    async with sending() as sender:
        yield sender
