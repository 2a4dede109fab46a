"""Two hubs, each in processes of its own."""

from collections.abc import Iterator

import pytest

from tests.interop.hub import Hub, running_hub


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub that publishes."""
    with running_hub(tmp_path_factory.mktemp("here"), name="Here") as hub:
        yield hub


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub that follows."""
    with running_hub(tmp_path_factory.mktemp("there"), name="There") as hub:
        yield hub
