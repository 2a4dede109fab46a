"""Blocks that are not theirs to make or take back, and pages that are not theirs to see."""

import pytest

from server.actors.service import UnknownHandleError
from server.safety import service as safety
from server.safety.rules import OurselvesError
from tests.security.conftest import Scene


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
