"""Blocks that are not theirs to make or take back, and pages that are not theirs to see."""

import pytest

from server.actors.service import UnknownHandleError
from server.actors.tables import Actor
from server.posts import service as posts
from server.safety import service as safety
from server.safety.rules import OurselvesError
from tests.security.conftest import Scene, follow


async def test_nobody_blocks_for_another(scene: Scene) -> None:
    """Neither in the name of a neighbour, nor two who are not of ours."""
    eve = scene.peer.actor("eve")
    await scene.ann.post(scene.inbox, scene.ann.follow(scene.ida))
    await eve.post(scene.inbox, eve.follow(scene.ida))
    await scene.settle()
    before = await scene.stored()
    forged = eve.activity("Block", scene.ida) | {"actor": scene.ann.uri}
    assert (await eve.post(scene.inbox, forged)).status == 403
    for thing in (scene.ann.uri, f"{scene.ward.origin}/people/nobody", scene.ward.origin):
        assert (await eve.post(scene.inbox, eve.activity("Block", thing))).status == 202
    await scene.settle()
    after = await scene.stored()
    assert {name for name in after if after[name] != before[name]} == {"received"}


async def test_nobody_takes_back_anothers_block(scene: Scene) -> None:
    """Neither sent whole nor by its id; and an Undo that comes first keeps the Block out."""
    eve = scene.peer.actor("eve")
    blocking = scene.ann.activity("Block", scene.ida)
    await scene.ann.post(scene.inbox, blocking)
    await eve.post(scene.inbox, eve.follow(scene.ida))
    await scene.settle()
    held = (await scene.stored())["blocks"]
    assert len(held) == 1
    undos = [
        eve.activity("Undo", blocking["id"]),
        eve.activity("Undo", blocking | {"actor": eve.uri}),
    ]
    for undo in undos:
        await eve.post(scene.inbox, undo)
    assert (await eve.post(scene.inbox, eve.undo(blocking))).status == 403
    await scene.settle()
    assert (await scene.stored())["blocks"] == held


@pytest.mark.parametrize("path", ["/stewards/blocks"])
async def test_the_stewards_pages_are_for_stewards(scene: Scene, path: str) -> None:
    """A stranger signs in first; somebody else finds nothing there."""
    await scene.ward.add_person("colm")
    browser = scene.browser()
    assert (await browser.get(path)).status in {302, 303}
    await browser.sign_in("colm")
    seen = await browser.get(path)
    assert seen.status in {403, 404}
    assert "server.example" not in seen.text


@pytest.mark.parametrize("who", ["ward.test", "https://WARD.test/", "@ida@ward.test"])
async def test_a_hub_does_not_turn_itself_away(scene: Scene, who: str) -> None:
    """In no spelling."""
    async with scene.nothing_happens():
        with pytest.raises(OurselvesError):
            await scene.ward.run(safety.turn_away, who, reason="", house=scene.ward.house)


@pytest.mark.parametrize("who", ["", "..", "a b", "x" * 300, "10.1"])
async def test_what_is_no_server_is_refused(scene: Scene, who: str) -> None:
    """With words at the field."""
    async with scene.nothing_happens():
        with pytest.raises(UnknownHandleError):
            await scene.ward.run(safety.turn_away, who, reason="", house=scene.ward.house)


async def test_lists_leave_out_whom_a_block_stands_between(scene: Scene) -> None:
    """The front page, the stories, a person's, a topic's: both ways, and for nobody else."""
    colm = await scene.ward.add_person("colm")
    uri = await scene.ward.publish_story(title="Home by six", topics=("discharge",))

    async def pin_and_block() -> None:
        post, ida, he = await posts.by_uri(uri), await Actor.get(uri=scene.ida), colm.actor
        assert post is not None
        await posts.pin(post, by=ida, house=scene.ward.house)
        await safety.block(ida, he, house=scene.ward.house)

    await scene.ward.run(pin_and_block)
    blocked, stranger = scene.browser(), scene.browser()
    await blocked.sign_in("colm")
    for path in ("/", "/stories", "/people/ida", "/topics/discharge"):
        assert "Home by six" in (await stranger.get(path)).text, path
        assert "Home by six" not in (await blocked.get(path)).text, path
    story, member = uri.removeprefix(scene.ward.origin), scene.browser()
    await scene.ward.add_person("bo")
    await member.sign_in("bo")
    for _ in range(2):  # made once for all who are signed in, then held
        assert (await member.get(story)).status == 200
    assert (await blocked.get(story)).status == 404


async def test_strangers_are_shown_at_once_what_a_steward_changes(scene: Scene) -> None:
    """A page that was held for them, too: without who is turned away, and with who is let in."""
    uri = await scene.ward.publish_story(title="Home by six")
    path = uri.removeprefix(scene.ward.origin)
    reply = scene.ann.reply(uri, "<p>Words of Ann</p>")
    await scene.ann.post(scene.inbox, scene.ann.create(reply))
    await scene.settle()
    house = scene.ward.house

    async def seen() -> bool:
        return "Words of Ann" in (await scene.ward.get(path)).text

    assert await seen()
    ann = await scene.ward.run(lambda: Actor.get(uri=scene.ann.uri))
    for who in ("there.test", scene.ann.handle):
        await scene.ward.run(safety.turn_away, who, reason="Spam", house=house)
        assert not await seen()
        await scene.ward.run(safety.let_in_host, "there.test", house=house)
        await scene.ward.run(safety.let_in_actor, ann.id, house=house)
        assert await seen()


async def test_what_other_hubs_told_is_shown_without_whom_one_blocks(scene: Scene) -> None:
    """To whoever blocks them; everybody else sees it, until a steward turns them away: then what is
    known only through them goes as well.
    """
    await follow(scene, scene.ann)
    note = scene.ann.note("<p>Words of Ann</p>")
    eve = scene.peer.actor("eve")
    passed_on = eve.note("<p>Words of Eve</p>")
    for activity in (scene.ann.create(note), scene.ann.announce(passed_on["id"])):
        await scene.ann.post(scene.inbox, activity)
    await scene.settle()

    async def block() -> None:
        ida, ann = await Actor.get(uri=scene.ida), await Actor.get(uri=scene.ann.uri)
        await safety.block(ida, ann, house=scene.ward.house)

    await scene.ward.run(block)
    ida, stranger = scene.browser(), scene.browser()
    await ida.sign_in()
    for words in ("Words of Ann", "Words of Eve"):
        assert words in (await stranger.get("/network")).text
    listed = (await ida.get("/network")).text
    assert ("Words of Ann" in listed, "Words of Eve" in listed) == (False, True)
    turned = scene.ann.handle
    await scene.ward.run(safety.turn_away, turned, reason="Spam", house=scene.ward.house)
    assert "Words of Ann" not in (await stranger.get("/network")).text
    await scene.settle()
    for words in ("Words of Ann", "Words of Eve"):
        assert words not in (await stranger.get("/network")).text


async def test_blocks_by_page(scene: Scene) -> None:
    """A steward turns a server away and lets it in; somebody blocks somebody and takes it back."""
    browser = scene.browser()
    await browser.sign_in()
    sent = await browser.send("/stewards/blocks", {"who": "spam.example", "reason": "Spam <b>"})
    assert sent.status == 303
    page = await browser.get("/stewards/blocks")
    assert "spam.example" in page.text
    assert "Spam &lt;b&gt;" in page.text
    assert (await browser.send("/stewards/blocks", {"who": "spam.example"})).status == 422
    path = "/stewards/blocks/hosts/spam.example/remove"
    assert (await browser.send(path, page="/stewards/blocks")).status == 303
    assert "spam.example" not in (await browser.get("/stewards/blocks")).text.split("<form")[0]

    sent = await browser.send("/settings/blocks", {"whom": scene.ann.handle})
    assert sent.status == 303, sent.text
    assert scene.ann.handle in (await browser.get("/settings/blocks")).text
    assert (await browser.send("/settings/blocks", {"whom": "@ida@ward.test"})).status == 422
