"""Cases 21 and 22: bodies, lists and numbers beyond measure, in what comes and what is fetched."""

import asyncio
import gzip
import json
import random
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from io import BytesIO

import aiohttp
from aiohttp import web
from yarl import URL

from server import db
from server.actors.tables import Actor
from server.posts.tables import Attachment, Mention, Post, Tag
from tests.security.conftest import Scene, follow, on_sqlite
from tests.security.forging import Forger
from tests.support.peer import Peer
from tests.support.resident import CONTENT_TYPE, CONTEXT, PUBLIC

MEBIBYTE = 1024 * 1024
PATIENCE = 5.0


async def _flood(sent: list[int]) -> AsyncIterator[bytes]:
    for _ in range(2048):
        sent[0] += 65_536
        yield b"x" * 65_536


@on_sqlite
async def test_case_21_a_body_over_one_mebibyte_is_too_large(scene: Scene) -> None:
    """413: announced, and packed small."""
    bodies: dict[str, tuple[bytes, dict[str, str]]] = {
        "with its length": (b"x" * (MEBIBYTE + 1), {}),
        "a gzip bomb": (gzip.compress(bytes(64 * MEBIBYTE), 1), {"Content-Encoding": "gzip"}),
        "a deflate bomb": (zlib.compress(bytes(64 * MEBIBYTE), 1), {"Content-Encoding": "deflate"}),
    }
    browser = scene.browser()
    async with scene.nothing_happens(), asyncio.timeout(PATIENCE):
        for name, (body, headers) in bodies.items():
            sent = {"Content-Type": CONTENT_TYPE, **headers}
            url = scene.inbox
            async with browser.session.post(url, data=BytesIO(body), headers=sent) as answer:
                assert (name, answer.status) == (name, 413)


@on_sqlite
async def test_case_21_a_body_in_chunks_is_read_no_further_than_the_limit(scene: Scene) -> None:
    """Without a length: of 128 MiB only so much is taken as is on its way when we say no."""
    sent = [0]
    browser = scene.browser()
    headers = {"Content-Type": CONTENT_TYPE}
    async with scene.nothing_happens(), asyncio.timeout(PATIENCE):
        with suppress(aiohttp.ClientConnectionError, ConnectionError):
            url = scene.inbox
            async with browser.session.post(url, data=_flood(sent), headers=headers) as answer:
                assert answer.status == 413
    assert sent[0] < 32 * MEBIBYTE


@on_sqlite
async def test_case_21_a_length_that_is_a_lie_gains_nothing(scene: Scene) -> None:
    """A client that announces a gigabyte is answered before it sends it."""
    port = scene.network.resolver.ports[scene.ward.host]
    async with scene.nothing_happens(), asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=scene.network.trust, server_hostname=scene.ward.host
        )
        lines = [
            "POST /inbox HTTP/1.1", f"Host: {scene.ward.host}", f"Content-Type: {CONTENT_TYPE}",
            f"Content-Length: {1024 * MEBIBYTE}", "", "",
        ]  # fmt: skip
        writer.write("\r\n".join(lines).encode())
        await writer.drain()
        assert b" 413 " in await reader.readline()
        writer.close()


@on_sqlite
async def test_case_21_an_answer_that_never_ends_is_cut_at_the_limit(scene: Scene) -> None:
    """A key's document, in the clear and packed: we let go soon after a mebibyte."""
    sent: list[int] = []

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": CONTENT_TYPE})
        packed = gzip.compress(bytes(64 * MEBIBYTE), 1)
        if request.path == "/packed":
            response.headers["Content-Encoding"] = "gzip"
        await response.prepare(request)
        sent.append(0)
        try:
            for number in range(1024):
                piece = b" " * 65_536
                if request.path == "/packed":
                    piece = packed[number * 4_096 : (number + 1) * 4_096]
                if request.transport is None or request.transport.is_closing() or not piece:
                    break
                await response.write(piece)
                await asyncio.sleep(0)
                sent[-1] += len(piece)
        except ConnectionError:
            pass
        return response

    forger = Forger(scene.ann, scene.inbox)
    body = json.dumps(scene.ann.follow(scene.ida)).encode()
    async with scene.nothing_happens(), asyncio.timeout(PATIENCE):
        for path in ("/endless", "/packed"):
            url = scene.peer.handles(path, endless)
            answer = await forger.post(body, forger.cavage(body, key_id=f"{url}#main-key"))
            assert (path, answer.status) == (path, 401)
    assert len(sent) == 2
    assert max(sent) < 32 * MEBIBYTE


def _nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


async def test_case_22_a_body_beyond_measure_is_malformed(scene: Scene) -> None:
    """400 for each, whoever signed it; never a fault of ours."""
    follow_ = scene.ann.follow(scene.ida)
    plain = json.dumps(follow_)[:-1]
    bodies = {
        "no JSON": b"{",
        "a list": b"[]",
        "65 levels": plain.encode() + b',"x":' + _nested(64) + b"}",
        "10,000 levels": plain.encode() + b',"x":' + _nested(10_000) + b"}",
        "10,000 lists": plain.encode() + b',"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        "a number too large": plain.encode() + b',"x":1e400}',
        "a lone surrogate": plain.encode() + b',"content":"\\ud800"}',
        "NUL": plain.encode() + b',"content":"a\\u0000b"}',
        "a bare NUL": plain.encode() + b',"content":"a\x00b"}',
        "overlong UTF-8": plain.encode() + b',"content":"\xc0\xaf"}',
        "surrogates in UTF-8": plain.encode() + b',"content":"\xed\xa0\x80"}',
        "not UTF-8": plain.encode() + b',"content":"\xff"}',
        "UTF-16": json.dumps(follow_).encode("utf-16"),
        "NaN": plain.encode() + b',"x":NaN}',
        "100,001 values": plain.encode() + b',"x":[' + b"1," * 100_000 + b"1]}",
        "no actor": json.dumps({**follow_, "actor": None}).encode(),
        "an actor that is no URI": json.dumps({**follow_, "actor": "ann"}).encode(),
        "an id that is no URI": json.dumps({**follow_, "id": "1"}).encode(),
        "an id with a NUL": json.dumps({**follow_, "id": f"{scene.peer.origin}/\0"}).encode(),
        "things within things": json.dumps(_announced(follow_, 20)).encode(),
    }
    async with scene.nothing_happens():
        answers = {name: await scene.ann.post(scene.inbox, body) for name, body in bodies.items()}
        assert {n: a.status for n, a in answers.items()} == dict.fromkeys(answers, 400)
        assert all(answer.document["error"] for answer in answers.values())


def _announced(thing: dict[str, object], times: int) -> dict[str, object]:
    for _ in range(times):
        thing = {**thing, "type": "Create", "object": thing}
    return thing


async def test_case_22_odd_values_are_stored_safely_or_not_at_all(scene: Scene) -> None:
    """202 and no harm: the job is done at once, and the pages still show."""
    uri = await scene.ward.publish_story(title="Home by six")
    odd: list[dict[str, object]] = [
        {"content": "a" * 900_000},
        {"content": 10**300, "published": "9999-12-31T23:59:59-23:59"},
        {"published": "0001-01-01T00:00:00+23:59", "updated": 7},
        {"published": "2026-13-45T99:99:99Z", "sensitive": "yes"},
        {"content": "<p>" * 20_000, "summary": "s" * 100_000, "name": "n" * 100_000},
        {"contentMap": {"x" * 300: "y", "en\u0007": "<p>Hello</p>"}},
        {"tag": [{"type": "Hashtag", "name": "#" + "t" * 5_000}, {"type": "Hashtag"}, 7, None, []]},
        {"tag": {"type": "Mention", "href": "javascript:alert(1)", "name": "x" * 9_000}},
        {"attachment": [{"type": "Image", "url": "https://there.test/x", "width": 10**18}]},
        {"url": [{"type": "Link", "href": "javascript:alert(1)"}], "to": [PUBLIC, 7, None, {}]},
        {"url": "https://there.test/" + "u" * 5_000, "context": 7},
        {"content": "\u202e\u2066 \ufeff\u0007\u001b[31m", "language": "x" * 400},
        {"fettle:response": {"kind": "x" * 5_000, "text": 7, "when": "1" * 10_000}},
    ]
    for terms in odd:
        note = scene.ann.reply(uri, "<p>Yes</p>") | terms
        if "fettle:response" in terms:
            note["@context"] = [*CONTEXT, {"fettle": "https://w3id.org/fettle#"}]
        answer = await scene.ann.post(scene.inbox, scene.ann.create(note))
        assert answer.status in {202, 400, 413}, (terms.keys(), answer)
    assert await _dead_after(scene) == []
    page = await scene.ward.get(uri.removeprefix(scene.ward.origin))
    assert page.status == 200
    assert "javascript:" not in page.text


async def _dead_after(scene: Scene) -> list[str]:
    await scene.settle()

    async def failed() -> list[str]:
        found = await db.rows("SELECT last_error FROM jobs WHERE last_error IS NOT NULL")
        return [str(row["last_error"]) for row in found]

    return await scene.ward.run(failed)


async def test_case_22_ids_of_any_length_are_stored_or_refused(scene: Scene) -> None:
    """As long as an address may be, and of letters of several bytes: an index must hold them."""
    letters = random.Random(7)  # noqa: S311 - nothing that packs well
    long = "".join(letters.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=1_950))
    wide = "".join(chr(letters.randrange(0x4E00, 0x9FA5)) for _ in range(1_900))
    uri = await scene.ward.publish_story(title="Home by six")
    for path in (long, wide, "\U0001f600" * 1_900):
        name = scene.peer.actor(path[:1_900])
        name.terms = {"preferredUsername": "long"}
        name.key = type(name.key)(f"{scene.ann.uri}x#main-key", name.key.private)
        for activity in (name.follow(scene.ida), name.create(name.reply(uri)), name.like(uri)):
            activity["id"] = f"{scene.peer.origin}/{path[:1_900]}{activity['type']}"
            answer = await name.post(scene.inbox, activity)
            assert answer.status in {400, 401, 403}, answer
    for path in (long, wide):
        for activity in (
            scene.ann.follow(scene.ida), scene.ann.like(uri), scene.ann.announce(uri),
            scene.ann.activity("Undo", f"{scene.peer.origin}/u{path}"),
            scene.ann.create(scene.ann.reply(uri) | {"id": f"{scene.peer.origin}/{path}"}),
            scene.ann.delete(f"{scene.peer.origin}/gone/{path[:-5]}"),
        ):  # fmt: skip
            activity["id"] = f"{scene.peer.origin}/{activity['type'][:1]}{path}"
            answer = await scene.ann.post(scene.inbox, activity)
            assert answer.status in {202, 400}, answer
    assert await _dead_after(scene) == []


async def test_case_22_a_long_actor_with_a_long_activity_spoils_nothing(scene: Scene) -> None:
    """Both as long as they may be, together more than an index holds."""
    letters = random.Random(7)  # noqa: S311 - nothing that packs well
    long = "".join(letters.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=1_980))
    somebody = scene.peer.actor(long)
    somebody.terms = {
        "preferredUsername": "long", "outbox": None, "followers": None, "following": None,
        "inbox": f"{scene.peer.origin}/inbox",
    }  # fmt: skip
    like = somebody.like(await scene.ward.publish_story(title="Home by six"))
    like["id"] = f"{scene.peer.origin}/a/{long}"
    answers = await asyncio.gather(
        somebody.post(scene.inbox, like), scene.ann.post(scene.inbox, scene.ann.follow(scene.ida))
    )
    assert [answer.status for answer in answers] == [202, 202]
    assert await _dead_after(scene) == []
    assert (await scene.ward.fetch("/people/ida/followers"))["totalItems"] == 1


async def test_case_22_lists_are_capped(scene: Scene) -> None:
    """50 lines of a profile, 500 tags, 10,000 recipients, 4 pictures; no more is stored."""
    await scene.ann.post(scene.inbox, scene.ann.follow(scene.ida))
    await follow(scene, scene.ann)
    line = {"type": "PropertyValue", "name": "n", "value": "v"}
    profile = scene.ann.document | {
        "attachment": [line] * 3_000,
        "alsoKnownAs": [f"https://there.test/{n}" for n in range(3_000)],
    }
    tags = [{"type": "Hashtag", "name": f"#t{number}"} for number in range(2_000)]
    picture = {"type": "Image", "url": "https://there.test/p.png", "mediaType": "image/png"}
    recipients = [f"https://there.test/people/{number}" for number in range(15_000)]
    note = scene.ann.note(
        "<p>Much</p>", tag=tags, attachment=[picture] * 200, to=[PUBLIC, *recipients, scene.ida]
    )
    for activity in (scene.ann.activity("Update", profile, to=[PUBLIC]), scene.ann.create(note)):
        activity["cc"], activity["to"] = [], [PUBLIC]
        assert (await scene.ann.post(scene.inbox, activity)).status == 202
    assert await _dead_after(scene) == []

    async def stored() -> tuple[int, int, int, int]:
        ann = await Actor.get(uri=scene.ann.uri)
        post = await Post.get(uri=note["id"])
        return (
            len(json.loads(ann.fields_json)), await Tag.filter(post_id=post.id).count(),
            await Attachment.filter(post_id=post.id).count(),
            await Mention.filter(post_id=post.id).count(),
        )  # fmt: skip

    assert await scene.ward.run(stored) == (50, 500, 4, 0)


async def test_case_22_odd_addresses_are_never_a_fault_of_ours(scene: Scene) -> None:
    """Paths and queries with NUL, broken UTF-8, numbers beyond any, odd digits."""
    odd = ("%00", "a%00b", "%ED%A0%80", "%FF", "%C0%AF", "%E2%80%AE", "%F0%9F%98%80", "%0d%0a")
    paths = [
        *(f"/people/{one}" for one in odd), *(f"/topics/{one}" for one in odd),
        *(f"/people/{one}.atom" for one in odd), *(f"/topics/{one}.atom" for one in odd),
        *(f"/people/{one}/outbox" for one in odd), *(f"/people/{one}/followers" for one in odd),
        *(f"/stories/{one}" for one in odd), *(f"/stories/{one}/likes" for one in odd),
        *(f"/responses/{one}" for one in odd), *(f"/activities/{one}" for one in odd),
        *(f"/contexts/{one}" for one in odd), *(f"/join/{one}" for one in odd),
        *(f"/reset/{one}" for one in odd), *(f"/setup/{one}" for one in odd),
        *(f"/proxy/{one}/large" for one in odd), *(f"/nodeinfo/{one}" for one in odd),
        *(f"/.well-known/webfinger?resource=acct:{one}@ward.test" for one in odd),
        *(f"/.well-known/webfinger?resource=https://ward.test/people/{one}" for one in odd),
        *(f"/stories?role={one}&before={one}" for one in odd),
        *(f"/follow?whom={one}" for one in odd), *(f"/sign-in?next={one}" for one in odd),
    ]  # fmt: skip
    for number in ("%C2%B2", "%D9%A3", "9" * 18, "9" * 40, "-1", "1e9"):
        paths += [
            f"/stories?before={number}", f"/people/ida?before={number}", f"/elsewhere/{number}",
            f"/hub/outbox?page=true&before={number}",
            f"/hub/followers?page=true&before={number}", f"/topics/x?before={number}",
            f"/posts/{number}/respond", f"/drafts/{number}",
        ]  # fmt: skip
    client = scene.browser()
    await client.sign_in()
    odd_ones = {}
    for accept in ("text/html", CONTENT_TYPE):
        for path in paths:
            status = await _raw_status(client.session, scene.ward.origin, path, accept)
            if status >= 500:
                odd_ones[f"{accept} {path}"] = status
    assert odd_ones == {}


async def _raw_status(session: aiohttp.ClientSession, origin: str, path: str, accept: str) -> int:
    url = URL(origin + path, encoded=True)
    async with session.get(url, headers={"Accept": accept}, allow_redirects=False) as answer:
        await answer.read()
        return answer.status


async def test_case_22_odd_text_in_forms_is_never_a_fault_of_ours(scene: Scene) -> None:
    """NUL and broken UTF-8 where people write."""
    browser = scene.browser()
    await browser.sign_in()
    odd = (
        "a\0b",
        "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
        "\u202e",
        "\x1b[2J",
    )
    tell = {"what_happened": "x", "consent": "on", "visibility": "public"}
    for text in odd:
        told = await browser.send("/tell", {"title": text, **tell, "topics": text, "places": text})
        assert told.status in {303, 422}, text
        if told.status == 303:
            out = await browser.send(
                f"{told.headers['Location']}/publish", page=told.headers["Location"]
            )
            assert out.status in {303, 409, 422}
        for path in ("/home/following", "/settings/profile"):
            answer = await browser.send(path, {"whom": text, "display_name": text, "summary": text})
            assert answer.status in {303, 422}, (path, text)
    other = scene.browser()
    for text in odd:
        assert (await other.sign_in(text, text)).status == 422


async def test_case_22_a_neighbours_bad_activity_spoils_no_batch(scene: Scene) -> None:
    """Many at once are committed together: each is taken or refused by itself."""
    other = (await Peer.at(scene.network, "other.test")).actor("zoe")
    good = [scene.ann.follow(scene.ida) for _ in range(5)]
    bad = [other.like("https://other.test/" + "z" * 2_000) for _ in range(5)]
    answers = await asyncio.gather(
        *(scene.ann.post(scene.inbox, one) for one in good),
        *(other.post(scene.inbox, one) for one in bad),
    )
    assert [answer.status for answer in answers[:5]] == [202] * 5
    assert await _dead_after(scene) == []
