"""What is signed verifies, while it counts (security case 8)."""

from base64 import b64decode
from datetime import timedelta

import pytest

from federation.errors import UnauthenticatedError
from federation.keys import SigningKey, generate_ed25519, generate_rsa
from federation.signatures import (
    InsufficientSignatureError,
    Message,
    Scheme,
    StaleSignatureError,
    UnsuitableKeyError,
    WrongSignatureError,
    acceptable,
    algorithms,
    claims,
    content_digest_value,
    http_date,
    read_http_date,
    sign,
)
from tests.federation.signed import (
    BODY,
    CREATED,
    ED25519,
    GET,
    LINES,
    NOW,
    POST,
    RSA,
    cavage,
    check,
    each_way,
    public,
    rfc9421,
    signed,
    with_headers,
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
