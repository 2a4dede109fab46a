"""Cases 29 and 30: what browsers are told to guard, and what is not there for others.

There are no held stories, contact details, reports, manage-links, search or exports yet.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urlsplit

import aiohttp
from PIL import Image

from server.posts.rules import Visibility
from server.posts.tables import Post
from server.stories import service as stories
from server.stories.rules import Story
from tests.security.browser import Browser
from tests.security.conftest import Scene, follow
from tests.support.resident import CONTENT_TYPE, PUBLIC

ANYBODYS = (
    "/", "/stories", "/experiments", "/about", "/privacy", "/rules", "/accessibility", "/contact",
    "/sign-in", "/reset", "/follow", "/people/ida", "/nowhere", "/people/nobody", "/join",
)  # fmt: skip
SIGNED_IN = (
    "/home", "/tell", "/try", "/drafts", "/notifications", "/home/following", "/home/followers",
    "/settings/profile", "/settings/e-mail", "/settings/password", "/settings/sessions",
    "/settings/close", "/stewards", "/stewards/deliveries", "/stewards/invitations",
    "/stewards/people", "/stewards/settings", "/stewards/settings/words", "/stewards/followers",
    "/stewards/following",
)  # fmt: skip
SECRET = "Nobody else may read this"  # noqa: S105 - words, no password
TICKED = 'name="consent" value="yes" checked'


class Asked(HTMLParser):
    """What a browser asks for by itself when it shows a page, and what would run in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in {"img", "script", "iframe", "source", "video", "audio", "embed"}:
            self.urls += [given.get("src", ""), *given.get("srcset", "").split(",")]
        if tag == "link" and set(given.get("rel", "").split()) & {"stylesheet", "icon", "preload"}:
            self.urls.append(given.get("href", ""))
        if tag == "script" and "src" not in given:
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if tag == "style":
            self.inline.append(tag)


async def test_case_29_every_page_is_guarded_and_asks_nobody_else(scene: Scene) -> None:
    """No inline script or style, no frame, no third party; HSTS; error pages too."""
    await follow(scene, scene.ann, by="ida")
    picture = {"type": "Image", "url": f"{scene.peer.origin}/p.png", "mediaType": "image/png"}
    scene.ann.terms = {"icon": picture}
    uri = await scene.ward.publish_story(title="Home by six")
    notes = [scene.ann.reply(uri, attachment=[picture]), scene.ann.note(attachment=[picture])]
    for activity in (scene.ann.update(scene.ann.document), *map(scene.ann.create, notes)):
        assert (await scene.ann.post(scene.inbox, activity)).status == 202
    await scene.settle()
    elsewhere = await scene.ward.post(notes[1]["id"])
    assert elsewhere is not None
    browser, nobody = scene.browser(), scene.browser()
    await browser.sign_in()
    story = uri.removeprefix(scene.ward.origin)
    shown = (*ANYBODYS, story, f"{story}/history", f"/elsewhere/{elsewhere.id}")
    for who, paths in ((nobody, shown), (browser, (*shown, *SIGNED_IN))):
        for path in paths:
            await _check_guarded(who, path)
    assert "/proxy/" in (await browser.get(story)).text
    assert scene.peer.asked("/p.png") == []


async def _check_guarded(browser: Browser, path: str) -> None:
    seen = await browser.get(path)
    assert seen.status < 500, path
    policy = dict(
        part.strip().split(" ", 1) for part in seen.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'", path
    assert policy["frame-ancestors"] == "'none'", path
    assert policy["base-uri"] == "'none'", path
    for name in ("script-src", "style-src", "img-src", "form-action"):
        assert policy[name] == "'self'", (path, name)
    assert seen.headers["Strict-Transport-Security"] == "max-age=31536000", path
    assert seen.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, path
    assert seen.headers["X-Content-Type-Options"] == "nosniff", path
    asked = Asked(seen.text)
    assert asked.inline == [], path
    assert {urlsplit(url).netloc for url in asked.urls} <= {""}, path


async def test_case_29_private_pages_are_kept_by_nobody(scene: Scene) -> None:
    """What is shown to somebody who is signed in stays out of every cache that is shared."""
    browser = scene.browser()
    await browser.sign_in()
    for path in ("/", "/stories", *SIGNED_IN):
        kept = (await browser.get(path)).headers["Cache-Control"]
        assert "private" in kept or "no-store" in kept, (path, kept)
        assert "public" not in kept, (path, kept)


def _picture() -> BytesIO:
    data = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "PNG")
    return BytesIO(data.getvalue())


async def _tell(scene: Scene, visibility: Visibility, *, publish: bool = True) -> Post:
    async def tell() -> Post:
        ida = await scene.ward.person()
        story = Story(title=SECRET, what_happened=SECRET, topics=("hush",))
        draft = await stories.draft(ida, story, visibility=visibility, house=scene.ward.house)
        if publish:
            return await stories.publish(draft, by=ida, house=scene.ward.house)
        return draft

    return await scene.ward.run(tell)


@asynccontextmanager
async def _others(scene: Scene) -> AsyncIterator[tuple[Browser, Browser]]:
    await scene.ward.add_person("bob")
    nobody, bob = scene.browser(), scene.browser()
    await bob.sign_in("bob")
    yield nobody, bob


async def _check_hidden(scene: Scene, paths: list[str], *others: Browser) -> None:
    """None of the paths is there, and no list, feed or collection tells of it."""
    lists = [
        "/", "/stories", "/people/ida", "/home", "/notifications", "/topics/hush", "/feed.atom",
        "/stories.atom", "/people/ida.atom", "/topics/hush.atom", "/people/ida/outbox?page=true",
        "/hub/outbox?page=true", "/nodeinfo/2.0", "/sign-in",
    ]  # fmt: skip
    for browser in others:
        for accept in ("text/html", CONTENT_TYPE, "application/atom+xml", "*/*"):
            for path in paths:
                seen = await browser.ask("GET", path, headers={"Accept": accept})
                assert seen.status in {303, 401, 404}, (path, accept, seen.status)
                if seen.status == 303:
                    assert seen.headers["Location"].startswith("/sign-in"), path
                assert SECRET not in seen.text, (path, accept)
            for path in lists:
                seen = await browser.ask("GET", path, headers={"Accept": accept})
                assert SECRET not in seen.text, (path, accept)


async def test_case_30_a_draft_is_there_for_its_writer_alone(scene: Scene) -> None:
    """Its page, its form, its pictures, what could be done to it: 404 to everybody else."""
    ida = scene.browser()
    await ida.sign_in()
    fields = {"title": SECRET, "what_happened": SECRET, "topics": "hush", "consent": "on",
              "visibility": "public"}  # fmt: skip
    draft = (await ida.send("/tell", fields)).headers["Location"]
    form = aiohttp.FormData({"csrf": (await ida.get(draft)).token, "alt": SECRET})
    form.add_field("picture", _picture(), filename="x.png", content_type="image/png")
    assert (await ida.ask("POST", f"{draft}/pictures", data=form)).status == 303
    page = (await ida.get(draft)).text
    picture = "/media/" + page.split('src="/media/')[1].split('"')[0]
    assert (await ida.get(picture)).headers["Cache-Control"] == "private, no-store"
    number = draft.rpartition("/")[2]
    paths = [draft, f"{draft}/edit", picture, f"/posts/{number}/respond", f"/elsewhere/{number}"]
    async with _others(scene) as (nobody, bob):
        await _check_hidden(scene, paths, nobody, bob)
        token = (await bob.get("/home/following")).token
        async with scene.nothing_happens():
            for act in ("publish", "discard", "edit", "pictures", "pictures/1/remove"):
                seen = await bob.post(f"{draft}/{act}", {"csrf": token, **fields})
                assert (act, seen.status) == (act, 404)
            for act in ("thank", "respond"):
                seen = await bob.post(f"/posts/{number}/{act}", {"csrf": token, "text": "x"})
                assert (act, seen.status) == (act, 404)


async def test_case_30_nothing_is_published_before_its_writer_has_agreed(scene: Scene) -> None:
    """A draft that is kept for later is asked about again; the box is never ticked for anybody."""
    ida = scene.browser()
    await ida.sign_in()
    told = {"title": "Home", "what_happened": "Late.", "visibility": "public"}
    await ida.send("/tell", {**told, "do": "later"})
    draft = re.findall(r'href="(/drafts/\d+)"', (await ida.get("/drafts")).text)[0]
    page = (await ida.get(f"{draft}/edit")).text
    assert ('name="consent"' in page, TICKED in page) == (True, False)
    asked = await ida.send(f"{draft}/publish", page=draft)
    assert (asked.status, "Tick the box if you are happy" in asked.text) == (422, True)
    assert "Late." in asked.text
    await ida.send(f"{draft}/edit", {**told, "consent": "yes"})
    assert TICKED in (await ida.get(f"{draft}/edit")).text
    published = await ida.send(f"{draft}/publish", page=draft)
    assert published.headers["Location"].startswith("/stories/")


async def test_case_30_what_is_not_for_everybody_is_not_there_for_others(scene: Scene) -> None:
    """Followers-only and direct posts of ours: no page, document, collection, activity or feed."""
    async with _others(scene) as (nobody, bob):
        for visibility in (Visibility.FOLLOWERS, Visibility.DIRECT):
            post = await _tell(scene, visibility)
            path = str(post.uri).removeprefix(scene.ward.origin)
            context = str(post.conversation).removeprefix(scene.ward.origin)
            paths = [path, context, *(f"{path}/{one}" for one in
                     ("history", "edit", "delete", "replies", "likes", "shares"))]  # fmt: skip
            paths += [f"/posts/{post.id}/respond", f"/elsewhere/{post.id}"]
            paths += await scene.ward.run(_activities)
            await _check_hidden(scene, [one for one in paths if one], nobody, bob)
            like = scene.ann.like(str(post.uri))
            boost = scene.ann.announce(str(post.uri))
            for activity in (like, boost):
                await scene.ann.post(scene.inbox, activity)
        await scene.settle()
    assert (await scene.stored())["thanks"] == []
    assert (await scene.stored())["boosts"] == []


async def _activities() -> list[str]:
    from server.delivery.tables import OutgoingActivity

    return [row.uri.removeprefix("https://ward.test") for row in await OutgoingActivity.all()]


async def test_case_30_private_words_from_elsewhere_are_shown_to_whom_they_are_for(
    scene: Scene,
) -> None:
    """A direct note to Ida, and one for Ann's followers, of whom Ida is one and Bob is none."""
    uri = await scene.ward.publish_story(title="Home by six")
    await follow(scene, scene.ann, by="ida")
    direct = scene.ann.reply(uri, f"<p>{SECRET}</p>") | {"to": [scene.ida], "cc": []}
    followers = scene.ann.note(f"<p>{SECRET}</p>", to=[f"{scene.ann.uri}/followers"], cc=[])
    for note in (direct, followers):
        await scene.ann.post(scene.inbox, scene.ann.create(note))
    await scene.settle()
    story = uri.removeprefix(scene.ward.origin)
    ida = scene.browser()
    await ida.sign_in()
    assert SECRET in (await ida.get(story)).text
    assert SECRET in (await ida.get("/home")).text
    async with _others(scene) as (nobody, bob):
        for note in (direct, followers):
            held = await scene.ward.post(note["id"])
            assert held is not None
            paths = [f"/elsewhere/{held.id}", f"/posts/{held.id}/respond"]
            await _check_hidden(scene, paths, nobody, bob)
        for browser in (nobody, bob):
            for path in (story, f"{story}/replies"):
                for accept in ("text/html", CONTENT_TYPE):
                    seen = await browser.ask("GET", path, headers={"Accept": accept})
                    assert seen.status == 200
                    assert SECRET not in seen.text
                    assert direct["id"] not in seen.text


async def test_case_30_a_boost_shows_nobody_what_was_not_for_everybody(scene: Scene) -> None:
    """Ida may read Ann's note; Bob follows Eve, who passes it on, and sees nothing of it."""
    eve = scene.peer.actor("eve")
    await follow(scene, scene.ann, by="ida")
    await scene.ward.add_person("bob")
    await follow(scene, eve, by="bob")
    note = scene.ann.note(f"<p>{SECRET}</p>", to=[f"{scene.ann.uri}/followers"], cc=[])
    narrowed = scene.ann.note("<p>At first for everybody</p>")
    for activity in (scene.ann.create(note), scene.ann.create(narrowed)):
        await scene.ann.post(scene.inbox, activity)
    for uri in (note["id"], narrowed["id"]):
        await eve.post(scene.inbox, eve.announce(uri))
    await scene.settle()
    bob = scene.browser()
    await bob.sign_in("bob")
    home = (await bob.get("/home")).text
    assert SECRET not in home
    assert "At first for everybody" in home

    changed = narrowed | {
        "content": f"<p>{SECRET}</p>", "to": [f"{scene.ann.uri}/followers"], "cc": [],
        "updated": "2027-01-01T00:00:00Z",
    }  # fmt: skip
    await scene.ann.post(scene.inbox, scene.ann.activity("Update", changed, to=[PUBLIC]))
    await scene.settle()
    assert SECRET not in (await bob.get("/home")).text


async def test_case_30_what_was_taken_back_is_nowhere(scene: Scene) -> None:
    """Neither its page, its document, its activities nor its history say what it said."""
    uri = await scene.ward.publish_story(title=SECRET, what_happened=SECRET, topics=("hush",))
    await scene.ward.edit_story(uri, title=SECRET, what_happened=f"{SECRET}.")
    activities = await scene.ward.run(_activities)
    await scene.ward.withdraw_story(uri)
    path = uri.removeprefix(scene.ward.origin)
    nobody = scene.browser()
    for one in (path, f"{path}/history", *activities):
        for accept in ("text/html", CONTENT_TYPE):
            seen = await nobody.ask("GET", one, headers={"Accept": accept})
            assert seen.status in {404, 410}, (one, seen.status)
            assert SECRET not in seen.text
    await _check_hidden(scene, [], nobody)
    assert SECRET not in repr(await scene.stored())


async def test_case_30_another_persons_sessions_notices_and_requests_are_theirs(
    scene: Scene,
) -> None:
    """By number, from another account: nothing is there."""
    await scene.ann.post(scene.inbox, scene.ann.follow(scene.ida))
    await scene.settle()
    ida = scene.browser()
    await ida.sign_in()
    uri = await scene.ward.publish_story(title="Home by six")
    await scene.settle()
    path = uri.removeprefix(scene.ward.origin)
    async with _others(scene) as (_, bob):
        token = (await bob.get("/home/following")).token
        seen = await bob.get("/notifications")
        assert "Ann" not in seen.text
        async with scene.nothing_happens():
            for form in (
                "/settings/sessions/1/end", "/home/followers/1/remove", f"{path}/edit",
                f"{path}/delete",
            ):  # fmt: skip
                answer = await bob.post(form, {"csrf": token})
                assert (form, answer.status) == (form, 404)
        assert (await ida.get("/home")).status == 200
