"""Somebody asks to quote a story: the policy answers, with a stamp that can be taken back."""

from typing import Any

import pytest

from server.posts.rules import Visibility
from server.posts.tables import Post
from tests.journeys.conftest import Hub
from tests.support.live import ACTIVITY_JSON, LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import Resident


async def ask(node: LiveNode, ann: Resident, story: str, *, whole: bool = True) -> dict[str, Any]:
    """Ask to quote a story, and return the quote."""
    quote = ann.note("<p>Read this</p>", quote=story)
    request = ann.activity("QuoteRequest", story, instrument=quote if whole else quote["id"])
    assert (await ann.post(f"{node.origin}/inbox", request)).status == 202
    await settle(node)
    return quote


@pytest.mark.parametrize("whole", [True, False])
async def test_a_public_story_may_be_quoted(hub: Hub, network: Network, whole: bool) -> None:
    """The Accept holds the request and names a stamp, which says what may quote what; asked again,
    it is the same one.
    """
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    story = await ward.publish_story(title="Home by six")
    quote = await ask(ward, ann, story, whole=whole)

    accept = await peer.arrived("Accept")
    ida = f"{ward.origin}/people/ida"
    assert accept["actor"] == ida
    assert accept["object"]["type"] == "QuoteRequest"
    assert accept["object"]["object"] == story
    assert accept["object"]["instrument"] == quote["id"]
    stamp = await ward.fetch(accept["result"].removeprefix(ward.origin))
    assert stamp["id"] == accept["result"]
    assert stamp["type"] == "QuoteAuthorization"
    assert stamp["attributedTo"] == ida
    assert (stamp["interactingObject"], stamp["interactionTarget"]) == (quote["id"], story)

    again = ann.activity("QuoteRequest", story, instrument=quote["id"])
    await ann.post(f"{ward.origin}/inbox", again)
    await settle(ward)
    assert (await peer.arrived("Accept", number=2))["result"] == accept["result"]


async def test_the_stamp_goes_when_the_story_does(hub: Hub, network: Network) -> None:
    """Whoever quoted it is told of both, though they follow nobody here."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    story = await ward.publish_story(title="Home by six")
    await ask(ward, ann, story)
    stamp = (await peer.arrived("Accept"))["result"]
    await ward.withdraw_story(story)
    await settle(ward)
    deleted = [one["object"] for one in peer.activities("Delete")]
    assert stamp in deleted
    assert story in [one["id"] for one in deleted if isinstance(one, dict)]
    gone = await ward.get(stamp.removeprefix(ward.origin), accept=ACTIVITY_JSON)
    assert gone.status == 404
    peer.forget()
    await ask(ward, ann, story)
    assert peer.activities() == []


async def test_what_is_not_public_may_not_be_quoted(hub: Hub, network: Network) -> None:
    """Unlisted: no. For followers: not a word, since nobody is to know that it is there."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    story = await ward.publish_story(title="Home by six")

    async def only_for(visibility: Visibility) -> None:
        await ward.run(lambda: Post.filter(uri=story).update(visibility=visibility))

    await only_for(Visibility.UNLISTED)
    await ask(ward, ann, story)
    reject = await peer.arrived("Reject")
    assert reject["object"]["type"] == "QuoteRequest"
    assert "result" not in reject
    peer.forget()
    for visibility in (Visibility.FOLLOWERS, Visibility.DIRECT):
        await only_for(visibility)
        await ask(ward, ann, story)
    await ask(ward, ann, f"{ward.origin}/stories/0")
    assert peer.activities() == []
