"""Cases 16, 17, 18 and 20: what a stranger can make this node ask for, and how often.

The node of these tests may reach loopback, where the network lives; every other address that is
not public is refused as ever. An attempt to connect to one would fail the test (tests/conftest.py).
Nothing here walks through threads or collections yet (case 20): the tests show that nothing does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from server.actors.directory import COOL_DOWN
from server.delivery.tables import Delivery
from tests.security.conftest import Scene, follow, on_sqlite
from tests.security.forging import Forger, as_bytes
from tests.support.peer import Peer
from tests.support.resident import CONTEXT

INNER = (
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "10.0.0.5", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::10.0.0.5", "::ffff:10.0.0.5", "::ffff:127.0.0.1", "64:ff9b::a00:5",
    "2001:0:a00:5::1", "2002:a00:5::1", "fc00::1", "fe80::1", "ff02::1",
)  # fmt: skip
"""One of each kind: unspecified, private, CGNAT, link-local, multicast, reserved; and what wraps
one in IPv6: compatible, mapped, NAT64, Teredo, 6to4; ULA.
"""
SPELLINGS = (
    "10.0.0.5", "10.5", "0xa.0.0.5", "012.0.0.5", "167772165", "0x0a000005", "10.0.0.5.",
    "[::ffff:10.0.0.5]", "[::ffff:a00:5]", "[::1]", "[fe80::1%25eth0]", "[64:ff9b::10.0.0.5]",
    "1\u2070.0.0.5", "\uff11\uff10.0.0.5", "10\u30020.0.5",
)  # fmt: skip
"""Ten, nought, nought, five, as a browser may read it."""


def _key_ids(scene: Scene) -> list[str]:
    for number, address in enumerate(INNER):
        scene.network.resolver.addresses[f"inner{number}.test"] = [address]
    scene.network.resolver.addresses["both.test"] = ["10.0.0.5", "fc00::1"]
    hosts = [f"inner{number}.test" for number in range(len(INNER))]
    plain = [one for one in SPELLINGS if one.isascii()]
    return [f"https://{host}/people/ann#main-key" for host in (*hosts, "both.test", *plain)]


async def _signed_by(scene: Scene, key_id: str) -> int:
    forger = Forger(scene.ann, scene.inbox)
    body = as_bytes(scene.ann.follow(scene.ida))
    return (await forger.post(body, forger.cavage(body, key_id=key_id))).status


@on_sqlite
async def test_case_16_a_key_is_never_fetched_from_within(scene: Scene) -> None:
    """Names that lead inside, and addresses in any spelling: nobody is asked; 401."""
    async with scene.nothing_happens():
        answers = {one: await _signed_by(scene, one) for one in _key_ids(scene)}
        assert answers == dict.fromkeys(answers, 401)


@on_sqlite
async def test_case_16_nobody_is_looked_up_within(scene: Scene) -> None:
    """By the form to follow somebody, and by what other servers lead their visitors to."""
    browser = scene.browser()
    await browser.sign_in()
    _key_ids(scene)
    page = await browser.get("/home/following")
    whom = [
        *(f"https://{one}/people/ann" for one in SPELLINGS),
        "@ann@inner1.test",
        "@ann@10.0.0.5",
    ]
    async with scene.nothing_happens():
        for one in whom:
            asked = await browser.post("/home/following", {"csrf": page.token, "whom": one})
            assert (one, asked.status) == (one, 422)
        for one in whom[:3]:
            led = await browser.ask("GET", f"/authorize_interaction?uri={one}")
            assert (one, led.status) == (one, 404)
        own = {"handle": "@ann@inner1.test", "whom": scene.ward.hub_uri}
        assert (await browser.send("/follow", own)).status == 422


@on_sqlite
async def test_case_16_nothing_is_delivered_within(scene: Scene) -> None:
    """An actor whose inbox is inside is accepted, and the Accept goes nowhere."""
    _key_ids(scene)
    for name, inbox in (("bob", "https://inner1.test/inbox"), ("cat", "https://10.0.0.5/inbox")):
        who = scene.peer.actor(name)
        who.terms = {"inbox": inbox, "endpoints": {}}
        assert (await who.post(scene.inbox, who.follow(scene.ida))).status == 202
    await scene.settle()

    async def errors() -> list[str | None]:
        rows = await Delivery.all().order_by("id")
        assert {str(row.state) for row in rows} <= {"rejected", "waiting"}
        return [row.error for row in rows]

    found = await scene.ward.run(errors)
    assert len(found) == 2
    assert all(error and "may not be" in error for error in found)


@on_sqlite
async def test_case_16_no_picture_is_fetched_from_within(scene: Scene) -> None:
    """Its address is signed by us, since a post shows it; the picture is missing."""
    _key_ids(scene)
    uri = await scene.ward.publish_story(title="Home by six")
    scene.ann.terms = {"icon": {"type": "Image", "url": "https://inner3.test/latest/meta-data"}}
    await scene.ann.post(scene.inbox, scene.ann.create(scene.ann.reply(uri, "<p>Yes</p>")))
    await scene.settle()
    page = await scene.ward.get(uri.removeprefix(scene.ward.origin))
    assert "/proxy/" in page.text
    src = "/proxy/" + page.text.split('src="/proxy/')[1].split('"')[0]
    assert (await scene.ward.get(src)).status == 404


@asynccontextmanager
async def _plain(scene: Scene) -> AsyncIterator[list[str]]:
    """A server at plain.test that speaks no TLS, and what it was asked for."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.json_response(scene.ann.document, content_type="application/activity+json")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    scene.network.resolver.ports["plain.test"] = runner.addresses[0][1]
    try:
        yield asked
    finally:
        await runner.cleanup()


@on_sqlite
async def test_case_17_nobody_is_asked_without_tls(scene: Scene) -> None:
    """Neither at once nor after a redirect."""
    there = "http://plain.test/people/ann"
    scene.peer.redirects("/plain", there)
    async with _plain(scene) as asked, scene.nothing_happens():
        for key_id in (there, f"{scene.peer.origin}/plain"):
            assert await _signed_by(scene, f"{key_id}#main-key") == 401
    assert asked == []


async def _boosted(scene: Scene, url: str, uri: str) -> bool:
    assert (await scene.ann.post(scene.inbox, scene.ann.announce(url))).status == 202
    await scene.settle()
    return await scene.ward.post(uri) is not None


@on_sqlite
async def test_case_17_three_redirects_are_followed_each_signed_anew(scene: Scene) -> None:
    """And a fourth is not."""
    await follow(scene, scene.ann)
    note = scene.ann.note("<p>At the end</p>")
    for number in (1, 2):
        scene.peer.redirects(f"/r{number}", f"/r{number + 1}")
    scene.peer.redirects("/r3", note["id"])
    scene.peer.redirects("/r0", "/r1")
    scene.peer.forget()
    assert not await _boosted(scene, f"{scene.peer.origin}/r0", note["id"])
    scene.peer.forget()
    assert await _boosted(scene, f"{scene.peer.origin}/r1", note["id"])

    hops = [one for one in scene.peer.requests if one.path.startswith(("/r", "/notes"))]
    assert [one.path for one in hops][:4] == ["/r1", "/r2", "/r3", f"/notes/{note['id'][-1]}"]
    signatures = {one.header("Signature") for one in hops}
    assert None not in signatures
    assert len(signatures) == len(hops)


@on_sqlite
@pytest.mark.parametrize("kind", ["note", "key"])
async def test_case_17_a_redirect_that_leads_astray_is_not_followed(
    scene: Scene, kind: str
) -> None:
    """In a circle, to plain http, to within, to another scheme, to nowhere."""
    _key_ids(scene)
    if kind == "note":
        await follow(scene, scene.ann)
    scene.peer.redirects("/circle", "/circle/2")
    scene.peer.redirects("/circle/2", "/circle")
    scene.peer.redirects("/plain", f"http://{scene.peer.host}/people/ann")
    scene.peer.redirects("/within", "https://inner1.test/people/ann")
    scene.peer.redirects("/literal", "https://[::ffff:10.0.0.5]/people/ann")
    scene.peer.redirects("/file", "file:///etc/passwd")
    scene.peer.redirects("/script", "javascript:alert(1)")
    scene.peer.answers("/nowhere", status=302)
    before = await scene.stored()
    for path in ("/circle", "/plain", "/within", "/literal", "/file", "/script", "/nowhere"):
        url = scene.peer.origin + path
        if kind == "note":
            assert not await _boosted(scene, url, url)
        else:
            assert (path, await _signed_by(scene, f"{url}#main-key")) == (path, 401)
    after = await scene.stored()
    assert {name for name in after if after[name] != before[name]} <= {"received"}
    assert len(scene.peer.asked("/circle")) <= 2


@on_sqlite
async def test_case_17_the_second_knock_is_guarded_too(scene: Scene) -> None:
    """A server that answers 401 to the first scheme, and to the second with a way inside."""
    _key_ids(scene)
    await follow(scene, scene.ann)
    knocks: list[str] = []

    async def knock(request: web.Request) -> web.StreamResponse:
        knocks.append("9421" if "Signature-Input" in request.headers else "cavage")
        if len(knocks) == 1:
            return web.Response(status=401)
        return web.Response(status=302, headers={"Location": "https://inner1.test/notes/1"})

    url = scene.peer.handles("/knock", knock)
    assert not await _boosted(scene, url, url)
    assert knocks == ["cavage", "9421"]


@on_sqlite
async def test_case_17_a_delivery_is_not_led_astray(scene: Scene) -> None:
    """307 to within is refused; 302 is not followed at all."""
    _key_ids(scene)
    other = await Peer.at(scene.network, "other.test")
    for name, status, to in (
        ("bob", 307, "https://inner1.test/inbox"), ("cat", 308, "http://other.test/inbox"),
        ("dan", 302, "https://other.test/inbox"),
    ):  # fmt: skip
        who = scene.peer.actor(name)
        who.terms = {"endpoints": {}}
        scene.peer.redirects(f"/people/{name}/inbox", to, status=status)
        assert (await who.post(scene.inbox, who.follow(scene.ida))).status == 202
    await scene.settle()

    async def states() -> set[str]:
        return {str(row.state) for row in await Delivery.all()}

    assert await scene.ward.run(states) <= {"rejected", "waiting"}
    assert scene.peer.received == []
    assert other.requests == []


@on_sqlite
async def test_case_17_webfinger_is_not_led_astray(scene: Scene) -> None:
    """A handle whose server leads inside, or names an actor of another server."""
    _key_ids(scene)
    evil = await Peer.at(scene.network, "evil.test")
    query = "/.well-known/webfinger?resource=acct%3Aann%40evil.test"
    plain = query.replace("%3A", ":").replace("%40", "@")
    browser = scene.browser()
    await browser.sign_in()
    for path in (query, plain):
        evil.redirects(path, "https://inner1.test/")
    async with scene.nothing_happens():
        form = {"whom": "@ann@evil.test"}
        answer = await browser.send("/home/following", form)
        assert answer.status == 422


@on_sqlite
async def test_case_18_a_thousand_bad_requests_for_one_key_make_one_fetch(scene: Scene) -> None:
    """Of a key that is not there, and of one that is there and did not sign this."""
    eve = scene.peer.actor("eve")
    missing = f"{scene.peer.origin}/people/nobody#main-key"
    forger = Forger(eve, scene.inbox)
    body = as_bytes(scene.ann.follow(scene.ida))
    for key_id in (missing, scene.ann.key.key_id):
        headers = forger.cavage(body, key_id=key_id)
        async with scene.nothing_happens():
            for _ in range(20):
                answers = await asyncio.gather(*(forger.post(body, headers) for _ in range(25)))
                assert {one.status for one in answers} == {401}
    assert [one.path for one in scene.peer.requests] == ["/people/nobody", "/people/ann"]


@on_sqlite
async def test_case_18_a_failed_fetch_is_tried_again_later(scene: Scene) -> None:
    """The key's server was down for a moment: what it sends after the cool-down is read."""
    await scene.peer.stop()
    assert await _signed_by(scene, scene.ann.key.key_id) == 401
    await scene.peer.start()
    assert await _signed_by(scene, scene.ann.key.key_id) == 401
    scene.network.clock.move(COOL_DOWN)
    assert await _signed_by(scene, scene.ann.key.key_id) == 202


async def test_case_20_threads_and_collections_are_not_walked(scene: Scene) -> None:
    """Neither up what it answers, nor down what answers it, however they never end."""
    await follow(scene, scene.ann)

    async def endless(request: web.Request) -> web.StreamResponse:
        number = int(request.query.get("page", "0"))
        here = f"{scene.peer.origin}/endless"
        page = {
            "@context": CONTEXT, "id": f"{here}?page={number}", "type": "OrderedCollectionPage",
            "next": f"{here}?page={number + 1}", "orderedItems": [f"{here}/{number}"],
        }  # fmt: skip
        return web.json_response(page, content_type="application/activity+json")

    here = scene.peer.handles("/endless", endless)
    scene.ann.terms = {"outbox": here, "featured": here, "followers": here, "following": here}
    above = scene.ann.note("<p>Above</p>")
    note = scene.ann.note(
        "<p>In the middle</p>", inReplyTo=above["id"], replies=here, context=here, likes=here
    )
    scene.peer.forget()
    update = scene.ann.update(scene.ann.document)
    for activity in (update, scene.ann.create(note), scene.ann.announce(above["id"])):
        await scene.ann.post(scene.inbox, activity)
    await scene.settle()
    assert await scene.ward.post(note["id"]) is not None
    assert {one.path for one in scene.peer.requests} <= {f"/notes/{above['id'][-1]}"}
