"""Cases 7, 8 and 9: every kind of signature that proves too little, is refused at the inbox.

Each kind is sent to a running node, which answers with the right status, asks nobody for a key and
stores nothing. Both schemes.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from multidict import CIMultiDict

from federation.signatures import content_digest_value, digest_value, http_date
from tests.security.conftest import Scene
from tests.security.forging import Forger, as_bytes

OTHER = b'{"type": "Delete"}'
HOUR = 3600

Headers = CIMultiDict[str]
Kind = Callable[[Forger, bytes], Headers]


def _with(headers: Headers, **changed: str | None) -> Headers:
    """Change headers after they were signed; None takes one away."""
    for name, value in changed.items():
        header = name.replace("_", "-")
        headers.popall(header, None)
        if value is not None:
            headers[header] = value
    return headers


def _dated(seconds: int) -> Kind:
    def make(forger: Forger, body: bytes) -> Headers:
        date = http_date(forger.now + timedelta(seconds=seconds))
        return forger.cavage(body, headers={"Date": date})

    return make


def _created(seconds: int, *, more: str = "") -> Kind:
    def make(forger: Forger, body: bytes) -> Headers:
        created = int(forger.now.timestamp()) + seconds
        return forger.rfc9421(body, parameters=f';created={created};keyid="{forger.key_id}"{more}')

    return make


def _cavage_created(seconds: int) -> Kind:
    def make(forger: Forger, body: bytes) -> Headers:
        created = int(forger.now.timestamp()) + seconds
        return forger.cavage(
            body,
            names="(request-target) host (created) digest",
            parameters=f'algorithm="hs2019",created={created}',
            lines={"(created)": str(created)},
        )

    return make


def _expired(forger: Forger, body: bytes) -> Headers:
    return _created(-60, more=f";expires={int(forger.now.timestamp()) - 1}")(forger, body)


CASE_07: Mapping[str, Kind] = {
    "no digest, none covered": lambda f, b: _with(
        f.cavage(b, names="(request-target) host date"), Digest=None
    ),
    "a digest that is not covered": lambda f, b: f.cavage(b, names="(request-target) host date"),
    "a covered digest that is not there": lambda f, b: _with(f.cavage(b), Digest=None),
    "a covered digest of another body": lambda f, b: f.cavage(
        b, headers={"Digest": digest_value(OTHER)}
    ),
    "a body changed after signing": lambda f, b: f.cavage(OTHER),
    "a digest by MD5": lambda f, b: f.cavage(b, headers={"Digest": "MD5=HUXZLQLMuI/KZ5KDcJPcOA=="}),
    "an empty digest": lambda f, b: f.cavage(b, headers={"Digest": ""}),
    "a digest that is no base64": lambda f, b: f.cavage(b, headers={"Digest": "SHA-256=%%%%"}),
    "two digests, the second wrong": lambda f, b: f.cavage(
        b, headers={"Digest": f"{digest_value(b)},{digest_value(OTHER)}"}
    ),
    "9421: no content-digest": lambda f, b: _with(
        f.rfc9421(b, names=("@method", "@target-uri")), Content_Digest=None
    ),
    "9421: a content-digest that is not covered": lambda f, b: f.rfc9421(
        b, names=("@method", "@target-uri")
    ),
    "9421: a content-digest of another body": lambda f, b: f.rfc9421(
        b, headers={"Content-Digest": content_digest_value(OTHER)}
    ),
    "9421: a covered content-digest that is not there": lambda f, b: _with(
        f.rfc9421(b), Content_Digest=None
    ),
    "9421: a body changed after signing": lambda f, b: f.rfc9421(OTHER),
}
CASE_08: Mapping[str, Kind] = {
    "a date two hours ago": _dated(-2 * HOUR),
    "a date just over an hour ago": _dated(-HOUR - 1),
    "a date in two hours": _dated(2 * HOUR),
    "a date that is none": lambda f, b: f.cavage(b, headers={"Date": "yesterday"}),
    "no date at all": lambda f, b: f.cavage(b, names="(request-target) host digest"),
    "created two hours ago, by hs2019": _cavage_created(-2 * HOUR),
    "created in two hours, by hs2019": _cavage_created(2 * HOUR),
    "9421: created two hours ago": _created(-2 * HOUR),
    "9421: created in two hours": _created(2 * HOUR),
    "9421: expired a second ago": _expired,
    "9421: never created": lambda f, b: f.rfc9421(b, parameters=f';keyid="{f.key_id}"'),
}
TOO_LITTLE: Mapping[str, Kind] = {
    "the target is not covered": lambda f, b: f.cavage(b, names="host date digest"),
    "the host is not covered": lambda f, b: f.cavage(b, names="(request-target) date digest"),
    "the target of another inbox": lambda f, b: f.cavage(
        b, lines={"(request-target)": "post /people/bob/inbox"}
    ),
    "another host's": lambda f, b: f.cavage(b, headers={"Host": "other.test"}),
    "an algorithm that nobody knows": lambda f, b: f.cavage(b, parameters='algorithm="rot13"'),
    "a digest changed after signing": lambda f, b: _with(f.cavage(OTHER), Digest=digest_value(b)),
    "a date changed after signing": lambda f, b: _with(
        f.cavage(b), Date=http_date(f.now + timedelta(seconds=1))
    ),
    "9421: the target is not covered": lambda f, b: f.rfc9421(
        b, names=("@method", "content-digest")
    ),
    "9421: the method is not covered": lambda f, b: f.rfc9421(
        b, names=("@target-uri", "content-digest")
    ),
    "9421: another inbox's": lambda f, b: f.rfc9421(
        b, lines={"@target-uri": "https://other.test/inbox"}
    ),
    "9421: an algorithm that nobody knows": _created(0, more=';alg="rot13"'),
}
CASE_09: Mapping[str, Kind] = {
    "empty": lambda f, b: _with(f.cavage(b), Signature=""),
    "words": lambda f, b: _with(f.cavage(b), Signature="Bearer let-me-in"),
    "no keyId": lambda f, b: _with(f.cavage(b), Signature='headers="host",signature="YQ=="'),
    "an empty keyId": lambda f, b: _with(
        f.cavage(b), Signature='keyId="",headers="host",signature="YQ=="'
    ),
    "no signature": lambda f, b: _with(f.cavage(b), Signature=f'keyId="{f.key_id}"'),
    "keyId twice": lambda f, b: _more(f.cavage(b), f'keyId="{f.key_id}"'),
    "headers twice": lambda f, b: _more(f.cavage(b), 'headers="date"'),
    "signature twice": lambda f, b: _more(f.cavage(b), 'signature="YQ=="'),
    "a quote that never ends": lambda f, b: _with(f.cavage(b), Signature=f'keyId="{f.key_id}'),
    "no base64": lambda f, b: _with(
        f.cavage(b), Signature=f'keyId="{f.key_id}",headers="date",signature="%%%"'
    ),
    "a header covered twice": lambda f, b: f.cavage(b, names="date date host digest"),
    "created that is no number": lambda f, b: _more(f.cavage(b), 'created="now"'),
    "a hundred signatures": lambda f, b: _again(f.cavage(b), 100),
    "9421: a label without input": lambda f, b: _with(f.rfc9421(b), Signature="sig2=:YQ==:"),
    "9421: an input without signature": lambda f, b: _with(f.rfc9421(b), Signature=None),
    "9421: a label twice": lambda f, b: _more(f.rfc9421(b), "sig1=:YQ==:"),
    "9421: an input that is no list": lambda f, b: _with(
        f.rfc9421(b), Signature_Input='sig1="host"'
    ),
    "9421: an input that cannot be read": lambda f, b: _with(
        f.rfc9421(b), Signature_Input="sig1=((("
    ),
    "9421: a component twice": lambda f, b: f.rfc9421(
        b, names=("@method", "@method", "@target-uri", "content-digest")
    ),
    "9421: created that is no number": lambda f, b: f.rfc9421(
        b, parameters=f';created="now";keyid="{f.key_id}"'
    ),
}


def _more(headers: Headers, parameter: str) -> Headers:
    return _with(headers, Signature=f"{headers['Signature']},{parameter}")


def _again(headers: Headers, times: int) -> Headers:
    for _ in range(times):
        headers.add("Signature", headers["Signature"])
    return headers


async def _refused(scene: Scene, kinds: Mapping[str, Kind], status: int) -> None:
    forger = Forger(scene.ann, scene.inbox)
    body = as_bytes(scene.ann.follow(scene.ward.hub_uri))
    async with scene.nothing_happens():
        answers = {
            name: await forger.post(body, kind(forger, body)) for name, kind in kinds.items()
        }
        assert {n: a.status for n, a in answers.items()} == dict.fromkeys(kinds, status)
        assert all(answer.document["error"] for answer in answers.values())


async def test_case_07_a_body_that_no_digest_vouches_for_is_unauthenticated(scene: Scene) -> None:
    """Missing, not covered, or not that of the body: 401 before anybody is asked for a key."""
    await _refused(scene, CASE_07, 401)
    assert scene.peer.requests == []


async def test_case_08_a_signature_of_another_hour_is_unauthenticated(scene: Scene) -> None:
    """In either direction; what has expired too."""
    await _refused(scene, CASE_08, 401)
    assert scene.peer.requests == []


async def test_case_08_a_signature_of_this_hour_is_taken(scene: Scene) -> None:
    """The window is an hour wide, for the clocks of others are not quite right."""
    forger = Forger(scene.ann, scene.inbox)
    kinds = [_dated(-HOUR + 5), _dated(HOUR - 5), _created(-HOUR + 5), _cavage_created(HOUR - 5)]
    for kind in kinds:
        body = as_bytes(scene.ann.follow(scene.ward.hub_uri))
        assert (await forger.post(body, kind(forger, body))).status == 202


async def test_a_signature_that_covers_too_little_or_is_not_for_us_is_unauthenticated(
    scene: Scene,
) -> None:
    """What is signed for another inbox cannot be passed on to ours."""
    await _refused(scene, TOO_LITTLE, 401)


async def test_case_09_a_signature_that_cannot_be_read_is_malformed(scene: Scene) -> None:
    """400: whoever sent it made a mistake, and trying again will not help."""
    await _refused(scene, CASE_09, 400)
    assert scene.peer.requests == []


@pytest.mark.parametrize("first", ["weak", "strong"])
async def test_case_09_of_several_signatures_the_first_that_covers_everything_counts(
    scene: Scene, first: str
) -> None:
    """A second, weaker one beside it does no harm, and alone is not enough."""
    forger = Forger(scene.ann, scene.inbox)
    body = as_bytes(scene.ann.follow(scene.ward.hub_uri))
    strong = forger.cavage(body)
    weak = forger.cavage(body, names="host date")["Signature"]
    both = [strong["Signature"], weak] if first == "strong" else [weak, strong["Signature"]]
    headers = _with(strong, Signature=None)
    for line in both:
        headers.add("Signature", line)
    assert (await forger.post(body, headers)).status == 202
    await scene.settle()

    async with scene.nothing_happens():
        body = as_bytes(scene.ann.follow(scene.ward.hub_uri))
        alone = forger.cavage(body, names="host date")
        alone.add("Signature", alone["Signature"])
        assert (await forger.post(body, alone)).status == 401


async def test_case_09_a_signature_whose_key_id_is_no_text_is_refused(scene: Scene) -> None:
    """Bytes that are no UTF-8, in a header: 400 or 401, never a fault of ours."""
    forger = Forger(scene.ann, scene.inbox)
    body = as_bytes(scene.ann.follow(scene.ward.hub_uri))
    odd_ids = ("https://there.test/\udcff", "\udced\udca0\udc80", "acct:ann@there.test", "x" * 5000)
    async with scene.nothing_happens():
        for odd in odd_ids:
            answer = await forger.post(body, forger.cavage(body, key_id=odd))
            assert answer.status in {400, 401}
