"""Somebody closes their account: nothing of theirs stays, and everybody who knew them is told."""

from server.follows.tables import Follow
from server.people import service as people
from server.responses.tables import Thanks
from tests.journeys.conftest import Hub
from tests.support.live import ACTIVITY_JSON, PASSWORD, LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer


async def close(node: LiveNode, name: str) -> None:
    """Close an account, as its person would."""
    person = await node.person(name)
    await node.run(people.close, person.id, password=PASSWORD, house=node.house)


async def test_everything_goes_and_everybody_is_told(hub: Hub, network: Network) -> None:
    """Stories and replies are taken back; a follower, somebody followed, somebody answered and
    somebody thanked get the Delete of the person, after all else.
    """
    ward = await hub("ward.test")
    await ward.add_person("colm")
    colm = f"{ward.origin}/people/colm"
    peers = [await Peer.at(network, f"{name}.test") for name in ("fan", "star", "asker", "thanked")]
    fan, star, asker, thanked = (peer.actor("ann") for peer in peers)
    await fan.post(f"{colm}/inbox", fan.follow(colm))
    await ward.follow(star.handle, by="colm")
    await settle(ward)
    asked = await peers[1].arrived("Follow")
    await star.post(f"{ward.origin}/inbox", star.accept(asked))
    notes = [one.note(to=[colm], cc=["https://www.w3.org/ns/activitystreams#Public"])
             for one in (asker, thanked)]  # fmt: skip
    for somebody, note in zip((asker, thanked), notes, strict=True):
        await somebody.post(f"{ward.origin}/inbox", somebody.create(note))
    await settle(ward)
    story = await ward.publish_story(by="colm", title="Home by six")
    reply = await ward.respond(notes[0]["id"], "We do the same.", by="colm")
    await ward.thank(notes[1]["id"], by="colm")
    await settle(ward)
    for peer in peers:
        peer.forget()

    await close(ward, "colm")
    await settle(ward)

    for peer in peers:
        assert [one["object"] for one in peer.activities("Delete") if one["object"] == colm] == [
            colm
        ], peer.host
        assert peer.activities()[-1]["object"] == colm
    deleted = [one["object"]["id"] for one in peers[0].activities("Delete")[:-1]]
    assert set(deleted) == {story, reply}
    assert (await ward.get(story.removeprefix(ward.origin), accept=ACTIVITY_JSON)).status == 410
    assert (await ward.get(reply.removeprefix(ward.origin), accept=ACTIVITY_JSON)).status == 410
    assert await ward.run(lambda: Follow.all().count()) == 0
    assert await ward.run(lambda: Thanks.all().count()) == 0


async def test_the_person_is_a_tombstone_and_the_name_stays_theirs(hub: Hub) -> None:
    """410 for servers, 404 for people and WebFinger; nobody gets the name again."""
    ward = await hub("ward.test")
    await ward.add_person("colm")
    await close(ward, "colm")
    await settle(ward)
    gone = await ward.get("/people/colm", accept=ACTIVITY_JSON)
    assert (gone.status, gone.document["type"]) == (410, "Tombstone")
    assert gone.document["formerType"] == "Person"
    assert (await ward.get("/people/colm")).status == 404
    finger = "/.well-known/webfinger?resource=acct:colm@ward.test"
    assert (await ward.get(finger, accept="*/*")).status == 404


async def test_another_hub_forgets_them(hub: Hub) -> None:
    """Its copies go, and so does who followed whom."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await ward.add_person("colm")
    await council.follow(f"{ward.origin}/people/colm", by="ida")
    await settle(ward, council)
    story = await ward.publish_story(by="colm", title="Home by six")
    await settle(ward, council)
    assert await council.post(story) is not None

    await close(ward, "colm")
    await settle(ward, council)
    copy = await council.post(story)
    assert copy is not None
    assert (copy.state, copy.title, copy.html) == ("withdrawn", "", "")
    assert await council.run(lambda: Follow.all().count()) == 0


async def test_a_long_history_goes_in_parts_and_the_goodbye_is_said_once(
    hub: Hub, network: Network
) -> None:
    """More than one job's share; run twice, it changes nothing more."""
    ward = await hub("ward.test")
    person = await ward.add_person("colm")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    colm = f"{ward.origin}/people/colm"
    await ann.post(f"{colm}/inbox", ann.follow(colm))
    await settle(ward)
    stories = [await ward.publish_story(by="colm", title=f"Story {n}") for n in range(25)]
    await settle(ward)
    peer.forget()
    await close(ward, "colm")
    await settle(ward)
    from server.posts import service as posts

    for _ in range(2):
        await ward.run(posts.leave_next, {"actor": person.actor_id}, ward.house)
    await settle(ward)
    deleted = [one["object"] for one in peer.activities("Delete")]
    assert {one["id"] for one in deleted if isinstance(one, dict)} == set(stories)
    assert [one for one in deleted if isinstance(one, str)] == [colm]
