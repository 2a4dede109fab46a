"""What everybody, and other hubs, read of the lists of hubs that a team shares."""

import re

from server.actors.tables import Actor
from server.network import service
from server.network.formats.reading import read
from server.network.service.sharing import PAGE
from server.safety import service as safety
from tests.journeys.conftest import Hub
from tests.journeys.test_exported_reports import at_browser
from tests.journeys.test_shared_lists import NORTH, share
from tests.journeys.test_subscribing import LISTS
from tests.support.inhabitants import stranger
from tests.support.live import ACTIVITY_JSON, settle
from tests.support.network import Network
from tests.support.peer import Peer


async def test_a_list_is_made_read_and_served(hub: Hub, network: Network) -> None:
    """By a steward at a browser; people get a page and files, other hubs a collection of ids."""
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    ann = there.actor("ann", type="Organization")
    shy = there.actor("shy", discoverable=False)
    ida = await at_browser(network, team)
    made = await ida.send("/stewards/lists", {"title": "Hubs in the north", "words": "For *us*."})
    path = made.headers["Location"]
    assert path == f"/stewards{NORTH}"
    added = await ida.send(f"{path}/hubs", {"addresses": f"{ann.handle}\nteam.test"}, page=path)
    assert added.status == 303, added.text
    for wrong, why in (
        (shy.handle, "asks not to be listed"), ("@una@there.test", "Line 1: Nobody was found"),
        ("nothing", "Line 1: this is not a whole handle"),
    ):  # fmt: skip
        refused = await ida.send(f"{path}/hubs", {"addresses": wrong}, page=path)
        assert refused.status == 422
        assert why in refused.text

    document = await team.fetch(NORTH)
    assert document["type"] == "OrderedCollection"
    assert document["orderedItems"] == [ann.uri, team.hub_uri]
    assert (document["name"], document["attributedTo"]) == ("Hubs in the north", team.hub_uri)
    page = await team.get(NORTH)
    for words in ("Hubs in the north", "<em>us</em>", ann.handle, f"{team.origin}{NORTH}"):
        assert words in page.text
    listed = read((await team.get(f"{NORTH}.csv")).text)
    assert [one.address for one in listed.lines] == [ann.handle, team.handle]
    assert "Hubs in the north" in (await team.get("/lists")).text

    removed = await ida.send(f"{path}/remove", page=path)
    assert removed.status == 303
    assert (await team.get(NORTH)).status == 404


async def test_whoever_is_no_longer_to_be_shown_leaves_a_list(hub: Hub, network: Network) -> None:
    """Who asks not to be found any more, is blocked, or is gone: in the collection, on the page, in
    the files.
    """
    team = await hub("team.test")
    there, blocked = await Peer.at(network, "there.test"), await Peer.at(network, "blocked.test")
    stays, shy, gone = [there.actor(name) for name in ("stays", "shy", "gone")]
    spam = blocked.actor("spam")
    await share(team, *(one.uri for one in (stays, shy, gone, spam)))
    first = await team.get(NORTH, accept=ACTIVITY_JSON)
    await team.run(lambda: Actor.filter(uri=shy.uri).update(discoverable=False))
    await team.run(lambda: Actor.filter(uri=gone.uri).update(gone=True))
    await team.run(safety.turn_away, "blocked.test", reason="Spam", house=team.house)
    etag = {"If-None-Match": first.headers["Etag"]}
    answer = await team.get(NORTH, accept=ACTIVITY_JSON, **etag)
    assert answer.document["orderedItems"] == [stays.uri]
    for path in (NORTH, f"{NORTH}.csv", f"{NORTH}.opml", f"{NORTH}.txt"):
        text = (await team.get(path)).text
        assert "stays" in text
        assert not any(name in text for name in ("/people/shy", "/people/gone", "blocked.test"))


async def test_a_long_list_is_read_in_pages(hub: Hub) -> None:
    """By people; other hubs get it whole."""
    team = await hub("team.test")
    shared = await share(team)

    async def fill() -> None:
        found = [await stranger(team.house, f"n{number:03}") for number in range(PAGE + 1)]
        await service.put_in(shared, found, house=team.house)

    await team.run(fill)
    assert len((await team.fetch(NORTH))["orderedItems"]) == PAGE + 1
    first = (await team.get(NORTH)).text
    assert f"@n{PAGE - 1:03}@" in first
    assert f"@n{PAGE:03}@" not in first
    further = re.search(rf'href="({NORTH}\?after=[0-9]+)"', first)
    assert further is not None
    second = (await team.get(further[1])).text
    assert f"@n{PAGE:03}@" in second
    assert f"@n{PAGE - 1:03}@" not in second


async def test_whom_a_list_reached_is_put_into_a_shared_one(hub: Hub, network: Network) -> None:
    """By one press, but for those who ask not to be listed."""
    team, there = await hub("team.test"), await Peer.at(network, "there.test")
    ann, shy = there.actor("ann"), there.actor("shy", discoverable=False)
    ida = await at_browser(network, team)
    pasted = f"{ann.handle}\n{shy.handle}\n@nobody@there.test"
    path = (await ida.send(LISTS, {"addresses": pasted})).headers["Location"]
    await settle(team)
    assert "into a list that this hub shares" not in (await ida.ask("GET", path)).text
    await share(team)
    answer = await ida.send(f"{path}/gather", {"slug": NORTH.rpartition("/")[2]}, page=path)
    assert answer.status == 303, answer.text
    assert (await team.fetch(NORTH))["orderedItems"] == [ann.uri]
    wrong = await ida.send(f"{path}/gather", {"slug": "no-such-list"}, page=path)
    assert wrong.status == 422
