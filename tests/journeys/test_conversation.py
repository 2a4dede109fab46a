"""Others find a whole conversation by its `context` (FEP-7888), and an actor by its `webfinger`
(FEP-2c59).
"""

from tests.journeys.conftest import Hub
from tests.support.live import settle
from tests.support.network import Network
from tests.support.peer import Peer
from tests.support.resident import PUBLIC


async def test_a_context_leads_to_all_that_anybody_may_read(hub: Hub, network: Network) -> None:
    """Answers from here and from elsewhere; not what was said to one alone. It is its head's."""
    ward = await hub("ward.test")
    ann = (await Peer.at(network, "there.test")).actor("ann")
    story = await ward.publish_story(title="Home by six")
    note = await ward.fetch(story.removeprefix(ward.origin))
    context = note["context"]
    alone = await ward.fetch(context.removeprefix(ward.origin))
    assert (alone["type"], alone["orderedItems"]) == ("OrderedCollection", [story])
    assert alone["attributedTo"] == note["attributedTo"]

    author, said = note["attributedTo"], {"inReplyTo": story, "context": context}
    theirs = ann.note("<p>I see</p>", to=[PUBLIC, author], **said)
    whispered = ann.note("<p>To you alone</p>", to=[author], cc=[], **said)
    for one in (theirs, whispered):
        await ann.post(f"{ward.origin}/inbox", ann.create(one))
    await settle(ward)
    ours = await ward.respond(theirs["id"], "So do we.")
    answer = await ward.fetch(ours.removeprefix(ward.origin))
    assert answer["context"] == context
    found = await ward.fetch(context.removeprefix(ward.origin))
    assert found["orderedItems"] == [story, theirs["id"], ours]
    assert found["totalItems"] == 3

    await ward.withdraw_story(story)
    left = await ward.fetch(context.removeprefix(ward.origin))
    assert left["orderedItems"] == [theirs["id"], ours]
    assert "attributedTo" not in left


async def test_the_webfinger_of_each_actor_leads_back_to_it(hub: Hub) -> None:
    """The hub, a person, the node."""
    ward = await hub("ward.test")
    for path in ("/hub", "/people/ida", "/actor"):
        actor = await ward.fetch(path)
        answer = await ward.get(f"/.well-known/webfinger?resource=acct:{actor['webfinger']}")
        assert answer.status == 200
        assert answer.document["subject"] == f"acct:{actor['webfinger']}"
        [own] = [one for one in answer.document["links"] if one["rel"] == "self"]
        assert own["href"] == actor["id"]
