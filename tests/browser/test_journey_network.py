"""Journey 7: a national team pastes fifty addresses, and gets letters about what works."""

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.async_api import Browser, Page, StorageState, expect

from server.experiments.rules.stages import Stage
from tests.browser.conftest import chromium
from tests.browser.kinds import Kinds
from tests.browser.neighbours import HUBS, PLAYED, QUICK, Neighbours, meet, moves_to, tries
from tests.browser.test_accessibility import findings
from tests.browser.test_phone import PHONE, misfits
from tests.browser.window import Window, window
from tests.journeys.test_experiments import withdraw
from tests.support.engines import Engines
from tests.support.live import settle
from tests.support.network import IPV4, network_of
from tests.support.peer import Peer
from tests.support.post_office import PostOffice, open_office

pytestmark = pytest.mark.timeout(600)

ATOM = "{http://www.w3.org/2005/Atom}"
ALL = len(HUBS) + PLAYED + 2
HALF_WAY = len(HUBS) + QUICK + 2
"""Addresses that are done while the others do not answer."""
FOUND = len(HUBS) + PLAYED
CHOSEN = "/network?text=discharge&stage=working&measured=yes"
RIGHT, CHAIR = "A van at noon", "Discharge with a chair"
MONDAY = timedelta(days=3)
"""From the day on which these tests begin, a Friday."""


@dataclass(frozen=True)
class Team:
    """A steward of the team at a browser that remembers her, and whom the team meets."""

    all: Neighbours
    browser: Browser
    memory: StorageState

    def window(self, **options: Any) -> AbstractAsyncContextManager[Window]:
        """Open a window of hers."""
        known = {"storage_state": self.memory, "ignore_https_errors": True}
        return window(self.browser, self.all.team, **known, **options)

    async def faults(self, kinds: Kinds) -> list[str]:
        """Return what is wrong with pages as she sees them, at a desk and on a phone."""
        async with self.window() as visit:
            found = await findings(visit, kinds)
        async with self.window(**PHONE) as visit:
            return found + await misfits(visit, kinds)


@asynccontextmanager
async def team_at(browser: Browser, all_: Neighbours) -> AsyncIterator[Team]:
    """Open another browser, that finds the team where its name leads to, and sign in there."""
    way = f"--host-resolver-rules=MAP {all_.team.host} {IPV4}:{all_.team.port}"
    opened = await browser.browser_type.launch(
        executable_path=chromium(), args=["--no-sandbox", way]
    )
    try:
        async with window(opened, all_.team, ignore_https_errors=True) as visit:
            await visit.sign_in("ida")
            memory = await visit.context.storage_state()
        yield Team(all_, opened, memory)
    finally:
        await opened.close()


async def test_a_team_follows_fifty_and_gets_letters_about_what_works(
    browser: Browser, engines: Engines, tmp_path: Path
) -> None:
    """Five hubs and forty-five other servers: seen, followed, looked through, kept as a view."""
    async with network_of() as network, open_office() as office:
        mail = {"smtp_host": IPV4, "smtp_tls": "none", "smtp_from": "hub@team.test"}
        all_ = await meet(network, engines, tmp_path, smtp_port=office.port, **mail)
        await give_an_address(all_)
        tried = await tries(all_.hubs["marsh.test"], CHAIR, stage=Stage.TRYING)
        await tell(all_)
        async with team_at(browser, all_) as team:
            path = await paste(team)
            await look_up(team, path)
            await follow(team, path)
            view = await keep_a_view(team)
            feed = await all_.team.get(f"{view}.atom")
            assert entries(feed.text) == [RIGHT]
            await subscribe(team, view)
            await moves_to(all_.hubs["marsh.test"], tried, Stage.WORKING)
            await get_a_letter(team, office)


async def give_an_address(all_: Neighbours) -> None:
    """Have the steward have confirmed an e-mail address."""
    ida = await all_.team.person()
    ida.email, ida.email_confirmed = "ida@example.org", True
    await all_.team.run(ida.save)


async def tell(all_: Neighbours) -> None:
    """Have the hubs tell what is looked for, and what nearly is: not measured for long, about
    something else, a story.
    """
    hubs = all_.hubs
    await tries(hubs["ward.test"], RIGHT)
    await tries(hubs["tarn.test"], "Discharge by two", weeks=6)
    await tries(hubs["beck.test"], "A bell at the door", about="the night round")
    await hubs["quarry.test"].publish_story(title="My discharge", topics=("discharge",))


async def shows(page: Page, done: int, how: str) -> None:
    """Wait until a page says how far the list has come, and its bar does."""
    words = re.compile(rf"{re.escape(how)}\s+{done} of {ALL} are done\.")
    await expect(page.locator("#progress .big")).to_have_text(words)
    bar = page.get_by_role("progressbar", name="Done")
    await expect(bar).to_have_attribute("value", str(done))


async def paste(team: Team) -> str:
    """Paste the list, see it come in by itself, close the window, and have it rest in another;
    return where it is shown.
    """
    async with team.window() as visit, team.all.at_work():
        await visit.open("/stewards/subscriptions")
        await visit.page.get_by_label("Paste a list").fill(team.all.pasted)
        await visit.press(visit.page.get_by_role("button", name="Look them up"))
        await visit.page.evaluate("window.stayed = true")
        await shows(visit.page, HALF_WAY, "Being looked up.")
        assert await visit.page.evaluate("window.stayed")
        path = visit.page.url.removeprefix(team.all.team.address)
        await visit.page.close()
        visit.page = await visit.context.new_page()
        await visit.open(path)
        await shows(visit.page, HALF_WAY, "Being looked up.")
        await visit.press(visit.page.get_by_role("button", name="Pause"))
        await shows(visit.page, HALF_WAY, "Paused.")
        await expect(visit.page.get_by_role("button", name="Follow all")).to_have_count(0)
        team.all.may_answer.set()
    return path


async def look_up(team: Team, path: str) -> None:
    """Go on with it to its end: nobody is followed yet, and each is shown for what they are."""
    await settle(team.all.team)
    assert await team.faults({"a list that rests": path}) == []
    async with team.window() as visit:
        await visit.open(path)
        await shows(visit.page, HALF_WAY, "Paused.")
        async with team.all.at_work():
            await visit.press(visit.page.get_by_role("button", name="Go on"))
            await shows(visit.page, ALL, "Looked up; nobody is followed yet.")
        await visit.open(path)
        for words in (
            "A hub, on Fettle", "A person, on Mastodon", "A community, on Lemmy",
            "quiet.test does not answer just now.", "Nobody was found at https://shop.test",
        ):  # fmt: skip
            await expect(visit.page.get_by_role("main")).to_contain_text(words)
    assert not any(peer_of(one).activities("Follow") for one in team.all.people)


def peer_of(one: Any) -> Peer:
    """Return the server that somebody lives on."""
    assert isinstance(one.peer, Peer)
    return one.peer


async def follow(team: Team, path: str) -> None:
    """Follow all that were found: one says no, one says nothing; what the others told before comes
    in.
    """
    refuses, _, *others = team.all.people
    async with team.window() as visit:
        await visit.open(path)
        async with team.all.at_work():
            follow_all = f"Follow all {FOUND} that were found"
            await visit.press(visit.page.get_by_role("button", name=follow_all))
            await shows(visit.page, ALL, "Done.")
            asked = {one: await peer_of(one).arrived("Follow") for one in team.all.people}
        inbox = f"{team.all.team.hub_uri}/inbox"
        await refuses.post(inbox, refuses.reject(asked[refuses]))
        for one in others:
            await one.post(inbox, one.accept(asked[one]))
        await settle(team.all.team, *team.all.hubs.values(), rounds=200)
        await visit.open(path)
        chips = visit.page.locator(".slip .chip")
        for words, number in (
            ("Followed", FOUND - 2), ("They said no", 1), ("Asked, no answer yet", 1),
            ("Can’t be followed", 2),
        ):  # fmt: skip
            await expect(chips.filter(has_text=re.compile(f"^{words}$"))).to_have_count(number)
        await visit.open("/network?text=village")
        await expect(visit.page.locator("main article")).to_have_count(20)


async def keep_a_view(team: Team) -> str:
    """Look for what is about discharge, works and is measured, and keep that; return its path."""
    async with team.window() as visit:
        page, titles = visit.page, visit.page.locator("main h3 a")
        await visit.open("/network")
        await page.get_by_label("Words").fill("discharge")
        await page.get_by_label("Measured").check()
        await visit.press(page.get_by_role("button", name="Show"))
        await expect(titles).to_have_count(len([RIGHT, CHAIR]))
        await visit.press(page.get_by_role("link", name="Working"))
        await expect(titles).to_have_text([RIGHT])
        await visit.press(page.get_by_role("link", name="Save this view"))
        await page.get_by_label("What would you call it?").fill("Home, and it works")
        await page.get_by_label("Everybody").check()
        await visit.press(page.get_by_role("button", name="Save"))
        await expect(page.get_by_role("heading", level=1)).to_have_text("Home, and it works")
        await expect(titles).to_have_text([RIGHT])
        view = page.url.removeprefix(team.all.team.address)
    search = "/search?text=discharge"
    kinds = {"chosen": CHOSEN, "search": search, "view": view, "letters": f"{view}/letters"}
    assert await team.faults(kinds) == []
    return view


def entries(text: str) -> list[str]:
    """Return the titles of a feed's entries; it and each of them has what Atom asks for."""
    feed = ElementTree.fromstring(text)  # noqa: S314 - our own
    found = feed.findall(f"{ATOM}entry")
    for one in (feed, *found):
        assert all(one.findtext(ATOM + name) for name in ("id", "title", "updated"))
    assert all(one.find(f"{ATOM}author") is not None for one in found)
    return [str(one.findtext(f"{ATOM}title")) for one in found]


async def subscribe(team: Team, view: str) -> None:
    """Have what is new sent once a week."""
    async with team.window() as visit:
        await visit.open(view)
        await visit.press(visit.page.get_by_role("link", name="e-mail", exact=True))
        await visit.page.get_by_label("Once a week").check()
        await visit.press(visit.page.get_by_role("button", name="Save"))
        await expect(visit.page.get_by_text("A letter comes whenever")).to_be_visible()


async def get_a_letter(team: Team, office: PostOffice) -> None:
    """On Monday, about what came or began to work since, and is still there; one press, and no more
    come.
    """
    node, network = team.all.team, team.all.network
    beck, tarn = team.all.hubs["beck.test"], team.all.hubs["tarn.test"]
    network.clock.move(timedelta(hours=1))
    await tries(beck, "Home before dark")
    gone = str((await tries(tarn, "Too soon")).uri)
    await settle(node, *team.all.hubs.values())
    assert await node.post(gone) is not None
    await withdraw(tarn, gone)
    await settle(node, tarn)
    assert office.letters == []
    network.clock.move(MONDAY)
    await settle(node)
    [(_, [to], letter)] = office.letters
    assert (to, letter["Subject"]) == ("ida@example.org", "2 new in “Home, and it works”")
    plain, rich = (str(one.get_content()) for one in letter.iter_parts())
    for words in (plain, rich):
        assert "Home before dark" in words
        assert CHAIR in words
        assert "Too soon" not in words
        assert RIGHT not in words
    [way_out] = re.findall(rf"{node.address}/letters/\S+", plain)
    async with window(team.browser, node, ignore_https_errors=True) as visit:
        await visit.open(way_out)
        await visit.press(visit.page.get_by_role("button", name="No more letters"))
        await expect(visit.page.get_by_role("heading", level=1)).to_contain_text("no more letters")
    await tries(beck, "Later")
    await settle(node, beck)
    network.clock.move(timedelta(days=7))
    await settle(node)
    assert len(office.letters) == 1
