"""The network's page and its feed, as anybody sees them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from server.experiments import service as experiments
from server.experiments.rules.experiment import Experiment
from server.people import service as people
from server.posts.rules import Organisation
from server.posts.tables import Post
from server.stories.rules import AuthorRole
from tests.support.engines import Engine, Engines
from tests.support.inhabitants import experiment
from tests.support.live import LiveNode
from tests.support.network import network_of


@pytest.fixture
async def ward(engine: Engine, engines: Engines, tmp_path: Path) -> AsyncIterator[LiveNode]:
    """A whole hub, to be asked through its front door."""
    async with network_of() as network:
        yield await LiveNode.set_up_at(network, "ward.test", engines, engine, tmp_path)


def titles(page: str) -> list[str]:
    """Return what a list names, in its order."""
    return re.findall(r'<h3 class="people"><a [^>]*>([^<]+)</a>', page)


async def test_what_is_known_is_chosen_from_without_any_script(ward: LiveNode) -> None:
    """A form, ways with how many there are of each, a page and a feed by the same address."""
    empty = (await ward.get("/network")).text
    assert "Nothing here yet" in empty
    for number in range(22):
        await ward.publish_story(
            title=f"Story {number}", what_happened="It was late.", topics=("Sleep",) * (number < 3),
            author_role=AuthorRole.CARER,
        )  # fmt: skip
    first = (await ward.get("/network")).text
    assert len(titles(first)) == 20
    [older] = re.findall(r'href="(/network\?before=\d+)"', first)
    rest = (await ward.get(older)).text
    assert sorted(titles(first) + titles(rest)) == sorted(f"Story {n}" for n in range(22))
    [newer] = re.findall(r'href="(/network\?after=\d+)"', rest)
    assert titles((await ward.get(newer)).text) == titles(first)
    [way] = re.findall(r'<li><a href="([^"]+)"><span dir="auto">Sleep</span></a>.*>3<', first)
    chosen = (await ward.get(way.replace("&amp;", "&"))).text
    assert way == "/network?topic=sleep"
    assert titles(chosen) == ["Story 2", "Story 1", "Story 0"]
    assert 'aria-current="true"' in chosen
    words = quote_plus('"story 1" late*')
    asked = f"/network?text={words}&topic=sleep"
    assert titles((await ward.get(asked)).text) == ["Story 1"]
    feed = (await ward.get(asked.replace("/network", "/network.atom"))).text
    assert re.findall(r"<title>(Story [^<]*)</title>", feed) == ["Story 1"]
    assert f"<id>{ward.origin}/network.atom?text=" in feed
    nothing = await ward.get("/network?text=nowhere")
    assert (nothing.status, titles(nothing.text)) == (200, [])
    assert "Nothing like that yet" in nothing.text
    assert "There are more than" not in nothing.text


async def test_what_came_of_a_thing_is_said_to_strangers_too(ward: LiveNode) -> None:
    """Though their page is held until there is something new on it."""
    told = await ward.publish_story()
    await ward.add_person("una")
    assert "Be the first to reply" in (await ward.get("/network")).text
    said = await ward.respond(told, "So kind", by="una")
    assert "1 reply" in (await ward.get("/network")).text
    await ward.thank(told, by="una")
    assert "1 reply and 1 thank-you" in (await ward.get("/network")).text
    await ward.withdraw_story(said, by="una")
    assert "1 thank-you" in (text := (await ward.get("/network")).text)
    assert "1 reply" not in text


async def test_what_can_be_chosen_is_spelled_as_people_write_it(ward: LiveNode) -> None:
    """A topic and a place as in the newest that everybody may read, a hub as it calls itself, an
    organisation in words.
    """
    for place in ("low marsh", "Low Marsh"):
        await ward.publish_story(
            title="Late", what_happened="It was late.", topics=("GoingHome",), places=(place,),
            organisations=(Organisation(name_then="Fennel Row Pharmacy"),),
        )  # fmt: skip
    page = (await ward.get("/network")).text
    ways = dict(re.findall(r'<a href="/network\?(\w+)=[^"]+"><span dir="auto">([^<]+)<', page))
    assert (ways["topic"], ways["place"]) == ("GoingHome", "Low Marsh")
    assert ways["organisation"] == "fennel row pharmacy"
    assert ways["hub"] == "The hub of ward.test"


async def test_what_is_typed_is_only_ever_shown_as_text(ward: LiveNode) -> None:
    """Whatever it holds, and whatever is asked for by hand."""
    odd = quote_plus('"><script>alert(1)</script> NEAR("a" \'; & | ! <-> :*')
    for name in (
        "text",
        "topic",
        "place",
        "hub",
        "stage",
        "kind",
        "role",
        "organisation",
        "before",
    ):
        for path in ("/network", "/network.atom", "/search"):
            page = await ward.get(f"{path}?{name}={odd}")
            assert page.status == 200
            assert "<script>alert" not in page.text


async def test_people_and_topics_are_found_by_their_names(ward: LiveNode) -> None:
    """Once they published something, as they are called now, and not without their leave."""
    await ward.add_person("clara")
    assert "Clara" not in (await ward.get("/search?text=clara")).text
    await ward.publish_story(
        title="Home by six", what_happened="It was late.", topics=("Discharge",), by="clara"
    )
    page = (await ward.get("/search?text=cla")).text
    assert 'href="/people/clara"' in page
    page = (await ward.get("/search?text=disch")).text
    assert 'href="/topics/discharge"' in page
    page = (await ward.get("/search?text=late")).text
    assert titles(page) == ["Home by six"]
    assert "Found: 1." in page

    async def hide() -> None:
        clara = await ward.person("clara")
        profile = people.Profile(display_name="Clara", discoverable=False)
        await people.edit(clara.id, profile, house=ward.house)

    await ward.run(hide)
    assert "/people/clara" not in (await ward.get("/search?text=clara+ward")).text


async def test_an_empty_search_says_what_can_be_found(ward: LiveNode) -> None:
    """And how to ask."""
    page = await ward.get("/search")
    assert page.status == 200
    assert "in quotes" in page.text


async def test_experiments_are_put_side_by_side(ward: LiveNode) -> None:
    """From the page of one, and from a list of several; what is not for everybody is not."""

    async def share() -> list[Post]:
        ida, house = await ward.person(), ward.house
        tried = [
            await experiment(house, ida, title, topics=("Home", "Sleep"), learning=f"Of {title}.")
            for title in ("A knock", "A ring")
        ]
        hidden = Experiment(title="Hidden", problem="p", idea="i")
        return [*tried, await experiments.draft(ida, hidden, house=house)]

    one, other, draft = await ward.run(share)
    listed = (await ward.get("/network?kind=experiment")).text
    assert "both are about #home and #sleep" in listed
    assert f"/compare?of={other.id}&amp;of={one.id}" in listed
    path = (one.uri or "").removeprefix(ward.origin)
    assert f'href="{path}/alike"' in (await ward.get(path)).text
    alike = (await ward.get(f"{path}/alike")).text
    assert "A ring" in alike
    assert "Both are about #home and #sleep." in alike
    together = (await ward.get("/network/alike?topic=sleep&role=carer")).text
    assert f"/compare?of={other.id}&amp;of={one.id}" in together
    assert "Both are about #home and #sleep." in together
    assert "among all 2 experiments of what was chosen" in together
    assert "Nothing looks alike here" in (await ward.get("/network/alike?text=nowhere")).text
    beside = (await ward.get(f"/compare?of={one.id}&of={other.id}&of={draft.id}&of=x")).text
    for words in ("Of A knock.", "Of A ring.", "It was late.", "Both are about"):
        assert words in beside
    assert "<p>It was late.</p>" in beside
    assert "Hidden" not in beside
    assert (await ward.get(f"/compare?of={one.id}&of={draft.id}")).status == 404
