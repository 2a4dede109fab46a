"""Journey 3: from a story to an experiment that is linked both ways, and on to what was learned."""

from time import monotonic

import pytest
from playwright.async_api import Browser, StorageState, expect

from tests.browser.hub import Hub
from tests.browser.village import Village
from tests.browser.window import window

TWO_MINUTES = 120
PRESSES = 3
"""“We’re trying something about this”; see it as others will; publish it."""


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
async def test_somebody_tries_something_about_a_story(
    browser: Browser, hub: Hub, village: Village, colm: StorageState, script: bool
) -> None:
    """Three presses and three fields; the story and the experiment show each other."""
    begun, title = monotonic(), f"A lift for whoever waits {'by day' if script else 'by night'}"
    async with window(browser, hub, storage_state=colm, java_script_enabled=script) as visit:
        page = visit.page
        await visit.open(village.story)
        await visit.press(page.get_by_role("link", name="We’re trying something about this"))
        await page.get_by_label("What would you call it?").fill(title)
        await page.get_by_label("What’s the problem?").fill("Nobody is told when the car is late.")
        await page.get_by_label("What will you try?").fill("We ring at four.")
        await visit.press(page.get_by_role("button", name="See it as others will"))
        await expect(page.get_by_role("article")).to_contain_text("We ring at four.")
        await visit.press(page.get_by_role("button", name="Publish it"))
        await expect(page.get_by_role("status")).to_contain_text("It is out")
        await expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert visit.presses == PRESSES
        assert monotonic() - begun < TWO_MINUTES
        await page.get_by_role("link", name="The bag of tablets").click()
        await expect(page.get_by_role("heading", name="What came of it")).to_be_visible()
        await page.get_by_role("link", name=title).first.click()
        await page.get_by_role("link", name="Say that it has ended").click()
        await page.get_by_label("It did not help").check()
        await page.get_by_label("What did you learn?").fill("Ring at three.")
        await page.get_by_role("button", name="Say that it has ended").click()
        await expect(page.get_by_role("heading", level=2).nth(1)).to_have_text(
            "Stopped. What was learned"
        )
    async with window(browser, hub) as stranger:
        await stranger.open("/experiments?stage=stopped")
        await stranger.page.get_by_role("link", name=title).click()
        await expect(stranger.page.locator(".latest")).to_contain_text("Ring at three.")
