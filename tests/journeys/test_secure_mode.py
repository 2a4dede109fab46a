"""Two hubs that both ask for signatures on everything get along as any others do."""

from datetime import timedelta

from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer


async def secure(hub: Hub) -> tuple[LiveNode, LiveNode]:
    """Two hubs in secure mode that follow each other."""
    ward, council = await hub("ward.test"), await hub("council.test")
    for node in (ward, council):
        await node.restart(secure_mode=True)
    await council.follow(ward.handle)
    await ward.follow(council.handle)
    await settle(ward, council)
    return ward, council


async def test_two_hubs_in_secure_mode_get_along(hub: Hub) -> None:
    """They follow each other; a story arrives, its edit, a reply, thanks, and its end."""
    ward, council = await secure(hub)
    uri = await ward.publish_story(title="Home by six", what_happened="It was late.")
    await settle(ward, council)
    copy = await council.post(uri)
    assert copy is not None
    assert copy.author.name == "Ida Fennimore"
    ward.network.clock.move(timedelta(minutes=20))
    await ward.edit_story(uri, title="Home by seven", what_happened="It was later.")
    ward.network.clock.move(timedelta(minutes=20))
    await settle(ward, council)
    copy = await council.post(uri)
    assert copy is not None
    assert copy.title == "Home by seven"

    reply = await council.respond(uri, "We ring earlier now.")
    await council.thank(uri)
    await settle(ward, council)
    page = await ward.get(uri)
    assert "We ring earlier now." in page.text
    kept = await ward.post(reply)
    assert kept is not None
    assert kept.author.name == "Ida Fennimore"
    assert (await ward.counts())["thanks"] == 1

    await ward.withdraw_story(uri)
    await settle(ward, council)
    copy = await council.post(uri)
    assert copy is not None
    assert copy.state == "withdrawn"


async def test_a_hub_in_secure_mode_and_another_software_in_it(hub: Hub, network: Network) -> None:
    """A boost is fetched with a signature; whoever doesn't sign is told why not."""
    ward, _ = await secure(hub)
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await ann.post(f"{ward.hub_uri}/inbox", ann.follow(ward.hub_uri))
    await settle(ward)
    uri = await ward.publish_story(title="Home by six")
    await settle(ward)
    announce = await peer.arrived("Announce")
    note = await ann.get(announce["object"])
    assert (note.status, note.document["id"]) == (200, uri)
    refused = await ward.get(uri, accept="application/activity+json")
    assert (refused.status, "sign" in refused.text) == (401, True)
