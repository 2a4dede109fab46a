"""On the narrowest phone nothing runs off the side, and nothing is too small to read."""

from playwright.async_api import Browser, StorageState

from tests.browser.hub import Hub
from tests.browser.kinds import Kinds, for_anybody, for_people, for_stewards, when_empty
from tests.browser.village import Village
from tests.browser.window import Window, window

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
OVER = """() => {
  for (const one of document.querySelectorAll("main details")) one.open = true;
  const wide = document.documentElement.scrollWidth;
  if (wide <= 320) return "";
  const over = [...document.querySelectorAll("body *")].filter(
    (it) => it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).overflowX === "visible");
  return `${wide} px: ${over.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")}`;
}"""
SMALL = """() => [...document.querySelectorAll("body *")].filter((one) =>
    one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 &&
      node.data.trim()) && parseFloat(getComputedStyle(one).fontSize) < 13)
  .map((one) => one.outerHTML.slice(0, 120)).join(" | ")"""


async def misfits(visit: Window, kinds: Kinds) -> list[str]:
    """Return the pages that are wider than the phone, or hold words of less than 13 px."""
    found = []
    for name, path in kinds.items():
        await visit.open(path)
        for question in (OVER, SMALL):
            if wrong := await visit.page.evaluate(question):
                found.append(f"{name} ({path}): {wrong}")
    return found


async def test_pages_for_anybody_fit(browser: Browser, hub: Hub, village: Village) -> None:
    """Without an account."""
    async with window(browser, hub, **PHONE) as visit:
        assert await misfits(visit, for_anybody(village)) == []


async def test_pages_of_an_account_fit(
    browser: Browser, hub: Hub, village: Village, colm: StorageState
) -> None:
    """Signed in."""
    async with window(browser, hub, storage_state=colm, **PHONE) as visit:
        assert await misfits(visit, for_people(village)) == []


async def test_pages_of_the_stewards_fit(browser: Browser, hub: Hub, ida: StorageState) -> None:
    """A steward looks in the morning, on the bus."""
    async with window(browser, hub, storage_state=ida, **PHONE) as visit:
        assert await misfits(visit, for_stewards()) == []


async def test_pages_of_an_empty_hub_fit(
    browser: Browser, empty_hub: Hub, first_steward: StorageState
) -> None:
    """What teaches has long words in it."""
    async with window(browser, empty_hub, storage_state=first_steward, **PHONE) as visit:
        assert await misfits(visit, when_empty()) == []


async def test_pages_before_the_set_up_fit(browser: Browser, unopened_hub: Hub) -> None:
    """A hub can be set up from a phone."""
    kinds = {"before": "/", "set up": await unopened_hub.setup_link()}
    async with window(browser, unopened_hub, **PHONE) as visit:
        assert await misfits(visit, kinds) == []
