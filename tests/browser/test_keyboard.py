"""Journey 1 by keyboard alone: every stop can be seen, and nothing traps the focus."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.hub import PASSWORD, Hub
from tests.browser.window import window

FAR = 80
"""Presses of Tab after which something is out of reach."""
FOCUS = """() => {
  const one = document.activeElement;
  const name = one.labels?.[0]?.textContent ?? one.getAttribute("aria-label") ?? one.textContent;
  const rings = [one, one.closest("label")].filter(Boolean).map((it) => getComputedStyle(it));
  const seen = rings.some((it) => it.outlineStyle !== "none" && parseFloat(it.outlineWidth) >= 2);
  return [name.replace(/\\s+/g, " ").trim(), seen];
}"""


async def tab_to(page: Page, words: str) -> None:
    """Press Tab until what bears the words has the focus; each stop on the way shows its ring."""
    passed = []
    for _ in range(FAR):
        await page.keyboard.press("Tab")
        name, is_seen = await page.evaluate(FOCUS)
        assert is_seen or not name, f"the focus can't be seen on {name!r}"
        if name.startswith(words):
            return
        passed.append(name)
    pytest.fail(f"{words!r} can't be reached; passed {passed}")


async def write(page: Page, label: str, words: str) -> None:
    """Go to a field, and write."""
    await tab_to(page, label)
    await page.keyboard.type(words)


async def enter(page: Page, words: str) -> None:
    """Go to a link or a button, and press Enter."""
    await tab_to(page, words)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def test_a_hub_is_set_up_and_a_story_told_by_keyboard(browser: Browser, new_hub: Hub) -> None:
    """No mouse, no touch."""
    async with window(browser, new_hub) as visit:
        page = visit.page
        await visit.open(await new_hub.setup_link())
        await write(page, "What is the hub called?", "Kelderby Together")
        await write(page, "What should people call you?", "Ida Fennimore")
        await write(page, "A short name for your own page", "ida")
        await write(page, "Choose a password", PASSWORD)
        await enter(page, "Open the hub")
        await expect(page.get_by_role("status")).to_contain_text("is ready")
        await enter(page, "Tell a story")
        await write(page, "What would you call it?", "The bag of tablets")
        await write(page, "What happened?", "Mum came home on a Friday.")
        await tab_to(page, "I am happy for this to be read")
        await page.keyboard.press("Space")
        await enter(page, "See it as others will")
        await enter(page, "Publish it")
        await expect(page.get_by_role("heading", level=1)).to_have_text("The bag of tablets")


async def test_the_first_stop_skips_to_the_main_part(browser: Browser, hub: Hub) -> None:
    """Nobody has to walk through the menu on every page."""
    async with window(browser, hub) as visit:
        await visit.open("/about")
        await visit.page.keyboard.press("Tab")
        await expect(visit.page.get_by_role("link", name="Skip to the main part")).to_be_focused()
        await visit.page.keyboard.press("Enter")
        await expect(visit.page.get_by_role("main")).to_be_focused()


async def test_the_menu_opens_closes_and_signs_out(browser: Browser, empty_hub: Hub) -> None:
    """Enter opens what is behind one's name, Escape closes it and stays there."""
    async with window(browser, empty_hub) as visit:
        page = visit.page
        await visit.sign_in("ida")
        await tab_to(page, "Your pages: Ida Fennimore")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("link", name="Settings")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("link", name="Settings")).to_be_hidden()
        await page.keyboard.press("Enter")
        await enter(page, "Sign out")
        await expect(page.get_by_role("status")).to_contain_text("You are signed out")
