"""Hubs of the real command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.hubs import Hub, hubs
from tests.support.engines import Engines


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
