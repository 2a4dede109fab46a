"""Object integrity proofs (FEP-8b32): a document says itself who made it, whoever brings it.

The suite is eddsa-jcs-2022 (W3C, Data Integrity EdDSA Cryptosuites §3.3): Ed25519 over SHA-256 of
the proof's options and SHA-256 of the document without it, both in canonical JSON (RFC 8785). What
is checked is the document as it came, unknown members included, and never what we made of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import base58
import orjson
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from federation.errors import FederationError, UnauthenticatedError
from federation.keys import SigningKey, VerificationKey
from federation.uris import is_web_uri
from federation.vocab import CONTEXT, Json, JsonObject, members, timestamp

PROOF_TYPE = "DataIntegrityProof"
SUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"
SIGNATURE_BYTES = 64
MOST_PROOFS = 4
"""Proofs that are looked at in a document that has several."""
CLOCKS_DIFFER = timedelta(hours=1)
"""How far in the future a proof may have been made, as with signatures."""
LARGEST_INTEGER = 2**53 - 1
"""The largest that RFC 8785 writes down."""


class ProofError(UnauthenticatedError):
    """The proof proves nothing: {reason}."""


class UnprovableError(FederationError):
    """This cannot be given a proof: {reason}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A proof as its document states it; nothing of it is proven yet."""

    key_id: str
    """The `verificationMethod`."""
    signature: bytes
    options: JsonObject
    """All of it but the signature."""


def add_proof(document: JsonObject, key: SigningKey, *, created: datetime) -> JsonObject:
    """Return `document` with a proof by `key` at its end, in place of any that it had.

    Raises UnprovableError where `key` is none of Ed25519, and where the document holds numbers that
    canonical JSON does not know.
    """
    if not isinstance(key.private, Ed25519PrivateKey):
        raise UnprovableError(reason="the key is none of Ed25519")
    bare = _without_proof(document)
    options: JsonObject = {
        "type": PROOF_TYPE,
        "cryptosuite": SUITE,
        "verificationMethod": key.key_id,
        "proofPurpose": PURPOSE,
        "created": timestamp(created),
    }
    if "@context" in bare:
        options["@context"] = bare["@context"]
    try:
        made = key.private.sign(_hashed(options, bare))
    except ValueError as error:
        raise UnprovableError(reason=str(error)) from error
    value = "z" + base58.b58encode(made).decode("ascii")
    return {**bare, "proof": {**options, "proofValue": value}}


def proof_of(document: JsonObject, *, now: datetime) -> Proof | None:
    """Return the proof that a document states, or None.

    One of a type, of a suite or by a key that are not read here (a DID) is as good as none. Raises
    ProofError for one of ours that is odd: another purpose, no signature, made in the future,
    expired.
    """
    for stated in members.listed(document.get("proof"), MOST_PROOFS):
        if not isinstance(stated, dict) or not _is_read_here(stated):
            continue
        _check_terms(stated, now)
        options = {name: value for name, value in stated.items() if name != "proofValue"}
        return Proof(
            key_id=str(stated["verificationMethod"]), signature=_signature(stated), options=options
        )
    return None


def check_proof(
    document: JsonObject, proof: Proof, key: VerificationKey, *, outer_context: Json = None
) -> None:
    """Check that `proof` was made for `document` with `key`; raises ProofError.

    `outer_context` is the `@context` that a document without one of its own inherits from what it
    came in.
    """
    if not isinstance(key.public, Ed25519PublicKey):
        raise ProofError(reason="its key is none of Ed25519")
    for options, bare in _readings(document, proof, outer_context):
        try:
            key.public.verify(proof.signature, _hashed(options, bare))
        except InvalidSignature:
            continue
        except ValueError as error:
            raise ProofError(reason=str(error)) from error
        return
    raise ProofError(reason=f"it was not made with {proof.key_id} for this")


def _is_read_here(stated: JsonObject) -> bool:
    kind, suite = stated.get("type"), stated.get("cryptosuite")
    return kind == PROOF_TYPE and suite == SUITE and is_web_uri(stated.get("verificationMethod"))


def _check_terms(stated: JsonObject, now: datetime) -> None:
    if stated.get("proofPurpose") != PURPOSE:
        raise ProofError(reason="it is for another purpose")
    created = members.moment(stated.get("created"))
    if created is None and "created" in stated:
        raise ProofError(reason="nobody can say when it was made")
    if created is not None and created > now + CLOCKS_DIFFER:
        raise ProofError(reason="it is made in the future")
    if "expires" in stated:
        expires = members.moment(stated["expires"])
        if expires is None or expires < now:
            raise ProofError(reason="it has expired")


def _signature(stated: JsonObject) -> bytes:
    value = stated.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z") or len(value) > 2 * SIGNATURE_BYTES:
        raise ProofError(reason="it has no value in base58")
    try:
        signature = base58.b58decode(value[1:])
    except ValueError:
        raise ProofError(reason="it has no value in base58") from None
    if len(signature) != SIGNATURE_BYTES:
        raise ProofError(reason="its value has another length")
    return signature


def _readings(
    document: JsonObject, proof: Proof, outer_context: Json
) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Yield the options and the document as they may have been when the proof was made.

    A suite of 2025 puts the document's `@context` into the options and leaves it there; one of 2022
    to 2024 only reckons with it. Where both state one, they must agree (§3.3.2).
    """
    bare, options = _without_proof(document), proof.options
    own = bare.get("@context")
    stated = options.get("@context")
    for ld_context in (own,) if own is not None else (None, outer_context):
        if stated is not None and _listed(stated) != _listed(ld_context):
            continue
        whole = bare if ld_context is None else {**bare, "@context": ld_context}
        if stated is not None:
            whole = {**whole, "@context": stated}
        yield options, whole
        if stated is None and ld_context is not None:
            yield {**options, "@context": ld_context}, whole


def _listed(ld_context: Json) -> Json:
    return ld_context if isinstance(ld_context, list) else [ld_context]


def _without_proof(document: JsonObject) -> JsonObject:
    """Return what a proof is about: a Linked Data Signature is made after it (FEP-8b32)."""
    return {name: value for name, value in document.items() if name not in {"proof", "signature"}}


def _hashed(options: JsonObject, bare: JsonObject) -> bytes:
    return sha256(canonical(options)).digest() + sha256(canonical(bare)).digest()


def canonical(document: Json) -> bytes:
    """Return canonical JSON (RFC 8785), in most cases sixty times as fast as rfc8785 writes it.

    orjson writes the same but for fractions, large numbers and the order of keys with characters
    outside the basic plane; where there may be any of these it is not asked. Raises ValueError for
    what canonical JSON does not know.
    """
    if _is_simple(document):
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return rfc8785.dumps(document)


def _is_simple(document: Json) -> bool:
    waiting: list[Json] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if not all(map(str.isascii, value)):
                return False
            waiting += value.values()
        elif isinstance(value, list):
            if value != CONTEXT:  # long, known, and four times in each of our activities
                waiting += value
        elif isinstance(value, float) or (
            isinstance(value, int) and not -LARGEST_INTEGER <= value <= LARGEST_INTEGER
        ):
            return False
    return True
