"""Case 31: what is asked for with a signature respects blocks, and no cache mixes it with other
answers (GHSA-ccpr); in secure mode nothing of ours is read by other servers without one.
"""

from datetime import timedelta

import pytest

from federation.keys import SigningKey
from federation.signatures import Message, Scheme, sign
from server.actors.service import PUBLIC_KEYS
from server.actors.tables import Actor, Host
from tests.security.conftest import Scene, follow
from tests.support.resident import CONTENT_TYPE, Reply, Resident

ACCEPT = {"Accept": CONTENT_TYPE}


@pytest.fixture
async def story(scene: Scene) -> str:
    return await scene.ward.publish_story(title="Home by six")


async def block(scene: Scene, *, host: str = "", actor: str = "") -> None:
    async def write() -> None:
        await Host.update_or_create(host=host or "x.test", defaults={"blocked": bool(host)})
        await Actor.filter(uri=actor).update(blocked=True)

    await scene.ward.run(write)
    scene.network.clock.move(timedelta(minutes=1))


async def documents(scene: Scene, story: str) -> list[str]:
    """Every kind of thing that other servers may read."""
    note = await scene.ward.fetch(story.removeprefix(scene.ward.origin))
    outbox = await scene.ward.fetch("/people/ida/outbox?page=true")
    return [
        story, note["context"], note["replies"], note["likes"], note["shares"],
        outbox["id"], f"{scene.ida}/outbox", f"{scene.ida}/featured",
        outbox["orderedItems"][0]["id"],
        f"{scene.ida}/followers", f"{scene.ida}/following", f"{scene.ida}/followers?page=true",
    ]  # fmt: skip


async def unsigned(scene: Scene, uri: str, **headers: str) -> Reply:
    return await scene.peer.send("GET", uri, headers=ACCEPT | headers)


async def signed(somebody: Resident, uri: str, *, key: SigningKey | None = None) -> Reply:
    now = somebody.peer.network.clock.now()
    message = Message("GET", uri, tuple(ACCEPT.items()), b"")
    made = sign(message, key or somebody.key, scheme=Scheme.RFC9421, now=now)
    return await somebody.peer.send("GET", uri, headers=ACCEPT | made)


async def test_case_31_a_signed_get_by_the_blocked_is_refused(scene: Scene, story: str) -> None:
    """By a whole host, known here or not; with either scheme, whatever is asked for."""
    uris = [*await documents(scene, story), scene.ida, scene.ward.hub_uri]
    await block(scene, host="there.test")
    for uri in [*uris, f"{scene.ward.origin}/actor"]:
        for answer in (await scene.ann.get(uri), await signed(scene.ann, uri)):
            assert (uri, answer.status) == (uri, 403)
            assert "Signature" in answer.headers["Vary"]
            assert answer.headers["Cache-Control"] == "no-store"
    assert scene.peer.asked(scene.ann.uri) == []


async def test_case_31_a_signed_get_by_a_blocked_actor_is_refused(scene: Scene, story: str) -> None:
    """And not one by somebody else on the same host."""
    await follow(scene, scene.ann)
    await block(scene, actor=scene.ann.uri)
    assert (await scene.ann.get(story)).status == 403
    assert (await scene.peer.actor("eve").get(story)).status == 200


async def test_case_31_answers_to_signed_gets_depend_on_the_signature(
    scene: Scene, story: str
) -> None:
    """Nobody is asked for a key: what is asked for is for everybody."""
    for uri in (story, scene.ida, f"{scene.ida}/outbox"):
        answer = await scene.ann.get(uri)
        assert (answer.status, answer.headers["Vary"]) == (200, "Accept, Signature")
        assert (await unsigned(scene, uri)).headers["Vary"] == "Accept"
    assert scene.peer.asked(scene.ann.uri) == []


async def test_case_31_in_secure_mode_nothing_is_read_unsigned(scene: Scene, story: str) -> None:
    """But pages for people, and how the hub is found. A known ETag is of no help."""
    uris = await documents(scene, story)
    etag = (await unsigned(scene, story)).headers["ETag"]
    await scene.ward.restart(secure_mode=True)
    for uri in uris:
        for headers in ({}, {"If-None-Match": etag}, {"Signature": "nonsense"}):
            answer = await unsigned(scene, uri, **headers)
            assert (uri, answer.status) == (uri, 401)
            assert "Signature" in answer.headers["Vary"]
            assert b"Home by six" not in answer.body
    assert (await scene.ward.get(story)).status == 200
    for path in ("/.well-known/webfinger?resource=acct:ida@ward.test", "/nodeinfo/2.1"):
        assert (await scene.ward.get(path)).status == 200


async def test_case_31_in_secure_mode_keys_and_inboxes_are_served_to_anybody(scene: Scene) -> None:
    """And the node's own actor is whole: else two such nodes could never ask each other."""
    whole = {uri: (await unsigned(scene, uri)).document for uri in _actors(scene)}
    await scene.ward.restart(secure_mode=True)
    node, *others = _actors(scene)
    assert (await unsigned(scene, node)).document == whole[node]
    for uri in others:
        document = (await unsigned(scene, uri)).document
        assert set(document) == {
            "@context", "id", "type", "preferredUsername", "inbox", "endpoints", "publicKey",
            "assertionMethod", "manuallyApprovesFollowers",
        }  # fmt: skip
        assert document.items() <= whole[uri].items()
        assert (await scene.ann.get(uri)).document == whole[uri]


def _actors(scene: Scene) -> list[str]:
    return [f"{scene.ward.origin}/actor", scene.ida, scene.ward.hub_uri]


async def test_case_31_in_secure_mode_whoever_signs_may_read(scene: Scene, story: str) -> None:
    """One look at their key, however much they read; no shared cache keeps it."""
    uris = await documents(scene, story)
    await scene.ward.restart(secure_mode=True)
    for uri in uris:
        for answer in (await scene.ann.get(uri), await signed(scene.ann, uri)):
            assert (uri, answer.status) == (uri, 200)
            assert answer.headers["Vary"] == "Accept, Signature"
            assert "private" in answer.headers["Cache-Control"]
    assert len(scene.peer.asked(scene.ann.uri)) == 1


async def test_case_31_in_secure_mode_who_was_only_met_is_known_while_all_else_is_read_anew(
    scene: Scene, story: str
) -> None:
    """As when PostgreSQL is listened to again, or a command wrote beside us: their key is nowhere
    in the database, and is not asked for again before its cool-down is over.
    """
    await scene.ward.restart(secure_mode=True)
    assert (await scene.ann.get(story)).status == 200
    await scene.ward.run(lambda: scene.ward.house.changed(PUBLIC_KEYS))
    assert (await scene.ann.get(story)).status == 200
    assert len(scene.peer.asked(scene.ann.uri)) == 1
    await scene.ward.run(lambda: scene.ward.house.changed(PUBLIC_KEYS, scene.ann.key.key_id))
    assert (await scene.ann.get(story)).status == 401


async def test_case_31_in_secure_mode_a_wrong_signature_is_none(scene: Scene, story: str) -> None:
    """Another's key, another address, another time."""
    await scene.ward.restart(secure_mode=True)
    eve = scene.peer.actor("eve")
    own, stolen = scene.ann.key, SigningKey(scene.ann.key.key_id, eve.key.private)
    assert (await signed(scene.ann, story, key=stolen)).status == 401
    assert "name" not in (await signed(scene.ann, scene.ida, key=stolen)).document
    scene.network.clock.move(timedelta(hours=1))
    old = sign(
        Message("GET", story, tuple(ACCEPT.items()), b""), own, scheme=Scheme.CAVAGE,
        now=scene.network.clock.now() - timedelta(hours=2),
    )  # fmt: skip
    assert (await unsigned(scene, story, **old)).status == 401
    now = scene.network.clock.now()
    other = sign(Message("GET", scene.ida, (), b""), own, scheme=Scheme.CAVAGE, now=now)
    assert (await unsigned(scene, story, **other)).status == 401
    assert (await scene.ann.get(story)).status == 200


async def test_case_31_in_secure_mode_the_blocked_are_refused(scene: Scene, story: str) -> None:
    """However well they sign, and whatever they may read unsigned."""
    await scene.ward.restart(secure_mode=True)
    assert (await scene.ann.get(story)).status == 200
    await block(scene, host="there.test")
    assert (await scene.ann.get(story)).status == 403
    assert (await unsigned(scene, story)).status == 401
