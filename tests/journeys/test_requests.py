"""Who asks to be asked: a follow waits for its answer, and nothing is shown before (case 13)."""

from server.actors.tables import Actor
from server.follows import service as follows
from server.follows.rules import Act, FollowState
from server.people import service as people
from server.people.tables import Notification
from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer


async def careful(node: LiveNode) -> str:
    """Have ida approve followers herself, and return her id."""

    async def choose() -> str:
        person = await people.by_name("ida")
        assert person is not None
        await Actor.filter(id=person.actor_id).update(manually_approves=True)
        return (await Actor.get(id=person.actor_id)).uri

    return await node.run(choose)


async def answer(node: LiveNode, act: Act) -> None:
    """Answer the one request to follow ida."""

    async def settle_it() -> None:
        person = await people.by_name("ida")
        assert person is not None
        ida = await Actor.get(id=person.actor_id)
        [asked] = await follows.followers(ida, state=FollowState.REQUESTED)
        await follows.settle(asked.id, followed=ida, act=act, house=node.house)

    await node.run(settle_it)


async def told(node: LiveNode) -> list[str]:
    """Return of which kinds ida's notifications are."""

    async def look() -> list[str]:
        return [row.kind for row in await Notification.all()]

    return await node.run(look)


async def test_a_request_waits_until_it_is_accepted(hub: Hub, network: Network) -> None:
    """No Accept, no place among the followers, no story before; all of it after."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    ida = await careful(ward)
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    await settle(ward)
    assert await told(ward) == ["request"]
    await ward.publish_story(title="Before")
    await settle(ward)
    assert peer.activities() == []
    assert (await ward.fetch("/people/ida/followers"))["totalItems"] == 0

    await answer(ward, Act.ACCEPT)
    await settle(ward)
    assert await told(ward) == []
    assert (await peer.arrived("Accept"))["actor"] == ida
    await ward.publish_story(title="After")
    await settle(ward)
    assert (await peer.arrived("Create"))["object"]["fettle:story"]["title"] == "After"


async def test_a_request_that_is_refused_is_told_so(hub: Hub, network: Network) -> None:
    """A Reject that holds the Follow."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    ida = await careful(ward)
    follow = ann.follow(ida)
    await ann.post(f"{ida}/inbox", follow)
    await settle(ward)
    await answer(ward, Act.REJECT)
    await settle(ward)
    assert (await peer.arrived("Reject"))["object"]["id"] == follow["id"]
    assert peer.activities("Accept") == []


async def test_our_own_request_waits_for_the_other_side(hub: Hub) -> None:
    """It shows as asked until they say yes."""
    ward, council = await hub("ward.test"), await hub("council.test")
    ida = await careful(ward)
    await council.follow(ida)
    await settle(ward, council)
    assert (await council.fetch("/hub/following"))["totalItems"] == 0
    await answer(ward, Act.ACCEPT)
    await settle(ward, council)
    assert (await council.fetch("/hub/following"))["totalItems"] == 1
