"""What was published, and what was taken back: the writer and the stewards see where it got to."""

from datetime import timedelta

import pytest

from tests.journeys.conftest import Hub
from tests.security.browser import Browser
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer

DESK = "/stewards/deliveries"


async def followed(hub: Hub, network: Network) -> tuple[LiveNode, Peer, Peer]:
    """A hub that people on two servers follow, of which the second is down now."""
    ward = await hub("ward.test")
    peers = [await Peer.at(network, host) for host in ("here.test", "there.test")]
    for peer in peers:
        ann = peer.actor("ann")
        await ann.post(f"{ward.hub_uri}/inbox", ann.follow(ward.hub_uri))
    await settle(ward)
    await peers[1].stop()
    return ward, peers[0], peers[1]


async def signed_in(network: Network, ward: LiveNode, name: str) -> Browser:
    """Somebody of the hub, at a browser."""
    browser = Browser(network, ward.origin)
    network.stack.push_async_callback(browser.close)
    await browser.sign_in(name)
    return browser


async def test_a_writer_sees_where_it_went_and_who_has_taken_it_away(
    hub: Hub, network: Network
) -> None:
    """In words, with what waits and why; and a receipt for each server once it is taken back."""
    ward, _, there = await followed(hub, network)
    await ward.add_person("colm")
    uri = await ward.publish_story(by="colm", title="Home by six")
    path = uri.removeprefix(ward.origin)
    await settle(ward)
    colm = await signed_in(network, ward, "colm")
    story = await colm.get(path)
    assert "Delivered to 1 of 2 hubs and servers." in story.text
    assert f"{path}/delivery" in story.text
    where = (await colm.get(f"{path}/delivery")).text
    assert "there.test" in where
    assert "does not answer as it should since" in where
    assert "here.test" in (await colm.get(f"{path}/delivery?what=arrived")).text

    await colm.send(f"{path}/delete")
    await settle(ward)
    assert (await colm.get(path)).headers["Location"] == f"{path}/delivery"
    receipts = (await colm.get(f"{path}/delivery")).text
    assert "1 of 2 hubs and servers have confirmed." in receipts
    assert "Too soon" not in receipts
    assert "Home by six" not in receipts
    await there.start()
    network.clock.move(timedelta(minutes=10))
    await settle(ward)
    assert there.activities("Delete")
    assert "2 of 2 hubs and servers have confirmed." in (await colm.get(f"{path}/delivery")).text


async def test_where_something_went_is_for_its_writer_and_stewards_alone(
    hub: Hub, network: Network
) -> None:
    """To everybody else there is no such page, before and after it was taken back (case 30)."""
    ward, _, _ = await followed(hub, network)
    for name in ("colm", "una"):
        await ward.add_person(name)
    uri = await ward.publish_story(by="colm")
    path = f"{uri.removeprefix(ward.origin)}/delivery"
    una, ida = [await signed_in(network, ward, name) for name in ("una", "ida")]
    stranger = Browser(network, ward.origin)
    network.stack.push_async_callback(stranger.close)
    for _ in range(2):
        assert (await una.get(path)).status == 404
        assert "Location" in (await stranger.get(path)).headers
        assert (await ida.get(path)).status == 200
        await ward.withdraw_story(uri, by="colm")
    assert (await una.get(DESK)).status in {403, 404}


@pytest.mark.parametrize("withdrawals", [False, True])
async def test_a_steward_tries_a_lane_and_gives_it_up_with_a_reason(
    hub: Hub, network: Network, withdrawals: bool
) -> None:
    """Both are done from the page; the reason is shown there and to the writer."""
    ward, _, there = await followed(hub, network)
    uri = await ward.publish_story(title="Home by six")
    gone = await ward.publish_story(title="Too soon")
    await ward.withdraw_story(gone)
    await settle(ward)
    ida = await signed_in(network, ward, "ida")
    assert "there.test" in (await ida.get(DESK)).text
    lane = f"{DESK}/to/there.test"
    page = (await ida.get(lane)).text
    assert "2 things are waiting for it" in page
    assert "one thing that its writer has taken back" in page
    await ida.send(f"{lane}/try", page=lane)
    await settle(ward)
    refused = await ida.send(f"{lane}/drop", {"reason": ""}, page=lane)
    assert refused.status == 422
    given = {"reason": "It closed in May"} | ({"withdrawals": "yes"} if withdrawals else {})
    assert (await ida.send(f"{lane}/drop", given, page=lane)).status == 303
    assert "It closed in May" in (await ida.get(lane)).text
    path = uri.removeprefix(ward.origin)
    assert "It closed in May" in (await ida.get(f"{path}/delivery?what=failed")).text
    await there.start()
    network.clock.move(timedelta(hours=1))
    await settle(ward)
    assert bool(there.activities("Delete")) is not withdrawals
