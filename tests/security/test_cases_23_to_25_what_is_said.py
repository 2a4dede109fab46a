"""Cases 23, 24 and 25: HTML, its cost, and the spelling of hosts."""

import time
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

from server.actors.tables import Host
from tests.security.conftest import Scene, on_sqlite
from tests.security.forging import Forger, as_bytes
from tests.support.peer import Peer
from tests.support.resident import PUBLIC, Document

HOSTILE = """
<script>alert(1)</script><style>*{}</style><img src=x onerror=alert(1)>
<p onclick="alert(1)" style="position:fixed" id="csrf">Hello</p>
<a href="javascript:alert(1)">a</a><a href="JaVa\tScRiPt:alert(1)">b</a>
<a href="data:text/html,x">c</a><a href="vbscript:x">d</a><a href="/sign-out">e</a>
<a href="//evil.test">f</a><a href="https://evil.test/g" rel="opener" target="_blank">g</a>
<a href="mailto:ann@there.test">h</a><a href="ftp://evil.test">i</a>
<iframe src="https://evil.test"></iframe><form action="https://evil.test"><input name="password">
<button>Sign in</button></form><svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext>
</math>
<base href="https://evil.test/"><meta http-equiv="refresh" content="0;url=https://evil.test">
<link rel="stylesheet" href="https://evil.test/x.css"><video src="https://evil.test/v"></video>
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript><!--><img src=y>-->
<template><script>alert(1)</script></template><p class="csrf h-card mention">Bye</p>
"""
REL = {"nofollow", "noopener", "ugc"}
NEVER = {
    "iframe", "object", "embed", "video", "audio", "math", "base", "template", "noscript", "frame",
}  # fmt: skip


class Page(HTMLParser):
    """Every tag of a page, and where its links and pictures lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def check(self, origin: str) -> None:
        """Nothing runs, nothing is asked of others, and links to others say whose they are."""
        for tag, members in self.tags:
            shown = (tag, members)
            assert tag not in NEVER, shown
            assert not any(name.startswith("on") or name == "style" for name in members), shown
            if tag in {"script", "img", "link", "source"} and members.get("rel") != "canonical":
                where = members.get("src", members.get("href", ""))
                is_ours = urlsplit(where).netloc in {"", urlsplit(origin).netloc}
                assert is_ours or tag == "link", shown
            if tag == "form":
                assert members.get("action", "").startswith(("/", "")), shown
                assert "//" not in members.get("action", ""), shown
            if tag == "a":
                assert urlsplit(members.get("href", "")).scheme in {"", "http", "https", "mailto"}


def _said(text: str) -> str:
    """Return the words of a response on a page."""
    return text[text.index("Hello") - 200 : text.index("Bye") + 200]


async def test_case_23_nothing_but_words_comes_in_with_a_note(scene: Scene) -> None:
    """Whatever HTML a note holds: nothing of it runs, asks elsewhere or looks like ours."""
    uri = await scene.ward.publish_story(title="Home by six")
    note = scene.ann.reply(uri, HOSTILE, summary="<script>alert(1)</script>")
    await scene.ann.post(scene.inbox, scene.ann.create(note))
    await scene.settle()
    page = await scene.ward.get(uri.removeprefix(scene.ward.origin))
    Page(page.text).check(scene.ward.origin)
    said = _said(page.text)
    for words in ("alert(1)", "onerror", "javascript:", 'id="csrf"', 'class="csrf', "evil.test/x"):
        assert words not in said
    links = [
        m for t, m in Page(said).tags if t == "a" and m.get("href", "").startswith("https://e")
    ]
    assert [one["href"] for one in links] == ["https://evil.test/g"]
    assert all(set(one["rel"].split()) >= REL for one in links)
    assert "target" not in links[0]


async def test_case_23_nothing_but_words_comes_in_with_a_profile(scene: Scene) -> None:
    """Names, lines and addresses of accounts likewise (GHSA-x2rc)."""
    uri = await scene.ward.publish_story(title="Home by six")
    ann = scene.ann
    ann.terms = {
        "name": "<script>alert(1)</script>Ann", "summary": HOSTILE, "url": "javascript:alert(1)",
        "icon": {"type": "Image", "url": "javascript:alert(1)"},
        "attachment": [
            {"type": "PropertyValue", "name": "<b>Site</b>", "value": HOSTILE},
            {"type": "PropertyValue", "name": "X", "value": '<a href="javascript:alert(1)">y</a>'},
        ],
    }  # fmt: skip
    for activity in (ann.follow(scene.ida), ann.like(uri), ann.create(ann.reply(uri, "Hi"))):
        await ann.post(scene.inbox, activity)
    await scene.settle()
    browser = scene.browser()
    await browser.sign_in()
    paths = (
        uri.removeprefix(scene.ward.origin), "/", "/home", "/notifications", "/home/followers",
        f"/authorize_interaction?uri={quote(ann.uri)}",
    )  # fmt: skip
    for path in paths:
        seen = await browser.get(path)
        assert seen.status == 200, path
        Page(seen.text).check(scene.ward.origin)
        assert "<script>alert" not in seen.text
        assert "javascript:" not in seen.text


async def test_case_23_what_people_here_write_is_held_to_the_same(scene: Scene) -> None:
    """Markdown with HTML in it, on the page, in the note, in the feed."""
    words = (
        "<script>alert(1)</script>\n\n[a](javascript:alert(1)) ![b](https://evil.test/b.png)\n\n"
    )
    uri = await scene.ward.publish_story(
        title="<img src=x onerror=alert(1)>", what_happened=words + HOSTILE, places=("<b>x</b>",)
    )
    path = uri.removeprefix(scene.ward.origin)
    for where in (path, "/", "/stories", "/people/ida"):
        page = await scene.ward.get(where)
        Page(page.text).check(scene.ward.origin)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    content = (await scene.ward.fetch(path))["content"]
    assert not any(tag in {"img", "script", "style"} for tag, _ in Page(content).tags)
    feed = await scene.ward.get("/feed.atom", accept="application/atom+xml")
    assert "<script" not in feed.text
    assert "<img" not in feed.text


@on_sqlite
async def test_case_24_a_hostile_note_costs_no_more_than_its_length(scene: Scene) -> None:
    """From the inbox to the page: CPU at 2n is at most 2.5 times that at n, and little in all."""
    uri = await scene.ward.publish_story(title="Home by six")
    pieces = (
        "<a href=", "<p><b>", "<!--", "&#", "<a href='javascript:", "@a@b.", "#t", "](", "<div ",
    )  # fmt: skip

    async def cost(piece: str, size: int) -> float:
        best = 1e9
        for _ in range(2):
            text = piece * (size // len(piece))
            note = scene.ann.reply(uri, text, summary=text, tag=[{"type": "Hashtag", "name": text}])
            begun = time.process_time()
            assert (await scene.ann.post(scene.inbox, scene.ann.create(note))).status == 202
            await scene.ward.work()
            best = min(best, time.process_time() - begun)
        return best

    await scene.settle()
    for piece in pieces:
        once, twice = await cost(piece, 80_000), await cost(piece, 160_000)
        assert twice <= 2.5 * once + 0.1, (piece, once, twice)
        assert twice < 2.0, piece


@on_sqlite
async def test_case_24_hostile_headers_cost_little(scene: Scene) -> None:
    """Every header that is taken apart: signatures, media types, cookies, forwarding."""
    forger = Forger(scene.ann, scene.inbox)
    body = as_bytes(scene.ann.follow(scene.ida))
    hostile = {
        "Signature": ('keyId="', " ,", "a=1,", '"\\'),
        "Signature-Input": ("sig1=(", "((", ";a=1", '"'),
        "Digest": ("SHA-256=,", "=", ", "), "Content-Digest": ("a=:", ":", "sha-256=:YQ==:,"),
        "Date": ("Fri, ", " "),
    }  # fmt: skip
    begun = time.process_time()
    for name, pieces in hostile.items():
        for piece in pieces:
            headers = forger.cavage(body)
            headers[name] = (piece * 8_000)[:8_000]
            assert (await forger.post(body, headers)).status in {202, 400, 401}
    for piece in ("text/html;", "q=0,", "*/*;q=", "application/activity+json;profile=", ",,"):
        for name in ("Accept", "Cookie", "X-Forwarded-For", "If-None-Match", "Accept-Encoding"):
            sent = {"Accept": "text/html", name: (piece * 8_000)[:8_000]}
            answer = await scene.ward.send("GET", "/", headers=sent)
            assert answer.status < 500
    assert time.process_time() - begun < 3.0


def _spelt(scene: Scene) -> list[str]:
    return [
        "https://evil.test/people/mallory", "https://EVIL.test/people/mallory",
        "https://evil.test./people/mallory", "https://evil.test:443/people/mallory",
        "HTTPS://Evil.Test.:443/people/mallory", "https://evil\uff0etest/people/mallory",
        "https://b\u00fccher.test/people/mallory", "https://xn--bcher-kva.test/people/mallory",
        "https://BU\u0308CHER.test/people/mallory", "https://xn--BCHER-KVA.test./people/mallory",
    ]  # fmt: skip


async def test_case_25_a_blocked_host_is_blocked_however_it_is_spelt(scene: Scene) -> None:
    """Capitals, a dot at the end, the usual port, IDNA and its ASCII form."""
    evil = await Peer.at(scene.network, "evil.test")
    mallory = evil.actor("mallory")

    async def block() -> None:
        await Host.create(host="evil.test", blocked=True)
        await Host.create(host="xn--bcher-kva.test", blocked=True)

    await scene.ward.run(block)
    forger = Forger(mallory, scene.inbox)
    browser = scene.browser()
    await browser.sign_in()
    page = await browser.get("/home/following")
    async with scene.nothing_happens():
        for actor in _spelt(scene):
            if actor.isascii():
                body = as_bytes(mallory.follow(scene.ida) | {"actor": actor})
                answer = await forger.post(body, forger.cavage(body, key_id=f"{actor}#main-key"))
                assert (actor, answer.status) == (actor, 403)
            asked = await browser.post("/home/following", {"csrf": page.token, "whom": actor})
            assert (actor, asked.status) == (actor, 422)
            handle = f"@mallory@{urlsplit(actor).netloc.removesuffix(':443')}"
            asked = await browser.post("/home/following", {"csrf": page.token, "whom": handle})
            assert (handle, asked.status) == (handle, 422)
    assert [one.path for one in evil.requests if "webfinger" not in one.path] == []


async def test_case_25_nobody_is_two_by_two_spellings(scene: Scene) -> None:
    """Our own host and a stranger's, however they are written, are what they are."""
    for resource in ("acct:ida@WARD.TEST", "acct:ida@ward.test.", "acct:ida@ward.test:443"):
        found = await scene.ward.get(f"/.well-known/webfinger?resource={quote(resource)}")
        assert (resource, found.status) == (resource, 200)
    browser = scene.browser()
    await browser.sign_in()
    page = await browser.get("/home/following")
    for whom in ("@ann@THERE.test", "@ann@there.test.", "ann@there.test:443"):
        asked = await browser.post("/home/following", {"csrf": page.token, "whom": whom})
        assert (whom, asked.status) == (whom, 303)
    assert sum("there.test" in row for row in (await scene.stored())["actors"]) == 1


async def test_case_25_another_spelling_of_the_actor_is_another_actor(scene: Scene) -> None:
    """What is signed by there.test is not said by THERE.test: refused, not guessed at."""
    for actor in ("https://THERE.test/people/ann", "https://there.test:443/people/ann"):
        async with scene.nothing_happens():
            note: Document = scene.ann.note(to=[PUBLIC, scene.ida]) | {"attributedTo": actor}
            create = scene.ann.create(note) | {"actor": actor}
            assert (await scene.ann.post(scene.inbox, create)).status == 403
