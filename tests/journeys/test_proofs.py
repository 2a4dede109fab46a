"""What is for everybody has a proof, wherever it is met (FEP-8b32); nothing else has."""

import json
from typing import Any

from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.proofs import is_proven


async def _fetched(ward: LiveNode, uri: str) -> dict[str, Any]:
    return await ward.fetch(uri.removeprefix(ward.origin))


async def test_all_that_is_for_everybody_is_proven(hub: Hub, network: Network) -> None:
    """Each activity, and the Note in it; delivered as it is fetched, to the byte."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    ida_uri = f"{ward.origin}/people/ida"
    for uri in (ida_uri, ward.hub_uri):
        await ann.post(f"{uri}/inbox", ann.follow(uri))
    await settle(ward)
    story = await ward.publish_story(title="Home by six", what_happened="It was late.")
    await settle(ward)
    await ward.edit_story(story, title="Home by seven", what_happened="It was later.")
    await settle(ward)
    ida = await _fetched(ward, ida_uri)
    note = await _fetched(ward, story)
    assert is_proven(note, ida)
    for kind in ("Create", "Update"):
        activity = await peer.arrived(kind)
        assert is_proven(activity, ida)
        assert is_proven(activity["object"], ida)
    assert (await peer.arrived("Update"))["object"] == note
    announce = await peer.arrived("Announce")
    assert is_proven(announce, await _fetched(ward, ward.hub_uri))

    kept = [one for one in peer.received if one.activity["type"] == "Announce"]
    answer = await ward.get(
        announce["id"].removeprefix(ward.origin), accept="application/activity+json"
    )
    assert answer.text.encode() == kept[0].body
    create = await _fetched(ward, (await peer.arrived("Create"))["id"])
    assert is_proven(create, ida)
    assert create["object"] == note

    await ward.withdraw_story(story)
    await settle(ward)
    assert is_proven(await peer.arrived("Delete"), ida)


async def test_what_is_in_an_outbox_is_proven(hub: Hub) -> None:
    """Each Note there; and each activity that stands there as it was sent."""
    ward = await hub("ward.test")
    await ward.publish_story(title="Home by six")
    ida, the_hub = await ward.fetch("/people/ida"), await ward.fetch("/hub")
    [create] = (await ward.fetch("/people/ida/outbox?page=true"))["orderedItems"]
    assert is_proven(create, ida)
    assert is_proven(create["object"], ida)
    [announce] = (await ward.fetch("/hub/outbox?page=true"))["orderedItems"]
    assert not is_proven(announce, the_hub)
    assert is_proven(announce["object"], ida)


async def test_what_is_not_for_everybody_has_no_proof(hub: Hub, network: Network) -> None:
    """Nobody can show to others who said it."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    ida = f"{ward.origin}/people/ida"
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    asked = ann.note("<p>To you alone: why?</p>", to=[ida], cc=[])
    await ann.post(f"{ida}/inbox", ann.create(asked))
    await settle(ward)
    await ward.respond(asked["id"], "For you alone.")
    await ward.follow(ann.handle)
    await settle(ward)
    for kind in ("Create", "Accept", "Follow"):
        activity = await peer.arrived(kind)
        assert "proof" not in json.dumps(activity)


async def test_a_story_may_come_by_a_relay(hub: Hub, network: Network) -> None:
    """What one hub proves, another takes from a third; the origin is asked for it once."""
    ward, council = await hub("ward.test"), await hub("council.test")
    peer = await Peer.at(network, "relay.test")
    relay = peer.actor("relay", type="Application")
    ida = f"{ward.origin}/people/ida"
    await relay.post(f"{ida}/inbox", relay.follow(ida))
    await settle(ward)
    await council.follow(ida)
    await settle(ward, council)
    await council.stop()
    uri = await ward.publish_story(title="Home by six")
    await settle(ward)
    await council.start()
    create = [one for one in peer.received if one.activity["type"] == "Create"][-1]
    assert (await relay.post(f"{council.origin}/inbox", create.body)).status == 202
    await settle(council)
    copy = await council.post(uri)
    assert copy is not None
    assert copy.author.uri == ida
