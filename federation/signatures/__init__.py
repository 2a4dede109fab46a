"""Signed requests: draft-cavage-12 and RFC 9421, both ways."""

import re
from datetime import datetime

from federation.errors import UnauthenticatedError
from federation.keys import SigningKey, VerificationKey
from federation.signatures import cavage, rfc9421
from federation.signatures.digest import (
    DIGEST_FIELDS,
    check_digest,
    content_digest_value,
    digest_value,
)
from federation.signatures.errors import (
    BadDigestError,
    InsufficientSignatureError,
    MalformedSignatureError,
    SignatureError,
    StaleSignatureError,
    UnsuitableKeyError,
    WrongSignatureError,
)
from federation.signatures.message import Claim, Message, Scheme
from federation.signatures.times import check_times, http_date, read_http_date

__all__ = [
    "BadDigestError",
    "Claim",
    "InsufficientSignatureError",
    "MalformedSignatureError",
    "Message",
    "Scheme",
    "SignatureError",
    "StaleSignatureError",
    "UnsuitableKeyError",
    "WrongSignatureError",
    "acceptable",
    "check_body",
    "check_key",
    "claims",
    "content_digest_value",
    "digest_value",
    "http_date",
    "read_http_date",
    "sign",
    "verify",
]

MOST_LINES = 8
_CAVAGE = re.compile(r"(?:^|[ \t,])keyId=")


def sign(
    message: Message, key: SigningKey, *, scheme: Scheme, now: datetime, also: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the headers to set on `message` so that `key` signs it.

    Cavage covers `(request-target) host date digest`, RFC 9421 `@method @target-uri
    content-digest`; digests only where there is a body; both also those fields of `message` that
    `also` names, in lower case. Costs some 0.3 ms with RSA. Raises
    UnsuitableKeyError for a cavage signature by a key that is not of RSA.
    """
    by = cavage.sign if scheme is Scheme.CAVAGE else rfc9421.sign
    return by(message, key, now=now, also=also)


def claims(message: Message) -> tuple[Claim, ...]:
    """Read what the signature headers state; () when `message` is unsigned.

    Raises MalformedSignatureError for what is duplicate or cannot be read (security case 9). Asked
    again of the same `message`, the answer is remembered.
    """
    known: tuple[Claim, ...] | None = vars(message).get("_claims")
    if known is None:
        known = vars(message)["_claims"] = _read_claims(message)
    return known


def _read_claims(message: Message) -> tuple[Claim, ...]:
    signatures = message.lines("signature")
    inputs = message.lines("signature-input")
    if len(signatures) > MOST_LINES:
        raise MalformedSignatureError(reason="there are too many")
    old = [line for line in signatures if not inputs or _CAVAGE.search(line)]
    new = [line for line in signatures if line not in old] if old else signatures
    found = rfc9421.claims(inputs, new) if inputs else []
    return (*found, *(cavage.claim_of(line) for line in old))


def acceptable(found: tuple[Claim, ...], message: Message, now: datetime) -> Claim:
    """Return the first claim that covers all that is required and is of this hour.

    Raises UnauthenticatedError where there is none at all, otherwise what is wrong with the first:
    InsufficientSignatureError or StaleSignatureError.
    """
    wrong: SignatureError | None = None
    for claim in found:
        try:
            require = cavage.require if claim.scheme is Scheme.CAVAGE else rfc9421.require
            require(claim, message)
            check_times(claim, message, now=now)
        except SignatureError as error:
            wrong = wrong or error
        else:
            return claim
    raise wrong or UnauthenticatedError()


def check_body(message: Message, claim: Claim) -> None:
    """Check every digest that `claim` covers against the body; raises BadDigestError."""
    for field in DIGEST_FIELDS:
        if field in claim.covered:
            check_digest(message, field)


def check_key(message: Message, claim: Claim, key: VerificationKey) -> None:
    """Check that `claim` was made with `key`; raises WrongSignatureError."""
    is_genuine = cavage.is_genuine if claim.scheme is Scheme.CAVAGE else rfc9421.is_genuine
    if not is_genuine(claim, message, key.public):
        raise WrongSignatureError(key_id=claim.key_id)


def verify(message: Message, claim: Claim, key: VerificationKey, *, now: datetime) -> None:
    """Check that `claim` covers enough of `message`, is timely, and was made with `key`.

    Raises InsufficientSignatureError, StaleSignatureError, BadDigestError or WrongSignatureError.
    """
    acceptable((claim,), message, now)
    check_body(message, claim)
    check_key(message, claim, key)
