"""A hub follows another, and is answered."""

import pytest

from server.actors.service import SilentServerError, UnknownHandleError
from tests.journeys.conftest import Hub
from tests.support.live import settle
from tests.support.network import Network
from tests.support.peer import Peer


async def test_a_follow_by_handle_is_accepted(hub: Hub) -> None:
    """WebFinger, actor, Follow, Accept: over real TLS with real signatures."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)

    followers = await ward.fetch("/hub/followers")
    following = await council.fetch("/hub/following")
    assert (followers["totalItems"], following["totalItems"]) == (1, 1)
    page = await ward.fetch("/hub/followers?page=true")
    assert page["orderedItems"] == [council.hub_uri]


async def test_a_follow_is_taken_back(hub: Hub) -> None:
    """The other side forgets it."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)
    await council.unfollow(ward.hub_uri)
    await settle(ward, council)

    assert (await ward.fetch("/hub/followers"))["totalItems"] == 0


async def test_somebody_on_another_software_follows(hub: Hub, network: Network) -> None:
    """The Accept holds the whole Follow with plain ids, about a second later."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    follow = ann.follow(ward.hub_uri)
    answer = await ann.post(f"{ward.hub_uri}/inbox", follow)
    assert answer.status == 202
    await settle(ward)

    accept = await peer.arrived("Accept")
    assert accept["actor"] == ward.hub_uri
    assert accept["object"]["id"] == follow["id"]
    assert accept["object"]["actor"] == ann.uri
    assert accept["object"]["object"] == ward.hub_uri


async def test_whom_nobody_knows_is_said_in_words_for_people(hub: Hub) -> None:
    """A server that has nobody of that name, and one that does not answer; neither shows a URL."""
    ward, council = await hub("ward.test"), await hub("council.test")
    with pytest.raises(UnknownHandleError, match=r"^Nobody was found at @una@ward\.test\. "):
        await council.follow("@una@ward.test")
    with pytest.raises(
        UnknownHandleError, match=r"^Nobody was found at https://ward\.test/rules\. "
    ):
        await council.follow(f"{ward.origin}/rules")
    await ward.stop()
    with pytest.raises(SilentServerError, match=r"^ward\.test does not answer just now\. "):
        await council.follow(ward.handle)
    with pytest.raises(SilentServerError, match=r"^ward\.test does not answer just now\. "):
        await council.follow(ward.hub_uri)
