"""A reply becomes a response, a favourite becomes thanks, and both can be taken back."""

from datetime import date

from server.responses import service as responses
from server.responses.rules import Response, ResponseKind
from tests.journeys.conftest import Hub
from tests.support.live import settle
from tests.support.network import Network
from tests.support.peer import Peer


async def test_a_reply_from_elsewhere_becomes_a_response(hub: Hub, network: Network) -> None:
    """It stands on the story's page, and the teller is told."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    uri = await ward.publish_story(title="Home by six")
    note = ann.reply(uri, "<p>We do the same <em>here</em>.</p>")
    assert (await ann.post(f"{ward.origin}/inbox", ann.create(note))).status == 202
    await settle(ward)

    page = await ward.get(uri.removeprefix(ward.origin))
    assert "We do the same <em>here</em>." in page.text
    assert ann.handle in page.text
    replies = await ward.fetch(uri.removeprefix(ward.origin) + "/replies")
    assert replies["orderedItems"] == [note["id"]]


async def test_a_favourite_becomes_thanks_and_its_undo_takes_it_back(
    hub: Hub, network: Network
) -> None:
    """Counted once, however often it comes."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    uri = await ward.publish_story(title="Home by six")
    like = ann.like(uri)
    for _ in range(2):
        assert (await ann.post(f"{ward.origin}/inbox", like)).status == 202
        await settle(ward)
    path = uri.removeprefix(ward.origin)
    assert (await ward.fetch(f"{path}/likes"))["totalItems"] == 1
    assert "Ann" in (await ward.get(path)).text.split("Thank-yous", 1)[1]

    await ann.post(f"{ward.origin}/inbox", ann.undo(like))
    await settle(ward)
    assert (await ward.fetch(f"{path}/likes"))["totalItems"] == 0


async def test_a_response_written_on_another_hub_comes_home(hub: Hub) -> None:
    """With its kind; an edit and a withdrawal follow it."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)
    uri = await ward.publish_story(title="Home by six")
    await settle(ward, council)
    reply = await council.respond(uri, "A call before **discharge**.")
    await settle(ward, council)

    page = await ward.get(uri.removeprefix(ward.origin))
    assert "A call before <strong>discharge</strong>." in page.text
    held = await ward.post(reply)
    assert held is not None
    assert held.kind == "response"


async def test_thanks_from_another_hub_come_home(hub: Hub) -> None:
    """And can be taken back."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)
    uri = await ward.publish_story(title="Home by six")
    await settle(ward, council)
    path = uri.removeprefix(ward.origin)
    await council.thank(uri)
    await settle(ward, council)
    assert (await ward.fetch(f"{path}/likes"))["totalItems"] == 1
    await council.thank(uri, undo=True)
    await settle(ward, council)
    assert (await ward.fetch(f"{path}/likes"))["totalItems"] == 0


async def test_a_direct_reply_is_shown_to_nobody_else(hub: Hub, network: Network) -> None:
    """Not on the page, not in the collection, not at our copy's address."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    uri = await ward.publish_story(title="Home by six")
    ida = f"{ward.origin}/people/ida"
    note = ann.reply(uri, "<p>Just between us</p>") | {"to": [ida], "cc": []}
    await ann.post(f"{ward.origin}/inbox", ann.create(note))
    await settle(ward)

    path = uri.removeprefix(ward.origin)
    held = await ward.post(note["id"])
    assert held is not None
    assert held.visibility == "direct"
    assert "Just between us" not in (await ward.get(path)).text
    assert (await ward.fetch(f"{path}/replies"))["totalItems"] == 0
    assert (await ward.get(f"/elsewhere/{held.id}")).status == 404


async def test_a_promise_made_on_another_hub_is_shown_here(hub: Hub) -> None:
    """With its day, and later with what became of it; our desk leaves it to theirs."""
    ward, council = await hub("ward.test"), await hub("council.test")
    await council.follow(ward.handle)
    await settle(ward, council)
    uri = await ward.publish_story(title="Home by six")
    await settle(ward, council)
    due = date(2024, 2, 29)
    planned = Response(
        text="", kind=ResponseKind.CHANGE_PLANNED, change="A list by the phone.", when=due
    )
    promise = await council.respond(uri, planned)
    await settle(ward, council)
    path = uri.removeprefix(ward.origin)
    page = (await ward.get(path)).text
    assert "Promised for</b> 29 February 2024" in page
    assert len(await council.run(responses.overdue, council.network.clock.now().date())) == 1
    assert await ward.run(responses.overdue, ward.network.clock.now().date()) == []

    made = Response(text="", kind=ResponseKind.CHANGE_MADE, change="It hangs there.")
    await council.respond(promise, made)
    await settle(ward, council)
    page = (await ward.get(path)).text
    assert "It hangs there." in page
    assert "Done:</b> read below" in page
    assert await council.run(responses.overdue, council.network.clock.now().date()) == []
