"""Case 1: who signed it is who says it, or it is turned away before anything is done with it.

Its exception, integrity proofs, is in `test_cases_01_and_03_proofs.py`.
"""

import pytest

from federation.signatures import Scheme
from tests.security.conftest import Scene
from tests.support.peer import Peer


@pytest.mark.parametrize("scheme", list(Scheme))
async def test_case_01_a_signature_by_another_than_the_actor_is_forbidden(
    scene: Scene, scheme: Scheme
) -> None:
    """403, and not 401 (which Mastodon tries again); nothing is stored, not even who signed."""
    eve = scene.peer.actor("eve")
    async with scene.nothing_happens():
        create = scene.ann.create(scene.ann.note(to=[scene.ida]))
        answer = await eve.post(scene.inbox, create, scheme=scheme)
        assert answer.status == 403
        assert answer.document["error"]
        assert scene.peer.asked(scene.ann.uri) == []


async def test_case_01_a_signer_from_another_server_is_forbidden(scene: Scene) -> None:
    """A valid signature says nothing about people elsewhere."""
    mallory = (await Peer.at(scene.network, "evil.test")).actor("mallory")
    async with scene.nothing_happens():
        follow = scene.ann.follow(scene.ward.hub_uri)
        assert (await mallory.post(scene.inbox, follow)).status == 403


async def test_case_01_an_unsigned_activity_is_unauthenticated(scene: Scene) -> None:
    """401 at every inbox, and nobody is asked for a key."""
    inboxes = ("/inbox", "/hub/inbox", "/actor/inbox", "/people/ida/inbox")
    async with scene.nothing_happens():
        follow = scene.ann.follow(scene.ward.hub_uri)
        for path in inboxes:
            answer = await scene.ann.post(scene.ward.origin + path, follow, scheme=None)
            assert (path, answer.status) == (path, 401)
            assert answer.headers["WWW-Authenticate"] == "Signature"
    assert scene.peer.requests == []


async def test_case_01_a_signature_with_a_key_that_is_not_published_is_unauthenticated(
    scene: Scene,
) -> None:
    """Ann's key id, somebody else's key: 401 after one look at what Ann publishes."""
    other = scene.peer.actor("eve").key
    stolen = type(other)(scene.ann.key.key_id, other.private)
    async with scene.nothing_happens():
        follow = scene.ann.follow(scene.ward.hub_uri)
        assert (await scene.ann.post(scene.inbox, follow, key=stolen)).status == 401
    assert len(scene.peer.asked(scene.ann.uri)) == 1


async def test_case_01_what_is_signed_by_its_actor_is_taken(scene: Scene) -> None:
    """The other tests of this directory prove nothing unless this one passes."""
    for scheme in Scheme:
        follow = scene.ann.follow(scene.ward.hub_uri)
        assert (await scene.ann.post(scene.inbox, follow, scheme=scheme)).status == 202
    await scene.settle()
    assert len(scene.peer.activities("Accept")) == 2
