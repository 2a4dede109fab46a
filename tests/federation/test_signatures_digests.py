"""A body needs a digest, covered and its own (security case 7)."""

from base64 import b64encode
from dataclasses import replace
from hashlib import sha512

import pytest

from federation.keys import SigningKey
from federation.signatures import (
    BadDigestError,
    InsufficientSignatureError,
    Scheme,
    content_digest_value,
    digest_value,
)
from tests.federation.signed import (
    BODY,
    GET,
    LINES,
    POST,
    RSA,
    USUAL,
    WAYS,
    cavage,
    check,
    each_way,
    public,
    rfc9421,
    signed,
    without,
)


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
