"""People move, and those who follow them go along."""

import pytest

from server.people import service as people
from server.people.rules import FieldRefusedError
from server.people.service import notifications
from server.people.tables import Person
from server.posts.service import MovedAwayError
from tests.journeys.conftest import Hub
from tests.support.live import PASSWORD, LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import Resident


async def followed(node: LiveNode, ann: Resident, peer: Peer) -> None:
    """Have Ida follow somebody elsewhere, who says yes."""
    await node.follow(ann.handle, by="ida")
    await settle(node)
    asked = await peer.arrived("Follow")
    await ann.post(f"{node.origin}/inbox", ann.accept(asked))
    await settle(node)


async def told(node: LiveNode, name: str = "ida") -> list[tuple[str, str]]:
    """Return what somebody is told: kinds and words."""
    person = await node.person(name)
    rows = await node.run(notifications.listed, person.id)
    return [(row.kind, row.text) for row in rows]


async def test_our_follows_go_along_with_somebody_who_moves(hub: Hub, network: Network) -> None:
    """Undo there, Follow at the new place, and whoever follows is told; the second is nothing."""
    ward = await hub("ward.test")
    old, new = await Peer.at(network, "old.test"), await Peer.at(network, "new.test")
    ann = old.actor("ann")
    anne = new.actor("anne", alsoKnownAs=[ann.uri])
    await followed(ward, ann, old)
    ann.terms["movedTo"] = anne.uri
    for _ in range(2):
        move = ann.activity("Move", ann.uri, target=anne.uri, to=[f"{ann.uri}/followers"])
        assert (await ann.post(f"{ward.origin}/inbox", move)).status == 202
        await settle(ward)

    assert (await old.arrived("Undo"))["object"]["object"] == ann.uri
    asked = await new.arrived("Follow")
    assert asked["object"] == anne.uri
    assert len(new.activities("Follow")) == 1
    await anne.post(f"{ward.origin}/inbox", anne.accept(asked))
    await settle(ward)
    following = await ward.fetch("/people/ida/following?page=true")
    assert following["orderedItems"] == [anne.uri]
    [(_, text)] = [one for one in await told(ward) if one[0] == "moved"]
    assert ann.handle in text


async def test_somebody_moves_here_from_elsewhere(hub: Hub, network: Network) -> None:
    """Once they have named the earlier account here, by its handle."""
    ward, council = await hub("ward.test"), await hub("council.test")
    peer = await Peer.at(network, "old.test")
    ann = peer.actor("ann")
    await followed(council, ann, peer)
    ida = await ward.person()
    await ward.run(people.add_alias, ida.id, ann.handle, house=ward.house)
    assert (await ward.fetch("/people/ida"))["alsoKnownAs"] == [ann.uri]

    move = ann.activity("Move", ann.uri, target=f"{ward.origin}/people/ida")
    await ann.post(f"{council.origin}/inbox", move)
    await settle(ward, council)
    assert (await ward.fetch("/people/ida/followers"))["totalItems"] == 1
    await ward.run(people.remove_alias, ida.id, ann.uri, house=ward.house)
    assert "alsoKnownAs" not in await ward.fetch("/people/ida")


async def leave(node: LiveNode, name: str, handle: str) -> None:
    """Move an account away."""
    person = await node.person(name)
    await node.run(people.move_out, person.id, handle=handle, password=PASSWORD, house=node.house)


async def test_somebody_moves_away_and_their_followers_go_along(hub: Hub, network: Network) -> None:
    """Here, on another hub and on other software; the page says where they went, and nothing more
    is published.
    """
    ward, council = await hub("ward.test"), await hub("council.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await ward.add_person("colm")
    colm, new = f"{ward.origin}/people/colm", f"{council.origin}/people/ida"
    await ward.follow(colm, by="ida")
    await ann.post(f"{colm}/inbox", ann.follow(colm))
    await council.add_person("bo")
    await council.follow("@colm@ward.test", by="bo")
    await settle(ward, council)
    peer.forget()

    ida = await council.person()
    await council.run(people.add_alias, ida.id, "@colm@ward.test", house=council.house)
    await leave(ward, "colm", "@ida@council.test")
    await settle(ward, council)

    move = await peer.arrived("Move")
    assert (move["actor"], move["object"], move["target"]) == (colm, colm, new)
    assert move["to"] == [f"{colm}/followers"]
    assert (await peer.arrived("Update"))["object"]["movedTo"] == new
    followers = await council.fetch("/people/ida/followers?page=true")
    assert set(followers["orderedItems"]) == {
        f"{ward.origin}/people/ida", f"{council.origin}/people/bo"
    }  # fmt: skip
    assert "@ida@council.test" in (await ward.get("/people/colm")).text
    assert (await ward.fetch("/people/colm"))["movedTo"] == new
    with pytest.raises(MovedAwayError):
        await ward.publish_story(by="colm", title="One more")

    person = await ward.person("colm")
    await ward.run(people.come_back, person.id, password=PASSWORD, house=ward.house)
    assert "movedTo" not in await ward.fetch("/people/colm")
    await ward.publish_story(by="colm", title="One more")


async def test_nobody_moves_to_who_does_not_name_them(hub: Hub, network: Network) -> None:
    """Neither by a password that is wrong, nor to who named them once and no longer does."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    colm = await ward.add_person("colm")
    uri = f"{ward.origin}/people/colm"
    ann = peer.actor("ann", alsoKnownAs=[uri])
    await ward.follow(ann.handle)
    await settle(ward)
    peer.forget()
    with pytest.raises(FieldRefusedError, match="password"):
        await ward.run(
            people.move_out, colm.id, handle=ann.handle, password=PASSWORD[1:], house=ward.house
        )
    ann.terms["alsoKnownAs"] = ["https://else.test/colm"]
    for handle in (ann.handle, "@ida@ward.test", "@colm@ward.test", "@nobody@there.test"):
        with pytest.raises(FieldRefusedError) as caught:
            await leave(ward, "colm", handle)
        assert caught.value.field == "handle"
    await settle(ward)
    assert peer.activities("Move") == []
    assert "movedTo" not in await ward.fetch("/people/colm")


async def test_an_account_names_at_most_ten_others(hub: Hub, network: Network) -> None:
    """And not itself."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ida: Person = await ward.person()
    for number in range(11):
        peer.actor(f"ann{number}")
    for number in range(10):
        handle = f"@ann{number}@there.test"
        await ward.run(people.add_alias, ida.id, handle, house=ward.house)
    for handle in ("@ann10@there.test", "@ida@ward.test", "nobody"):
        with pytest.raises(FieldRefusedError):
            await ward.run(people.add_alias, ida.id, handle, house=ward.house)
    assert len((await ward.fetch("/people/ida"))["alsoKnownAs"]) == 10
