"""Journey 5: an experiment seen on another hub is adapted here, and that hub shows it."""

from functools import partial
from time import monotonic

import pytest
from playwright.async_api import Browser, Locator, expect

from server.experiments import service as experiments
from server.people.tables import Person
from tests.browser.conftest import BringUp
from tests.browser.hub import Hub
from tests.browser.village import CALL
from tests.browser.window import Window, window

PRESSES = 4
"""“Adapt this”, make it my own, see it as others will, publish it."""
SECONDS = 20
TITLE = "The three o’clock call"


async def test_an_experiment_on_another_hub_is_adapted_and_shown_there(
    browser: Browser, bring_up: BringUp
) -> None:
    """Prefilled and linked; the other hub shows it within seconds, without anybody's approval."""
    async with bring_up("here") as here, bring_up("there") as there:
        for one in (here, there):
            await one.set_up()
            await one.run(partial(_begin_to_work, one))
        original = await there.run(partial(share, there))
        await adapt(browser, here, original)
        async with window(browser, there) as stranger:
            shown = stranger.page.get_by_role("main").get_by_role("link", name=TITLE)
            await appears(stranger, original, shown.first)
            await expect(stranger.page.get_by_role("main")).to_contain_text("by Ida Fennimore")


async def _begin_to_work(hub: Hub) -> None:
    hub.node.work()


async def share(hub: Hub) -> str:
    """Have the steward share an experiment; return its address."""
    ida = await Person.get(name="ida")
    draft = await experiments.draft(ida, CALL, house=hub.house)
    return str((await experiments.publish(draft, by=ida, house=hub.house)).uri)


async def adapt(browser: Browser, hub: Hub, original: str) -> None:
    """Adapt it as somebody does who was led to it from where they saw it."""
    async with window(browser, hub) as visit:
        page = visit.page
        await visit.sign_in("ida")
        await visit.open(f"/authorize_interaction?uri={original}")
        await expect(page.get_by_role("heading", level=1)).to_have_text(CALL.title)
        await visit.press(page.get_by_role("link", name="Adapt this"))
        await page.get_by_label("What do you keep?").fill("Two of us look together.")
        await page.get_by_label("What do you change?").fill("We ring at three – the school run.")
        await visit.press(page.get_by_role("button", name="Make it my own"))
        await expect(page.get_by_label("What’s the problem?")).to_have_value(CALL.problem)
        await page.get_by_label("What would you call it?").fill(TITLE)
        await visit.press(page.get_by_role("button", name="See it as others will"))
        await visit.press(page.get_by_role("button", name="Publish it"))
        assert visit.presses == PRESSES
        panel = page.get_by_role("region", name="Adapted from another experiment")
        await expect(panel).to_contain_text("Two of us look together.")
        await expect(panel.get_by_role("link", name=CALL.title)).to_be_visible()


async def appears(visit: Window, path: str, what: Locator) -> None:
    """Look at a page again and again until something is there."""
    begun = monotonic()
    while monotonic() - begun < SECONDS:
        await visit.open(path)
        if await what.count():
            return
        await visit.page.wait_for_timeout(250)
    pytest.fail(f"{path} does not show it after {SECONDS} seconds")
