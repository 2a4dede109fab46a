"""What somebody shows first: ours, the hub's, and that of those whom we follow."""

import pytest

from server import db
from server.actors.tables import Actor
from server.hub import service as hubs
from server.posts import service as posts
from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer


async def pin(node: LiveNode, uri: str, *, by: str | None = "ida", undo: bool = False) -> None:
    """Have somebody (or the hub) show a story first, or no longer."""

    async def act() -> None:
        post, actor = await posts.by_uri(uri), await node._actor(by)
        assert post is not None
        await (posts.unpin if undo else posts.pin)(post, by=actor, house=node.house)

    await node.run(act)


async def shown_first(node: LiveNode, uri: str) -> list[str]:
    """Return what is kept of what an actor shows first."""

    async def look() -> list[str]:
        return [str(one.uri) for one in await posts.pinned(await Actor.get(uri=uri))]

    return await node.run(look)


async def test_a_person_shows_a_story_first(hub: Hub, network: Network) -> None:
    """It is in the collection, at the top of their page, and their followers hear of it; until it
    is taken out.
    """
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    ida = f"{ward.origin}/people/ida"
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    await settle(ward)
    story = await ward.publish_story(title="Home by six")
    await ward.publish_story(title="A later one")
    before = (await ward.get("/people/ida")).text
    assert before.index("A later one") < before.index("Home by six")
    for _ in range(2):
        await pin(ward, story)
    await settle(ward)
    featured = await ward.fetch("/people/ida/featured")
    assert featured["orderedItems"] == [story]
    [added] = peer.activities("Add")
    assert (added["object"], added["target"]) == (story, f"{ida}/featured")
    page = (await ward.get("/people/ida")).text
    assert page.index("Home by six") < page.index("A later one")

    await pin(ward, story, undo=True)
    await settle(ward)
    assert (await peer.arrived("Remove"))["object"] == story
    assert (await ward.fetch("/people/ida/featured"))["totalItems"] == 0


async def test_a_hub_shows_a_story_first(hub: Hub) -> None:
    """Whoever told it, on its front page; and hubs that follow it know."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)
    await ward.add_person("colm")
    story = await ward.publish_story(by="colm", title="Home by six")
    await ward.publish_story(title="A later one")
    await settle(ward, council)
    before = (await ward.get("/")).text
    assert before.index("A later one") < before.index("Home by six")
    await pin(ward, story, by=None)
    await settle(ward, council)
    front = (await ward.get("/")).text
    assert front.index("Home by six") < front.index("A later one")
    assert front.count(">Home by six</a>") == 1
    assert (await ward.fetch("/hub/featured"))["orderedItems"] == [story]


async def test_five_are_shown_first_and_what_is_withdrawn_is_not(hub: Hub) -> None:
    """A sixth is refused; room is made by taking one out, or back."""
    ward = await hub("ward.test")
    stories = [await ward.publish_story(title=f"Story {n}") for n in range(6)]
    for story in stories[:5]:
        await pin(ward, story)
    with pytest.raises(posts.TooManyPinsError):
        await pin(ward, stories[5])
    await ward.withdraw_story(stories[0])
    assert (await ward.fetch("/people/ida/featured"))["totalItems"] == 4
    await pin(ward, stories[5])
    assert await ward.run(hubs.is_set_up)


async def test_what_somebody_elsewhere_shows_first_is_kept(hub: Hub, network: Network) -> None:
    """Fetched where it is not known yet; forgotten when they take it out."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann", featured="https://there.test/people/ann/pins")
    await ward.follow(ann.handle)
    await settle(ward)
    await ann.post(f"{ward.origin}/inbox", ann.accept(await peer.arrived("Follow")))
    await settle(ward)
    note = ann.note("<p>Begin here</p>")
    add = ann.activity("Add", note["id"], target=ann.terms["featured"])
    for _ in range(2):
        await ann.post(f"{ward.origin}/inbox", add)
        await settle(ward)
    assert await shown_first(ward, ann.uri) == [note["id"]]
    await ann.post(
        f"{ward.origin}/inbox", ann.activity("Remove", note["id"], target=ann.terms["featured"])
    )
    await settle(ward)
    assert await shown_first(ward, ann.uri) == []
    assert await ward.run(db.rows, "SELECT 1 FROM pins") == []
