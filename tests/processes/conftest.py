"""Hubs of the real command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.hubs import Hub, hubs


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub that is neither set up nor served."""
    with hubs(tmp_path, "hub") as [one]:
        yield one
