"""A story is published, read, edited and taken back, on another hub too."""

from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer


async def following(hub: Hub) -> tuple[LiveNode, LiveNode]:
    """Two hubs, of which the second follows the first."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)
    return ward, council


async def test_a_story_is_read_whole_on_a_hub_that_follows(hub: Hub) -> None:
    """Its structured part rides along; the page of the copy shows it all."""
    ward, council = await following(hub)
    uri = await ward.publish_story(
        title="The bag of tablets", what_happened="She went through it, one **packet** at a time.",
        what_people_tried="A sun and a moon.", feelings=("tired",), places=("Kelderby",),
    )  # fmt: skip
    await settle(ward, council)

    copy = await council.post(uri)
    assert copy is not None
    assert (copy.title, copy.kind, copy.local) == ("The bag of tablets", "story", False)
    page = await council.get(f"/elsewhere/{copy.id}")
    assert page.status == 200
    for words in ("The bag of tablets", "<strong>packet</strong>", "A sun and a moon", "Kelderby"):
        assert words in page.text
    listed = (await council.get("/network")).text
    assert "The bag of tablets" in listed
    assert 'href="https://council.test/network.atom"' in listed
    feed = await council.get("/network.atom")
    assert (feed.status, f"<id>{uri}</id>" in feed.text) == (200, True)


async def test_an_edit_travels(hub: Hub) -> None:
    """The copy changes, and how it read before is kept."""
    ward, council = await following(hub)
    uri = await ward.publish_story(title="Home by six", what_happened="Nobody was told.")
    await settle(ward, council)
    await ward.edit_story(uri, title="Home by seven", what_happened="Somebody was told.")
    await settle(ward, council)

    copy = await council.post(uri)
    assert copy is not None
    assert copy.title == "Home by seven"
    assert "Somebody" in copy.html
    assert "Nobody" not in copy.html
    assert copy.version == 2
    for node, path in ((ward, uri.removeprefix(ward.origin)), (council, f"/elsewhere/{copy.id}")):
        assert "changed since" in (await node.get(path)).text


async def test_a_withdrawal_reaches_the_copy(hub: Hub) -> None:
    """The words are gone there too; the origin answers 410 with a tombstone."""
    ward, council = await following(hub)
    uri = await ward.publish_story(title="Home by six")
    await settle(ward, council)
    copy = await council.post(uri)
    assert copy is not None
    await ward.withdraw_story(uri)
    await settle(ward, council)

    held = await council.post(uri)
    assert held is not None
    assert (held.state, held.title, held.html, held.document) == ("withdrawn", "", "", None)
    assert (await council.get(f"/elsewhere/{copy.id}")).status in {404, 410}
    page = await ward.get(uri.removeprefix(ward.origin))
    assert (page.status, page.text.count("has taken it back")) == (410, 1)
    gone = await ward.get(uri.removeprefix(ward.origin), accept="application/activity+json")
    assert gone.status == 410
    assert gone.document["type"] == "Tombstone"


async def test_a_follower_elsewhere_gets_the_story_by_the_hubs_boost(
    hub: Hub, network: Network
) -> None:
    """Announce of the id, which dereferences to what Mastodon needs."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    await ann.post(f"{ward.hub_uri}/inbox", ann.follow(ward.hub_uri))
    await settle(ward)
    uri = await ward.publish_story(title="Home by six", what_happened="It was late.")
    await settle(ward)

    announce = await peer.arrived("Announce")
    assert announce["object"] == uri
    note = await ward.fetch(uri.removeprefix(ward.origin))
    assert (note["id"], note["type"]) == (uri, "Note")
    assert note["content"].startswith("<p><strong>Home by six</strong></p>")
    assert "name" not in note
    assert note["fettle:story"]["whatHappened"] == "It was late."
    assert await ward.fetch(announce["id"].removeprefix(ward.origin)) == announce


async def test_a_follower_of_the_person_gets_the_create(hub: Hub, network: Network) -> None:
    """What is delivered equals what is dereferenced."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    ida = f"{ward.origin}/people/ida"
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    await settle(ward)
    uri = await ward.publish_story(title="Home by six")
    await settle(ward)

    create = await peer.arrived("Create")
    assert create["object"] == await ward.fetch(uri.removeprefix(ward.origin))
    assert create == await ward.fetch(create["id"].removeprefix(ward.origin))
