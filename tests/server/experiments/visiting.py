"""Browsers of Ida, Una and a stranger at a hub that runs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.security.browser import Browser, Seen
from tests.support.engines import Engine, Engines
from tests.support.live import LiveNode
from tests.support.network import Network, network_of

WORDS = {
    "title": "A knock before six", "problem": "People come home to *nobody*.",
    "idea": "Ring at four.", "topics": "home care", "stage": "idea", "visibility": "public",
}  # fmt: skip


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    async with network_of() as network:
        yield network


@pytest.fixture
async def ward(network: Network, engine: Engine, engines: Engines, tmp_path: Path) -> LiveNode:
    node = await LiveNode.set_up_at(network, "ward.test", engines, engine, tmp_path)
    await node.add_person("una", display_name="Una Fell")
    return node


class Visits:
    """Browsers of Ida, Una and a stranger."""

    def __init__(self, network: Network, ward: LiveNode) -> None:
        self.network, self.ward = network, ward

    async def by(self, name: str = "") -> Browser:
        browser = Browser(self.network, self.ward.origin)
        self.network.stack.push_async_callback(browser.close)
        if name:
            await browser.sign_in(name)
        return browser


@pytest.fixture
def visits(network: Network, ward: LiveNode) -> Visits:
    return Visits(network, ward)


def place(answer: Seen) -> str:
    """Return where a form led."""
    assert answer.status == 303, answer.text
    return answer.headers["Location"]


async def share(browser: Browser, **words: str) -> str:
    """Share an experiment by its form, and return its path."""
    draft = place(await browser.send("/try", WORDS | words))
    return place(await browser.send(f"{draft}/publish", page=draft))
