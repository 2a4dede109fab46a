"""Saved views through the front door: saved, looked at, changed, deleted, taken along."""

import asyncio
import csv
import io
import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import orjson
import pytest

from server.actors.tables import Actor
from server.errors import NotYoursError
from server.experiments import service as experiments
from server.experiments.rules.updates import Update
from server.people import service as people
from server.safety import service as safety
from server.spreadsheets import let_go
from server.views import service
from server.views.rules.columns import COLUMNS
from server.views.service import exporting
from server.views.tables import SavedView
from tests.security.browser import Browser
from tests.server.views.conftest import keep, try_out
from tests.support.live import PASSWORD, LiveNode

PATH = "/views/getting-home"
ATOM = "{http://www.w3.org/2005/Atom}"
MADE = {"name": "Getting home", "about": "We read it on Tuesdays.", "text": "visits",
        "stage": "idea", "seen_by": "everybody"}  # fmt: skip


def browser_of(ward: LiveNode) -> Browser:
    """Return somebody's browser."""
    browser = Browser(ward.network, ward.origin)
    ward.network.stack.push_async_callback(browser.close)
    return browser


async def test_a_view_is_saved_looked_at_and_narrowed(ward: LiveNode) -> None:
    """Its form has what somebody was looking at; its page shows what was chosen, or less."""
    for title in ("Visits before noon", "Visits at four", "A bus to the clinic"):
        await try_out(ward, title)
    ida, nobody = browser_of(ward), browser_of(ward)
    await ida.sign_in()
    path = "/views/new?text=visits&stage=idea"
    network = await nobody.get("/network?text=visits&stage=idea")
    assert path.replace("&", "&amp;") in network.text
    asked = await ida.get(path)
    assert 'name="text" class="" value="visits"' in asked.text
    missing = await ida.send("/views/new", {**MADE, "name": ""})
    assert missing.status == 422
    assert "Give the view a name" in missing.text
    saved = await ida.send("/views/new", MADE)
    assert (saved.status, saved.headers["Location"]) == (303, PATH)
    page = (await nobody.get(PATH)).text
    assert "We read it on Tuesdays." in page
    assert "Visits before noon" in page
    assert "Visits at four" in page
    assert "A bus to the clinic" not in page
    assert "Delete it" not in page
    lesson = page.partition('"/network/learning?')[2].partition('"')[0].replace("&amp;", "&")
    learned = (await nobody.get(f"/network/learning?{lesson}")).text
    assert "2 experiments, by stage" in learned
    narrower = (await nobody.get(f"{PATH}?text=noon&stage=stopped")).text
    learn = "/network/learning?text=visits+noon&stage=idea"
    assert learn.replace("&", "&amp;") in narrower
    assert (await nobody.get(learn)).status == 200
    assert "Visits before noon" in narrower
    assert "Visits at four" not in narrower
    assert "Getting home" in (await nobody.get("/views")).text


async def test_a_view_may_be_called_anything(ward: LiveNode) -> None:
    """In its address, words of any script are written as addresses are."""
    ida = browser_of(ward)
    await ida.sign_in()
    saved = await ida.send("/views/new", {**MADE, "name": "Über den Berg"})
    path = "/views/%C3%BCber-den-berg"
    assert saved.headers["Location"] == path
    assert (await ida.get(path)).status == 200
    told = orjson.loads((await ida.get(f"{path}.feed.json")).text)
    assert told["feed_url"] == f"{ward.origin}{path}.feed.json"


async def test_a_view_may_ask_for_as_much_as_its_form_has_room_for(ward: LiveNode) -> None:
    """In any script, and written as addresses are."""
    ida, smile = browser_of(ward), "\U0001f600"
    await ida.sign_in()
    names = ("topic", "place", "organisation", "hub")
    asked = {"text": smile * 200, **dict.fromkeys(names, smile * 100)}
    saved = await ida.send("/views/new", {**MADE, **asked})
    assert (saved.status, (await ida.get(PATH)).status) == (303, 200)
    assert (await ida.get(f"{PATH}/edit")).text.count(smile * 100) == 4


async def test_views_that_are_saved_at_the_same_time_each_have_an_address(ward: LiveNode) -> None:
    """Though they are called the same."""
    saved = await asyncio.gather(*(keep(ward) for _ in range(4)))
    numbers = ("", "-2", "-3", "-4")
    assert sorted(view.slug for view in saved) == [f"getting-home{one}" for one in numbers]


async def test_a_view_is_changed_by_whoever_saved_it_or_a_steward(ward: LiveNode) -> None:
    """And by nobody else. Its address stays; deleted, it is nowhere."""
    await ward.add_person("colm")
    stranger = await ward.add_person("bob")
    view = await keep(ward, by="colm", text="visits")
    await try_out(ward, "A bus to the clinic")
    colm, bob, ida, nobody = (browser_of(ward) for _ in range(4))
    await colm.sign_in("colm")
    await bob.sign_in("bob")
    await ida.sign_in()
    for part in ("edit", "delete"):
        assert (await nobody.get(f"{PATH}/{part}")).status == 303
        assert (await bob.get(f"{PATH}/{part}")).status == 403
        refused = await bob.send(f"{PATH}/{part}", MADE, page="/views/new")
        assert refused.status == 403
    with pytest.raises(NotYoursError):
        await ward.run(service.delete, view, by=stranger)
    await ida.send(f"{PATH}/edit", {**MADE, "name": "Homewards", "stage": "", "text": "bus"})
    changed = (await nobody.get(PATH)).text
    assert "Homewards" in changed
    assert "A bus to the clinic" in changed
    assert (await colm.send(f"{PATH}/delete")).status == 303
    assert (await nobody.get(PATH)).status == 404


async def test_a_view_for_people_here_is_theirs_alone(ward: LiveNode) -> None:
    """On its page, in lists, feeds and files; and it has no panel for other sites."""
    await try_out(ward, "Visits at four")
    await keep(ward, is_public=False)
    nobody, ida = browser_of(ward), browser_of(ward)
    await ida.sign_in()
    for end in ("", ".atom", ".feed.json", ".csv", ".json"):
        assert (await nobody.get(PATH + end)).headers["Location"].startswith("/sign-in"), end
        seen = await ida.get(PATH + end)
        assert seen.status == 200
        assert "Visits at four" in seen.text
        assert "private" in seen.headers["Cache-Control"]
    for browser in (nobody, ida):
        assert (await browser.get(f"{PATH}/embed")).status == 404
    assert "Getting home" not in (await nobody.get("/views")).text
    assert "Getting home" in (await ida.get("/views")).text


async def test_a_view_can_be_taken_along(ward: LiveNode, monkeypatch: pytest.MonkeyPatch) -> None:
    """As feeds of the newest, and as files with all that is said: in slices, each thing once."""
    for number in range(5):
        await try_out(ward, f"Try {number}", setting="=1+1", topics=("discharge", "home"))
        ward.network.clock.move(timedelta(seconds=1))
    await ward.publish_story(title="Home by six", what_happened="It was late.")
    await keep(ward)
    nobody = browser_of(ward)
    assert (await nobody.get(f"{PATH}.atom")).text.count("<entry") == 6
    feed = await nobody.get(f"{PATH}.feed.json")
    assert feed.headers["Content-Type"].startswith("application/feed+json")
    told = orjson.loads(feed.text)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert (told["home_page_url"], told["feed_url"]) == (
        f"{ward.origin}{PATH}", f"{ward.origin}{PATH}.feed.json",
    )  # fmt: skip
    newest = told["items"][0]
    assert newest["title"] == "Home by six"
    assert newest["authors"] == [{"name": "Ida Fennimore", "url": f"{ward.origin}/people/ida"}]
    assert "It was late." in newest["content_html"]
    things, lines = [], []
    titles = ["Home by six", *(f"Try {number}" for number in reversed(range(5)))]
    for size in (2, 3, 100):
        monkeypatch.setattr(exporting, "SLICE", size)
        things = orjson.loads((await nobody.get(f"{PATH}.json")).text)
        assert [one["title"] for one in things] == titles
        lines = list(csv.DictReader(io.StringIO((await nobody.get(f"{PATH}.csv")).text)))
        assert [one["title"] for one in lines] == titles
    assert tuple(things[0]) == tuple(lines[0]) == COLUMNS
    assert (things[0]["what_happened"], things[0]["stage"]) == ("It was late.", None)
    tried = things[1]
    assert (tried["setting"], tried["stage"], tried["measured"]) == ("=1+1", "idea", False)
    assert (lines[1]["setting"], let_go(lines[1]["setting"])) == ("'=1+1", "=1+1")
    assert lines[1]["topics"] == "discharge; home"
    assert things[0]["id"].startswith(f"{ward.origin}/stories/")


async def test_feeds_of_a_view_lead_on_to_all_that_is_in_it(
    ward: LiveNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page by page, each thing once; all pages are one feed."""
    monkeypatch.setattr(service, "part", partial(service.part, size=2))
    for number in range(5):
        await try_out(ward, f"Try {number}")
        ward.network.clock.move(timedelta(seconds=1))
    await keep(ward)
    nobody, titles = browser_of(ward), [f"Try {number}" for number in reversed(range(5))]
    beginning = f"{ward.origin}{PATH}.feed.json"
    path, found = f"{PATH}.feed.json", []
    while path:
        told = orjson.loads((await nobody.get(path)).text)
        assert told["feed_url"] == beginning
        found += [one["title"] for one in told["items"]]
        path = told.get("next_url", "").removeprefix(ward.origin)
    assert found == titles
    beginning, path, found = f"{ward.origin}{PATH}.atom", f"{PATH}.atom", []
    while path:
        feed = ElementTree.fromstring((await nobody.get(path)).text)  # noqa: S314 - our own
        assert feed.findtext(f"{ATOM}id") == beginning
        links = {one.get("rel"): str(one.get("href")) for one in feed.findall(f"{ATOM}link")}
        assert (links["first"], links["self"]) == (beginning, ward.origin + path)
        found += [one.findtext(f"{ATOM}title") for one in feed.findall(f"{ATOM}entry")]
        path = links.get("next", "").removeprefix(ward.origin)
    assert found == titles


def test_all_fields_of_files_are_documented_and_no_others() -> None:
    """In docs/views.md, in the first column of its tables of fields."""
    words = (Path(__file__).parents[3] / "docs/views.md").read_text()
    files = words.partition("## The files")[2]
    named = [line.split("|")[1] for line in files.splitlines() if line.startswith("| `")]
    documented = [name for cell in named for name in re.findall("`([a-z_]+)`", cell)]
    assert sorted(documented) == sorted(COLUMNS)


async def test_only_the_panel_of_a_view_may_be_in_a_frame(ward: LiveNode) -> None:
    """It has no form, no script, no cookie and no picture; of the view's page, nothing is shown.
    What has no title is called as in every list.
    """
    tried = await try_out(ward, "<b>Visits</b> at four")
    ida, said = await ward.person(), Update(text="Mrs Able came.")
    await ward.run(experiments.record, tried, said, by=ida, house=ward.house)
    await keep(ward, name="Getting & home")
    nobody = browser_of(ward)
    page, panel = await nobody.get(PATH), await nobody.get(f"{PATH}/embed")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    line = f"&lt;iframe src=&#34;{ward.origin}{PATH}/embed&#34; title=&#34;Getting &amp;amp; home"
    assert line in page.text
    assert "frame-ancestors *" in panel.headers["Content-Security-Policy"]
    assert "default-src 'none'" in panel.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in panel.headers
    assert "&lt;b&gt;Visits&lt;/b&gt; at four" in panel.text
    for shown in (page.text, panel.text):
        assert ">News by Ida Fennimore</a>" in shown
    for markup in ("<form", "<script", "<img", "http-equiv"):
        assert markup not in panel.text


async def test_nobody_is_shown_whom_they_block_or_what_was_taken_back(ward: LiveNode) -> None:
    """In no form of a view; others still see the former."""
    await ward.add_person("colm")
    await ward.add_person("bob", display_name="Bob")
    await try_out(ward, "Visits by Bob", by="bob")
    withdrawn = await ward.publish_story(title="Visits by Ida")
    await ward.withdraw_story(withdrawn)
    await keep(ward)

    async def block() -> None:
        colm, bob = await people.by_name("colm"), await people.by_name("bob")
        assert colm is not None
        assert bob is not None
        actors = [await Actor.get(id=one.actor_id) for one in (colm, bob)]
        await safety.block(*actors, house=ward.house)

    await ward.run(block)
    colm, nobody = browser_of(ward), browser_of(ward)
    await colm.sign_in("colm")
    for end in ("", ".json", ".csv"):
        assert "Visits by Bob" not in (await colm.get(PATH + end)).text
        seen = (await nobody.get(PATH + end)).text
        assert "Visits by Bob" in seen
        assert "Visits by Ida" not in seen


async def test_views_go_with_the_account_that_saved_them(ward: LiveNode) -> None:
    """They are words of theirs."""
    colm = await ward.add_person("colm")
    await keep(ward, by="colm")
    await keep(ward)
    await ward.run(people.close, colm.id, password=PASSWORD, house=ward.house)
    assert [view.slug for view in await ward.run(SavedView.all)] == ["getting-home-2"]
