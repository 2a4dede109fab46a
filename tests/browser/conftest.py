"""One browser a session, and three hubs: a lived-in one, an empty one, and one not set up yet."""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, StorageState, async_playwright, expect

from tests.browser.hub import Hub, running
from tests.browser.village import Village, settle_in
from tests.browser.window import PATIENCE, window
from tests.support.engines import Engines

expect.set_options(timeout=PATIENCE)

BringUp = Callable[[str], AbstractAsyncContextManager[Hub]]
session_fixture = pytest_asyncio.fixture(scope="session", loop_scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is here, and run it all in the loop in which the browser lives."""
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def chromium() -> str:
    """Return where Debian's chromium is, or what CHROMIUM names. Without it tests fail, and say
    what to do.
    """
    path = os.getenv("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail("There is no chromium. Run `make browser`.", pytrace=False)
    return path


@session_fixture
async def browser() -> AsyncIterator[Browser]:
    """One browser for all that is looked at."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        await opened.close()


@pytest.fixture(scope="session")
def bring_up(tmp_path_factory: pytest.TempPathFactory, engines: Engines) -> BringUp:
    """Bring a hub up in a folder of its own."""
    return lambda name: running(tmp_path_factory.mktemp(name), engines)


@session_fixture
async def hub(bring_up: BringUp) -> AsyncIterator[Hub]:
    """A hub with people, stories, replies, neighbours and some trouble."""
    async with bring_up("lived-in") as one:
        await one.set_up()
        yield one


@session_fixture
async def village(hub: Hub) -> Village:
    """What is to be found in it."""
    return await hub.run(lambda: settle_in(hub.house))


@session_fixture
async def empty_hub(bring_up: BringUp) -> AsyncIterator[Hub]:
    """A hub that was set up, and nothing else."""
    async with bring_up("empty") as one:
        await one.set_up()
        yield one


@session_fixture
async def unopened_hub(bring_up: BringUp) -> AsyncIterator[Hub]:
    """A hub that nobody has set up, for tests that leave it so."""
    async with bring_up("unopened") as one:
        yield one


@pytest_asyncio.fixture(loop_scope="session")
async def new_hub(bring_up: BringUp) -> AsyncIterator[Hub]:
    """A hub that was started a moment ago, for this test alone."""
    async with bring_up("new") as one:
        yield one


async def _signed_in(browser: Browser, hub: Hub, name: str) -> StorageState:
    async with window(browser, hub) as opened:
        await opened.sign_in(name)
        return await opened.context.storage_state()


@session_fixture
async def colm(browser: Browser, hub: Hub, village: Village) -> StorageState:
    """A browser's memory of Colm, who has an account."""
    return await _signed_in(browser, hub, "colm")


@session_fixture
async def ida(browser: Browser, hub: Hub, village: Village) -> StorageState:
    """A browser's memory of Ida, who looks after the hub."""
    return await _signed_in(browser, hub, "ida")


@session_fixture
async def first_steward(browser: Browser, empty_hub: Hub) -> StorageState:
    """A browser's memory of whoever set the empty hub up."""
    return await _signed_in(browser, empty_hub, "ida")
