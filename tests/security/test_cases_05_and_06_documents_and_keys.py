"""Cases 5 and 6: a document speaks for the address it is found at, a key for whoever shows it."""

from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from federation.keys import SigningKey, public_pem
from federation.signatures import Scheme
from tests.security.conftest import Scene, follow, on_sqlite
from tests.support.peer import Peer
from tests.support.resident import CONTEXT, PUBLIC, Document

JSON_TYPES = ("application/activity+json", "application/ld+json", "application/json")


def _key(scene: Scene, **terms: object) -> Document:
    document = {
        "@context": CONTEXT,
        "id": f"{scene.peer.origin}/keys/1",
        "type": "Key",
        "owner": scene.ann.uri,
        "publicKeyPem": public_pem(scene.ann.key.private),
    }
    return document | terms


def _stand_alone(scene: Scene) -> SigningKey:
    """Let Ann show a key that has a document of its own, and sign with it."""
    scene.ann.key = SigningKey(f"{scene.peer.origin}/keys/1", scene.ann.key.private)
    return scene.ann.key


async def test_case_05_a_fetched_note_must_be_found_at_its_id(scene: Scene) -> None:
    """A note passed on by somebody we follow says that it is another's: that one is asked, once."""
    await follow(scene, scene.ann)
    other = await Peer.at(scene.network, "other.test")
    zoe = other.actor("zoe")
    real = zoe.note("<p>What Zoe wrote</p>")
    forged = real | {"content": "<p>What Zoe never wrote</p>"}
    mirror = scene.peer.answers("/mirror", body=forged)

    assert (await scene.ann.post(scene.inbox, scene.ann.announce(mirror))).status == 202
    await scene.settle()
    held = await scene.ward.post(real["id"])
    assert held is not None
    assert "What Zoe wrote" in held.html
    assert await scene.ward.post(mirror) is None
    assert len(other.asked(real["id"])) == 1


@on_sqlite
@pytest.mark.parametrize("what", ["nothing", "another id", "a redirect away", "no id", "an array"])
async def test_case_05_a_note_that_is_not_at_its_id_is_not_stored(scene: Scene, what: str) -> None:
    """Whatever the address that it names answers instead."""
    await follow(scene, scene.ann)
    other = await Peer.at(scene.network, "other.test")
    note = other.actor("zoe").note("<p>Never said</p>") | {"id": "https://other.test/notes/x"}
    mirror = scene.peer.answers("/mirror", body=note)
    if what == "another id":
        other.answers("/notes/x", body=note | {"id": "https://other.test/notes/y"})
    if what == "a redirect away":
        other.redirects("/notes/x", mirror)
    if what == "no id":
        scene.peer.answers("/mirror", body={key: note[key] for key in note if key != "id"})
    if what == "an array":
        scene.peer.answers("/mirror", body=b"[]")

    before = await scene.stored()
    assert (await scene.ann.post(scene.inbox, scene.ann.announce(mirror))).status == 202
    await scene.settle()
    after = await scene.stored()
    assert {name for name in after if after[name] != before[name]} == {"received"}


@on_sqlite
@pytest.mark.parametrize("media_type", ["text/html", "application/json", "image/png", "text/plain"])
async def test_case_05_a_note_of_another_media_type_is_not_stored(
    scene: Scene, media_type: str
) -> None:
    """Or anybody who may put a file on a server could speak in its name."""
    await follow(scene, scene.ann)
    note = scene.ann.note("<p>An upload</p>")
    scene.peer.answers(note["id"], body=note, content_type=media_type)
    await scene.ann.post(scene.inbox, scene.ann.announce(note["id"]))
    await scene.settle()
    assert await scene.ward.post(note["id"]) is None


async def test_case_05_a_note_whose_author_is_on_another_host_is_not_stored(scene: Scene) -> None:
    """Found at its id, and yet somebody else's."""
    await follow(scene, scene.ann)
    zoe = (await Peer.at(scene.network, "other.test")).actor("zoe")
    note = scene.ann.note("<p>Zoe says</p>", attributedTo=zoe.uri)
    await scene.ann.post(scene.inbox, scene.ann.announce(note["id"]))
    await scene.settle()
    assert await scene.ward.post(note["id"]) is None


async def test_case_05_an_upload_is_never_served_as_a_document(scene: Scene) -> None:
    """Whoever asks, however: a picture under a path of its own, which can do nothing."""
    browser = scene.browser()
    await browser.sign_in()
    data = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "PNG")
    fields = {
        "title": "Home",
        "what_happened": "It was late.",
        "visibility": "public",
        "consent": "on",
    }
    draft = (await browser.send("/tell", fields)).headers["Location"]
    page = await browser.get(draft)
    form = aiohttp.FormData({"csrf": page.token, "alt": "A square"})
    form.add_field("picture", data.getvalue(), filename="x.json", content_type=JSON_TYPES[0])
    added = await browser.ask("POST", f"{draft}/pictures", data=form)
    assert added.status == 303
    told = await browser.send(f"{draft}/publish", page=draft)
    note = await scene.ward.fetch(told.headers["Location"].removeprefix(scene.ward.origin))

    path = note["attachment"][0]["url"].removeprefix(scene.ward.origin)
    assert path.startswith("/media/")
    for accept in (*JSON_TYPES, "text/html", "*/*"):
        answer = await browser.ask("GET", path, headers={"Accept": accept})
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/jpeg")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


async def test_case_06_a_key_with_a_document_of_its_own_is_taken(scene: Scene) -> None:
    """GoToSocial and others publish keys so: key and owner point to each other."""
    key = _stand_alone(scene)
    scene.peer.publish(_key(scene))
    for scheme in Scheme:
        follow_ = scene.ann.follow(scene.ward.hub_uri)
        assert (await scene.ann.post(scene.inbox, follow_, scheme=scheme, key=key)).status == 202


@on_sqlite
@pytest.mark.parametrize(
    "terms",
    [
        {"id": "https://there.test/keys/2"},
        {"id": "https://other.test/keys/1"},
        {"owner": "https://there.test/people/bob"},
        {"owner": "https://other.test/people/ann"},
        {"owner": None},
        {"publicKeyPem": None},
        {"publicKeyPem": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"},
    ],
    ids=["another id", "a far id", "another owner", "a far owner", "no owner", "no PEM", "bad PEM"],
)
async def test_case_06_a_key_document_that_does_not_fit_is_refused(
    scene: Scene, terms: Document
) -> None:
    """Its id is the keyId, and its owner points back."""
    key = _stand_alone(scene)
    bob = scene.peer.actor("bob")
    bob.key = SigningKey(f"{bob.uri}#main-key", bob.key.private)
    scene.peer.answers("/keys/1", body=_key(scene, **terms))
    if terms.get("publicKeyPem", "") != "":
        scene.ann.terms = {"publicKey": {**_key(scene), **terms}}
    async with scene.nothing_happens():
        activity = scene.ann.follow(scene.ward.hub_uri)
        assert (await scene.ann.post(scene.inbox, activity, key=key)).status == 401


async def test_case_06_an_owner_that_does_not_point_back_is_refused(scene: Scene) -> None:
    """Eve publishes a key and says that it is Ann's; Ann shows another one."""
    eve = scene.peer.actor("eve")
    scene.peer.publish(_key(scene, publicKeyPem=public_pem(eve.key.private)))
    key = SigningKey(f"{scene.peer.origin}/keys/1", eve.key.private)
    async with scene.nothing_happens():
        activity = scene.ann.follow(scene.ward.hub_uri)
        assert (await scene.ann.post(scene.inbox, activity, key=key)).status == 401


async def test_case_06_a_key_id_on_another_host_than_its_owner_is_refused(scene: Scene) -> None:
    """Even where each says that the other is right."""
    evil = await Peer.at(scene.network, "evil.test")
    mallory = evil.actor("mallory")
    stolen = {"id": f"{evil.origin}/keys/1", "owner": scene.ann.uri}
    evil.publish(_key(scene, **stolen, publicKeyPem=public_pem(mallory.key.private)))
    scene.ann.terms = {"publicKey": evil._documents["/keys/1"]}
    key = SigningKey(f"{evil.origin}/keys/1", mallory.key.private)
    async with scene.nothing_happens():
        activity = scene.ann.follow(scene.ward.hub_uri)
        assert (await mallory.post(scene.inbox, activity, key=key)).status == 401


@pytest.mark.parametrize("whose", ["the hub's", "somebody's elsewhere", "a neighbour's"])
@pytest.mark.parametrize("way", ["update", "boost"])
async def test_case_06_nobody_can_claim_the_key_id_of_another(
    scene: Scene, whose: str, way: str
) -> None:
    """A profile that shows a key under another's id: that other's key stays as it is, ours too."""
    await scene.ann.post(scene.inbox, scene.ann.follow(scene.ida))
    await follow(scene, scene.ann)
    evil = scene.peer if whose == "a neighbour's" else await Peer.at(scene.network, "evil.test")
    mallory = evil.actor("mallory")
    victim = f"{scene.ward.hub_uri}#main-key" if whose == "the hub's" else scene.ann.key.key_id
    before = await scene.stored()
    if way == "update":
        await mallory.post(scene.inbox, mallory.follow(scene.ida))
        await scene.settle()
        before = await scene.stored()
    public = public_pem(mallory.key.private)
    claim = {"publicKey": {"id": victim, "owner": mallory.uri, "publicKeyPem": public}}
    if way == "update":
        update = mallory.activity("Update", mallory.document | claim, to=[PUBLIC])
        assert (await mallory.post(scene.inbox, update)).status == 202
    else:
        mallory.terms = claim
        note = mallory.note("<p>Read this</p>")
        assert (await scene.ann.post(scene.inbox, scene.ann.announce(note["id"]))).status == 202
    await scene.settle()
    assert set(before["actor_keys"]) <= set((await scene.stored())["actor_keys"])

    fresh = scene.ann.note("<p>Still here</p>")
    assert (await scene.ann.post(scene.inbox, scene.ann.create(fresh))).status == 202
    await scene.ward.follow(scene.peer.actor("bob").handle)
    await scene.settle()
    assert (await scene.peer.arrived("Follow", number=2))["actor"] == scene.ward.hub_uri
