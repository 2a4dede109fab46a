"""Hubs find each other without a register."""

from datetime import timedelta
from typing import Any

from server.actors import service as actors
from server.actors.tables import Actor, Host
from server.house import House
from server.hub import service as hubs
from server.hub.service import Look
from server.network.rules.finding import DISMISSED, How
from server.network.rules.subscribing import EntryState, Wish
from server.network.service import finding
from server.network.service.finding import Proposal
from server.network.tables import Batch, Entry, TakenList
from server.posts import service as posts
from server.safety import service as safety
from tests.journeys.conftest import Hub
from tests.journeys.test_exported_reports import at_browser
from tests.support.inhabitants import stranger
from tests.support.live import LiveNode, settle
from tests.support.network import Network


async def proposed(node: LiveNode) -> list[Proposal]:
    """Return what a hub's stewards are shown."""
    found: list[Proposal] = await node.run(finding.proposed, house=node.house)
    return found


async def in_a_row(hub: Hub) -> tuple[LiveNode, LiveNode, LiveNode]:
    """Return a ward, a council that follows it, and a hub in the north that the ward follows."""
    ward, council, north = (
        await hub("ward.test"),
        await hub("council.test"),
        await hub("north.test"),
    )
    await ward.follow(north.handle)
    await council.follow(ward.handle)
    await settle(ward, council, north)
    return ward, council, north


async def an_hour(*nodes: LiveNode, hours: int = 1) -> None:
    """Let so much time go by."""
    for _ in range(hours):
        nodes[0].network.clock.move(timedelta(minutes=61))
        await settle(*nodes)


async def look(node: LiveNode, **differs: Any) -> None:
    """Have a hub's stewards save its settings."""
    await node.run(hubs.save_look, Look(name="A hub", **differs), house=node.house)


async def test_whom_a_hub_knows_is_proposed_to_those_who_follow_it(hub: Hub) -> None:
    """With how many of theirs know it, and followed with one press; then it is proposed no more."""
    ward, council, north = await in_a_row(hub)
    told = (await ward.get("/nodeinfo/2.1")).document["metadata"]
    assert (told["following"], told["neighbours"]) == (1, f"{ward.origin}/hub/neighbours")
    listed = await ward.fetch("/hub/neighbours")
    assert set(listed["orderedItems"]) == {north.hub_uri, council.hub_uri}
    assert "next" not in listed

    await an_hour(council, ward, north)
    [one] = await proposed(council)
    assert (one.actor.uri, one.known_by, one.lineage) == (north.hub_uri, 1, False)
    await council.run(finding.accept, one.actor.id, house=council.house)
    await settle(ward, council, north)
    assert (await council.fetch("/hub/following"))["totalItems"] == 2
    assert await proposed(council) == []


async def test_a_hub_tells_nobody_whom_it_knows_unless_its_stewards_wish(hub: Hub) -> None:
    """And what it told before is forgotten by those who ask again."""
    ward, council, north = await in_a_row(hub)
    await an_hour(council, ward, north)
    assert len(await proposed(council)) == 1
    await look(ward, shows_neighbours=False)
    assert (await ward.get("/hub/neighbours", accept="application/activity+json")).status == 404
    assert (await ward.get("/nodeinfo/2.1")).document["metadata"].keys() & {"neighbours"} == set()
    council.network.clock.move(timedelta(days=8))
    await an_hour(council, ward, north)
    assert await proposed(council) == []


async def test_the_word_of_a_hub_that_is_turned_away_counts_no_more(hub: Hub) -> None:
    """Nor is it asked again, though the hub follows it still."""
    ward, council, north = await in_a_row(hub)
    await an_hour(council, ward, north)
    assert len(await proposed(council)) == 1
    await council.run(safety.turn_away, "ward.test", reason="", house=council.house)
    council.network.clock.move(timedelta(days=8))
    await an_hour(council, ward, north)
    assert await proposed(council) == []


async def listed(actor: Actor, *, house: House) -> None:
    """Have the hub follow along with a list elsewhere that names somebody."""
    now = house.clock.now()
    batch = await Batch.create(
        title="North", by="ida", wish=Wish.LOOK, created_at=now, changed_at=now
    )  # fmt: skip
    await TakenList.create(
        uri="https://council.test/lists/north", batch=batch, due_at=now, again_at=now
    )
    await Entry.create(
        batch=batch, line=1, address=actor.uri, lane=0, actor=actor, waiting=False,
        state=EntryState.LEFT,
    )  # fmt: skip


async def test_a_hub_that_does_not_want_to_be_found_is_not_proposed(hub: Hub) -> None:
    """Neither told to others nor shown, though somebody there answered; nor is one turned away."""
    ward, north = await hub("ward.test"), await hub("north.test")
    story = await ward.publish_story()
    await settle(ward, north)

    await north.run(posts.fetch, story, house=north.house)
    await north.respond(story, "We try that too")
    await settle(ward, north)
    await an_hour(ward, north)
    [one] = await proposed(ward)
    assert (one.actor.uri, one.known_by, one.answered) == (north.hub_uri, 0, True)
    assert (await ward.fetch("/hub/neighbours"))["orderedItems"] == [north.hub_uri]
    await ward.run(listed, one.actor, house=ward.house)
    await an_hour(ward, north)
    assert [one.listed for one in await proposed(ward)] == [True]

    await look(north, discoverable=False)
    assert (await north.fetch("/hub"))["discoverable"] is False

    async def read_anew() -> None:
        await actors.keep(
            await ward.house.fetcher.actor(north.hub_uri, fresh=True), house=ward.house
        )
        assert not (await Actor.get(uri=north.hub_uri)).discoverable

    await ward.run(read_anew)
    assert await proposed(ward) == []
    assert (await ward.fetch("/hub/neighbours")).get("orderedItems", []) == []


async def test_a_hub_that_is_not_for_this_one_is_proposed_no_more(
    hub: Hub, network: Network
) -> None:
    """Until a steward changes their mind, or a year has passed."""
    ward = await hub("ward.test")

    async def seen() -> Actor:
        north = await stranger(ward.house, "north", "north.test", type="Organization")
        await Host.update_or_create({"software": "fettle"}, host="north.test")
        await finding._sight([("north.test", "")], via="x.test", how=How.LIST, house=ward.house)
        return north

    north, ida = await ward.run(seen), await at_browser(network, ward)
    path = f"/stewards/finding/{north.id}"
    assert "Not for us" in (await ida.get("/stewards/finding")).text
    for _ in range(2):
        await ida.send(f"{path}/dismiss", page="/stewards/finding")
        assert await proposed(ward) == []
    page = (await ida.get("/stewards/finding")).text
    assert "ida said so" in page
    assert "Not for us" not in page
    await ida.send(f"{path}/again", page="/stewards/finding")
    assert [one.actor.id for one in await proposed(ward)] == [north.id]
    await ida.send(f"{path}/dismiss", page="/stewards/finding")
    network.clock.move(DISMISSED + timedelta(days=1))
    await ward.run(finding.sweep, house=ward.house)
    assert await ward.run(finding.dismissed) == []
