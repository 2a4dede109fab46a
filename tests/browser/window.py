"""A browser window that minds what a page does, and a hand that counts its presses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

from tests.browser.hub import PASSWORD

PATIENCE = 20_000
"""Milliseconds that anything may take on a busy machine."""
NOT_OURS = "Failed to load resource"
"""What the browser itself says of a page that answers 404 or 422."""


class Visited(Protocol):
    """A hub, as a visitor knows it."""

    @property
    def address(self) -> str:
        """Where it is, without a slash at the end."""


@dataclass
class Window:
    """One page of one visitor."""

    hub: Visited
    page: Page
    context: BrowserContext
    policy: str = ""
    """The Content-Security-Policy of the page that was opened last."""
    presses: int = 0
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str) -> int:
        """Go to a path of the hub, and return the status of the answer."""
        response = await self.page.goto(self.hub.address + path if path[0] == "/" else path)
        assert response is not None
        self.policy = response.headers.get("content-security-policy", "")
        return response.status

    async def press(self, place: Locator) -> None:
        """Press a link, a button or a box once, and count it."""
        self.presses += 1
        await place.click()

    async def sign_in(self, name: str) -> None:
        """Sign in as people do."""
        await self.open("/sign-in")
        await self.page.get_by_label("Your name here").fill(name)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.wait_for_url("**/home")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and NOT_OURS not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.hub.address + "/", "data:", "about:")):
            self.complaints.append(f"asked a third party: {request.url}")

    def mind(self) -> None:
        """Note errors, breaches of the security policy, and requests to third parties."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)


@asynccontextmanager
async def window(browser: Browser, hub: Visited, **options: Any) -> AsyncIterator[Window]:
    """Open a window of a new visitor; at the end, fail where a page did what it may not."""
    context = await browser.new_context(**{"locale": "en-GB", **options})
    context.set_default_timeout(PATIENCE)
    try:
        opened = Window(hub, await context.new_page(), context)
        opened.mind()
        yield opened
        assert not opened.complaints, opened.complaints
    finally:
        await context.close()
