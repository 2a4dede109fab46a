"""The pictures of a story that is published can be changed, and others hear of it."""

import io
from typing import Any

import aiohttp
from PIL import Image

from server.posts.rules import RESTED
from tests.journeys.conftest import Hub
from tests.security.browser import Browser, Seen
from tests.support.live import LiveNode, settle
from tests.support.network import Network
from tests.support.peer import Peer


def picture(colour: str) -> bytes:
    """Return a picture file."""
    file = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(file, "PNG")
    return file.getvalue()


async def add(browser: Browser, path: str, alt: str, data: bytes) -> Seen:
    """Put a picture in, by the page."""
    form = aiohttp.FormData()
    form.add_field("csrf", (await browser.get(f"{path}/pictures")).token)
    form.add_field("alt", alt)
    form.add_field("picture", data, filename="a.png", content_type="image/png")
    return await browser.ask("POST", f"{path}/pictures", data=form)


async def attached(node: LiveNode, path: str) -> list[dict[str, Any]]:
    """Return the pictures of a story as other servers read it."""
    found: list[dict[str, Any]] = (await node.fetch(path)).get("attachment", [])
    return found


async def followed(node: LiveNode, network: Network) -> Peer:
    """Have somebody elsewhere follow Ida."""
    peer = await Peer.at(network, "there.test")
    ann = peer.actor("ann")
    ida = f"{node.origin}/people/ida"
    await ann.post(f"{ida}/inbox", ann.follow(ida))
    await settle(node)
    return peer


async def rested(node: LiveNode) -> None:
    """Let as much time go by as what is added waits for more."""
    node.network.clock.move(RESTED)
    await settle(node)


async def test_pictures_are_put_in_described_and_taken_out(hub: Hub, network: Network) -> None:
    """Each change is an Update to whoever has the story; a picture that is out is gone, at once."""
    ward = await hub("ward.test")
    peer = await followed(ward, network)
    path = (await ward.publish_story(title="Home by six")).removeprefix(ward.origin)
    browser = Browser(network, ward.origin)
    network.stack.push_async_callback(browser.close)
    await browser.sign_in()

    sent = await add(browser, path, "A bag", picture("#6a2450"))
    assert sent.status == 303, sent.text
    await rested(ward)
    [image] = (await peer.arrived("Update"))["object"]["attachment"]
    assert image["name"] == "A bag"
    address = image["url"].removeprefix(ward.origin)
    assert (await ward.get(address, accept="image/*")).status == 200

    page = (await browser.get(f"{path}/pictures")).text
    number = page.split(f"{path}/pictures/")[1].split("/")[0]
    words = f"{path}/pictures/{number}/words"
    assert (await browser.send(words, {"alt": ""}, page=f"{path}/pictures")).status == 422
    changed = {"alt": "A paper bag with a sun on it"}
    assert (await browser.send(words, changed, page=f"{path}/pictures")).status == 303
    await rested(ward)
    [image] = (await peer.arrived("Update", number=2))["object"]["attachment"]
    assert image["name"] == "A paper bag with a sun on it"

    remove = f"{path}/pictures/{number}/remove"
    assert (await browser.send(remove, page=f"{path}/pictures")).status == 303
    await settle(ward)
    assert "attachment" not in (await peer.arrived("Update", number=3))["object"]
    assert (await ward.get(address, accept="image/*")).status == 404
    history = (await ward.get(f"{path}/history")).text
    for why in ("A picture was added.", "A picture was taken out."):
        assert why in history


async def test_four_pictures_are_enough_and_others_stories_are_not_mine(
    hub: Hub, network: Network
) -> None:
    """A fifth is refused with words; nobody changes another's."""
    ward = await hub("ward.test")
    await ward.add_person("colm")
    path = (await ward.publish_story(title="Home by six")).removeprefix(ward.origin)
    browser, colm = Browser(network, ward.origin), Browser(network, ward.origin)
    for somebody in (browser, colm):
        network.stack.push_async_callback(somebody.close)
    await browser.sign_in()
    await colm.sign_in("colm")
    for number in range(4):
        sent = await add(browser, path, f"Number {number}", picture("#123456"))
        assert sent.status == 303
    one = (await browser.get(f"{path}/pictures")).text.split(f"{path}/pictures/")[1].split("/")[0]
    csrf = (await colm.get("/settings/blocks")).token
    assert (await colm.get(f"{path}/pictures")).status == 404
    for act in ("", f"/{one}/remove", f"/{one}/words"):
        refused = await colm.post(f"{path}/pictures{act}", {"csrf": csrf, "alt": "Mine"})
        assert refused.status == 404
    assert [image["name"] for image in await attached(ward, path)] == [
        f"Number {number}" for number in range(4)
    ]
