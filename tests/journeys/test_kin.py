"""Hubs that run Fettle know one another, and send stories whole."""

import re

from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer


async def fetched(node: LiveNode, route: str) -> int:
    """Return how often a node was asked for what a route serves."""
    page = (await node.get("/metrics", accept="text/plain")).text
    lines = re.findall(rf'^\w+_count{{[^}}]*route="{re.escape(route)}"[^}}]*}} (\S+)', page, re.M)
    return sum(int(float(number)) for number in lines)


async def test_a_follower_that_runs_fettle_gets_the_story_without_a_fetch(hub: Hub) -> None:
    """It was asked what it runs when it followed: the Create comes before the boost."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)
    assert await fetched(council, "/nodeinfo/{version}") == 1
    uri = await ward.publish_story(title="Home by six", what_people_tried="A list.")
    await settle(ward, council)

    copy = await council.post(uri)
    assert copy is not None
    assert (copy.title, copy.kind) == ("Home by six", "story")
    assert await fetched(ward, "/stories/{ulid}") == 0
    shares = await ward.fetch(uri.removeprefix(ward.origin) + "/shares")
    assert shares["totalItems"] == 1


async def test_both_sides_ask_once_what_the_other_runs(hub: Hub) -> None:
    """However often they follow and publish."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)
    await ward.follow(council.handle)
    await council.follow(f"{ward.origin}/people/ida", by="ida")
    await settle(ward, council)
    for node in (ward, council):
        assert await fetched(node, "/nodeinfo/{version}") == 1


async def test_a_follower_of_other_software_fetches_as_ever(hub: Hub, network: Network) -> None:
    """It is sent the boost alone."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await ann.post(f"{ward.hub_uri}/inbox", ann.follow(ward.hub_uri))
    await settle(ward)
    await ward.publish_story(title="Home by six")
    await settle(ward)
    await peer.arrived("Announce")
    assert peer.activities("Create") == []
