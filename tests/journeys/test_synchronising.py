"""Both ends find out that they differ about who follows whom, and one asks again."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from federation.synchronisation import FIELD, partial_digest, read
from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer, collection
from tests.support.resident import Resident


async def followed(hub: Hub, network: Network) -> tuple[LiveNode, Peer, Resident]:
    """A hub whose Ida follows somebody elsewhere, who has said yes."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await ward.follow(ann.handle, by="ida")
    await settle(ward)
    await ann.post(f"{ward.origin}/inbox", ann.accept(await peer.arrived("Follow")))
    await settle(ward)
    peer.forget()
    return ward, peer, ann


def stated(ann: Resident, uris: list[str], *, url: str = "") -> Mapping[str, str]:
    """Return the header in which somebody says who follows them."""
    where = url or f"{ann.uri}/followers_synchronization"
    digest = partial_digest(uris)
    return {FIELD: f'collectionId="{ann.uri}/followers", url="{where}", digest="{digest}"'}


async def say(ward: LiveNode, ann: Resident, also: Mapping[str, str]) -> None:
    """Have somebody post something with a header, and the hub do what follows from it."""
    reply = await ann.post(f"{ward.origin}/inbox", ann.create(ann.note()), also=also)
    assert reply.status == 202
    await settle(ward)


async def test_what_goes_to_followers_says_who_they_are(hub: Hub, network: Network) -> None:
    """By a digest that is signed; the list itself is for their own server."""
    ward = await hub("ward.test")
    peer, other = await Peer.at(network, "there.test"), await Peer.at(network, "other.test")
    peer.strict = True
    ann, bo, zoe = peer.actor("ann"), peer.actor("bo"), other.actor("zoe")
    ida = f"{ward.origin}/people/ida"
    for one in (ann, bo, zoe):
        await one.post(f"{ida}/inbox", one.follow(ida))
    await settle(ward)
    assert all(one.header(FIELD) is None for one in peer.received)  # an Accept is for one alone
    peer.forget()
    await ward.publish_story(title="Home by six")
    await settle(ward)
    [sent] = [one for one in peer.received if one.activity["type"] == "Create"]
    assert sent.sender == ida
    found = read(sent.header(FIELD))
    assert found is not None
    assert found.collection_id == f"{ida}/followers"
    assert found.digest == partial_digest([ann.uri, bo.uri])
    assert FIELD.lower() in str(sent.header("Signature"))

    listed = (await ann.get(found.url)).document
    assert listed["id"] == found.url
    assert sorted(listed["orderedItems"]) == [ann.uri, bo.uri]
    assert (await zoe.get(found.url)).document["orderedItems"] == [zoe.uri]
    path = found.url.removeprefix(ward.origin)
    unsigned = await ward.get(path, accept="application/activity+json")
    assert unsigned.status == 401
    assert ann.uri not in unsigned.text


async def test_a_follow_that_the_other_side_lost_is_asked_for_again(
    hub: Hub, network: Network
) -> None:
    """Once a day; meanwhile, and whatever is answered, nothing is ended by it."""
    ward, peer, ann = await followed(hub, network)
    ida = f"{ward.origin}/people/ida"
    peer.publish(collection(f"{ann.uri}/followers_synchronization", []))
    await say(ward, ann, stated(ann, []))
    again = await peer.arrived("Follow")
    assert (again["actor"], again["object"]) == (ida, ann.uri)
    assert (await ward.fetch("/people/ida/following"))["totalItems"] == 1
    await ann.post(f"{ward.origin}/inbox", ann.accept(again))
    await settle(ward)

    network.clock.move(timedelta(hours=2))
    await say(ward, ann, stated(ann, []))
    assert len(peer.activities("Follow")) == 1
    network.clock.move(timedelta(days=1))
    await say(ward, ann, stated(ann, []))
    assert len(peer.activities("Follow")) == 2
    assert (await ward.fetch("/people/ida/following"))["totalItems"] == 1
    assert peer.activities("Undo") == []


async def test_where_both_agree_nobody_is_asked(hub: Hub, network: Network) -> None:
    """Nor where the list says otherwise than the digest: whoever is in it is a follower."""
    ward, peer, ann = await followed(hub, network)
    ida = f"{ward.origin}/people/ida"
    await say(ward, ann, stated(ann, [ida]))
    assert peer.asked(f"{ann.uri}/followers_synchronization") == []
    others = [ida, f"{ward.origin}/people/nobody"]
    peer.publish(collection(f"{ann.uri}/followers_synchronization", others))
    await say(ward, ann, stated(ann, others))
    assert len(peer.asked(f"{ann.uri}/followers_synchronization")) == 1
    assert peer.activities() == []


@pytest.mark.parametrize("wrong", ["unsigned", "elsewhere", "another's", "no list", "no next page"])
async def test_a_word_that_is_not_theirs_or_not_whole_changes_nothing(
    hub: Hub, network: Network, wrong: str
) -> None:
    """A header outside the signature, a list of a third party, of a neighbour, none, or half."""
    ward, peer, ann = await followed(hub, network)
    other = await Peer.at(network, "other.test")
    other.actor("zoe")
    url = f"{ann.uri}/followers_synchronization"
    peer.publish(collection(url, []))
    header = stated(ann, [])
    if wrong == "unsigned":
        note = ann.create(ann.note())
        await ann.post(f"{ward.origin}/inbox", note, headers=header)
        await settle(ward)
    elif wrong == "elsewhere":
        await say(ward, ann, stated(ann, [], url=f"{other.origin}/followers"))
    elif wrong == "another's":
        eve = peer.actor("eve")
        await eve.post(f"{ward.origin}/inbox", eve.follow(f"{ward.origin}/people/ida"))
        await eve.post(f"{ward.origin}/inbox", eve.create(eve.reply(ann.uri)), also=stated(ann, []))
        await settle(ward)
    elif wrong == "no list":
        peer.gone(url)
        await say(ward, ann, header)
    else:
        peer.publish(collection(url, [], next=f"{url}?page=2"))
        await say(ward, ann, header)
    assert other.requests == []
    assert peer.activities("Follow") == []
    assert (await ward.fetch("/people/ida/following"))["totalItems"] == 1


async def test_a_list_without_end_is_left_and_nothing_follows_from_it(
    hub: Hub, network: Network
) -> None:
    """It may have named them on its next page."""
    ward, peer, ann = await followed(hub, network)
    url = f"{ann.uri}/followers_synchronization"
    for number in range(30):
        here = f"{url}?page={number}" if number else url
        peer.publish(collection(here, [], next=f"{url}?page={number + 1}"))
    await say(ward, ann, stated(ann, []))
    assert len([one for one in peer.requests if one.url.startswith(url)]) == 20
    assert peer.activities("Follow") == []
