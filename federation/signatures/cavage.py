"""draft-cavage-http-signatures-12, as Mastodon and nearly all its peers speak it."""

import binascii
import re
from base64 import b64decode, b64encode
from datetime import datetime

from federation.keys import PublicKey, SigningKey
from federation.signatures import algorithms
from federation.signatures.digest import DIGEST_FIELDS, digest_value
from federation.signatures.errors import (
    InsufficientSignatureError,
    MalformedSignatureError,
    UnsuitableKeyError,
)
from federation.signatures.message import Claim, Message, Scheme, bare
from federation.signatures.times import http_date

ALGORITHMS = {
    None: algorithms.RSA_SHA256,
    "rsa-sha256": algorithms.RSA_SHA256,
    "hs2019": algorithms.RSA_SHA256,
}
"""What peers mean by a name. By `hs2019` all of them mean RSA with SHA-256."""

_PARAMETER = re.compile(r'[ \t]*([A-Za-z]+)=(?:"([^"\\]*)"|([0-9]+))[ \t]*(?:,|$)')
_INTEGER = re.compile(r"[0-9]{1,15}")


def claim_of(line: str) -> Claim:
    """Read one `Signature` header (§4); raises MalformedSignatureError."""
    params = _parameters(line)
    try:
        key_id, signature = params["keyId"], params["signature"]
    except KeyError as error:
        raise MalformedSignatureError(reason="a parameter is missing") from error
    try:
        raw = b64decode(signature, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedSignatureError(reason="signature is not base64") from error
    if not key_id or not raw:
        raise MalformedSignatureError(reason="a parameter is empty")
    covered = tuple(params.get("headers", "(created)").lower().split())
    if len(set(covered)) != len(covered):
        raise MalformedSignatureError(reason="a header is covered twice")
    return Claim(
        scheme=Scheme.CAVAGE,
        label="",
        key_id=key_id,
        algorithm=params.get("algorithm"),
        covered=covered,
        created=_integer(params, "created"),
        expires=_integer(params, "expires"),
        signature=raw,
    )


def _parameters(line: str) -> dict[str, str]:
    params: dict[str, str] = {}
    position = 0
    while position < len(line):
        found = _PARAMETER.match(line, position)
        if found is None:
            raise MalformedSignatureError(reason="its parameters cannot be read")
        name, quoted, number = found.groups()
        if name in params:
            raise MalformedSignatureError(reason=f"{name} is given twice")
        params[name] = number if quoted is None else quoted
        position = found.end()
    return params


def _integer(params: dict[str, str], name: str) -> int | None:
    text = params.get(name)
    if text is None:
        return None
    if not _INTEGER.fullmatch(text):
        raise MalformedSignatureError(reason=f"{name} is no number")
    return int(text)


def require(claim: Claim, message: Message) -> None:
    """Check that `claim` covers the target, the host, a time and the digest of a body.

    The host that it covers must be ours. Raises InsufficientSignatureError.
    """
    if claim.algorithm not in ALGORITHMS:
        raise InsufficientSignatureError(reason="its algorithm is not known")
    covered = claim.covered
    if "(request-target)" not in covered:
        raise InsufficientSignatureError(reason="(request-target)")
    if "host" not in covered:
        raise InsufficientSignatureError(reason="host")
    host = message.value("host") or ""
    if bare(host, message.target.scheme) != message.target.authority:
        raise InsufficientSignatureError(reason="the host is not ours")
    if "date" not in covered and "(created)" not in covered:
        raise InsufficientSignatureError(reason="date or (created)")
    if message.needs_digest and not any(field in covered for field in DIGEST_FIELDS):
        raise InsufficientSignatureError(reason="digest")
    _require_pseudo_headers(claim)


def _require_pseudo_headers(claim: Claim) -> None:
    """§2.3: (created) and (expires) are not for algorithms that name RSA, and need their value."""
    for name, value in (("(created)", claim.created), ("(expires)", claim.expires)):
        if name in claim.covered and (value is None or claim.algorithm == "rsa-sha256"):
            raise InsufficientSignatureError(reason=f"{name} cannot be covered")


def base_of(claim: Claim, message: Message) -> bytes:
    """Return what was signed (§2.3); raises InsufficientSignatureError if a header is missing."""
    lines = [f"{name}: {_value(name, claim, message)}" for name in claim.covered]
    text = "\n".join(lines)
    if text.count("\n") != len(lines) - 1:
        raise MalformedSignatureError(reason="a header has a line break")
    return text.encode("utf-8", "surrogateescape")


def _value(name: str, claim: Claim, message: Message) -> str:
    if not name.startswith("("):
        value = message.value(name)
    elif name == "(request-target)":
        value = f"{message.method.lower()} {message.target.origin_form}"
    elif name == "(created)" and claim.created is not None:
        value = str(claim.created)
    elif name == "(expires)" and claim.expires is not None:
        value = str(claim.expires)
    else:
        value = None
    if value is None:
        raise InsufficientSignatureError(reason=f"{name} is not there")
    return value


def is_genuine(claim: Claim, message: Message, key: PublicKey) -> bool:
    """Tell whether `claim` was made with the private half of `key`."""
    algorithm = ALGORITHMS.get(claim.algorithm, "")
    return algorithms.is_genuine(algorithm, key, claim.signature, base_of(claim, message))


def sign(
    message: Message, key: SigningKey, *, now: datetime, also: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the headers that sign `message`: Host, Date, Digest where there is a body, Signature.

    A `Digest` that `message` has already is taken as it is. Raises UnsuitableKeyError unless `key`
    is of RSA, the only kind that all peers read.
    """
    if algorithms.natural(key.private) != algorithms.RSA_SHA256:
        raise UnsuitableKeyError(scheme=Scheme.CAVAGE.value)
    target = message.target
    headers = {"Host": target.authority, "Date": http_date(now)}
    names = "(request-target) host date"
    base = f"(request-target): {message.method.lower()} {target.origin_form}\n"
    base += f"host: {headers['Host']}\ndate: {headers['Date']}"
    if message.needs_digest:
        headers["Digest"] = message.value("digest") or digest_value(message.body)
        names += " digest"
        base += f"\ndigest: {headers['Digest']}"
    for name in also:
        names += f" {name}"
        base += f"\n{name}: {message.value(name) or ''}"
    signature = algorithms.signed(algorithms.RSA_SHA256, key.private, base.encode("utf-8"))
    encoded = b64encode(signature).decode("ascii")
    headers["Signature"] = (
        f'keyId="{key.key_id}",algorithm="rsa-sha256",headers="{names}",signature="{encoded}"'
    )
    return headers
