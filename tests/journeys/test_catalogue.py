"""What a hub published before it was followed comes in, and what was missed since."""

from datetime import timedelta
from typing import Any

from server import db
from server.network.rules.walking import AGAIN, BEAT, Standing
from server.network.service import catalogues
from server.network.tables import Catalogue
from server.people.service import notifications
from tests.journeys.conftest import Hub
from tests.journeys.test_kin import fetched
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import Resident


async def catalogue(node: LiveNode) -> Catalogue:
    """Return the one back catalogue of a hub."""
    row = await node.run(Catalogue.get)
    assert isinstance(row, Catalogue)
    return row


async def held(node: LiveNode) -> list[tuple[str, str]]:
    """Return what a hub holds of others: ids and where each stands."""
    found = await node.run(db.rows, "SELECT uri, state FROM posts WHERE NOT local ORDER BY uri")
    return [(row["uri"], row["state"]) for row in found]


async def published(*uris: str) -> list[tuple[str, str]]:
    return sorted((uri, "published") for uri in uris)


async def told(ward: LiveNode, number: int, **parts: Any) -> list[str]:
    """Publish so many stories, an hour apart."""
    found = []
    for n in range(number):
        found.append(await ward.publish_story(title=f"No. {n}", **parts))
        ward.network.clock.move(timedelta(hours=1))
    return found


async def test_what_a_hub_told_before_comes_in_when_it_says_yes(hub: Hub) -> None:
    """Every page of it, as it is now, and where it belongs in time; what was taken back does not,
    and what is for few neither. It costs no fetch for each, and what comes live comes once.
    """
    ward, council = await hub("ward.test"), await hub("council.test")
    uris = await told(ward, 23, topics=("discharge",))
    await ward.withdraw_story(uris.pop(3))
    await ward.edit_story(uris[0], title="No. 0", what_happened="It was very late.")
    ward.network.clock.move(timedelta(hours=1))
    await settle(ward)
    await council.follow(ward.handle)
    await settle(ward, council)

    assert await held(council) == await published(*uris)
    copy = await council.post(uris[0])
    assert copy is not None
    assert (copy.kind, copy.title, "very late" in copy.html) == ("story", "No. 0", True)
    row = await catalogue(council)
    assert (row.standing, row.taken, row.total, row.problem) == (Standing.RESTING, 22, 22, "")
    passed_on = "SELECT p.uri FROM boosts b JOIN posts p ON p.id = b.post_id ORDER BY b.created_at"
    assert [row["uri"] for row in await council.run(db.rows, passed_on)] == uris

    late = await ward.publish_story(title="Live")
    await settle(ward, council)
    assert await held(council) == await published(*uris, late)
    assert len(await council.run(db.rows, passed_on)) == 23


async def followed(node: LiveNode, whom: Resident) -> None:
    """Have the hub follow somebody elsewhere, who says yes."""
    await node.follow(whom.handle)
    await settle(node)
    await whom.post(f"{node.origin}/inbox", whom.accept(last_follow(whom)))
    await settle(node)


def last_follow(whom: Resident) -> dict[str, Any]:
    peer = whom.peer
    assert isinstance(peer, Peer)
    return peer.activities("Follow")[-1]


async def test_what_is_old_is_no_news_to_anybody(hub: Hub, network: Network) -> None:
    """Nobody is told of it and nothing is sent because of it, though it is shown; what was said
    since the hub follows, and did not arrive, is news.
    """
    ward = await hub("ward.test")
    ann = (await Peer.at(network, "there.test")).actor("ann")
    story = await ward.publish_story(title="Home by six")
    await settle(ward)
    named = {"type": "Mention", "href": f"{ward.origin}/people/ida"}
    old = ann.reply(story, "<p>Old</p>", tag=[named])
    ann.outbox = [ann.create(old)]
    network.clock.move(timedelta(hours=1))
    before = await ward.counts()
    await followed(ward, ann)
    assert await held(ward) == await published(old["id"])
    assert [row.kind for row in await _told(ward)] == []
    assert (await ward.counts())["activities"] == before["activities"] + 1  # the Follow
    assert "<p>Old</p>" in (await ward.get(story.removeprefix(ward.origin))).text

    network.clock.move(timedelta(hours=1))
    ann.outbox.insert(0, ann.create(ann.reply(story, "<p>New</p>")))
    network.clock.move(AGAIN)
    await settle(ward)
    assert [row.kind for row in await _told(ward)] == ["response"]


async def _told(node: LiveNode) -> list[Any]:
    person = await node.person()
    return list(await node.run(notifications.listed, person.id))


async def test_what_was_missed_comes_in_with_the_next_walk(hub: Hub) -> None:
    """A story, an edit and a withdrawal that never arrived; the walk ends at the first it knows."""
    ward, council = await hub("ward.test"), await hub("council.test")
    uris = await told(ward, 25)
    await council.follow(ward.handle)
    await settle(ward, council)
    network = ward.network
    network.clock.move(BEAT)
    await settle(ward, council)
    await council.stop()
    await ward.withdraw_story(uris[0])
    await ward.edit_story(uris[1], title="No. 1", what_happened="It was very late.")
    network.clock.move(timedelta(hours=2))
    missed = await ward.publish_story(title="Missed")
    await settle(ward)
    await ward.run(db.execute, "DELETE FROM deliveries")
    await council.start()
    before = await fetched(ward, "/{who}/outbox")
    await settle(ward, council)

    assert await held(council) == sorted(
        [(uris[0], "withdrawn"), *await published(*uris[1:], missed)]
    )
    copy = await council.post(uris[1])
    assert copy is not None
    assert "very late" in copy.html
    assert await fetched(ward, "/{who}/outbox") - before == 2  # the head, and one page


async def test_what_others_said_is_asked_of_them(hub: Hub, network: Network) -> None:
    """An outbox is believed of its own origin alone: what is passed on of others is fetched there,
    and what is put into their mouths is not even asked for.
    """
    ward = await hub("ward.test")
    ann = (await Peer.at(network, "there.test")).actor("ann")
    other = await Peer.at(network, "other.test")
    bob = other.actor("bob")
    genuine, private = bob.note("<p>I said so</p>"), bob.note("<p>Few</p>", to=[], cc=[])
    forged = {**genuine, "content": "<p>I never did</p>"}
    invented = {**bob.note("<p>Invented</p>"), "id": f"{other.origin}/notes/none"}
    for_few = ann.note("<p>For few</p>", to=[f"{ann.uri}/followers"], cc=[])
    ann.outbox = [
        ann.announce(genuine["id"]) | {"object": forged},
        ann.announce(invented["id"]) | {"object": invented},
        ann.announce(private["id"]), ann.create(for_few), ann.create(forged),
        {**ann.create(bob.note("<p>By bob</p>")), "actor": bob.uri}, bob.create(bob.note()),
        "https://other.test/notes/7", {"type": "Create"},
        ann.create(mine := ann.note("<p>Mine</p>")),
    ]  # fmt: skip
    other.forget()
    await followed(ward, ann)
    assert await held(ward) == await published(genuine["id"], mine["id"])
    copy = await ward.post(genuine["id"])
    assert copy is not None
    assert copy.html == "<p>I said so</p>"
    asked = {one.path for one in other.requests}
    paths = {one["id"].removeprefix(other.origin) for one in (genuine, invented, private)}
    assert asked == paths | {"/people/bob"}


async def test_a_steward_stops_it_and_lets_it_go_on(hub: Hub, network: Network) -> None:
    """From where it was; whom the hub does not follow any more is not asked again."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    ann.outbox = [ann.create(ann.note())]
    await ward.follow(ann.handle)
    await settle(ward)
    await ann.post(f"{ward.origin}/inbox", ann.accept(peer.activities("Follow")[0]))
    await settle(ward)
    row = await catalogue(ward)
    await ward.run(catalogues.stop, row.id, house=ward.house)
    peer.forget()
    network.clock.move(2 * AGAIN)
    await settle(ward)
    assert [one for one in peer.requests if one.path.endswith("/outbox")] == []
    ann.outbox.insert(0, ann.create(ann.note()))
    await ward.run(catalogues.go_on, row.id, house=ward.house)
    await settle(ward)
    assert len(await held(ward)) == 2

    await ward.unfollow(ann.uri)
    assert "there.test" not in (await ward.get("/network/hubs")).text
    network.clock.move(2 * AGAIN)
    await settle(ward)
    assert not await ward.run(Catalogue.exists)
    assert len(await held(ward)) == 2
