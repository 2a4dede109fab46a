"""The stewards' page of what is on its way out changes by itself, and is whole without script."""

from functools import partial

from playwright.async_api import Browser, StorageState, expect

from server.delivery.tables import Lane
from tests.browser.hub import Hub
from tests.browser.window import window

HOST = "far-away.example"


async def _lane(hub: Hub) -> None:
    ms = int(hub.house.clock.now().timestamp() * 1_000)
    await Lane.get_or_create(
        host=HOST, defaults={"failures": 2, "failing_since_ms": ms, "last_error": "no such name"}
    )


async def _gone() -> None:
    await Lane.filter(host=HOST).delete()


async def test_a_lane_that_begins_to_fail_appears_by_itself(
    browser: Browser, empty_hub: Hub, first_steward: StorageState
) -> None:
    """Within seconds, and without a word on the console; a page that was loaded says the same."""
    async with window(browser, empty_hub, storage_state=first_steward) as visit:
        await visit.open("/stewards/deliveries")
        await expect(visit.page.get_by_text("Every server takes what we send.")).to_be_visible()
        await empty_hub.run(partial(_lane, empty_hub))
        await expect(visit.page.get_by_text(HOST).first).to_be_visible(timeout=20_000)
        await expect(visit.page.get_by_text("no such name")).to_be_visible()
        await visit.open("/stewards/deliveries")
        await expect(visit.page.get_by_text(HOST).first).to_be_visible()
    await empty_hub.run(_gone)
