"""Journey 1: from the first run to the first published story, without reading documentation."""

from time import monotonic

import pytest
from playwright.async_api import Browser, StorageState, expect

from tests.browser.hub import PASSWORD, Hub
from tests.browser.window import window

FIVE_MINUTES = 300
PRESSES = 5
"""Open the hub; tell a story; agree; see it as others will; publish it."""


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
async def test_a_newcomer_sets_a_hub_up_and_tells_a_story(
    browser: Browser, new_hub: Hub, script: bool
) -> None:
    """Five presses and a few words, with and without JavaScript."""
    begun = monotonic()
    async with window(browser, new_hub, java_script_enabled=script) as visit:
        page = visit.page
        await visit.open("/")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("new hub")
        await visit.open(await new_hub.setup_link())
        await page.get_by_label("What is the hub called?").fill("Kelderby Together")
        await page.get_by_label("What should people call you?").fill("Ida Fennimore")
        await page.get_by_label("A short name for your own page").fill("ida")
        await page.get_by_label("Choose a password").fill(PASSWORD)
        await visit.press(page.get_by_role("button", name="Open the hub"))
        await expect(page.get_by_role("status")).to_contain_text("Kelderby Together is ready")
        await visit.press(page.get_by_role("link", name="Tell a story").first)
        await page.get_by_label("What would you call it?").fill("The bag of tablets")
        await page.get_by_label("What happened?").fill("Mum came home on a Friday.")
        await visit.press(page.get_by_label("I am happy for this to be read"))
        await visit.press(page.get_by_role("button", name="See it as others will"))
        await expect(page.get_by_role("article")).to_contain_text("Mum came home on a Friday.")
        await visit.press(page.get_by_role("button", name="Publish it"))
        await expect(page.get_by_role("status")).to_contain_text("Your story is out")
        await expect(page.get_by_role("heading", level=1)).to_have_text("The bag of tablets")
        assert visit.presses == PRESSES
    assert monotonic() - begun < FIVE_MINUTES
    async with window(browser, new_hub) as stranger:
        await stranger.open("/")
        await stranger.page.get_by_role("link", name="The bag of tablets").click()
        await expect(stranger.page.get_by_role("article")).to_contain_text("on a Friday")


async def test_the_setup_link_works_once(browser: Browser, new_hub: Hub) -> None:
    """Whoever finds it later finds nothing."""
    link = await new_hub.setup_link()
    await new_hub.set_up()
    async with window(browser, new_hub) as visit:
        assert await visit.open(link) == 404


async def test_a_mistake_keeps_what_was_written_and_leads_to_its_field(
    browser: Browser, empty_hub: Hub, first_steward: StorageState
) -> None:
    """The summary names each mistake, takes the focus, and links to the field."""
    async with window(browser, empty_hub, storage_state=first_steward) as visit:
        page = visit.page
        await visit.open("/tell")
        await page.get_by_label("What happened?").fill("She sat down with us.")
        await page.get_by_role("button", name="See it as others will").click()
        summary = page.get_by_role("alert")
        await expect(summary).to_be_focused()
        await expect(page).to_have_title(r"Mistake: Tell a story – Kelderby Together")
        await summary.get_by_role("link", name="Give your story a title").click()
        await expect(page.get_by_label("What would you call it?")).to_be_focused()
        await expect(page.get_by_label("What happened?")).to_have_value("She sat down with us.")
