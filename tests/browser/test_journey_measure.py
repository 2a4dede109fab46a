"""Journey 4: two dozen numbers from a spreadsheet become a chart with a sentence."""

import pytest
from playwright.async_api import Browser, Page, StorageState, expect

from server.experiments import service as experiments
from server.experiments.rules.experiment import Experiment
from server.people.tables import Person
from tests.browser.hub import Hub
from tests.browser.village import Village
from tests.browser.window import Window, window
from tests.server.experiments.series import MISSED

PRESSES = 4
"""“Measure something”, which way is better, keep it, add them."""
ROWS = [
    f"{1 + week % 4 * 7:02}/{1 + week // 4:02}/2026\t{value}"
    for week, value in enumerate((*MISSED, 28, 30, 29, 26))
]
"""The days as people write them: only some can be read in one way alone, which tells of all."""
PHONE = {"width": 320, "height": 700}


async def begun(hub: Hub, title: str) -> str:
    """Have Colm share an experiment; return its path."""

    async def share() -> str:
        colm = await Person.get(name="colm")
        tried = Experiment(title=title, problem="Visits are missed.", idea="We ring at four.")
        draft = await experiments.draft(colm, tried, house=hub.house)
        post = await experiments.publish(draft, by=colm, house=hub.house)
        return str(post.uri).removeprefix(hub.address)

    return await hub.run(share)


async def paste(visit: Window, page: Page) -> None:
    """Say what is measured, and paste the numbers."""
    await visit.press(page.get_by_role("link", name="Measure something"))
    await page.get_by_label("What will you measure?").fill("Missed visits")
    await visit.press(page.get_by_label("It should go down"))
    await visit.press(page.get_by_role("button", name="Keep it"))
    await page.get_by_label("Paste from a spreadsheet").fill("\n".join(["Week\tMissed", *ROWS]))
    await visit.press(page.get_by_role("button", name="Add them", exact=True))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
async def test_numbers_from_a_spreadsheet_become_a_chart_with_a_sentence(
    browser: Browser, hub: Hub, village: Village, colm: StorageState, script: bool
) -> None:
    """Four presses; everybody sees it, on a phone too, with the numbers behind it."""
    path = await begun(hub, f"The four o’clock call {'by day' if script else 'by night'}")
    async with window(browser, hub, storage_state=colm, java_script_enabled=script) as visit:
        await visit.open(path)
        await paste(visit, visit.page)
        await expect(visit.page.get_by_role("figure").first).to_contain_text("chance")
        assert visit.presses == PRESSES
    async with window(browser, hub, viewport=PHONE) as stranger:
        page = stranger.page
        await stranger.open(path)
        await expect(page.get_by_role("heading", name="What is measured")).to_be_visible()
        await expect(page.get_by_role("main")).to_contain_text("unlikely to be chance")
        await expect(page.get_by_role("link", name="Download as CSV").first).to_be_visible()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]
        await each_number_is_told(page)


async def each_number_is_told(page: Page) -> None:
    """Pointed at, or walked to with the arrow keys from the last, which Tab reaches."""
    told, spots = page.locator(".pointed"), page.locator(".plot [tabindex]")
    await spots.first.hover()
    await expect(told).to_contain_text("1 January 2026: 42. Worse")
    await page.locator(".plot [tabindex='0']").focus()
    await expect(told).to_contain_text(": 26. Better")
    await page.keyboard.press("ArrowLeft")
    await expect(told).to_contain_text(": 29. Better")
    await page.keyboard.press("Home")
    await expect(told).to_contain_text("1 January 2026: 42. Worse")
    assert await spots.evaluate_all("all => all.map(one => one.tabIndex)") == [0] + [-1] * 23
