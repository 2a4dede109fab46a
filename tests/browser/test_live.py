"""Stewards' pages that change by themselves: what is on its way out, how far a list has come. They
are whole without script.
"""

from functools import partial

from playwright.async_api import Browser, StorageState, expect

from server.delivery.tables import Lane
from server.network.rules.subscribing import EntryState
from server.network.tables import Batch, Entry
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


async def test_the_progress_of_a_list_is_shown_as_it_comes(
    browser: Browser, empty_hub: Hub, first_steward: StorageState
) -> None:
    """Pasted in a window that is closed meanwhile: what is done since is there when it is opened
    again, and what comes then appears by itself.
    """
    async with window(browser, empty_hub, storage_state=first_steward) as visit:
        await visit.open("/stewards/subscriptions")
        field = visit.page.get_by_label("Paste a list")
        await field.fill("\n".join(f"@hello@n{number}.invalid" for number in range(50)))
        await visit.page.get_by_role("button", name="Look them up").click()
        await expect(visit.page.get_by_text("0 of 50 are done.")).to_be_visible()
        path = visit.page.url.partition(empty_hub.address)[2]
    await empty_hub.run(partial(_looked_up, 20))
    async with window(browser, empty_hub, storage_state=first_steward) as visit:
        await visit.open(path)
        await expect(visit.page.get_by_text("20 of 50 are done.")).to_be_visible()
        await empty_hub.run(partial(_looked_up, 50))
        await expect(visit.page.get_by_text("50 of 50 are done.")).to_be_visible(timeout=20_000)
        await expect(visit.page.get_by_role("button", name="Follow all 50")).to_be_visible()
    await empty_hub.run(_forgotten)


async def _forgotten() -> None:
    await Batch.all().delete()


async def _looked_up(number: int) -> None:
    """Have the first so many lines of a list be found."""
    await Entry.filter(line__lte=number).update(state=EntryState.FOUND, waiting=False)
