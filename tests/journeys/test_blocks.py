"""Somebody wants nothing to do with somebody else, here and elsewhere; and so does a hub."""

import pytest

from server.actors import service as actors
from server.actors.service import BlockedError
from server.actors.tables import Actor, Block
from server.follows.service import ApartError
from server.follows.tables import Follow
from server.people.service import notifications
from server.posts import service as posts
from server.safety import service as safety
from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import Resident


async def block(node: LiveNode, whom: str, *, by: str = "ida", undo: bool = False) -> None:
    """Have somebody block an actor, or take it back."""

    async def act() -> None:
        me, other = await node._actor(by), await Actor.get(uri=whom)
        if undo:
            await safety.unblock(me, other.id, house=node.house)
        else:
            await safety.block(me, other, house=node.house)

    await node.run(act)


async def friends(node: LiveNode, ann: Resident, peer: Peer) -> None:
    """Have Ida and somebody elsewhere follow each other."""
    ida = f"{node.origin}/people/ida"
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    await node.follow(ann.handle, by="ida")
    await settle(node)
    await ann.post(f"{ida}/inbox", ann.accept(await peer.arrived("Follow")))
    await settle(node)
    peer.forget()


async def told(node: LiveNode, name: str = "ida") -> list[str]:
    """Return what somebody is told."""
    person = await node.person(name)
    return [row.kind for row in await node.run(notifications.listed, person.id)]


async def at_home(node: LiveNode, name: str = "ida") -> list[str]:
    """Return the posts on somebody's home page."""

    async def look() -> list[str]:
        rows = await posts.home(await node._actor(name), now=node.house.clock.now())
        return [str(row.post.uri) for row in rows]

    return await node.run(look)


async def test_whom_somebody_blocks_is_out_of_sight(hub: Hub, network: Network) -> None:
    """They follow each other no more, their server is told, and nothing comes through."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await friends(ward, ann, peer)
    ida, inbox = f"{ward.origin}/people/ida", f"{ward.origin}/inbox"
    story = await ward.publish_story(title="Home by six")
    reply = ann.reply(story)
    await ann.post(inbox, ann.create(reply))
    await settle(ward)
    assert "response" in await told(ward)
    peer.forget()

    await block(ward, ann.uri)
    await settle(ward)
    sent = await peer.arrived("Block")
    assert (sent["actor"], sent["object"], sent["to"]) == (ida, ann.uri, [ann.uri])
    assert {one["type"] for one in peer.activities()} == {"Block", "Undo", "Reject"}
    assert await ward.run(lambda: Follow.all().count()) == 0
    assert await told(ward) == []


async def test_what_the_blocked_do_reaches_nobody(hub: Hub, network: Network) -> None:
    """A Follow is answered with no; thanks and replies are told to nobody. Taken back, it can all
    be done again.
    """
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await friends(ward, ann, peer)
    ida, inbox = f"{ward.origin}/people/ida", f"{ward.origin}/inbox"
    story = await ward.publish_story(title="Home by six")
    await block(ward, ann.uri)
    await settle(ward)
    sent = await peer.arrived("Block")
    again = ann.follow(ida)
    for activity in (again, ann.like(story), ann.create(ann.reply(story, "<p>Again</p>"))):
        await ann.post(inbox, activity)
    await settle(ward)
    assert [one["object"]["id"] for one in peer.activities("Reject")][-1] == again["id"]
    assert await ward.run(lambda: Follow.all().count()) == 0
    assert await told(ward) == []
    path = story.removeprefix(ward.origin)
    assert (await ward.fetch(f"{path}/likes"))["totalItems"] == 0

    await block(ward, ann.uri, undo=True)
    await settle(ward)
    undo = await peer.arrived("Undo", number=len(peer.activities("Undo")))
    assert undo["object"]["id"] == sent["id"]
    await ann.post(inbox, ann.follow(ida))
    await settle(ward)
    assert await ward.run(lambda: Follow.all().count()) == 1


async def test_the_blocked_are_shown_neither_in_a_conversation_nor_at_home(
    hub: Hub, network: Network
) -> None:
    """Though others see them as before."""
    ward = await hub("ward.test")
    await ward.add_person("colm")
    peer = await Peer.at(network, "there.test")
    ann, bo = peer.actor("ann"), peer.actor("bo")
    await friends(ward, bo, peer)
    story = await ward.publish_story(title="Home by six")
    reply, note = ann.reply(story, "<p>Words of Ann</p>"), ann.note("<p>Ann again</p>")
    inbox = f"{ward.origin}/inbox"
    await ann.post(inbox, ann.create(reply))
    await bo.post(inbox, bo.announce(note["id"]))
    await settle(ward)
    assert note["id"] in await at_home(ward)

    await block(ward, ann.uri)
    assert note["id"] not in await at_home(ward)

    async def seen_by(name: str) -> tuple[int, bool]:
        viewer, root = await ward._actor(name), await posts.by_uri(story)
        held = await posts.by_uri(reply["id"])
        assert root is not None
        assert held is not None
        said = await posts.conversation(root, viewer)
        return len(said), await posts.may_see(held, viewer)

    assert await ward.run(seen_by, "ida") == (0, False)
    assert await ward.run(seen_by, "colm") == (1, True)


async def test_two_people_of_one_hub_are_kept_apart(hub: Hub) -> None:
    """Neither sees what the other tells; others do."""
    ward = await hub("ward.test")
    await ward.add_person("colm")
    ida = f"{ward.origin}/people/ida"
    await ward.follow(ida, by="colm")
    story = await ward.publish_story(title="Home by six")
    await block(ward, f"{ward.origin}/people/colm")

    async def seen_by(name: str | None) -> bool:
        held = await posts.by_uri(story)
        assert held is not None
        return await posts.may_see(held, await ward._actor(name) if name else None)

    assert await ward.run(seen_by, "colm") is False
    assert await ward.run(seen_by, None) is True
    for follower, other in (("colm", ida), ("ida", f"{ward.origin}/people/colm")):
        with pytest.raises(ApartError):
            await ward.follow(other, by=follower)
    assert await ward.run(lambda: Follow.all().count()) == 0
    await settle(ward)


async def test_who_blocks_us_from_elsewhere_is_kept_apart_from_us(
    hub: Hub, network: Network
) -> None:
    """Until they take it back: both follows end without a word, and they get no mention."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await friends(ward, ann, peer)
    ida, inbox = f"{ward.origin}/people/ida", f"{ward.origin}/inbox"
    blocking = ann.activity("Block", ida)
    for _ in range(2):
        await ann.post(inbox, blocking)
        await settle(ward)
    assert await ward.run(lambda: Follow.all().count()) == 0
    assert await ward.run(lambda: Block.all().count()) == 1
    uri = await ward.publish_story(title="Home", what_happened="So @ann@there.test said.")
    await settle(ward)
    assert peer.activities() == []
    assert "tag" not in await ward.fetch(uri.removeprefix(ward.origin))

    await ann.post(inbox, ann.undo(blocking))
    await settle(ward)
    assert await ward.run(lambda: Block.all().count()) == 0


async def test_a_hub_turns_a_server_away_and_lets_it_in_again(hub: Hub, network: Network) -> None:
    """Nothing is taken, sent or shown; with the block, all of that ends."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await friends(ward, ann, peer)
    inbox = f"{ward.origin}/inbox"
    note = ann.note("<p>Words of Ann</p>")
    await ann.post(inbox, ann.create(note))
    await settle(ward)
    assert await at_home(ward) == [note["id"]]
    held = await ward.post(note["id"])
    assert held is not None

    turned = await ward.run(safety.turn_away, "THERE.test.", reason="Spam", house=ward.house)
    assert turned.called == "there.test"
    assert (await ann.post(inbox, ann.create(ann.note()))).status == 403
    assert await at_home(ward) == []
    assert (await ward.get(f"/elsewhere/{held.id}")).status == 404
    await ward.publish_story(title="Home by six")
    await settle(ward)
    assert peer.activities() == []

    await ward.run(safety.let_in_host, "there.test", house=ward.house)
    assert (await ann.post(inbox, ann.create(ann.note()))).status == 202
    await settle(ward)
    assert note["id"] in await at_home(ward)


async def test_a_blocked_server_stands_for_all_that_are_under_it(
    hub: Hub, network: Network
) -> None:
    """Those that were known, and those that are met only now; nothing that only sounds like it."""
    ward = await hub("ward.test")
    hosts = ("a.there.test", "b.there.test", "xthere.test")
    peers = [await Peer.at(network, host) for host in hosts]
    anns = [peer.actor("ann") for peer in peers]
    known, other = anns[0], anns[2]
    for ann, peer in ((known, peers[0]), (other, peers[2])):
        await friends(ward, ann, peer)
    inbox = f"{ward.origin}/inbox"
    note = known.note("<p>Words of Ann</p>")
    await known.post(inbox, known.create(note))
    await settle(ward)

    await ward.run(safety.turn_away, "there.test", reason="Spam", house=ward.house)
    for ann in anns:
        expected = 202 if ann is other else 403
        assert (await ann.post(inbox, ann.follow(ward.hub_uri))).status == expected
    assert await at_home(ward) == []
    for uri in (known.uri, anns[1].uri):
        with pytest.raises(BlockedError):
            await ward.run(actors.find, uri, house=ward.house)
    asked = len(peers[1].requests)
    await ward.publish_story(title="Home by six", what_happened=f"With {anns[1].handle}")
    await settle(ward)
    assert "Create" not in [one["type"] for one in peers[0].activities()]
    assert "Create" in [one["type"] for one in peers[2].activities()]
    assert len(peers[1].requests) == asked


async def test_letting_a_server_in_lets_in_all_that_are_not_blocked_themselves(
    hub: Hub, network: Network
) -> None:
    """Whichever block was made first."""
    ward = await hub("ward.test")
    peers = [await Peer.at(network, host) for host in ("a.there.test", "b.there.test")]
    known, new = [peer.actor("ann") for peer in peers]
    await friends(ward, known, peers[0])
    inbox = f"{ward.origin}/inbox"
    note = known.note("<p>Words of Ann</p>")
    await known.post(inbox, known.create(note))
    await settle(ward)
    for host in ("there.test", "a.there.test"):
        await ward.run(safety.turn_away, host, reason="Spam", house=ward.house)
    await ward.run(safety.let_in_host, "there.test", house=ward.house)
    assert (await known.post(inbox, known.create(known.note()))).status == 403
    assert await at_home(ward) == []
    assert (await new.post(inbox, new.follow(ward.hub_uri))).status == 202
    await ward.run(safety.let_in_host, "a.there.test", house=ward.house)
    assert (await known.post(inbox, known.create(known.note()))).status == 202
    assert note["id"] in await at_home(ward)


async def test_what_waits_for_a_server_that_is_blocked_meanwhile_waits_on(
    hub: Hub, network: Network
) -> None:
    """Nothing is sent to it, and nothing of that is lost when it is let in again."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "a.there.test")
    ann = peer.actor("ann")
    await friends(ward, ann, peer)
    await ward.publish_story(title="Home by six")
    await ward.run(safety.turn_away, "there.test", reason="Spam", house=ward.house)
    await settle(ward)
    assert peer.activities() == []
    await ward.run(safety.let_in_host, "there.test", house=ward.house)
    await settle(ward)
    assert [one["type"] for one in peer.activities()] == ["Create"]


async def test_an_inbox_under_a_blocked_name_gets_nothing(hub: Hub, network: Network) -> None:
    """Though whoever it is for lives elsewhere, and nothing was sent there before."""
    ward = await hub("ward.test")
    home, inboxes = await Peer.at(network, "home.test"), await Peer.at(network, "in.there.test")
    await ward.run(safety.turn_away, "there.test", reason="Spam", house=ward.house)
    ann = home.actor("ann", inbox=f"{inboxes.origin}/ann", endpoints={})
    ida = f"{ward.origin}/people/ida"
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    await settle(ward)
    await ward.publish_story(title="Home by six")
    await settle(ward)
    assert inboxes.requests == []


async def test_a_hub_turns_somebody_away(hub: Hub, network: Network) -> None:
    """And nobody else on their server."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann, bo = peer.actor("ann"), peer.actor("bo")
    await ward.run(safety.turn_away, ann.handle, reason="Spam", house=ward.house)
    inbox = f"{ward.origin}/inbox"
    assert (await ann.post(inbox, ann.follow(ward.hub_uri))).status == 403
    assert (await bo.post(inbox, bo.follow(ward.hub_uri))).status == 202
    row = await ward.run(lambda: Actor.get(uri=ann.uri))
    await ward.run(safety.let_in_actor, row.id, house=ward.house)
    assert (await ann.post(inbox, ann.follow(ward.hub_uri))).status == 202
    await settle(ward)
