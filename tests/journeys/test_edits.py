"""Edits travel together, once their writer has come to rest; what was taken out, at once."""

from datetime import timedelta
from typing import Any

import pytest

from server import db
from server.posts import service as posts
from tests.journeys.conftest import Hub
from tests.security.browser import Browser
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer

TITLE = "Home by six"
FIRST = "It was late."


async def followed(hub: Hub, network: Network) -> tuple[LiveNode, Peer, str]:
    """A hub with a story that has reached somebody elsewhere, who follows its writer."""
    ward = await hub("ward.test")
    peer = await Peer.at(network, "there.test")
    ann, ida = peer.actor("ann"), f"{ward.origin}/people/ida"
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    await settle(ward)
    uri = await ward.publish_story(title=TITLE, what_happened=FIRST)
    await settle(ward)
    return ward, peer, uri


async def add(ward: LiveNode, uri: str, *words: str) -> None:
    """Add words to the story, and let everything that is due be done."""
    await ward.edit_story(uri, title=TITLE, what_happened=" ".join([FIRST, *words]))
    await settle(ward)


def updates(peer: Peer) -> list[dict[str, Any]]:
    """The edits that have arrived."""
    return [one["object"] for one in peer.activities("Update")]


async def test_an_edit_travels_ten_minutes_after_the_last_one(hub: Hub, network: Network) -> None:
    """Two that follow each other arrive as one, newer than what was there, and only once; whoever
    reads here sees each at once.
    """
    ward, peer, uri = await followed(hub, network)
    await add(ward, uri, "One.")
    network.clock.move(timedelta(minutes=8))
    await add(ward, uri, "One.", "Two.")
    path = uri.removeprefix(ward.origin)
    assert "Two." in (await ward.get(path)).text
    assert "Two." in (await ward.fetch(path))["content"]
    network.clock.move(timedelta(minutes=8))
    await settle(ward)
    assert updates(peer) == []
    network.clock.move(timedelta(minutes=2))
    await settle(ward)
    [note] = updates(peer)
    assert note == await ward.fetch(path)
    assert "Two." in note["content"]
    assert note["updated"] > note["published"]
    network.clock.move(timedelta(hours=2))
    await settle(ward)
    assert len(updates(peer)) == 1


async def test_an_edit_travels_an_hour_after_the_first_one_at_the_latest(
    hub: Hub, network: Network
) -> None:
    """Whoever goes on and on is read elsewhere too; what comes after that is gathered anew."""
    ward, peer, uri = await followed(hub, network)
    words: list[str] = []
    for number in range(8):
        words.append(f"Word{number}.")
        await add(ward, uri, *words)
        network.clock.move(timedelta(minutes=8))
    await settle(ward)
    [first] = updates(peer)
    assert "Word7" in first["content"]
    words.append("Last.")
    await add(ward, uri, *words)
    assert len(updates(peer)) == 1
    network.clock.move(timedelta(minutes=11))
    await settle(ward)
    assert len(updates(peer)) == 2
    assert updates(peer)[1]["updated"] > first["updated"]


@pytest.mark.parametrize(
    "later",
    [
        {"title": "Home", "what_happened": FIRST},
        {"title": TITLE, "what_happened": "It was."},
        {"title": TITLE, "what_happened": f"{FIRST} And more.", "places": ()},
        {"title": TITLE, "what_happened": f"{FIRST} And more.", "interests": "paid"},
    ],
)
async def test_what_takes_words_out_travels_at_once(
    hub: Hub, network: Network, later: dict[str, Any]
) -> None:
    """Out of the title, a text, or anything else that was told; with what was gathered before."""
    ward, peer, uri = await followed(hub, network)
    first: dict[str, Any] = {"title": TITLE, "what_happened": FIRST, "places": ("Kelderby",)}
    await ward.edit_story(uri, interests="paid paid", **first)
    await settle(ward)
    assert updates(peer) == []
    await ward.edit_story(uri, **({"interests": "paid paid", "places": ("Kelderby",)} | later))
    await settle(ward)
    assert len(updates(peer)) == 1
    network.clock.move(timedelta(hours=2))
    await settle(ward)
    assert len(updates(peer)) == 1


async def test_an_update_that_is_asked_for_travels_at_once(hub: Hub, network: Network) -> None:
    """As the one that follows what somebody wrote in a log, with what was gathered before."""
    ward, peer, uri = await followed(hub, network)

    async def at_once() -> None:
        post = await posts.by_uri(uri)
        assert post is not None
        await posts.revise(post, before={}, at_once=True, house=ward.house)

    await add(ward, uri, "One.")
    await ward.run(at_once)
    await settle(ward)
    [note] = updates(peer)
    assert "One." in note["content"]


async def test_what_is_taken_back_meanwhile_is_not_told_of_again(
    hub: Hub, network: Network
) -> None:
    """The Delete wins, and nothing follows it."""
    ward, peer, uri = await followed(hub, network)
    jobs = (await ward.counts())["jobs"]
    await add(ward, uri, "One.")
    await ward.withdraw_story(uri)
    await settle(ward)
    network.clock.move(timedelta(hours=2))
    await settle(ward)
    assert peer.activities()[-1]["type"] == "Delete"
    assert updates(peer) == []
    assert (await ward.counts())["jobs"] == jobs


async def test_words_that_were_taken_out_do_not_reach_a_server_that_was_down(
    hub: Hub, network: Network
) -> None:
    """An Update that waits for it is sent as the thing is now, though a later edit is gathered."""
    ward, peer, uri = await followed(hub, network)
    await add(ward, uri, "Secret.")
    await peer.stop()
    await add(ward, uri, "Open.")  # takes a word out, so it tries to travel now
    await add(ward, uri, "Open.", "More.")
    await peer.start()
    network.clock.move(timedelta(minutes=2))
    await settle(ward)
    [note] = updates(peer)
    assert "More." in note["content"]
    network.clock.move(timedelta(minutes=10))
    await settle(ward)
    assert not any("Secret" in one["content"] for one in updates(peer))


async def test_a_gathered_edit_is_written_down_with_the_edit_or_neither_is(
    hub: Hub, network: Network
) -> None:
    """One transaction: a power cut between the two would leave it untold for ever."""
    ward, _, uri = await followed(hub, network)

    async def torn() -> None:
        post = await posts.by_uri(uri)
        assert post is not None
        async with db.transaction():
            await posts.revise(post, before={}, house=ward.house)
            raise InterruptedError

    before = await ward.counts()
    with pytest.raises(InterruptedError):
        await ward.run(torn)
    assert await ward.counts() == before
    await add(ward, uri, "One.")
    assert (await ward.counts())["jobs"] == before["jobs"] + 1


async def test_its_writer_reads_until_when_an_edit_waits_and_sends_it_now(
    hub: Hub, network: Network
) -> None:
    """In plain words, on the page that says where it went; to nobody else the button does
    anything.
    """
    ward, peer, uri = await followed(hub, network)
    await ward.add_person("una")
    page = f"{uri.removeprefix(ward.origin)}/delivery"
    ida, una = Browser(network, ward.origin), Browser(network, ward.origin)
    for name, browser in (("ida", ida), ("una", una)):
        network.stack.push_async_callback(browser.close)
        await browser.sign_in(name)
    assert "waits until" not in (await ida.get(page)).text
    await add(ward, uri, "One.")
    shown = (await ida.get(page)).text
    assert "The last change waits until" in shown
    assert "Send it now" in shown
    assert (await una.send(page, page="/settings")).status == 404
    await settle(ward)
    assert updates(peer) == []
    assert (await ida.send(page, page=page)).status == 303
    await settle(ward)
    assert (await ida.send(page, page="/settings")).status == 303
    await settle(ward)
    assert len(updates(peer)) == 1
    assert "waits until" not in (await ida.get(page)).text
    network.clock.move(timedelta(hours=2))
    await settle(ward)
    assert len(updates(peer)) == 1
