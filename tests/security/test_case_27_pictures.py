"""Case 27: pictures, from people here and from elsewhere. (Decoding outside the event loop, frames
and pixels in all their kinds are tests/server/media's.)
"""

import struct
import zlib
from io import BytesIO

import aiohttp
from PIL import Image

from server.media import service as media
from tests.security.browser import Browser, Seen
from tests.security.conftest import Scene, on_sqlite

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TELL = {"title": "Home", "what_happened": "Late.", "visibility": "public", "consent": "on"}
GPS, PLACE = 0x8825, 0x010E


def _photo() -> bytes:
    """A photo that tells where it was taken, and by what."""
    exif = Image.Exif()
    exif[PLACE] = "Kelderby, behind the church"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (54.0, 30.0, 0.0)
    data = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(data, "JPEG", exif=exif, comment=b"Kelderby")
    return data.getvalue()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _bomb(side: int) -> bytes:
    """A PNG of a few bytes that says that it is `side` pixels wide and high."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", b"x")
        + _chunk(b"IEND", b"")
    )


BAD = {
    "SVG": SVG,
    "SVG after XML": b'<?xml version="1.0"?>' + SVG,
    "HTML": b"<html><script>alert(1)</script></html>",
    "a bomb": _bomb(8_000),
    "a broken JPEG": _photo()[:60],
    "nothing": b"",
    "HTML that begins like a GIF": b"GIF89a<script>alert(1)</script>",
    "a very large file": b"\xff\xd8\xff" + bytes(11 * 1024 * 1024),
}


async def _add(browser: Browser, draft: str, data: bytes) -> Seen:
    form = aiohttp.FormData({"csrf": (await browser.get(draft)).token, "alt": "What is on it"})
    form.add_field("picture", BytesIO(data), filename="x.jpg", content_type="image/jpeg")
    return await browser.ask("POST", f"{draft}/pictures", data=form)


@on_sqlite
async def test_case_27_what_is_no_safe_picture_is_refused(scene: Scene) -> None:
    """By what is in it, whatever it is called; with words that say what to do, and nothing kept."""
    browser = scene.browser()
    await browser.sign_in()
    draft = (await browser.send("/tell", TELL)).headers["Location"]
    async with scene.nothing_happens():
        for name, data in BAD.items():
            seen = await _add(browser, draft, data)
            assert (name, seen.status in {413, 422}) == (name, True), seen.status
            assert "alert(1)" not in seen.text


@on_sqlite
async def test_case_27_a_photo_tells_no_more_than_what_is_on_it(scene: Scene) -> None:
    """Where it was taken is gone from every size, and from the note."""
    browser = scene.browser()
    await browser.sign_in()
    draft = (await browser.send("/tell", TELL)).headers["Location"]
    assert (await _add(browser, draft, _photo())).status == 303
    told = await browser.send(f"{draft}/publish", page=draft)
    note = await scene.ward.fetch(told.headers["Location"])
    for size in ("large", "small", "square"):
        url = note["attachment"][0]["url"].replace("/large.", f"/{size}.")
        await _check_bare(browser, url.removeprefix(scene.ward.origin))


async def _check_bare(browser: Browser, path: str) -> None:
    async with browser.session.get(browser.origin + path) as answer:
        data = await answer.read()
        assert (path, answer.status, answer.content_type) == (path, 200, "image/jpeg")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"Kelderby" not in data
    assert b"Exif" not in data
    assert dict(Image.open(BytesIO(data)).getexif()) == {}


async def test_case_27_pictures_from_elsewhere_are_made_anew_or_not_shown(scene: Scene) -> None:
    """By way of our own copy, never from there; what is no picture is missing."""
    uri = await scene.ward.publish_story(title="Home by six")
    scene.peer.answers("/photo.jpg", body=_photo(), content_type="image/jpeg")
    found: dict[str, str] = {}
    names = {f"/bad/{number}.jpg": data for number, data in enumerate(BAD.values())}
    for name, data in names.items():
        scene.peer.answers(name, body=data, content_type="image/jpeg")
    scene.peer.answers("/typed.svg", body=SVG, content_type="image/svg+xml")
    for path in ("/photo.jpg", "/typed.svg", *names):
        picture = {"type": "Image", "url": scene.peer.origin + path, "mediaType": "image/jpeg"}
        note = scene.ann.note("<p>Look</p>", attachment=[picture], inReplyTo=uri)
        await scene.ann.post(scene.inbox, scene.ann.create(note))
        await scene.settle()
        held = await scene.ward.post(note["id"])
        assert held is not None
        found[path] = await scene.ward.run(_proxied, scene, path)
    browser = scene.browser()
    photo = found.pop("/photo.jpg")
    text, _, tag = photo.removesuffix("/large").removeprefix("/proxy/").partition(".")
    for forged in (f"{text}.{tag[::-1]}", f"{text}.", text, f"{text[:-1]}.{tag}"):
        assert (await browser.get(f"/proxy/{forged}/large")).status == 404
    assert scene.peer.asked("/photo.jpg") == []
    await _check_bare(browser, photo)
    for path, proxy in found.items():
        assert (path, (await browser.get(proxy)).status) == (path, 404)


async def _proxied(scene: Scene, path: str) -> str:
    return media.proxied(scene.peer.origin + path, house=scene.ward.house)
