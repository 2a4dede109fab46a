"""Cases 2, 3 and 4: one may only say what is one's own.

What integrity proofs change about it is in `test_cases_01_and_03_proofs.py`.
"""

from tests.security.conftest import Scene
from tests.support.peer import Peer
from tests.support.resident import PUBLIC, Document

ELSEWHERE = "https://other.test"


def _created(scene: Scene, **terms: object) -> Document:
    note = scene.ann.note(to=[scene.ida, PUBLIC]) | terms
    return scene.ann.create(note)


async def test_case_02_an_activity_whose_id_is_on_another_host_is_refused(scene: Scene) -> None:
    """Whatever its type, or it would take the place of somebody else's."""
    ann = scene.ann
    note = ann.note(to=[scene.ida])
    activities = [
        ann.create(note), ann.update(note), ann.delete(note["id"]), ann.follow(scene.ida),
        ann.like(note["id"]), ann.announce(note["id"]),
        ann.undo(ann.follow(scene.ida)), ann.activity("Dance", note["id"]),
    ]  # fmt: skip
    async with scene.nothing_happens():
        for activity in activities:
            activity["id"] = f"{ELSEWHERE}/activities/1"
            answer = await ann.post(scene.inbox, activity)
            assert (activity["type"], answer.status) == (activity["type"], 403)


async def test_case_02_an_object_whose_id_is_on_another_host_is_refused(scene: Scene) -> None:
    """Another port, another scheme and a subdomain are other hosts; ours is not theirs either."""
    uris = (
        f"{ELSEWHERE}/notes/1",
        "https://there.test:8443/notes/1",
        "https://sub.there.test/notes/1",
        "https://ward.test/stories/1",
        "http://there.test/notes/1",
    )
    async with scene.nothing_happens():
        for uri in uris:
            create = _created(scene, id=uri)
            assert (await scene.ann.post(scene.inbox, create)).status == 403
            update = scene.ann.activity("Update", create["object"], to=[PUBLIC])
            assert (await scene.ann.post(scene.inbox, update)).status == 403
            gone = scene.ann.activity("Delete", {"id": uri, "type": "Tombstone"}, to=[PUBLIC])
            assert (await scene.ann.post(scene.inbox, gone)).status == 403


async def test_case_02_an_object_whose_id_is_no_web_address_is_refused(scene: Scene) -> None:
    """Nor is one without any id at all."""
    async with scene.nothing_happens():
        for uri in ["", "notes/1", "urn:uuid:1", "javascript:alert(1)", 7, None, {}]:
            answer = await scene.ann.post(scene.inbox, _created(scene, id=uri))
            assert answer.status in {400, 403}


async def test_case_03_a_note_attributed_to_another_is_refused(scene: Scene) -> None:
    """To somebody beside its sender on the same server, to somebody elsewhere, to one of ours."""
    eve = scene.peer.actor("eve")
    others = (eve.uri, f"{ELSEWHERE}/people/zoe", scene.ida, [eve.uri, scene.ann.uri])
    async with scene.nothing_happens():
        for other in others:
            create = _created(scene, attributedTo=other)
            assert (await scene.ann.post(scene.inbox, create)).status == 403
            update = scene.ann.update(create["object"])
            assert (await scene.ann.post(scene.inbox, update)).status == 403


async def test_case_03_a_note_attributed_to_what_is_no_uri_is_refused(scene: Scene) -> None:
    """400: nobody can have written it."""
    async with scene.nothing_happens():
        for author in ["ann", "", "acct:ann@there.test", 7, None, True, {}, []]:
            answer = await scene.ann.post(scene.inbox, _created(scene, attributedTo=author))
            assert answer.status in {400, 403}


async def test_case_04_a_known_note_stays_its_authors(scene: Scene) -> None:
    """Somebody else on the same server sends it as their own: nothing of it changes."""
    note = scene.ann.note("<p>Ann's words</p>", to=[scene.ida], cc=[])
    assert (await scene.ann.post(scene.inbox, scene.ann.create(note))).status == 202
    await scene.settle()
    held = await scene.ward.post(note["id"])
    assert held is not None
    assert held.visibility == "direct"
    eve = scene.peer.actor("eve")
    await eve.post(scene.inbox, eve.follow(scene.ida))
    await scene.settle()

    before = await scene.stored()
    taken = note | {
        "attributedTo": eve.uri, "content": "<p>Eve's words</p>", "to": [PUBLIC, scene.ida],
        "updated": "2027-01-01T00:00:00Z",
    }  # fmt: skip
    for activity in (eve.create(taken), eve.update(taken)):
        assert (await eve.post(scene.inbox, activity)).status == 202
    await scene.settle()
    after = await scene.stored()
    assert {name for name in after if after[name] != before[name]} == {"received"}
    assert "Eve's words" not in repr(after["posts"])


async def test_case_04_a_note_fetched_by_another_name_stays_its_authors(scene: Scene) -> None:
    """The origin now says that Eve wrote it, and Eve boosts it: we keep what we had."""
    note = scene.ann.note("<p>Ann's words</p>", to=[scene.ida], cc=[])
    await scene.ann.post(scene.inbox, scene.ann.create(note))
    eve = scene.peer.actor("eve")
    await eve.post(scene.inbox, eve.follow(scene.ida))
    await scene.settle()
    scene.peer.publish(note | {"attributedTo": eve.uri, "to": [PUBLIC]})

    before = await scene.stored()
    assert (await eve.post(scene.inbox, eve.announce(note["id"]))).status == 202
    await scene.settle()
    assert (await scene.stored())["posts"] == before["posts"]
    assert (await scene.stored())["boosts"] == before["boosts"]


async def test_case_04_our_own_posts_cannot_be_sent_to_us(scene: Scene) -> None:
    """A Create of a story of ours, from elsewhere, changes nothing."""
    uri = await scene.ward.publish_story(title="Home by six")
    mallory = (await Peer.at(scene.network, "evil.test")).actor("mallory")
    async with scene.nothing_happens():
        note = mallory.note("<p>Not ours</p>") | {"id": uri}
        assert (await mallory.post(scene.inbox, mallory.create(note))).status == 403
        note["attributedTo"] = scene.ida
        assert (await mallory.post(scene.inbox, mallory.create(note))).status == 403
