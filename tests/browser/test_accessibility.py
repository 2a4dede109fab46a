"""Everybody can use every kind of page: axe finds nothing serious, in light and in dark. No other
site can show one in a frame but the panel that is made for it.
"""

import re
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, StorageState

from tests.browser.hub import Hub
from tests.browser.kinds import (
    NO_PAGE,
    Kinds,
    for_anybody,
    for_people,
    for_stewards,
    when_empty,
)
from tests.browser.village import Village
from tests.browser.window import Window, window

EVERYTHING: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
COLOURS: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
GRAVE = {"serious", "critical"}
PANEL = "/embed"
PARTS = 3
"""Tests that share the many pages, all of which take a busy machine more than two minutes."""
OPEN_ALL = "for (const one of document.querySelectorAll('main details')) one.open = true"


async def findings(visit: Window, kinds: Kinds) -> list[str]:
    """Return what axe finds that is grave: by all its rules in light, of colours again in dark."""
    found = []
    for name, path in kinds.items():
        await visit.page.emulate_media(color_scheme="light")
        assert await visit.open(path) < 500, name
        ancestors = "*" if path.endswith(PANEL) else "'none'"
        assert f"frame-ancestors {ancestors};" in f"{visit.policy};", name
        await visit.page.evaluate(OPEN_ALL)
        light = await Axe().run(visit.page, options=EVERYTHING)
        await visit.page.emulate_media(color_scheme="dark")
        dark = await visit.page.evaluate("options => axe.run(options)", COLOURS)
        for scheme, result in (("light", light.response), ("dark", dark)):
            found += [f"{name} ({path}, {scheme}): {one}" for one in grave(result)]
    return found


def grave(result: dict[str, Any]) -> list[str]:
    """Return the rules that are broken, each with where."""
    return [
        f"{broken['id']}: {[node['html'][:160] for node in broken['nodes'][:3]]}"
        for broken in result["violations"]
        if broken["impact"] in GRAVE
    ]


def part_of(kinds: Kinds, number: int) -> Kinds:
    """Return the pages of one of the parts that they are looked at in."""
    return dict(list(kinds.items())[number::PARTS])


@pytest.mark.parametrize("number", range(PARTS))
async def test_pages_for_anybody(browser: Browser, hub: Hub, village: Village, number: int) -> None:
    """Without an account."""
    async with window(browser, hub) as visit:
        assert await findings(visit, part_of(for_anybody(village), number)) == []


@pytest.mark.parametrize("number", range(PARTS))
async def test_pages_of_an_account(
    browser: Browser, hub: Hub, village: Village, colm: StorageState, number: int
) -> None:
    """Signed in."""
    async with window(browser, hub, storage_state=colm) as visit:
        assert await findings(visit, part_of(for_people(village), number)) == []


@pytest.mark.parametrize("number", range(PARTS))
async def test_pages_of_the_stewards(
    browser: Browser, hub: Hub, ida: StorageState, number: int
) -> None:
    """Signed in, and looking after the hub."""
    async with window(browser, hub, storage_state=ida) as visit:
        assert await findings(visit, part_of(for_stewards(), number)) == []


@pytest.mark.parametrize("number", range(PARTS))
async def test_empty_pages(
    browser: Browser, empty_hub: Hub, first_steward: StorageState, number: int
) -> None:
    """What belongs there is told, and that can be read too."""
    async with window(browser, empty_hub, storage_state=first_steward) as visit:
        assert await findings(visit, part_of(when_empty(), number)) == []


async def test_pages_before_the_set_up(browser: Browser, unopened_hub: Hub) -> None:
    """The first page that anybody sees, and the set-up."""
    kinds = {"before": "/", "set up": await unopened_hub.setup_link()}
    async with window(browser, unopened_hub) as visit:
        assert await findings(visit, kinds) == []


async def test_every_route_is_looked_at(hub: Hub, village: Village) -> None:
    """A page that is added later is added to the kinds, so that it is looked at too."""
    kinds = for_anybody(village) | for_people(village) | for_stewards()
    paths = [path.partition("?")[0] for path in kinds.values()]
    missing = set()
    for resource in hub.node.app.router.resources():
        if not any(route.method == "GET" for route in resource):
            continue
        info = resource.get_info()
        pattern = info["pattern"] if "pattern" in info else re.compile(re.escape(info["path"]))
        if not any(pattern.fullmatch(path) for path in paths):
            missing.add(resource.canonical)
    assert {path for path in missing if not NO_PAGE.fullmatch(path)} == set()
