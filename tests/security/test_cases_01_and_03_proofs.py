"""Cases 1 and 3, their exception: a valid proof lets others bring what its maker said (FEP-8b32).

But never against the maker's own server: where that answers, its answer counts.
"""

from datetime import timedelta

import pytest

from server.actors.tables import Host
from server.posts.tables import Post
from tests.security.conftest import Scene, follow
from tests.support.peer import Peer
from tests.support.resident import PUBLIC, Document, Resident


@pytest.fixture
async def relay(scene: Scene) -> Resident:
    """Somebody on a third server, who passes things on."""
    peer = await Peer.at(scene.network, "relay.test")
    return peer.actor("relay", type="Application")


def told(scene: Scene, content: str = "<p>Ann's words</p>", **terms: object) -> Document:
    """A public note of Ann's to somebody here, with her proof; her server has it."""
    return scene.ann.prove(scene.ann.note(content, to=[PUBLIC, scene.ida], **terms))


def said(scene: Scene, note: Document) -> Document:
    """Ann's Create of it, with her proof."""
    return scene.ann.prove(scene.ann.create(note))


async def held(scene: Scene, note: Document) -> Post | None:
    await scene.settle()
    return await scene.ward.post(note["id"])


async def a_day_later(scene: Scene) -> None:
    """Have the hub try again what it could not do, for some hours."""
    for _ in range(8):
        scene.network.clock.move(timedelta(hours=3))
        await scene.settle()


async def test_case_01_a_proven_post_may_be_brought_by_anybody(
    scene: Scene, relay: Resident
) -> None:
    """It is its author's, as her server has it; who brought it gains nothing by it."""
    note = told(scene)
    assert (await relay.post(scene.inbox, said(scene, note))).status == 202
    post = await held(scene, note)
    assert post is not None
    assert (post.author.uri, "Ann's words" in post.html) == (scene.ann.uri, True)
    assert len(scene.peer.asked(note["id"])) == 1


async def test_case_01_an_archive_may_bring_a_proven_post_in_its_own_create(
    scene: Scene, relay: Resident
) -> None:
    """The Note in it has the proof."""
    note = told(scene)
    create = relay.create(note)
    assert (await relay.post(scene.inbox, create)).status == 202
    post = await held(scene, note)
    assert post is not None
    assert post.author.uri == scene.ann.uri


async def test_case_01_a_wrong_proof_is_refused_whoever_brings_it(
    scene: Scene, relay: Resident
) -> None:
    """401, and nothing is stored."""
    note = told(scene)
    wrong = said(scene, note) | {"published": "2026-01-01T00:00:00Z"}
    inner = scene.ann.create(note | {"content": "<p>Other words</p>"})
    async with scene.nothing_happens():
        for by, document in ((relay, wrong), (scene.ann, wrong), (scene.ann, inner)):
            answer = await by.post(scene.inbox, document)
            assert answer.status == 401
            assert "proof" in answer.document["error"]


async def test_case_01_a_proven_follow_cannot_be_brought_by_others(
    scene: Scene, relay: Resident
) -> None:
    """It may have been taken back long ago."""
    proven = scene.ann.prove(scene.ann.follow(scene.ward.hub_uri))
    async with scene.nothing_happens():
        assert (await relay.post(scene.inbox, proven)).status == 403


@pytest.mark.parametrize("status", [404, 410])
async def test_case_03_a_proof_does_not_override_an_origin_that_has_it_no_more(
    scene: Scene, relay: Resident, status: int
) -> None:
    """Neither in an activity that is proven nor in an archive's."""
    note = told(scene)
    create = said(scene, note)
    scene.peer.answers(note["id"], status=status)
    for activity in (create, relay.create(note)):
        assert (await relay.post(scene.inbox, activity)).status == 202
    assert await held(scene, note) is None
    await a_day_later(scene)
    assert await held(scene, note) is None


async def test_case_03_what_the_origin_has_now_is_what_is_kept(
    scene: Scene, relay: Resident
) -> None:
    """Not an older version that was proven once, nor one that is for fewer people now."""
    note = told(scene)
    create = said(scene, note)
    scene.peer.publish(note | {"content": "<p>Her new words</p>"})
    await relay.post(scene.inbox, create)
    post = await held(scene, note)
    assert post is not None
    assert "Her new words" in post.html


async def test_case_03_a_post_that_the_origin_says_is_anothers_is_refused(
    scene: Scene, relay: Resident
) -> None:
    """Whatever was proven."""
    note = told(scene)
    create = said(scene, note)
    scene.peer.publish(note | {"attributedTo": scene.peer.actor("eve").uri})
    await relay.post(scene.inbox, create)
    assert await held(scene, note) is None


@pytest.mark.parametrize("status", [401, 403, 404, 410])
@pytest.mark.parametrize("to", ["relay.test", "other.test", None])
@pytest.mark.parametrize("known", [True, False])
async def test_case_03_a_proof_counts_where_the_origin_names_who_brings_it_as_its_successor(
    scene: Scene, relay: Resident, status: int, to: str | None, known: bool
) -> None:
    """By the word of both, the old actor's and the new one's; and never for what is gone."""
    note = told(scene)
    create = relay.create(note)
    if to is not None:
        home = relay.peer if to == "relay.test" else await Peer.at(scene.network, to)
        assert isinstance(home, Peer)
        moved = home.actor("ann", alsoKnownAs=[scene.ann.uri] if known else [])
        scene.ann.terms["movedTo"] = moved.uri
    scene.peer.answers(note["id"], status=status)
    assert (await relay.post(scene.inbox, create)).status == 202
    succeeded = to == "relay.test" and known and status in {401, 403}
    assert (await held(scene, note) is not None) is succeeded


async def test_case_03_a_proof_counts_where_the_origin_cannot_be_reached(
    scene: Scene, relay: Resident
) -> None:
    """Not at once: it may be back within the hour."""
    await scene.ann.post(scene.inbox, scene.ann.prove(scene.ann.like(scene.ida)))
    note = told(scene)
    create = said(scene, note)
    await scene.peer.stop()
    assert (await relay.post(scene.inbox, create)).status == 202
    assert await held(scene, note) is None
    await a_day_later(scene)
    post = await held(scene, note)
    assert post is not None
    assert (post.author.uri, "Ann's words" in post.html) == (scene.ann.uri, True)


async def test_case_03_an_origin_that_comes_back_in_time_is_asked(
    scene: Scene, relay: Resident
) -> None:
    """It was down when the deleted post was brought."""
    await scene.ann.post(scene.inbox, scene.ann.prove(scene.ann.like(scene.ida)))
    note = told(scene)
    create = said(scene, note)
    await scene.peer.stop()
    await relay.post(scene.inbox, create)
    await scene.settle()
    scene.peer.gone(note["id"])
    await scene.peer.start()
    await a_day_later(scene)
    assert await held(scene, note) is None


async def test_case_03_what_its_author_sends_counts_though_it_was_refused_at_second_hand(
    scene: Scene, relay: Resident
) -> None:
    """A relay can be quicker than the author's own server."""
    note = told(scene)
    create = said(scene, note)
    scene.peer.gone(note["id"])
    await relay.post(scene.inbox, create)
    assert await held(scene, note) is None
    assert (await scene.ann.post(scene.inbox, create)).status == 202
    assert await held(scene, note) is not None


async def test_case_11_a_deletion_brought_by_others_needs_the_origins_word(
    scene: Scene, relay: Resident
) -> None:
    """While her server still has the post, it stays here."""
    note = told(scene)
    await scene.ann.post(scene.inbox, said(scene, note))
    delete = scene.ann.prove(
        scene.ann.activity("Delete", {"id": note["id"], "type": "Tombstone"}, to=[PUBLIC])
    )
    await relay.post(scene.inbox, delete)
    post = await held(scene, note)
    assert post is not None
    assert post.state == "published"

    again = scene.ann.delete(note["id"])
    await relay.post(scene.inbox, scene.ann.prove(again))
    post = await held(scene, note)
    assert post is not None
    assert post.state == "withdrawn"


async def test_case_01_a_proven_boost_counts_as_long_as_it_is_there(
    scene: Scene, relay: Resident
) -> None:
    """One that was taken back is gone at its own address."""
    story = await scene.ward.publish_story(title="Home by six")
    boost = scene.ann.prove(scene.ann.announce(story))
    scene.peer.gone(boost["id"])
    await relay.post(scene.inbox, boost)
    await scene.settle()
    boosts = (await scene.stored())["boosts"]
    kept = scene.ann.prove(scene.ann.announce(story))
    await relay.post(scene.inbox, kept)
    await scene.settle()
    more = (await scene.stored())["boosts"]
    assert (len(more), kept["id"] in repr(more)) == (len(boosts) + 1, True)


async def test_case_01_who_is_blocked_cannot_be_brought_in(scene: Scene, relay: Resident) -> None:
    """Nor can a blocked host bring anybody."""
    await follow(scene, scene.ann)
    note, other = told(scene), told(scene)
    await scene.ward.run(_block, "there.test")
    scene.network.clock.move(timedelta(minutes=1))
    async with scene.nothing_happens():
        assert (await relay.post(scene.inbox, said(scene, note))).status == 403
    assert (await relay.post(scene.inbox, relay.create(other))).status == 202
    assert await held(scene, other) is None


async def _block(host: str) -> None:
    await Host.filter(host=host).update(blocked=True)
