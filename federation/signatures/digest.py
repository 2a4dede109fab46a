"""Digests of a body: `Digest` (RFC 3230) and `Content-Digest` (RFC 9530)."""

import binascii
from base64 import b64decode, b64encode
from hashlib import sha256, sha512
from hmac import compare_digest

from federation.signatures.errors import BadDigestError
from federation.signatures.message import Message

HASHES = {"sha-256": sha256, "sha-512": sha512}
DIGEST_FIELDS = ("digest", "content-digest")


def digest_value(body: bytes) -> str:
    """Return the `Digest` of `body`: `SHA-256=...`, which draft-cavage peers want."""
    return "SHA-256=" + b64encode(sha256(body).digest()).decode("ascii")


def content_digest_value(body: bytes) -> str:
    """Return the `Content-Digest` of `body`: `sha-256=:...:`, which RFC 9421 peers want."""
    return "sha-256=:" + b64encode(sha256(body).digest()).decode("ascii") + ":"


def check_digest(message: Message, field: str) -> None:
    """Check the body against the field `digest` or `content-digest`.

    Raises BadDigestError if there is none with SHA-256 or SHA-512, or if any of them is another's.
    Algorithms that we do not know are passed over.
    """
    text = message.value(field)
    if text is None:
        raise BadDigestError(reason="there is none")
    known = False
    for member in text.split(","):
        name, equals, value = member.strip().partition("=")
        algorithm = HASHES.get(name.lower())
        if algorithm is None or not equals:
            continue
        if not compare_digest(_decoded(value, field), algorithm(message.body).digest()):
            raise BadDigestError(reason=f"{name.lower()} differs")
        known = True
    if not known:
        raise BadDigestError(reason="neither SHA-256 nor SHA-512")


def _decoded(value: str, field: str) -> bytes:
    if field == "content-digest":
        if len(value) < 2 or value[0] != ":" or value[-1] != ":":
            raise BadDigestError(reason="not a byte sequence")
        value = value[1:-1]
    try:
        return b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadDigestError(reason="not base64") from error
