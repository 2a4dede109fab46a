"""One line of HTML shows a view on another site."""

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser

from tests.browser.hub import Hub
from tests.browser.village import Village
from tests.browser.window import window


async def test_a_panel_is_shown_on_another_site_and_no_other_page_is(
    browser: Browser, hub: Hub, village: Village
) -> None:
    """By the line that the view's page shows, without script."""
    async with window(browser, hub) as visit:
        await visit.open("/views/getting-home")
        line = await visit.page.locator(".handle code").inner_text()
        newest = await visit.page.locator("main h3 a").first.inner_text()

    async def answer(request: web.Request) -> web.Response:
        shown = line if request.path == "/" else line.replace("/embed", "")
        return web.Response(text=f"<h1>Another site</h1>{shown}", content_type="text/html")

    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    context = await browser.new_context(java_script_enabled=False)
    try:
        async with TestServer(app) as another:
            page = await context.new_page()
            await page.goto(str(another.make_url("/")))
            panel = page.frame_locator("iframe")
            await panel.get_by_role("link", name=newest).first.wait_for()
            await page.goto(str(another.make_url("/whole")))
            assert page.frames[-1].url.startswith("chrome-error:")
    finally:
        await context.close()
