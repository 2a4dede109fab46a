"""The other side is down; our own process is killed: nothing is lost, nothing comes twice."""

from datetime import timedelta

import pytest

from server import db
from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import Resident


async def followed(hub: Hub, network: Network) -> tuple[LiveNode, Peer, Resident]:
    """A hub that somebody elsewhere follows."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await ann.post(f"{ward.hub_uri}/inbox", ann.follow(ward.hub_uri))
    await settle(ward)
    peer.forget()
    return ward, peer, ann


async def test_a_host_that_is_down_gets_it_when_it_is_back(hub: Hub, network: Network) -> None:
    """Tried again after a minute, five, thirty; then delivered once."""
    ward, peer, _ = await followed(hub, network)
    await peer.stop()
    uri = await ward.publish_story(title="Home by six")
    await settle(ward)
    network.clock.move(timedelta(minutes=2))
    await settle(ward)
    assert peer.activities() == []

    await peer.start()
    network.clock.move(timedelta(minutes=10))
    await settle(ward)
    assert [one["object"] for one in peer.activities("Announce")] == [uri]


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_host_in_trouble_is_asked_again(hub: Hub, network: Network, status: int) -> None:
    """A passing failure is no answer."""
    ward, peer, _ = await followed(hub, network)
    peer.inbox_answers(status, status)
    await ward.publish_story(title="Home by six")
    await settle(ward)
    assert len(peer.activities("Announce")) == 1
    for minutes in (2, 10):
        network.clock.move(timedelta(minutes=minutes))
        await settle(ward)
    assert len(peer.activities("Announce")) == 3
    network.clock.move(timedelta(days=2))
    await settle(ward)
    assert len(peer.activities("Announce")) == 3


async def test_a_host_that_says_no_is_not_asked_again(hub: Hub, network: Network) -> None:
    """A refusal (after the second knock) is final, and kept with its reason."""
    ward, peer, _ = await followed(hub, network)
    peer.inbox_answers(403, 403)
    await ward.publish_story(title="Home by six")
    await settle(ward)
    network.clock.move(timedelta(days=2))
    await settle(ward)
    assert len(peer.activities("Announce")) == 2


async def test_what_was_committed_before_a_crash_is_sent_after_it(
    hub: Hub, network: Network
) -> None:
    """The node goes down between commit and send; another process of it sends what is due."""
    ward, peer, _ = await followed(hub, network)
    uri = await ward.publish_story(title="Home by six")
    await ward.stop()
    assert peer.activities() == []
    await ward.start()
    await settle(ward)
    assert [one["object"] for one in peer.activities("Announce")] == [uri]
    await ward.stop()
    await ward.start()
    await settle(ward)
    assert len(peer.activities("Announce")) == 1


async def test_a_lease_of_a_killed_worker_runs_out(hub: Hub, network: Network) -> None:
    """What a worker had taken when it was killed is taken over by the next."""
    ward, peer, _ = await followed(hub, network)
    await ward.publish_story(title="Home by six")
    until = int((network.clock.now() + timedelta(seconds=90)).timestamp() * 1000)
    await ward.run(db.execute, "UPDATE lanes SET leased_by = 'killed', lease_until_ms = ?", until)
    await settle(ward, rounds=10)
    assert peer.activities() == []
    network.clock.move(timedelta(seconds=90))
    await settle(ward)
    assert len(peer.activities("Announce")) == 1
