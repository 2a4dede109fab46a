"""RFC 9421, HTTP Message Signatures, as far as requests between servers use it."""

import re
from base64 import b64decode
from datetime import datetime
from typing import Any, NoReturn

import http_sf

from federation.keys import PublicKey, SigningKey
from federation.signatures import algorithms
from federation.signatures.components import base_of, is_understood, target_uri
from federation.signatures.digest import DIGEST_FIELDS, content_digest_value
from federation.signatures.errors import InsufficientSignatureError, MalformedSignatureError
from federation.signatures.message import Claim, Message, Scheme, bare
from federation.signatures.times import http_date

LABEL = "sig1"
MOST_SIGNATURES = 8
_PLAIN = re.compile(r"([a-z][a-z0-9_-]*)=:([A-Za-z0-9+/]+={0,2}):")
"""A `Signature` with one member, as nearly all are: read without the structured field parser."""


def claims(inputs: list[str], signatures: list[str]) -> list[Claim]:
    """Read the lines of `Signature-Input` and `Signature` (§4), in the order of the former.

    Raises MalformedSignatureError, also where a label is in one of them only.
    """
    stated, made = _dictionary(inputs), _dictionary(signatures)
    if stated.keys() != made.keys():
        raise MalformedSignatureError(reason="Signature and Signature-Input differ in labels")
    if len(stated) > MOST_SIGNATURES:
        raise MalformedSignatureError(reason="there are too many")
    return [_claim(label, stated[label], made[label]) for label in stated]


def _dictionary(lines: list[str]) -> dict[str, object]:
    plain = _PLAIN.fullmatch(lines[0]) if len(lines) == 1 else None
    try:
        if plain is not None:
            return {plain[1]: (b64decode(plain[2], validate=True), {})}
        text = ", ".join(lines).encode("ascii")
        parsed = http_sf.parse(text, tltype="dictionary", on_duplicate_key=_refuse_duplicate)
    except ValueError as error:
        raise MalformedSignatureError(reason="its headers cannot be read") from error
    return dict(parsed) if isinstance(parsed, dict) else {}


def _refuse_duplicate(key: str, context: str) -> NoReturn:
    raise MalformedSignatureError(reason=f"the {context} {key} is given twice")


def _serialised(names: list[Any], params: dict[str, Any]) -> str:
    """Return an inner list as `@signature-params` has it (§2.3)."""
    return http_sf.ser([(names, params)])


def _claim(label: str, stated: object, made: object) -> Claim:
    match stated, made:
        case (list(items), dict(params)), (bytes(signature), dict()) if signature:
            pass
        case _:
            raise MalformedSignatureError(reason=f"{label} is of the wrong type")
    covered = tuple(_component(item) for item in items)
    if len(set(covered)) != len(covered):
        raise MalformedSignatureError(reason="a component is covered twice")
    return Claim(
        scheme=Scheme.RFC9421,
        label=label,
        key_id=_text(params, "keyid") or "",
        algorithm=_text(params, "alg"),
        covered=covered,
        created=_integer(params, "created"),
        expires=_integer(params, "expires"),
        signature=signature,
        params=_serialised(items, params),
    )


def _component(item: object) -> str:
    match item:
        case (str(name), dict(params)) if name == name.lower() and name != "@signature-params":
            return http_sf.ser((name, params)) if params else name
        case _:
            raise MalformedSignatureError(reason="a component is misnamed")


def _text(params: dict[str, object], name: str) -> str | None:
    value = params.get(name)
    if value is not None and not isinstance(value, str):
        raise MalformedSignatureError(reason=f"{name} is no string")
    return value


def _integer(params: dict[str, object], name: str) -> int | None:
    value = params.get(name)
    if value is not None and type(value) is not int:
        raise MalformedSignatureError(reason=f"{name} is no integer")
    return value


def require(claim: Claim, message: Message) -> None:
    """Check that `claim` covers the method, the target, a time and the digest of a body.

    Raises InsufficientSignatureError.
    """
    covered = claim.covered
    if not claim.key_id:
        raise InsufficientSignatureError(reason="it names no key")
    if claim.algorithm is not None and claim.algorithm not in algorithms.ALGORITHMS:
        raise InsufficientSignatureError(reason="its algorithm is not known")
    if not all(is_understood(component) for component in covered):
        raise InsufficientSignatureError(reason="a component is not known")
    if "@method" not in covered:
        raise InsufficientSignatureError(reason="@method")
    if not _covers_target(covered, message):
        raise InsufficientSignatureError(reason="@target-uri")
    if claim.created is None and "date" not in covered:
        raise InsufficientSignatureError(reason="created")
    if message.needs_digest and not any(field in covered for field in DIGEST_FIELDS):
        raise InsufficientSignatureError(reason="content-digest")


def _covers_target(covered: tuple[str, ...], message: Message) -> bool:
    """`@target-uri`, or all the parts of it."""
    if "@target-uri" in covered:
        return True
    target = message.target
    host = bare(message.value("host") or "", target.scheme)
    if "@authority" not in covered and ("host" not in covered or host != target.authority):
        return False
    if "@request-target" in covered:
        return True
    return "@path" in covered and (target.query is None or "@query" in covered)


def is_genuine(claim: Claim, message: Message, key: PublicKey) -> bool:
    """Tell whether `claim` was made with the private half of `key` (§3.2)."""
    algorithm = claim.algorithm or algorithms.natural(key)
    base = base_of(claim.covered, claim.params, message)
    return algorithms.is_genuine(algorithm, key, claim.signature, base)


def sign(
    message: Message, key: SigningKey, *, now: datetime, also: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the headers that sign `message` (§3.1).

    Host, Date, Content-Digest where there is a body, Signature-Input, Signature. A
    `Content-Digest` that `message` has already is taken as it is.
    """
    headers = {"Host": message.target.authority, "Date": http_date(now)}
    values = {"@method": message.method, "@target-uri": target_uri(message)}
    if message.needs_digest:
        digest = message.value("content-digest") or content_digest_value(message.body)
        values["content-digest"] = headers["Content-Digest"] = digest
    values |= {name: message.value(name) or "" for name in also}
    algorithm = algorithms.natural(key.private)
    created = int(now.timestamp())
    stated = {"created": created, "keyid": key.key_id, "alg": algorithm}
    params = _serialised(list(values), stated)
    lines = [f'"{name}": {value}' for name, value in values.items()]
    base = "\n".join([*lines, f'"@signature-params": {params}'])
    signature = algorithms.signed(algorithm, key.private, base.encode("utf-8"))
    headers["Signature-Input"] = f"{LABEL}={params}"
    headers["Signature"] = http_sf.ser({LABEL: signature})
    return headers
