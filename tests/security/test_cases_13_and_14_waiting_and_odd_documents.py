"""Cases 13 and 14: nothing is shown before a yes; documents that say two things are refused."""

import pytest

from server.actors.blocks import FRESH_FOR
from server.actors.tables import Actor, Host
from server.posts.rules import Visibility
from server.stories import service as stories
from server.stories.rules import Story
from tests.security.conftest import Scene, follow
from tests.support.peer import Peer
from tests.support.resident import CONTEXT, PUBLIC, Document

AS = "https://www.w3.org/ns/activitystreams"


async def _approves_by_hand(scene: Scene) -> None:
    async def ask_first() -> None:
        await Actor.filter(uri=scene.ida).update(manually_approves=True)

    await scene.ward.run(ask_first)


async def _tell_followers(scene: Scene, words: str) -> None:
    async def tell() -> None:
        ida = await scene.ward.person()
        draft = await stories.draft(
            ida, Story(title=words, what_happened=words), visibility=Visibility.FOLLOWERS,
            house=scene.ward.house,
        )  # fmt: skip
        await stories.publish(draft, by=ida, house=scene.ward.house)

    await scene.ward.run(tell)


async def test_case_13_whoever_waits_is_shown_nothing(scene: Scene) -> None:
    """No Accept, not counted, nothing delivered; all of it after the yes, and not after a no."""
    await _approves_by_hand(scene)
    follow_ = scene.ann.follow(scene.ida)
    assert (await scene.ann.post(scene.inbox, follow_)).status == 202
    await scene.settle()
    await _tell_followers(scene, "For those I know")
    await scene.settle()
    assert scene.peer.activities() == []
    assert (await scene.ward.fetch("/people/ida/followers"))["totalItems"] == 0
    assert scene.ann.uri not in (await scene.ward.get("/people/ida")).text

    accepted = scene.ann.activity("Accept", follow_)
    assert (await scene.ann.post(scene.inbox, accepted)).status == 202
    await scene.settle()
    assert (await scene.ward.fetch("/people/ida/followers"))["totalItems"] == 0

    browser = scene.browser()
    await browser.sign_in()
    asked = await browser.get("/home/followers")
    assert (await browser.post("/home/followers/1/accept", {"csrf": asked.token})).status == 303
    await scene.settle()
    await _tell_followers(scene, "For you too")
    await scene.settle()
    assert [one["type"] for one in scene.peer.activities()] == ["Accept", "Create"]
    assert "For those I know" not in repr(scene.peer.activities())


async def test_case_13_the_blocked_are_turned_away_before_any_work(scene: Scene) -> None:
    """403 for a blocked host and a blocked actor; nobody is asked for a key."""
    evil = await Peer.at(scene.network, "evil.test")
    mallory, eve = evil.actor("mallory"), scene.peer.actor("eve")
    await eve.post(scene.inbox, eve.follow(scene.ida))
    await scene.settle()

    async def block() -> None:
        await Host.create(host="evil.test", blocked=True)
        await Actor.filter(uri=eve.uri).update(blocked=True)

    await scene.ward.run(block)
    scene.network.clock.move(FRESH_FOR)
    async with scene.nothing_happens():
        for who in (mallory, eve):
            for activity in (who.follow(scene.ida), who.create(who.note(to=[scene.ida]))):
                assert (await who.post(scene.inbox, activity)).status == 403
    assert evil.requests == []


async def test_case_13_what_we_asked_for_is_not_shown_before_the_yes(scene: Scene) -> None:
    """Ann's followers-only note comes while our request waits: it is not kept."""
    await scene.ward.follow(scene.ann.handle, by="ida")
    await scene.settle()
    followers = f"{scene.ann.uri}/followers"
    note = scene.ann.note("<p>Among us</p>", to=[followers], cc=[])
    assert (await scene.ann.post(scene.inbox, scene.ann.create(note))).status == 202
    await scene.settle()
    assert await scene.ward.post(note["id"]) is None


def _odd(scene: Scene) -> dict[str, Document]:
    ann = scene.ann
    note = ann.note(to=[scene.ida])
    plain = ann.create(note)
    no_id = {name: value for name, value in plain.items() if name != "id"}
    forged = {"id": "https://other.test/notes/1", "content": "<p>Forged</p>"}

    def mapping(terms: object) -> Document:
        return plain | {"@context": [*CONTEXT, terms]}

    return {
        "@graph": plain | {"@graph": [forged]},
        "@graph alone": {"@context": AS, "@graph": [plain]},
        "@included": plain | {"@included": [forged]},
        "@reverse": plain | {"@reverse": {"object": forged}},
        "@nest": plain | {"@nest": {"object": forged}},
        "within the object": plain | {"object": note | {"@included": [forged]}},
        "within a list": plain | {"object": note | {"tag": [{"@reverse": {}}]}},
        "@id beside id": plain | {"@id": "https://other.test/activities/1"},
        "@type beside type": plain | {"@type": "Delete"},
        "an alias of @graph": mapping({"things": "@graph"}),
        "an alias of @id": mapping({"name": "@id"}),
        "an alias of @type": mapping({"kind": {"@id": "@type"}}),
        "id as something else": mapping({"id": "as:name"}),
        "type as something else": mapping({"type": "as:name"}),
        "a reversed term": mapping({"object": {"@reverse": "as:object"}}),
        "a term within a graph": mapping({"object": {"@id": "as:object", "@container": "@graph"}}),
        "an import": mapping({"@import": "https://contexts.test/odd.jsonld"}),
        "a scoped alias": mapping({"Note": {"@id": "as:Note", "@context": {"content": "@id"}}}),
        "in the object's context": plain
        | {"object": note | {"@context": {"content": "@id"}}},
        "a context that is a number": plain | {"@context": 7},
        "@id instead of id": no_id | {"@id": plain["id"], "@context": {"@graph": "x"}},
    }  # fmt: skip


async def test_case_14_odd_json_ld_is_refused(scene: Scene) -> None:
    """Whatever a JSON-LD processor would read as another document than we do: 400."""
    async with scene.nothing_happens():
        answers = {
            name: (await scene.ann.post(scene.inbox, document)).status
            for name, document in _odd(scene).items()
        }
        assert answers == dict.fromkeys(answers, 400)
    assert scene.peer.requests == []


async def test_case_14_unknown_contexts_are_ignored_and_never_fetched(scene: Scene) -> None:
    """Pleroma's are per host; whoever serves one gains nothing from it."""
    contexts = await Peer.at(scene.network, "contexts.test")
    url = contexts.answers("/odd.jsonld", body={"@context": {"content": "@id"}})
    note = scene.ann.note("<p>Said plainly</p>", to=[scene.ida, PUBLIC])
    create = scene.ann.create(note | {"@context": [AS, url]}) | {"@context": [AS, url, None]}
    await scene.ann.post(scene.inbox, create)
    await scene.settle()
    held = await scene.ward.post(note["id"])
    assert held is not None
    assert held.html == "<p>Said plainly</p>"
    assert contexts.requests == []


@pytest.mark.parametrize("where", ["note", "actor"])
async def test_case_14_odd_documents_that_are_fetched_are_refused(scene: Scene, where: str) -> None:
    """A boosted note, an actor behind a key."""
    if where == "note":
        await follow(scene, scene.ann)
        note = scene.ann.note("<p>Odd</p>", **{"@included": []})
        await scene.ann.post(scene.inbox, scene.ann.announce(note["id"]))
        await scene.settle()
        assert await scene.ward.post(note["id"]) is None
    else:
        scene.ann.terms = {"@reverse": {}}
        async with scene.nothing_happens():
            activity = scene.ann.follow(scene.ida)
            assert (await scene.ann.post(scene.inbox, activity)).status == 401
