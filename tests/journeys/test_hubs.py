"""Everybody can see whom the hub follows, and whether these are alive."""

import re
from datetime import timedelta

from server import db
from server.search import service as search
from tests.journeys.conftest import Hub
from tests.journeys.test_catalogue import followed, last_follow
from tests.server.experiments.test_adapting import OURS
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer

TRIED = {"title": "A bell at the door", "problem": "Late.", "stage": "idea"}


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


async def test_whoever_takes_their_yes_back_is_shown_no_longer(hub: Hub, network: Network) -> None:
    """Though nothing of theirs could ever be read, so that nobody would look again."""
    ward = await hub("ward.test")
    ann = (await Peer.at(network, "there.test")).actor("ann", outbox=None)
    await followed(ward, ann)
    assert "there.test" in await words(ward)
    await ann.post(f"{ward.origin}/inbox", ann.reject(last_follow(ann)))
    await settle(ward)
    assert "there.test" not in await words(ward)


async def test_a_hub_that_says_goodbye_is_shown_so(hub: Hub, network: Network) -> None:
    """What it told itself goes with it; what its people told stays here, marked as our copy, until
    they take it back: to be read and to be found, though all is gone over anew.
    """
    ward, peer = await hub("ward.test"), await Peer.at(network, "there.test")
    peer.software = "fettle"
    ann, bob = peer.actor("ann", type="Organization"), peer.actor("bob")
    own, bobs = ann.note("<p>Its own</p>"), bob.note("<p>Of bob</p>")
    tried = bob.note("<p>Late.</p>", **OURS, **{"fettle:experiment": TRIED})
    passed_on = [ann.announce(one["id"]) | {"object": one} for one in (bobs, tried)]
    ann.outbox = [ann.create(own), *passed_on]
    await followed(ward, ann)
    copies = [await ward.post(one["id"]) for one in (bobs, tried)]
    await ann.post(f"{ward.origin}/inbox", ann.delete(ann.uri))
    await settle(ward)
    network.clock.move(timedelta(days=2))
    await settle(ward)
    assert "It has said goodbye" in await words(ward)
    gone = await ward.post(own["id"])
    assert gone is not None
    assert gone.html == ""
    await ward.run(search.go_over, house=ward.house)
    await settle(ward)
    for copy, said in zip(copies, ("Of bob", "A bell at the door"), strict=True):
        assert copy is not None
        page = await words(ward, f"/elsewhere/{copy.id}")
        assert said in page
        assert page.count("This is our copy.") == 1
        assert "The hub where it was told said goodbye 2 days ago" in page
        assert f"/elsewhere/{copy.id}" in (await ward.get("/network")).text
    assert "Its own" not in await words(ward, "/network")
    await bob.post(f"{ward.origin}/inbox", bob.delete(bobs["id"]))
    await settle(ward)
    assert "Of bob" not in await words(ward, "/network")


async def test_a_hub_that_moved_is_shown_with_where_it_went(hub: Hub, network: Network) -> None:
    """What it told before stays here."""
    ward = await hub("ward.test")
    old, new = await Peer.at(network, "old.test"), await Peer.at(network, "new.test")
    ann = old.actor("ann", type="Organization")
    note = ann.note("<p>Told before</p>")
    ann.outbox = [ann.create(note)]
    await followed(ward, ann)
    there = new.actor("ann", type="Organization", alsoKnownAs=[ann.uri])
    ann.terms["movedTo"] = there.uri
    move = ann.activity("Move", ann.uri, target=there.uri)
    assert (await ann.post(f"{ward.origin}/inbox", move)).status == 202
    await settle(ward)
    page = (await ward.get("/network/hubs")).text
    assert "It has moved" in page
    assert f'href="{there.uri}"' in page
    copy = await ward.post(note["id"])
    assert copy is not None
    assert "Told before" in await words(ward, f"/elsewhere/{copy.id}")
