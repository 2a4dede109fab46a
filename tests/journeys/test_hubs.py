"""Everybody can see whom the hub follows, and whether these are alive."""

import re
from datetime import timedelta

from server import db
from tests.journeys.conftest import Hub
from tests.journeys.test_catalogue import followed
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer


async def words(node: LiveNode, path: str = "/network/hubs") -> str:
    """Return what a page says in its main part."""
    text = (await node.get(path)).text
    main = text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub("<[^>]*>", " ", main).split())


async def test_a_hub_that_is_well_is_shown_with_what_it_is_and_tells(hub: Hub) -> None:
    """What it says of itself, and how far our copy goes; nobody needs an account to see it."""
    ward, council = await hub("ward.test"), await hub("council.test")
    assert "None yet" in await words(council)
    await ward.publish_story()
    await council.follow(ward.handle)
    await settle(ward, council)
    page = await words(council)
    assert "The hub of ward.test" in page
    assert "It is well." in page
    assert "a hub, on fettle" in page
    assert "experiments, news of experiments, stories" in page
    assert "All of it up to" in page
    assert 'href="/network/hubs"' in (await council.get("/network")).text

    away = "UPDATE hosts SET turned_away = ? WHERE host = ?"
    await council.run(db.execute, away, True, "ward.test")
    assert "ward.test" not in await words(council)


async def test_a_hub_that_can_not_be_reached_is_shown_so_and_its_words_stay(
    hub: Hub, network: Network
) -> None:
    """They are marked as our copy, where they are read too; when it is back, all is well again."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann", type="Organization")
    note = ann.note("<p>Last words</p>")
    ann.outbox = [ann.create(note)]
    await followed(ward, ann)
    copy = await ward.post(note["id"])
    assert copy is not None
    await peer.stop()
    await ward.respond(note["id"], "Are you there?")
    for _ in range(30):
        network.clock.move(timedelta(hours=8))
        await settle(ward)
    page = await words(ward)
    assert "It cannot be reached since" in page
    assert "Since then something may be missing" in page
    page = await words(ward, "/network/learning")
    assert "One hub that this one follows, for a week or more." in page
    assert "Ann there.test, since" in page
    page = await words(ward, f"/elsewhere/{copy.id}")
    assert "Last words" in page
    assert "can’t be reached" in page

    await peer.start()
    network.clock.move(timedelta(days=1))
    await settle(ward)
    assert "It is well." in await words(ward)


async def test_a_hub_that_says_goodbye_is_shown_so(hub: Hub, network: Network) -> None:
    """What it told itself goes with it; what its people told and did not take back stays here."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann, bob = peer.actor("ann", type="Organization"), peer.actor("bob")
    own, bobs = ann.note("<p>Its own</p>"), bob.note("<p>Of bob</p>")
    ann.outbox = [ann.create(own), ann.announce(bobs["id"]) | {"object": bobs}]
    await followed(ward, ann)
    copy = await ward.post(bobs["id"])
    assert copy is not None
    assert (await ann.post(f"{ward.origin}/inbox", ann.delete(ann.uri))).status == 202
    await settle(ward)
    network.clock.move(timedelta(days=2))
    await settle(ward)
    assert "It has said goodbye" in await words(ward)
    gone = await ward.post(own["id"])
    assert gone is not None
    assert gone.html == ""
    assert "Of bob" in await words(ward, f"/elsewhere/{copy.id}")
