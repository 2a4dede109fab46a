"""The set-up, the settings and the hub's words, as somebody at a browser meets them."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from server.actors.tables import Actor
from server.house import House
from server.hub import pages, service
from server.hub.face import HubFace
from server.hub.tables import HubSettings
from server.people import pages as people_pages
from server.people import service as people
from server.people.rules import SignUps
from server.people.tables import Person
from server.web import keys, make_app
from tests.server.hub.conftest import PASSWORD
from tests.server.people.browser import Browser

FIELDS = {
    "name": "Kelderby Together", "handle": "hub", "tagline": "How care goes in Kelderby",
    "words": "Welcome.", "sign_ups": "invitation", "display_name": "Ida Fennimore",
    "person": "ida", "email": "", "password": PASSWORD, "colour_hub": "#1d4b44",
    "colour_hub_2": "#ee9f78", "crisis": "", "contact": "", "footer": "",
}  # fmt: skip


async def _works() -> None:
    return None


async def _broken() -> str:
    return "the clock is an hour late"


@pytest.fixture
async def plain_house(house: House) -> House:
    """Over http, for a browser without TLS."""
    await HubSettings.all().update(address="http://hub.test")
    return replace(house, address="http://hub.test")


@pytest.fixture
async def browser(plain_house: House) -> AsyncIterator[Browser]:
    face = HubFace(plain_house)
    app = make_app(
        plain_house, routes=[pages.routes, people_pages.routes], face=face,
        visitors=people.Visitors(plain_house),
    )  # fmt: skip
    app[keys.CHECKS] |= {"database": _works, "clock": _broken}
    async with TestClient(TestServer(app)) as client:
        yield Browser(client)


@pytest.fixture
async def door(plain_house: House) -> str:
    """The path of the set-up link."""
    link = await service.setup_link(house=plain_house)
    assert link is not None
    return link.removeprefix("http://hub.test")


async def test_a_hub_is_set_up_in_the_browser(browser: Browser, door: str) -> None:
    """One page; then whoever did it is signed in and looks after it, and the link is over."""
    page = await browser.open(door)
    assert page.has("Set up your hub")
    assert page.has("the clock is an hour late")
    await browser.send(door, FIELDS)
    assert browser.session()
    ida = await Person.get(name="ida")
    assert ida.is_steward
    assert (await Actor.get(uri="http://hub.test/hub")).name == "Kelderby Together"
    settings = await browser.open("/stewards/settings")
    assert settings.has("Kelderby Together")
    assert (await browser.open(door)).status == 404


async def test_a_wrong_link_sets_nothing_up(browser: Browser, door: str) -> None:
    """It looks like a page that isn't there."""
    wrong = f"{door[:-2]}xx"
    assert (await browser.open(wrong)).status == 404
    assert (await browser.send(wrong, FIELDS, page="/sign-in")).status == 404
    assert not await Person.all().exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Give the hub a name"),
        ("person", "Ida F", "Use only the letters a to z"),
        ("person", "hub", "can't have the same name"),
        ("handle", "topic.x", "Use only the letters a to z"),
        ("password", "short", "Use at least 12 characters."),
        ("colour_hub", "#ee9f78", "White on this colour is hard to read"),
        ("colour_hub_2", "#1d4b44", "Dark words on this colour are hard to read"),
    ],
)
async def test_a_mistake_keeps_what_was_typed(
    browser: Browser, door: str, field: str, value: str, words: str
) -> None:
    """And says what to do; nothing is half made."""
    seen = await browser.send(door, {**FIELDS, field: value})
    assert seen.status == 422
    assert seen.has(words)
    assert seen.has("Welcome.")
    assert PASSWORD not in seen.text
    assert not await Actor.filter(uri="http://hub.test/hub").exists()


async def test_a_colour_that_is_hard_to_read_comes_with_one_that_works(
    browser: Browser, door: str
) -> None:
    """Taking the advice is enough."""
    seen = await browser.send(door, {**FIELDS, "colour_hub": "#cc6688"})
    advice = seen.text.partition("A deeper one that works is ")[2][:7]
    assert advice.startswith("#")
    await browser.send(door, {**FIELDS, "colour_hub": advice})
    assert await service.is_set_up()


@pytest.mark.parametrize("path", ["/about", "/privacy", "/rules", "/accessibility", "/contact"])
async def test_the_hubs_words_are_there_from_the_beginning(browser: Browser, path: str) -> None:
    """For everybody, with real headings."""
    seen = await browser.open(path)
    assert seen.status == 200
    assert "<h1>" in seen.text
    assert "<script>" not in seen.text


async def test_stewards_change_look_words_and_who_may_join(browser: Browser, door: str) -> None:
    """Visitors see it at once."""
    await browser.send(door, FIELDS)
    look = {**FIELDS, "name": "Kelderby & Dale", "sign_ups": "open", "contact": "a@example.org"}
    seen = await browser.send("/stewards/settings", look)
    assert seen.has("Saved. Your hub looks like this now.")
    assert seen.has("Kelderby & Dale")
    assert await people.sign_ups() is SignUps.OPEN
    words = {"about": "## Who\n\nSeven of us. <b>Really</b>", "rules": "", "privacy": ""}
    await browser.send("/stewards/settings/words", words)
    about = await browser.open("/about")
    assert ">Who</h2>" in about.text
    assert "<b>" not in about.text.partition("<main")[2].partition("</main")[0]
    assert (await browser.open("/contact")).has("a@example.org")
