"""Cases 10, 11, 12, 15: boosts of forgeries, the word of others, the gone, what comes twice."""

from datetime import timedelta

from server import db
from tests.security.conftest import Scene, follow
from tests.security.forging import Forger, as_bytes
from tests.support.peer import Peer
from tests.support.resident import PUBLIC, Document, Resident


async def _known(scene: Scene, *residents: Resident) -> None:
    """Have the hub know somebody: they follow its Ida."""
    for resident in residents:
        assert (await resident.post(scene.inbox, resident.follow(scene.ida))).status == 202
    await scene.settle()


async def _sent(scene: Scene, who: Resident, *activities: Document) -> set[str]:
    """Have each taken and processed; return which tables changed, but for what came in."""
    before = await scene.stored()
    for activity in activities:
        assert (await who.post(scene.inbox, activity)).status == 202
    await scene.settle()
    after = await scene.stored()
    return {name for name in after if after[name] != before[name]} - {"received"}


async def test_case_10_a_boost_of_an_inline_object_is_read_from_its_origin(scene: Scene) -> None:
    """What somebody says that another wrote is never shown; the origin is asked, once."""
    await follow(scene, scene.ann)
    other = await Peer.at(scene.network, "other.test")
    real = other.actor("zoe").note("<p>What Zoe wrote</p>")
    forged = real | {"content": "<p>Forged</p>", "to": [PUBLIC]}
    assert "posts" in await _sent(
        scene, scene.ann, scene.ann.activity("Announce", forged, to=[PUBLIC])
    )
    held = await scene.ward.post(real["id"])
    assert held is not None
    assert "What Zoe wrote" in held.html
    assert "Forged" not in repr((await scene.stored())["posts"])
    assert len(other.asked(real["id"])) == 1


async def test_case_10_a_boost_of_what_its_origin_does_not_have_is_nothing(scene: Scene) -> None:
    """404 and 410 are answers; so is another host's silence about its own neighbour's note."""
    await follow(scene, scene.ann)
    other = await Peer.at(scene.network, "other.test")
    zoe = other.actor("zoe")
    never = {**zoe.note("<p>Never said</p>"), "id": f"{other.origin}/notes/never"}
    taken_down = zoe.note("<p>Taken down</p>")
    other.gone(taken_down["id"])
    boosts = [scene.ann.activity("Announce", one, to=[PUBLIC]) for one in (never, taken_down)]
    assert await _sent(scene, scene.ann, *boosts) == set()


async def test_case_11_an_update_or_delete_by_another_changes_nothing(scene: Scene) -> None:
    """Of a neighbour on the same server, whose signature and origin are right."""
    eve = scene.peer.actor("eve")
    await _known(scene, scene.ann, eve)
    note = scene.ann.note("<p>Ann's words</p>", to=[PUBLIC, scene.ida])
    await _sent(scene, scene.ann, scene.ann.create(note))

    changed = note | {"content": "<p>Eve's</p>", "updated": "2027-01-01T00:00:00Z"}
    async with scene.nothing_happens():
        update = eve.activity("Update", changed, to=[PUBLIC])
        assert (await eve.post(scene.inbox, update)).status == 403
        profile = eve.activity("Update", scene.ann.document | {"name": "Not Ann"}, to=[PUBLIC])
        assert (await eve.post(scene.inbox, profile)).status == 403
    updated = eve.activity("Update", changed | {"attributedTo": eve.uri}, to=[PUBLIC])
    deletions = [
        eve.activity("Delete", {"id": note["id"], "type": "Tombstone"}, to=[PUBLIC]),
        eve.activity("Delete", note["id"], to=[PUBLIC]),
        eve.activity("Delete", scene.ann.uri, to=[PUBLIC]),
    ]
    assert await _sent(scene, eve, updated, *deletions) <= {"tombstones"}
    held = await scene.ward.post(note["id"])
    assert held is not None
    assert (held.state, held.html) == ("published", "<p>Ann's words</p>")


async def test_case_11_an_undo_of_anothers_activity_changes_nothing(scene: Scene) -> None:
    """Neither sent whole, nor by its id, nor with a lie about whose it was."""
    uri = await scene.ward.publish_story(title="Home by six")
    eve = scene.peer.actor("eve")
    await _known(scene, scene.ann, eve)
    follow_ = scene.ann.follow(scene.ward.hub_uri)
    like, boost = scene.ann.like(uri), scene.ann.announce(uri)
    assert {"follows", "thanks", "boosts"} <= await _sent(scene, scene.ann, follow_, like, boost)

    undos = []
    async with scene.nothing_happens():
        for done in (follow_, like, boost):
            assert (await eve.post(scene.inbox, eve.undo(done))).status == 403
    for done in (follow_, like, boost):
        undos.append(eve.activity("Undo", done["id"]))
        undos.append(eve.activity("Undo", done | {"actor": eve.uri}))
    assert await _sent(scene, eve, *undos) == set()
    own = [scene.ann.undo(follow_), scene.ann.undo(like), scene.ann.undo(boost)]
    assert {"follows", "thanks", "boosts"} <= await _sent(scene, scene.ann, *own)


async def test_case_11_an_accept_by_another_is_none(scene: Scene) -> None:
    """Only whom we asked may say yes or no."""
    eve = scene.peer.actor("eve")
    await _known(scene, eve)
    await scene.ward.follow(scene.ann.handle)
    await scene.settle()
    asked = await scene.peer.arrived("Follow")
    answers = [eve.accept(asked), eve.reject(asked), eve.activity("Accept", asked["id"])]
    assert await _sent(scene, eve, *answers) == set()


async def test_case_11_an_answer_to_something_else_is_none_to_a_follow(scene: Scene) -> None:
    """What was asked is a Follow: neither a request to quote nor an offer is."""
    await _known(scene, scene.ann)
    await scene.ward.follow(scene.ann.handle)
    await scene.settle()
    await scene.peer.arrived("Follow")
    uri = scene.ward.hub_uri
    asked = [
        {"id": f"{uri}#1", "type": kind, "actor": uri, "object": scene.ann.uri}
        for kind in ("QuoteRequest", "Like", "Offer")
    ]
    answers = [scene.ann.activity(kind, one) for kind in ("Accept", "Reject") for one in asked]
    assert await _sent(scene, scene.ann, *answers) == set()


async def test_case_11_a_delete_before_its_create_keeps_it_out(scene: Scene) -> None:
    """They may come in any order."""
    await _known(scene, scene.ann)
    note = scene.ann.note("<p>Wrong window</p>", to=[PUBLIC, scene.ida])
    create, delete = scene.ann.create(note), scene.ann.delete(note["id"])
    assert await _sent(scene, scene.ann, delete) == {"tombstones"}
    assert await _sent(scene, scene.ann, create, scene.ann.update(note)) == set()


async def test_case_11_a_delete_by_another_keeps_nothing_out(scene: Scene) -> None:
    """A neighbour says in advance that Ann's note is gone: it still comes in, until Ann says so."""
    eve = scene.peer.actor("eve")
    await _known(scene, scene.ann, eve)
    note = scene.ann.note("<p>Ann's words</p>", to=[PUBLIC, scene.ida])
    gone = eve.activity("Delete", {"id": note["id"], "type": "Tombstone"}, to=[PUBLIC])
    await _sent(scene, eve, gone)
    assert "posts" in await _sent(scene, scene.ann, scene.ann.create(note))

    later = scene.ann.note("<p>Second thoughts</p>", to=[PUBLIC, scene.ida])
    theirs = eve.activity("Delete", {"id": later["id"], "type": "Tombstone"}, to=[PUBLIC])
    await _sent(scene, eve, theirs)
    await _sent(scene, scene.ann, scene.ann.delete(later["id"]))
    assert "posts" not in await _sent(scene, scene.ann, scene.ann.create(later))


async def test_case_12_the_delete_of_somebody_unknown_is_accepted_and_forgotten(
    scene: Scene,
) -> None:
    """202, no fetch of a key that is gone, and no row (Ghost#2034)."""
    async with scene.nothing_happens():
        for thing in (scene.ann.uri, {"id": scene.ann.uri, "type": "Tombstone"}):
            delete = scene.ann.activity("Delete", thing, to=[PUBLIC])
            assert (await scene.ann.post(scene.inbox, delete)).status == 202
    assert scene.peer.requests == []


async def test_case_12_the_delete_of_somebody_known_must_be_theirs(scene: Scene) -> None:
    """A forged one is unauthenticated, and still nobody is asked."""
    eve = scene.peer.actor("eve")
    await _known(scene, scene.ann)
    scene.peer.forget()
    delete = scene.ann.activity("Delete", scene.ann.uri, to=[PUBLIC])
    forged = type(eve.key)(scene.ann.key.key_id, eve.key.private)
    async with scene.nothing_happens():
        assert (await scene.ann.post(scene.inbox, delete, key=forged)).status == 401
    assert scene.peer.requests == []
    assert "actors" in await _sent(scene, scene.ann, delete)


async def test_case_15_a_replayed_request_has_no_second_effect(scene: Scene) -> None:
    """The same bytes with the same signature, to this inbox and to another."""
    uri = await scene.ward.publish_story(title="Home by six")
    note = scene.ann.reply(uri, "<p>We do the same here</p>")
    for activity in (
        scene.ann.follow(scene.ida), scene.ann.create(note), scene.ann.like(uri),
        scene.ann.announce(uri),
    ):  # fmt: skip
        body = as_bytes(activity)
        forger = Forger(scene.ann, scene.inbox)
        headers = forger.cavage(body)
        assert (await forger.post(body, headers)).status == 202
        await scene.settle()
        async with scene.nothing_happens():
            for _ in range(3):
                assert (await forger.post(body, headers)).status == 202


async def test_case_15_a_replay_after_the_undo_does_not_bring_it_back(scene: Scene) -> None:
    """A Like that was taken back stays taken back, though its signature is still good."""
    uri = await scene.ward.publish_story(title="Home by six")
    like = scene.ann.like(uri)
    body = as_bytes(like)
    forger = Forger(scene.ann, scene.inbox)
    headers = forger.cavage(body)
    await forger.post(body, headers)
    await scene.settle()
    assert "thanks" in await _sent(scene, scene.ann, scene.ann.undo(like))
    async with scene.nothing_happens():
        assert (await forger.post(body, headers)).status == 202


async def test_case_11_what_was_held_up_has_no_effect_once_its_author_is_gone(
    scene: Scene,
) -> None:
    """It came before the author's own Delete, and its turn came after."""
    story = await scene.ward.publish_story(title="Home by six")
    await _known(scene, scene.ann)
    note = scene.ann.reply(story, "<p>Yes</p>")
    for late in (scene.ann.create(note), scene.ann.like(story), scene.ann.announce(story)):
        assert (await scene.ann.post(scene.inbox, late)).status == 202
    await scene.ward.run(
        db.execute, "UPDATE jobs SET due_ms = due_ms + 60000 WHERE kind = 'inbox.process'"
    )
    assert (await scene.ann.post(scene.inbox, scene.ann.delete(scene.ann.uri))).status == 202
    await scene.settle()
    before = await scene.stored()
    scene.network.clock.move(timedelta(minutes=2))
    await scene.settle()
    after = await scene.stored()
    assert {name for name in after if after[name] != before[name]} == {"received"}
    assert await scene.ward.post(note["id"]) is None
