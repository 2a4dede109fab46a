"""Somebody elsewhere follows a topic, a place or an experiment: what belongs to it comes once."""

from server.experiments import service as experiments
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.updates import Update
from server.people import service as people
from server.posts import service as posts
from server.posts.rules import RESTED
from tests.journeys.conftest import Hub
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import Document, Resident

KNOCK = Experiment(
    title="A knock", problem="People come home to nobody.", idea="Ring.", topics=("Discharge",)
)


async def find(ward: LiveNode, handle: str, by: Resident) -> Document:
    """Return the actor that somebody elsewhere finds by a handle, as Mastodon looks."""
    found = await ward.fetch(f"/.well-known/webfinger?resource=acct:{handle}")
    [uri] = [link["href"] for link in found["links"] if link["rel"] == "self"]
    return (await by.get(uri)).document


async def follow(ward: LiveNode, handle: str, by: Resident) -> Document:
    """Have somebody elsewhere follow what a handle leads to; return it."""
    actor = await find(ward, handle, by)
    await by.post(actor["inbox"], by.follow(actor["id"]))
    await settle(ward)
    assert by.uri in (await ward.fetch(f"{_path(actor['followers'])}?page=true"))["orderedItems"]
    return actor


def _path(uri: str) -> str:
    return "/" + uri.split("/", 3)[3]


async def share(ward: LiveNode) -> str:
    """Have Ida share an experiment; return its id."""
    ida = await ward.person()

    async def work() -> str:
        draft = await experiments.draft(ida, KNOCK, house=ward.house)
        return str((await experiments.publish(draft, by=ida, house=ward.house)).uri)

    return await ward.run(work)


async def record(ward: LiveNode, uri: str, text: str) -> str:
    """Have Ida say what happened; return the id of the entry."""
    ida = await ward.person()

    async def work() -> str:
        post = await posts.by_uri(uri)
        assert post is not None
        entry = await experiments.record(post, Update(text=text), by=ida, house=ward.house)
        return str(entry.uri)

    return await ward.run(work)


async def test_who_follows_a_topic_gets_one_boost_of_what_bears_it(
    hub: Hub, network: Network
) -> None:
    """By its handle, from a server that knows nothing of Fettle; no boost of an edit or a reply."""
    ward = await hub("ward.test")
    await ward.publish_story(title="Before anybody followed", topics=("HomeCare",))
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    topic = await follow(ward, "topic.homecare@ward.test", ann)
    assert (topic["type"], topic["preferredUsername"]) == ("Group", "topic.homecare")
    accept = await peer.arrived("Accept")
    assert (accept["actor"], accept["object"]["actor"]) == (topic["id"], ann.uri)

    uri = await ward.publish_story(title="Home by six", topics=("HomeCare",))
    await ward.publish_story(title="Something else", topics=("Sleep",))
    reply = ann.reply(uri, "<p>I see. #HomeCare</p>")
    await ann.post(f"{ward.origin}/inbox", ann.create(reply))
    await ward.respond(uri, "Thank you. #HomeCare")
    said = {"title": "Home by seven", "what_happened": "It was late."}
    await ward.edit_story(uri, **said, topics=("HomeCare",))
    network.clock.move(RESTED)
    await settle(ward)
    [announce] = peer.activities("Announce")
    assert (announce["actor"], announce["object"]) == (topic["id"], uri)
    note = await ward.fetch(_path(uri))
    assert "Home by seven" in note["content"]
    outbox = await ward.fetch(f"{_path(topic['outbox'])}?page=true")
    assert outbox["orderedItems"][0]["object"]["id"] == uri

    await ward.withdraw_story(uri)
    await settle(ward)
    [undo] = peer.activities("Undo")
    assert (undo["actor"], undo["object"]["id"]) == (topic["id"], announce["id"])
    assert [one["object"]["id"] for one in peer.activities("Delete")] == [uri]


async def test_a_server_whose_follower_has_it_by_the_hub_gets_no_second_one(
    hub: Hub, network: Network
) -> None:
    """But another follower there, who has only the topic, is not left out."""
    ward = await hub("ward.test")
    await ward.publish_story(title="Before anybody followed", topics=("HomeCare",))
    there, other = await Peer.at(network, "there.test"), await Peer.at(network, "other.test")
    ann, bo, eve = there.actor("ann"), other.actor("bo"), other.actor("eve")
    for one in (ann, bo):
        await follow(ward, "topic.homecare@ward.test", one)
        await follow(ward, ward.handle.removeprefix("@"), one)
    topic = await follow(ward, "topic.homecare@ward.test", eve)
    await ward.publish_story(title="Home by six", topics=("HomeCare",))
    await settle(ward)
    assert [one["actor"] for one in there.activities("Announce")] == [ward.hub_uri]
    assert [one["actor"] for one in other.activities("Announce")] == [ward.hub_uri, topic["id"]]


async def test_what_is_made_up_is_not_there(hub: Hub) -> None:
    """Neither its page, its actor, its feed of followers nor its handle."""
    ward = await hub("ward.test")
    await ward.publish_story(title="Home by six", topics=("HomeCare",), places=("Low Marsh",))
    for name in ("topic.homecare", "place.low-marsh"):
        found = await ward.get(f"/.well-known/webfinger?resource=acct:{name}@ward.test")
        assert found.status == 200
    for path in ("/topics/x", "/places/x", "/experiments/01J9ZB/channel"):
        for accept in ("text/html", "application/activity+json"):
            assert (await ward.get(path, accept=accept)).status == 404
            assert (await ward.get(f"{path}/followers", accept=accept)).status == 404
    for name in ("topic.x", "place.x", "try.x", "topic.xn--x", "topic."):
        found = await ward.get(f"/.well-known/webfinger?resource=acct:{name}@ward.test")
        assert found.status == 404


async def test_a_topic_that_is_followed_waits_for_what_comes_next(
    hub: Hub, network: Network
) -> None:
    """One that nobody follows goes with the last thing that bore it."""
    ward = await hub("ward.test")
    uri = await ward.publish_story(title="Home by six", topics=("HomeCare", "Sleep"))
    peer = await Peer.at(network, "there.test")
    await follow(ward, "topic.homecare@ward.test", peer.actor("ann"))
    await ward.withdraw_story(uri)
    assert "Nothing is here just now" in (await ward.get("/topics/homecare")).text
    for path, status in (("/topics/homecare", 200), ("/topics/sleep", 404)):
        assert (await ward.get(path, accept="application/activity+json")).status == status
        assert (await ward.get(path)).status == status


async def test_an_experiment_is_followed_by_its_handle_until_it_is_taken_back(
    hub: Hub, network: Network
) -> None:
    """What is written down about it arrives; with it goes its channel."""
    ward = await hub("ward.test")
    uri = await share(ward)
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    own = await follow(ward, f"try.{uri.rpartition('/')[2].lower()}@ward.test", ann)
    assert (own["id"], own["name"]) == (f"{uri}/channel", "A knock")
    entry = await record(ward, uri, "It rang.")
    await settle(ward)
    assert [one["object"] for one in peer.activities("Announce")] == [entry]
    assert (await ward.get(_path(own["id"]))).text.count("It rang.") == 1

    ida = await ward.person()

    async def withdraw() -> None:
        post = await posts.by_uri(uri)
        assert post is not None
        await experiments.withdraw(post, by=ida, house=ward.house)

    await ward.run(withdraw)
    await settle(ward)
    assert own["id"] in [one["object"] for one in peer.activities("Delete")]
    gone = await ward.get(_path(own["id"]), accept="application/activity+json")
    assert (gone.status, gone.document["type"]) == (410, "Tombstone")


async def test_a_place_with_other_letters_is_followed_and_keeps_up_with_new_keys(
    hub: Hub, network: Network
) -> None:
    """Its handle is in Punycode; what it sends is signed with the hub's key, under its own id, as a
    strict server finds.
    """
    ward = await hub("ward.test")
    await ward.publish_story(title="The bus", places=("Ynys Môn",))
    peer = await Peer.at(network, "there.test")
    peer.strict = True
    ann = peer.actor("ann")
    place = await follow(ward, "place.xn--ynys-mn-y0a@ward.test", ann)
    assert place["id"] == f"{ward.origin}/places/ynys-m%C3%B4n"
    assert "Ynys Môn" in (await ward.get("/places/ynys-m%C3%B4n")).text

    async def rotate() -> None:
        await people.rotate_keys(await ward._actor(None), house=ward.house)

    await ward.run(rotate)
    await ward.publish_story(title="The bus again", places=("Ynys Môn",))
    await settle(ward)
    update = await peer.arrived("Update")
    assert update["object"]["id"] == place["id"]
    assert update["object"]["publicKey"]["publicKeyPem"] != place["publicKey"]["publicKeyPem"]
    assert (await peer.arrived("Announce"))["actor"] == place["id"]

    follow_again = ann.follow(place["id"])
    await ann.post(place["inbox"], ann.undo(follow_again))
    await settle(ward)
    assert (await ward.fetch(_path(place["followers"])))["totalItems"] == 0
