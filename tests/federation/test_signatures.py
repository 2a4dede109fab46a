"""What a signature must cover, when it counts, and what is refused (security cases 7 to 9)."""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha512

import pytest

from federation.errors import MalformedError, UnauthenticatedError
from federation.keys import SigningKey, VerificationKey, generate_ed25519, generate_rsa
from federation.signatures import (
    BadDigestError,
    InsufficientSignatureError,
    MalformedSignatureError,
    Message,
    Scheme,
    StaleSignatureError,
    UnsuitableKeyError,
    WrongSignatureError,
    acceptable,
    algorithms,
    claims,
    content_digest_value,
    digest_value,
    http_date,
    read_http_date,
    sign,
    verify,
)

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
OWNER = "https://peer.example/people/ann"
RSA = SigningKey(f"{OWNER}#main-key", generate_rsa())
ED25519 = SigningKey(f"{OWNER}#ed25519-key", generate_ed25519())
BODY = b'{"type": "Create"}'
INBOX = "https://hub.example/inbox?via=shared&x="

Headers = dict[str, str]


def public(key: SigningKey) -> VerificationKey:
    """The other half of a key."""
    return VerificationKey(key.key_id, OWNER, key.private.public_key())


def signed(message: Message, key: SigningKey, scheme: Scheme, now: datetime = NOW) -> Message:
    """The same message with the headers that sign it."""
    return with_headers(message, sign(message, key, scheme=scheme, now=now))


def with_headers(message: Message, headers: Headers) -> Message:
    """The same message with more headers."""
    return replace(message, headers=(*message.headers, *headers.items()))


def without(message: Message, name: str) -> Message:
    """The same message without a header."""
    kept = tuple(header for header in message.headers if header[0].lower() != name)
    return replace(message, headers=kept)


def check(message: Message, key: VerificationKey, now: datetime = NOW) -> None:
    """Verify as an inbox does."""
    claim = acceptable(claims(message), message, now)
    verify(message, claim, key, now=now)


POST = Message("POST", INBOX, (("Content-Type", "application/activity+json"),), BODY)
GET = Message("GET", "https://hub.example/people/bob", (), b"")
WAYS = [(Scheme.CAVAGE, RSA), (Scheme.RFC9421, RSA), (Scheme.RFC9421, ED25519)]
each_way = pytest.mark.parametrize(
    ("scheme", "key"), WAYS, ids=["cavage", "rfc9421-rsa", "rfc9421-ed25519"]
)


@each_way
@pytest.mark.parametrize("message", [POST, GET], ids=["post", "get"])
def test_what_is_signed_verifies(scheme: Scheme, key: SigningKey, message: Message) -> None:
    """Both ways, with and without a body."""
    check(signed(message, key, scheme), public(key))


@each_way
def test_another_key_did_not_sign_it(scheme: Scheme, key: SigningKey) -> None:
    """A key of the same or another kind proves nothing."""
    message = signed(POST, key, scheme)
    for other in (generate_rsa(), generate_ed25519()):
        with pytest.raises(WrongSignatureError):
            check(message, public(SigningKey(key.key_id, other)))


def test_cavage_headers_are_those_that_mastodon_reads() -> None:
    """`(request-target) host date digest`, rsa-sha256; the query belongs to the target."""
    headers = sign(POST, RSA, scheme=Scheme.CAVAGE, now=NOW)
    assert headers["Host"] == "hub.example"
    assert headers["Date"] == "Fri, 20 Nov 2026 09:12:00 GMT"
    assert headers["Digest"].startswith("SHA-256=")
    assert headers["Signature"].startswith(
        f'keyId="{RSA.key_id}",algorithm="rsa-sha256",'
        'headers="(request-target) host date digest",signature="'
    )
    base = (
        "(request-target): post /inbox?via=shared&x=\nhost: hub.example\n"
        f"date: {headers['Date']}\ndigest: {headers['Digest']}"
    )
    made = b64decode(headers["Signature"].rpartition('signature="')[2][:-1])
    public_key = RSA.private.public_key()
    assert algorithms.is_genuine("rsa-v1_5-sha256", public_key, made, base.encode())


def test_rfc9421_headers_are_those_that_peers_read() -> None:
    """`@method @target-uri content-digest` with created, keyid and alg."""
    headers = sign(POST, RSA, scheme=Scheme.RFC9421, now=NOW)
    assert headers["Content-Digest"] == content_digest_value(BODY)
    assert "Digest" not in headers
    assert headers["Signature-Input"] == (
        'sig1=("@method" "@target-uri" "content-digest")'
        f';created={int(NOW.timestamp())};keyid="{RSA.key_id}";alg="rsa-v1_5-sha256"'
    )


def test_a_digest_made_before_is_taken() -> None:
    """A body that goes to many inboxes is digested once."""
    given = {"digest": "SHA-256=made+before=", "content-digest": "sha-256=:made+before=:"}
    for scheme, name in ((Scheme.CAVAGE, "Digest"), (Scheme.RFC9421, "Content-Digest")):
        headers = sign(with_headers(POST, given), RSA, scheme=scheme, now=NOW)
        assert headers[name] == given[name.lower()]


def test_only_rsa_signs_by_cavage() -> None:
    """No peer reads Ed25519 there."""
    with pytest.raises(UnsuitableKeyError):
        sign(POST, ED25519, scheme=Scheme.CAVAGE, now=NOW)


def test_an_unsigned_message_claims_nothing() -> None:
    """Which is not malformed, but proves nothing."""
    assert claims(POST) == ()
    with pytest.raises(UnauthenticatedError):
        acceptable((), POST, NOW)


# Time: security case 8.


@each_way
@pytest.mark.parametrize("hours", [-1.01, 1.01, -24, 24 * 365])
def test_a_signature_of_another_time_is_refused(
    scheme: Scheme, key: SigningKey, hours: float
) -> None:
    """More than an hour away in either direction."""
    message = signed(POST, key, scheme, NOW + timedelta(hours=hours))
    with pytest.raises(StaleSignatureError):
        check(message, public(key))


@each_way
@pytest.mark.parametrize("hours", [-0.99, 0.99])
def test_a_signature_within_the_hour_is_taken(
    scheme: Scheme, key: SigningKey, hours: float
) -> None:
    """Clocks differ."""
    check(signed(POST, key, scheme, NOW + timedelta(hours=hours)), public(key))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Fri, 20 Nov 2026 09:12:00 +0000",
        "Fri, 31 Feb 2026 09:12:00 GMT",
        "Fri, 20 Foo 2026 09:12:00 GMT",
        "Fri, 20 Nov 2026 25:12:00 GMT",
        "Fri, 20 Nov 0000 09:12:00 GMT",
        "Fri, ٢٠ Nov 2026 09:12:00 GMT",
        "Fri, 20 Nov 2026 09:12:00 GMT, Fri, 20 Nov 2026 09:12:00 GMT",
    ],
)
def test_a_date_that_cannot_be_read_is_none(text: str) -> None:
    """Only the form that RFC 9110 asks for."""
    assert read_http_date(text) is None


def test_a_date_is_read_as_it_is_written() -> None:
    """To the second."""
    assert read_http_date(http_date(NOW)) == NOW.timestamp()


# Hand-made signatures, to sign what we would not.


def cavage(
    names: str,
    *,
    message: Message = POST,
    parameters: str = 'algorithm="hs2019"',
    headers: Headers | None = None,
    lines: Headers | None = None,
) -> Message:
    """A message signed by cavage over `names`, with other headers or other lines of the base."""
    sent = {"Host": "hub.example", "Date": http_date(NOW), "Digest": digest_value(message.body)}
    sent |= headers or {}
    values = {name.lower(): value for name, value in sent.items()}
    values["(request-target)"] = f"{message.method.lower()} {message.target.origin_form}"
    values |= lines or {}
    base = "\n".join(f"{name}: {values[name]}" for name in names.split())
    made = algorithms.signed("rsa-v1_5-sha256", RSA.private, base.encode())
    encoded = b64encode(made).decode()
    stated = f'keyId="{RSA.key_id}",{parameters},headers="{names}",signature="{encoded}"'
    return with_headers(message, sent | {"Signature": stated})


def rfc9421(
    lines: Headers,
    *,
    message: Message = POST,
    parameters: str | None = None,
    headers: Headers | None = None,
    key: SigningKey = RSA,
    algorithm: str = "rsa-v1_5-sha256",
) -> Message:
    """A message signed by RFC 9421 over these lines of the base."""
    created = int(NOW.timestamp())
    if parameters is None:
        parameters = f';created={created};keyid="{key.key_id}"'
    stated = "(" + " ".join(f'"{name}"' for name in lines) + ")" + parameters
    base = "".join(f'"{name}": {value}\n' for name, value in lines.items())
    base += f'"@signature-params": {stated}'
    made = b64encode(algorithms.signed(algorithm, key.private, base.encode())).decode()
    sent = {"Host": "hub.example", "Content-Digest": content_digest_value(message.body)}
    sent |= headers or {}
    return with_headers(
        message, sent | {"Signature-Input": f"sig1={stated}", "Signature": f"sig1=:{made}:"}
    )


USUAL = "(request-target) host date digest"
LINES = {
    "@method": "POST",
    "@target-uri": INBOX,
    "content-digest": content_digest_value(BODY),
}


@pytest.mark.parametrize("algorithm", ['algorithm="rsa-sha256"', 'algorithm="hs2019"', "x=1"])
def test_cavage_reads_rsa_by_every_name_it_has(algorithm: str) -> None:
    """rsa-sha256, hs2019 (of which all peers mean RSA with SHA-256), or no name at all."""
    check(cavage(USUAL, parameters=algorithm), public(RSA))


@pytest.mark.parametrize("algorithm", ["rsa-sha1", "hmac-sha256", "ecdsa-sha256", "none", ""])
def test_other_algorithms_are_refused(algorithm: str) -> None:
    """By either scheme, before any key is looked for."""
    by_cavage = cavage(USUAL, parameters=f'algorithm="{algorithm}"')
    created = int(NOW.timestamp())
    parameters = f';created={created};keyid="{RSA.key_id}";alg="{algorithm}"'
    for message in (by_cavage, rfc9421(LINES, parameters=parameters)):
        with pytest.raises(InsufficientSignatureError):
            check(message, public(RSA))


@pytest.mark.parametrize("name", USUAL.split())
def test_cavage_must_cover_everything_that_is_required(name: str) -> None:
    """Without the target, the host, the time or the digest it proves too little."""
    names = " ".join(kept for kept in USUAL.split() if kept != name)
    with pytest.raises(InsufficientSignatureError):
        check(cavage(names), public(RSA))


@pytest.mark.parametrize("name", LINES)
def test_rfc9421_must_cover_everything_that_is_required(name: str) -> None:
    """Without the method, the target or the digest it proves too little."""
    lines = {kept: value for kept, value in LINES.items() if kept != name}
    with pytest.raises(InsufficientSignatureError):
        check(rfc9421(lines), public(RSA))


@pytest.mark.parametrize(
    "parameters", [f';keyid="{RSA.key_id}"', f";created={int(NOW.timestamp())}", ""]
)
def test_rfc9421_must_tell_its_key_and_time(parameters: str) -> None:
    """`keyid` always, `created` unless the date is covered."""
    with pytest.raises(InsufficientSignatureError):
        check(rfc9421(LINES, parameters=parameters), public(RSA))


def test_rfc9421_may_cover_the_date_instead_of_created() -> None:
    """The date is then what must be of this hour."""
    parameters = f';keyid="{RSA.key_id}"'
    for moment, verdict in ((NOW, None), (NOW - timedelta(hours=2), StaleSignatureError)):
        date = http_date(moment)
        message = rfc9421(LINES | {"date": date}, headers={"Date": date}, parameters=parameters)
        if verdict is None:
            check(message, public(RSA))
        else:
            with pytest.raises(verdict):
                check(message, public(RSA))


PARTS = {"@method": "POST", "content-digest": content_digest_value(BODY)}


@pytest.mark.parametrize(
    "target",
    [
        {"@authority": "hub.example", "@request-target": "/inbox?via=shared&x="},
        {"@authority": "hub.example", "@path": "/inbox", "@query": "?via=shared&x="},
        {"host": "hub.example", "@path": "/inbox", "@query": "?via=shared&x="},
    ],
)
def test_rfc9421_may_cover_the_target_in_parts(target: Headers) -> None:
    """All the parts together are as good as the whole."""
    check(rfc9421(PARTS | target), public(RSA))


@pytest.mark.parametrize(
    "target",
    [
        {"@authority": "hub.example", "@path": "/inbox"},
        {"@path": "/inbox", "@query": "?via=shared&x="},
        {"@authority": "hub.example", "@query": "?via=shared&x="},
        {"@authority": "hub.example"},
        {"@request-target": "/inbox?via=shared&x="},
    ],
)
def test_rfc9421_must_cover_every_part_of_the_target(target: Headers) -> None:
    """Without the query, the host or the path, it could have been meant for elsewhere."""
    with pytest.raises(InsufficientSignatureError):
        check(rfc9421(PARTS | target), public(RSA))


@pytest.mark.parametrize("algorithm", ["rsa-v1_5-sha256", "rsa-pss-sha512"])
def test_rfc9421_reads_both_kinds_of_rsa(algorithm: str) -> None:
    """As `alg` says."""
    created = int(NOW.timestamp())
    parameters = f';created={created};keyid="{RSA.key_id}";alg="{algorithm}"'
    check(rfc9421(LINES, parameters=parameters, algorithm=algorithm), public(RSA))


def test_the_algorithm_must_fit_the_key() -> None:
    """An RSA key makes no Ed25519 signature, whatever `alg` says."""
    created = int(NOW.timestamp())
    parameters = f';created={created};keyid="{RSA.key_id}";alg="ed25519"'
    with pytest.raises(WrongSignatureError):
        check(rfc9421(LINES, parameters=parameters), public(RSA))


@pytest.mark.parametrize(
    "component",
    [
        '"content-digest";sf',
        '"content-digest";key="sha-256"',
        '"host";bs',
        '"host";req',
        '"date";tr',
        '"@path";name="x"',
        '"@query-param";name="x";req',
        '"@query-param"',
        '"@query-params"',
    ],
)
def test_components_that_are_not_read_are_refused(component: str) -> None:
    """A base that we cannot build proves nothing, whatever else is covered."""
    message = rfc9421(LINES)
    stated = (message.value("signature-input") or "").replace("=(", f"=({component} ", 1)
    changed = with_headers(without(message, "signature-input"), {"Signature-Input": stated})
    with pytest.raises(InsufficientSignatureError):
        acceptable(claims(changed), changed, NOW)


@pytest.mark.parametrize("host", ["other.example", "hub.example.other.example", "hub.example:8443"])
def test_a_signature_for_another_host_is_refused(host: str) -> None:
    """What was sent to somebody else is not passed on to us."""
    with pytest.raises(InsufficientSignatureError):
        check(cavage(USUAL, headers={"Host": host}), public(RSA))


@pytest.mark.parametrize("host", ["hub.example", "Hub.Example", "hub.example:443"])
def test_a_host_may_be_written_in_several_ways(host: str) -> None:
    """Letter case and the default port make no other host."""
    check(cavage(USUAL, headers={"Host": host}), public(RSA))


CREATED = int(NOW.timestamp())


def test_cavage_may_cover_created_and_expires() -> None:
    """draft-cavage-12 §2.3, with hs2019."""
    message = cavage(
        "(request-target) (created) (expires) host digest",
        parameters=f'algorithm="hs2019",created={CREATED},expires={CREATED + 60}',
        lines={"(created)": str(CREATED), "(expires)": str(CREATED + 60)},
    )
    check(message, public(RSA))
    with pytest.raises(StaleSignatureError):
        check(message, public(RSA), NOW + timedelta(seconds=61))


def test_expires_is_honoured_in_rfc9421() -> None:
    """Even within the hour."""
    parameters = f';created={CREATED};expires={CREATED + 60};keyid="{RSA.key_id}"'
    message = rfc9421(LINES, parameters=parameters)
    check(message, public(RSA), NOW + timedelta(seconds=60))
    with pytest.raises(StaleSignatureError):
        check(message, public(RSA), NOW + timedelta(seconds=61))


@pytest.mark.parametrize(
    "parameters", ['algorithm="hs2019"', f'algorithm="rsa-sha256",created={CREATED}']
)
def test_created_needs_a_value_and_hs2019(parameters: str) -> None:
    """draft-cavage-12 §2.3: an error for algorithms that begin with rsa."""
    message = cavage(
        "(request-target) (created) host digest",
        parameters=parameters,
        lines={"(created)": str(CREATED)},
    )
    with pytest.raises(InsufficientSignatureError):
        check(message, public(RSA))


# Digests: security case 7.


@pytest.mark.parametrize(
    "text",
    [
        digest_value(b"another body"),
        "SHA-256=",
        "SHA-256=%%%",
        "MD5=Q2hlY2sgSW50ZWdyaXR5IQ==",
        f"{digest_value(BODY)},SHA-512=AAAA",
        "",
    ],
)
def test_a_digest_that_is_not_the_bodys_is_refused(text: str) -> None:
    """However well it is signed."""
    with pytest.raises(BadDigestError):
        check(cavage(USUAL, headers={"Digest": text}), public(RSA))


@pytest.mark.parametrize(
    "text",
    [
        content_digest_value(b"another body"),
        "sha-256=" + content_digest_value(BODY)[9:-1],
        "sha-256=:",
        "md5=:AAAA:",
        f"{content_digest_value(BODY)}, sha-512=:AAAA:",
    ],
)
def test_a_content_digest_that_is_not_the_bodys_is_refused(text: str) -> None:
    """However well it is signed."""
    message = rfc9421(LINES | {"content-digest": text}, headers={"Content-Digest": text})
    with pytest.raises(BadDigestError):
        check(message, public(RSA))


def test_digests_of_sha_512_are_read() -> None:
    """Alone, and beside what we do not know."""
    body = b"{}"
    long = b64encode(sha512(body).digest()).decode()
    message = replace(POST, body=body)
    check(cavage(USUAL, message=message, headers={"Digest": f"sha-512={long}"}), public(RSA))
    text = f"unixsum=30637, sha-512=:{long}:"
    lines = LINES | {"content-digest": text}
    check(rfc9421(lines, message=message, headers={"Content-Digest": text}), public(RSA))


@each_way
def test_a_body_needs_a_digest_that_is_there(scheme: Scheme, key: SigningKey) -> None:
    """Covered but missing is as good as not covered."""
    for name in ("digest", "content-digest"):
        message = signed(POST, key, scheme)
        if message.value(name) is not None:
            with pytest.raises(BadDigestError):
                check(without(message, name), public(key))


@each_way
def test_an_empty_post_needs_a_digest_too(scheme: Scheme, key: SigningKey) -> None:
    """Or a signed GET could be made a POST with any body."""
    empty = replace(POST, body=b"")
    check(signed(empty, key, scheme), public(key))
    with pytest.raises(BadDigestError):
        check(replace(signed(empty, key, scheme), body=BODY), public(key))


def test_a_signed_get_is_no_post() -> None:
    """Nor does it carry a body."""
    for scheme, key in WAYS:
        with pytest.raises(InsufficientSignatureError):
            check(replace(signed(GET, key, scheme), body=BODY), public(key))


# Malformed and several signatures: security case 9.

OLD = f'keyId="{RSA.key_id}",algorithm="hs2019",headers="{USUAL}",signature="AAAA"'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "keyId",
        'keyId="x"',
        'signature="AAAA"',
        OLD.replace("keyId", "keyid"),
        OLD + ',keyId="https://other.example/key"',
        OLD + ',signature="AAAB"',
        OLD + ',headers="date"',
        OLD + ',created="soon"',
        OLD + f",created={'9' * 40}",
        OLD + ",created=1,created=2",
        OLD + ";",
        OLD.replace("AAAA", "%%%"),
        OLD.replace("AAAA", "AAA"),
        OLD.replace("AAAA", ""),
        OLD.replace("host", "host host"),
        OLD.replace(RSA.key_id, ""),
        OLD.replace(RSA.key_id, 'a"b'),
        f"{OLD}, {OLD}",
        "sig1=:AAAA:",
        "keyId=" + '"' * 8000,
    ],
)
def test_a_malformed_cavage_signature_is_no_signature(text: str) -> None:
    """Duplicate, missing or unreadable parameters: 400."""
    message = with_headers(POST, {"Signature": text})
    with pytest.raises(MalformedSignatureError) as caught:
        claims(message)
    assert isinstance(caught.value, MalformedError)


STATED = f'sig1=("@method" "@target-uri");created={CREATED};keyid="k"'


@pytest.mark.parametrize(
    ("stated", "made"),
    [
        (STATED, ""),
        (STATED, "sig1"),
        (STATED, "sig1=:AAAA"),
        (STATED, "sig1=::"),
        (STATED, "sig1=:AAA%:"),
        (STATED, "sig1=:A:"),
        (STATED, 'sig1="AAAA"'),
        (STATED, "sig1=(:AAAA:)"),
        (STATED, "sig2=:AAAA:"),
        (STATED, "sig1=:AAAA:, sig2=:AAAA:"),
        (STATED, "sig1=:AAAA:, sig1=:AAAA:"),
        (f"{STATED}, sig2=()", "sig1=:AAAA:"),
        (f"{STATED}, {STATED}", "sig1=:AAAA:"),
        (STATED + ";created=1", "sig1=:AAAA:"),
        (STATED + ';keyid="other"', "sig1=:AAAA:"),
        (STATED.replace('"k"', "k"), "sig1=:AAAA:"),
        (STATED.replace(str(CREATED), '"soon"'), "sig1=:AAAA:"),
        (STATED.replace(str(CREATED), "1.5"), "sig1=:AAAA:"),
        (STATED.replace(str(CREATED), "?1"), "sig1=:AAAA:"),
        (STATED + ";expires=x", "sig1=:AAAA:"),
        (STATED + ";alg=ed25519", "sig1=:AAAA:"),
        (STATED.replace("@target-uri", "@method"), "sig1=:AAAA:"),
        (STATED.replace("@target-uri", "Host"), "sig1=:AAAA:"),
        (STATED.replace("@target-uri", "@signature-params"), "sig1=:AAAA:"),
        (STATED.replace('"@target-uri"', "1"), "sig1=:AAAA:"),
        ("sig1=1", "sig1=:AAAA:"),
        ("sig1", "sig1=:AAAA:"),
        ("é", "sig1=:AAAA:"),
        ("(" * 4000, "sig1=:AAAA:"),
        (
            ", ".join(f"s{number}=()" for number in range(9)),
            ", ".join(f"s{number}=:AAAA:" for number in range(9)),
        ),
    ],
)
def test_a_malformed_rfc9421_signature_is_no_signature(stated: str, made: str) -> None:
    """Duplicate, missing, unmatched or unreadable: 400."""
    message = with_headers(POST, {"Signature-Input": stated, "Signature": made})
    with pytest.raises(MalformedSignatureError):
        claims(message)


def test_too_many_signature_lines_are_refused() -> None:
    """Each would cost time."""
    message = replace(POST, headers=(("Signature", OLD),) * 9)
    with pytest.raises(MalformedSignatureError):
        claims(message)


def test_the_first_signature_that_covers_everything_counts() -> None:
    """Of several, one that covers too little or is of another time is passed over."""
    weak = rfc9421({"@method": "POST"})
    good = rfc9421(LINES)
    stated = f"{weak.value('signature-input')}, {good.value('signature-input')}"
    stated = stated.replace("sig1", "weak", 1)
    made = f"{weak.value('signature')}, {good.value('signature')}".replace("sig1", "weak", 1)
    message = with_headers(
        POST,
        {"Signature-Input": stated, "Signature": made, "Content-Digest": LINES["content-digest"]},
    )
    found = claims(message)
    assert [claim.label for claim in found] == ["weak", "sig1"]
    assert acceptable(found, message, NOW).label == "sig1"
    check(message, public(RSA))
    with pytest.raises(InsufficientSignatureError):
        acceptable(found[:1], message, NOW)


def test_both_schemes_may_stand_on_one_message() -> None:
    """Each in a header of its own; either is enough."""
    both = replace(POST, headers=(*signed(POST, RSA, Scheme.CAVAGE).headers,))
    both = with_headers(both, sign(POST, RSA, scheme=Scheme.RFC9421, now=NOW))
    both = without_second_host_and_date(both)
    assert {claim.scheme for claim in claims(both)} == {Scheme.CAVAGE, Scheme.RFC9421}
    for claim in claims(both):
        verify(both, claim, public(RSA), now=NOW)


def without_second_host_and_date(message: Message) -> Message:
    """Keep the first of each header that both schemes set."""
    seen: set[str] = set()
    kept = []
    for name, value in message.headers:
        if name not in {"Host", "Date"} or name not in seen:
            kept.append((name, value))
        seen.add(name)
    return replace(message, headers=tuple(kept))


def test_a_line_break_cannot_forge_a_line_of_the_base() -> None:
    """A header with a line break could stand for two."""
    message = cavage(USUAL, headers={"Host": "hub.example"})
    date = message.value("date")
    broken = replace(
        message,
        headers=(
            ("Signature", message.value("signature") or ""),
            ("Host", f"hub.example\ndate: {date}\ndigest: {message.value('digest')}"),
            ("Date", date or ""),
            ("Digest", message.value("digest") or ""),
        ),
    )
    with pytest.raises((MalformedSignatureError, InsufficientSignatureError)):
        check(broken, public(RSA))
    with pytest.raises(MalformedSignatureError):
        check(cavage(USUAL + " x", headers={"X": "a\nb"}), public(RSA))
    with pytest.raises(MalformedSignatureError):
        check(rfc9421(LINES | {"x": "a\nb"}, headers={"X": "a\nb"}), public(RSA))


@pytest.mark.parametrize("url", ["", "/inbox", "https://", "https://u@hub.example/", "hub.example"])
def test_a_target_that_is_no_web_address_is_malformed(url: str) -> None:
    """The server that takes requests in makes it from its own address."""
    with pytest.raises(MalformedError):
        _ = replace(POST, url=url).target


def test_a_name_given_twice_in_the_query_is_not_covered() -> None:
    """RFC 9421 §2.2.8: only a name that is there once."""
    url = "https://hub.example/inbox?a=1&b=x%20y~&a=2"
    message = replace(POST, url=url)
    lines = LINES | {"@target-uri": url}
    for name, value, verdict in (
        ("b", "x%20y%7E", None),
        ("a", "1", InsufficientSignatureError),
        ("c", "", InsufficientSignatureError),
    ):
        component = f'@query-param";name="{name}'
        made = rfc9421(lines | {component: value}, message=message)
        if verdict is None:
            check(made, public(RSA))
        else:
            with pytest.raises(verdict):
                check(made, public(RSA))
