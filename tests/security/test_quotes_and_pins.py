"""Quotes of others, quotes of what is not ours, pins of what is another's."""

from server.posts.rules import PINS_ELSEWHERE
from tests.security.conftest import Scene, follow
from tests.support.peer import Peer
from tests.support.resident import Document


async def _changed(scene: Scene, *activities: Document) -> set[str]:
    """Have Ann send each; return which tables changed, but for what came in."""
    before = await scene.stored()
    for activity in activities:
        assert (await scene.ann.post(scene.inbox, activity)).status == 202
    await scene.settle()
    after = await scene.stored()
    return {name for name in after if after[name] != before[name]} - {"received"}


async def test_a_stamp_is_only_for_ones_own_quote(scene: Scene) -> None:
    """Else it would vouch for what another wrote."""
    await scene.ann.post(scene.inbox, scene.ann.follow(scene.ida))
    await scene.settle()
    story = await scene.ward.publish_story(title="Home by six")
    await scene.settle()
    eve, other = scene.peer.actor("eve"), await Peer.at(scene.network, "other.test")
    theirs = [eve.note(), other.actor("zoe").note()]
    asked = [scene.ann.activity("QuoteRequest", story, instrument=one) for one in theirs]
    asked.append(scene.ann.activity("QuoteRequest", story, instrument=theirs[1]["id"]))
    asked.append(scene.ann.activity("QuoteRequest", story))
    asked.append(scene.ann.activity("QuoteRequest", story, instrument={"type": "Note"}))
    elsewhere = f"{other.origin}/notes/1"
    asked.append(scene.ann.activity("QuoteRequest", elsewhere, instrument=scene.ann.note()))
    assert await _changed(scene, *asked) == set()
    assert other.requests == []


async def test_a_stamp_that_was_never_given_is_not_there(scene: Scene) -> None:
    """In no form."""
    for path in ("/quotes/0", "/quotes/..%2f..%2f"):
        assert (await scene.ward.get(path, accept="application/activity+json")).status == 404


async def test_only_ones_own_is_shown_first_in_ones_own_collection(scene: Scene) -> None:
    """Neither another's post, nor one that is not for all, nor in another collection; of somebody
    whom nobody follows nothing is fetched.
    """
    scene.ann.terms["featured"] = mine = f"{scene.ann.uri}/pins"
    stranger = scene.peer.actor("eve", featured="https://there.test/people/eve/pins")
    await stranger.post(scene.inbox, stranger.follow(scene.ida))
    await follow(scene, scene.ann)
    note = scene.ann.note()
    theirs = stranger.note()
    private = scene.ann.note(to=[f"{scene.ann.uri}/followers"], cc=[])
    odd = [
        scene.ann.activity("Add", theirs["id"], target=mine),
        scene.ann.activity("Add", note["id"], target=f"{stranger.uri}/pins"),
        scene.ann.activity("Add", note["id"], target=f"{scene.ida}/featured"),
        scene.ann.activity("Add", note["id"]),
        scene.ann.activity("Add", private["id"], target=mine),
        scene.ann.activity("Add", "https://else.test/notes/1", target=mine),
    ]
    assert "pins" not in await _changed(scene, *odd)
    scene.peer.forget()
    add = stranger.activity("Add", theirs["id"], target=stranger.terms["featured"])
    assert (await stranger.post(scene.inbox, add)).status == 202
    await scene.settle()
    assert (await scene.stored())["pins"] == []
    assert scene.peer.requests[1:] == []


async def test_a_collection_without_end_is_kept_to_a_few(scene: Scene) -> None:
    """However many are added."""
    scene.ann.terms["featured"] = mine = f"{scene.ann.uri}/pins"
    await follow(scene, scene.ann)
    many = [
        scene.ann.activity("Add", scene.ann.note()["id"], target=mine)
        for _ in range(PINS_ELSEWHERE + 5)
    ]
    assert "pins" in await _changed(scene, *many)
    assert len((await scene.stored())["pins"]) == PINS_ELSEWHERE


async def test_pins_by_page(scene: Scene) -> None:
    """One's own story on one's own page; on the front page only by a steward."""
    await scene.ward.add_person("colm")
    uri = await scene.ward.publish_story(by="colm", title="Home by six")
    post = await scene.ward.post(uri)
    assert post is not None
    path = uri.removeprefix(scene.ward.origin)
    colm, ida = scene.browser(), scene.browser()
    await colm.sign_in("colm")
    await ida.sign_in()
    assert (await colm.send(f"/posts/{post.id}/pin", page=path)).status == 303
    assert (await colm.send(f"/stewards/posts/{post.id}/pin", page=path)).status == 404
    assert (await ida.send(f"/posts/{post.id}/pin", page=path)).status == 404
    assert (await ida.send(f"/stewards/posts/{post.id}/pin", page=path)).status == 303
    for collection in ("/people/colm/featured", "/hub/featured"):
        assert (await scene.ward.fetch(collection))["orderedItems"] == [uri]
    assert (await scene.ward.fetch("/people/ida/featured"))["totalItems"] == 0
