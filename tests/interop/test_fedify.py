"""A peer made with Fedify follows the hub, reads it whole, replies, likes, and leaves."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.interop.hub import STEWARD, Hub
from tests.interop.peer import Json, Peer, running_peer
from tests.interop.processes import eventually

WORDS = "The ward clerk rang round the neighbours, and Mum was home by six."


@pytest.fixture(params=["rfc9421", "draft-cavage-http-signatures-12"])
def peer(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Peer]:
    """The peer, once with each signature scheme as its first choice."""
    folder = tmp_path_factory.mktemp("peer")
    with running_peer(folder, first_knock=request.param) as peer:
        yield peer


async def follow(peer: Peer, hub: Hub, handle: str | None = None) -> str:
    """Let the peer follow the hub, or somebody there, and wait for the Accept; return the URI of
    whom it follows.
    """
    actor: str = (await hub.actor(handle))["id"]
    await peer.ask("follow", actor=actor)

    async def accepted() -> bool:
        return bool((await peer.state())["following"].get(actor) == "accepted")

    await eventually(accepted, what="Accept at the peer")
    return actor


async def read_whole(peer: Peer, uri: str) -> Json:
    """Wait until the peer has read the note at that URI, by whatever activity it came."""

    async def read() -> Json | None:
        notes = [note for note in (await peer.state())["read"] if note["id"] == uri]
        return notes[-1] if notes else None

    return await eventually(read, what=f"note {uri} at the peer")


async def test_a_follower_is_accepted_and_listed(hub: Hub, peer: Peer) -> None:
    """Follow, Accept with the Follow's id, and an Undo that takes it back."""
    actor = await follow(peer, hub)
    assert peer.actor in await hub.followers()
    await peer.ask("unfollow", actor=actor)

    async def gone() -> bool:
        return peer.actor not in await hub.followers()

    await eventually(gone, what="unfollowing at the hub")


async def test_a_follower_reads_a_story_whole(hub: Hub, peer: Peer) -> None:
    """What is published here is read there: its words, its author, once."""
    await follow(peer, hub)
    story = await hub.tell("Home by six", WORDS)
    note = await read_whole(peer, story)
    assert WORDS in note["content"]
    assert "Home by six" in note["content"]
    assert note["summary"] is None
    assert note["attributedTo"] == hub.steward
    statuses = {request["status"] for request in (await peer.state())["received"]}
    assert statuses == {202}


async def test_an_experiment_and_what_comes_of_it_are_read_whole(hub: Hub, peer: Peer) -> None:
    """An experiment, an entry of its log and a response are each a note that says all there is."""
    await follow(peer, hub)
    await follow(peer, hub, f"@{STEWARD}@{hub.host}")
    tried = await hub.try_out("Ring before eight", "Lifts come late.", "The clerk rings at seven.")
    note = await read_whole(peer, tried)
    for words in ("Ring before eight", "Lifts come late.", "The clerk rings at seven.", tried):
        assert words in note["content"]
    path = tried.removeprefix(hub.address)
    meant = {"kind": "thanks", "text": "Thank you for ringing.", "visibility": "public"}
    await hub.fill_in(path, meant, form=r"/posts/\d+/respond")
    response = await replied(peer, tried)
    assert meant["text"] in response["content"]
    happened = {"text": "Nine of ten lifts were there by nine.", "stage": "learning", "cycle": ""}
    await hub.fill_in(f"{path}/update", happened)
    entry = await replied(peer, tried, besides=response["id"])
    assert happened["text"] in entry["content"]
    assert "Now <strong>learning</strong>" in entry["content"]
    assert entry["content"].count("<a ") == 1
    for one in (note, entry, response):
        assert one["summary"] is None
        assert one["attributedTo"] == hub.steward


async def test_numbers_are_read_as_a_picture_with_words(hub: Hub, peer: Peer) -> None:
    """What came with an entry is a chart that says in words what it shows."""
    await follow(peer, hub, f"@{STEWARD}@{hub.host}")
    tried = await hub.try_out("Ring before eight", "Lifts come late.", "The clerk rings at seven.")
    await read_whole(peer, tried)
    await hub.command("measure", tried, "--as", STEWARD, "--name", "Late lifts")
    weeks = "2026-01-05,42\n2026-01-12,44\n2026-01-19,38\n"
    add = ("points", tried, "1", "-", "--as", STEWARD, "--text", "We counted.")
    status, printed = await hub.run(*add, given=weeks)
    assert status == 0, printed
    entry = await replied(peer, tried)
    assert "We counted." in entry["content"]
    [image] = entry["images"]
    assert "Late lifts" in image["name"]
    assert "Last number: 38" in image["name"]
    assert image["url"].endswith(".png")


async def test_an_adaptation_is_read_whole(hub: Hub, peer: Peer) -> None:
    """What it goes back to, what is kept, what is changed and why, and how it went."""
    await follow(peer, hub)
    tried = await hub.try_out("Ring before eight", "Lifts come late.", "The clerk rings at seven.")
    kept = {"about": tried, "kept": "The list by the door.", "planned": "We text – they sleep in"}
    draft = await hub.fill_in(f"/adapt?about={quote(tried, safe='')}", kept)
    [path, *_] = re.findall(r"/try/\d+", draft)
    await hub.fill_in(path, {}, form=f"{path}/publish")
    await read_whole(peer, tried)

    async def adapted() -> Json | None:
        notes = [note for note in (await peer.state())["read"] if note["id"] != tried]
        return notes[-1] if notes else None

    note = await eventually(adapted, what="the adaptation at the peer")
    for words in ("Adapted from “Ring before eight”", hub.host, "The list by the door.",
                  "We text – they sleep in", note["id"]):  # fmt: skip
        assert words in note["content"]
    assert note["summary"] is None


async def test_thanks_for_no_post_are_read_whole(hub: Hub, peer: Peer) -> None:
    """Whom, what for, and what else was said; a person who is thanked is named as one."""
    await follow(peer, hub, f"@{STEWARD}@{hub.host}")
    for whom, named in ((peer.handle, [peer.handle]), ("the night team", [])):
        what_for = "staying on" if named else "the cake"
        said = {"thanked_for": what_for, "text": "Mum still talks of it.", "visibility": "public"}
        await hub.fill_in("/thanks/new", {"whom": whom, **said})
        note = await thanked_for(peer, what_for)
        for words in ("Thank you", "Mum still talks of it.", *([] if named else [whom])):
            assert words in note["content"]
        assert note["tags"] == named
        assert (note["summary"], note["inReplyTo"]) == (None, None)
        assert note["attributedTo"] == hub.steward


async def thanked_for(peer: Peer, what: str) -> Json:
    """Wait until the peer has read a note that says so, and return it."""

    async def read() -> Json | None:
        notes = (await peer.state())["read"]
        return next((note for note in notes if what in note["content"]), None)

    return await eventually(read, what=f"thanks for {what} at the peer")


async def replied(peer: Peer, uri: str, *, besides: str = "") -> Json:
    """Wait until the peer has read a note in reply to that one, and return it."""

    async def read() -> Json | None:
        notes = [note for note in (await peer.state())["read"] if note["inReplyTo"] == uri]
        return next((note for note in notes if note["id"] != besides), None)

    return await eventually(read, what=f"a reply to {uri} at the peer")


async def test_a_reply_becomes_a_response_and_a_like_thanks(hub: Hub, peer: Peer) -> None:
    """The journey of the issue: read elsewhere, answered from elsewhere, seen on the page here."""
    await follow(peer, hub)
    story = await hub.tell("Home by six", WORDS)
    await read_whole(peer, story)
    reply = await peer.ask("reply", note=story, content="<p>We rang them too.</p>")
    await peer.ask("like", note=story)

    async def responded() -> bool:
        return "We rang them too." in await hub.page(story)

    async def thanked() -> bool:
        return bool((await hub.document(f"{story}/likes"))["totalItems"] == 1)

    await eventually(responded, what="response on the page")
    await eventually(thanked, what="thanks")
    await peer.ask("unlike", note=story)

    async def unthanked() -> bool:
        return bool((await hub.document(f"{story}/likes"))["totalItems"] == 0)

    await eventually(unthanked, what="taking back of thanks")
    await peer.ask("remove", note=reply["id"], to=hub.steward)

    async def silent() -> bool:
        return "We rang them too." not in await hub.page(story)

    await eventually(silent, what="removal of the response")


async def test_the_hub_follows_the_peer(hub: Hub, peer: Peer) -> None:
    """The other way round: found by handle, accepted, and what it publishes comes in."""
    await hub.command("follow", peer.handle)

    async def followed() -> bool:
        return bool(await peer.verified("Follow"))

    await eventually(followed, what="Follow at the peer")
    hubs = (await hub.actor())["id"]
    assert hubs in (await peer.state())["followers"]
    note = await peer.ask("publish", content="<p>A kettle by the door.</p>")

    async def arrived() -> Json | None:
        return await hub.known(note["id"])

    found = await eventually(arrived, what="the peer's note at the hub")
    assert found["text"] == "A kettle by the door."


async def test_what_the_peer_published_before_comes_in(hub: Hub, peer: Peer) -> None:
    """Page by page of its outbox, once the hub is let follow; nobody is told of what is old."""
    told = [
        (await peer.ask("publish", content=f"<p>A kettle by door {number}.</p>"))["id"]
        for number in range(23)
    ]
    await hub.command("subscribe", peer.handle)

    async def oldest() -> Json | None:
        return await hub.known(told[0])

    found = await eventually(oldest, what="the peer's oldest note at the hub")
    assert found["text"] == "A kettle by door 0."
    assert [bool(await hub.known(note)) for note in (told[12], told[-1])] == [True, True]
    sent = [one["activity"]["type"] for one in (await peer.state())["received"]]
    assert sent == ["Follow"]


async def test_the_hub_is_found_by_others(hub: Hub, peer: Peer) -> None:
    """Fedify's own lookup understands the hub, its author and its instance actor."""
    for path in ("/hub", f"/people/{STEWARD}", "/actor"):
        found = await peer.ask("look", uri=f"{hub.address}{path}")
        assert found["id"] == f"{hub.address}{path}"
        assert found["publicKey"]["owner"] == found["id"]
