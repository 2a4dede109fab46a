"""Object integrity proofs: what was published of them, and that nothing else passes (FEP-8b32)."""

import copy
import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import base58
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from federation.keys import SigningKey, VerificationKey, load_multikey
from federation.proofs import (
    ProofError,
    UnprovableError,
    add_proof,
    canonical,
    check_proof,
    proof_of,
)
from federation.vocab import CONTEXT, JsonObject
from tests.federation.arrivals import ANNS, ANNS_ED25519, NOW, activity, note, public

# W3C, Data Integrity EdDSA Cryptosuites v1.0, B.3 (and FEP-8b32, which uses the same pair of keys).
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"  # noqa: S105 - published
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
CREATED = datetime.fromisoformat("2023-02-24T23:36:38+00:00")
ALICE = "https://server.example/users/alice"
CREDENTIALS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/ns/credentials/examples/v2",
]
CREDENTIAL: JsonObject = {
    "@context": [*CREDENTIALS],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
PROOF_HASH = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
DOCUMENT_HASH = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
DID = f"did:key:{PUBLIC}#{PUBLIC}"
W3C_VALUE = (
    "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
)
FEP_VALUES = {  # by the version of the context that the vector names
    "v1": "zLaewdp4H9kqtwyrLatK4cjY5oRHwVcw4gibPSUDYDMhi4M49v8pcYk3ZB6D"
    "69dNpAPbUmY8ocuJ3m9KhKJEEg7z",
    "v2": "z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVs"
    "zUcZfytxa4fQ5TYHaJENCxUDe9SdL",
}


def _alice(key_id: str = f"{ALICE}#ed25519-key") -> SigningKey:
    raw = base58.b58decode(SECRET[1:])[2:]
    return SigningKey(key_id, Ed25519PrivateKey.from_private_bytes(raw))


def _fep(version: str) -> JsonObject:
    """The document of FEP-8b32's own test vector; its fractions are for canonical JSON to write."""
    return {
        "@context": [
            "https://www.w3.org/ns/activitystreams",
            f"https://w3id.org/security/data-integrity/{version}",
        ],
        "id": "https://server.example/activities/1",
        "type": "Create",
        "actor": ALICE,
        "object": {
            "id": "https://server.example/objects/1",
            "type": "Note",
            "attributedTo": ALICE,
            "content": "Hello world",
            "location": {"type": "Place", "longitude": -71.184902, "latitude": 25.273962},
        },
    }


def _genuine(document: Any, key: VerificationKey, **outer: Any) -> bool:
    proof = proof_of(document, now=NOW)
    assert proof is not None
    try:
        check_proof(document, proof, key, **outer)
    except ProofError:
        return False
    return True


def _proven(document: Any = None) -> Any:
    made: Any = activity() | {"@context": CONTEXT} if document is None else document
    return add_proof(made, ANNS_ED25519, created=NOW)


def test_the_w3c_vector_is_made_as_published() -> None:
    """Both hashes and the signature. Its key is a DID, which is made but not read."""
    made: Any = add_proof(CREDENTIAL, _alice(DID), created=CREATED)
    value = made["proof"].pop("proofValue")
    bare = {name: part for name, part in made.items() if name != "proof"}
    assert sha256(canonical(made["proof"])).hexdigest() == PROOF_HASH
    assert sha256(canonical(bare)).hexdigest() == DOCUMENT_HASH
    assert value == W3C_VALUE
    assert proof_of(made, now=NOW) is None


@pytest.mark.parametrize("version", sorted(FEP_VALUES))
def test_the_vectors_of_fep_8b32_are_made_and_verified(version: str) -> None:
    """An activity that holds fractions, with either version of the context."""
    made: Any = add_proof(_fep(version), _alice(), created=CREATED)
    assert made["proof"]["proofValue"] == FEP_VALUES[version]
    key = VerificationKey(f"{ALICE}#ed25519-key", ALICE, load_multikey(PUBLIC))
    assert _genuine(made, key)
    made["object"]["location"]["latitude"] = 25.273963
    assert not _genuine(made, key)


def test_a_proof_without_a_context_of_its_own_reckons_with_the_documents() -> None:
    """As it was made until 2024, and still is by Fedify."""
    made = _proven()
    del made["proof"]["@context"]
    assert _genuine(made, public(ANNS_ED25519))


def test_a_proof_that_was_made_without_a_context_is_read_as_it_stands() -> None:
    """Both ways are met, so both are tried."""
    made = _proven({"id": "https://peer.example/1", "type": "Like"})
    assert "@context" not in made["proof"]
    assert _genuine(made, public(ANNS_ED25519))


def test_what_is_embedded_may_inherit_its_context() -> None:
    """Some take an inner context away as they embed; it counts only where it is the outer one."""
    made = _proven(note() | {"@context": CONTEXT})
    del made["@context"]
    assert _genuine(made, public(ANNS_ED25519), outer_context=CONTEXT)
    assert not _genuine(made, public(ANNS_ED25519), outer_context=["https://other.example/"])
    assert not _genuine(made, public(ANNS_ED25519))


def test_another_context_than_the_proofs_is_refused() -> None:
    """Else a term could be given another meaning beside a proof that still holds."""
    made = _proven()
    made["@context"] = [*CONTEXT, {"fettle": "https://evil.example/ns#"}]
    assert not _genuine(made, public(ANNS_ED25519))


def test_a_linked_data_signature_beside_it_does_not_count() -> None:
    """It is made after the proof, which knows nothing of it (FEP-8b32)."""
    made = _proven() | {"signature": {"type": "RsaSignature2017", "signatureValue": "x"}}
    assert _genuine(made, public(ANNS_ED25519))


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Ed25519Signature2020"},
        {"type": ["DataIntegrityProof", "Other"]},
        {"cryptosuite": "eddsa-rdfc-2022"},
        {"cryptosuite": "mldsa44-jcs-2024"},
        {"cryptosuite": None},
        {"verificationMethod": DID},
        {"verificationMethod": None},
        {"verificationMethod": {"id": ANNS_ED25519.key_id}},
    ],
)
def test_a_proof_of_another_kind_is_as_good_as_none(change: dict[str, Any]) -> None:
    """It neither counts nor refuses."""
    made = _proven()
    made["proof"] |= change
    assert proof_of(made, now=NOW) is None


@pytest.mark.parametrize("proof", [None, [], "x", 7, {}, [[]], [None, "x"]])
def test_what_is_no_proof_is_none(proof: Any) -> None:
    """Whatever stands there."""
    assert proof_of({"type": "Like", "proof": proof}, now=NOW) is None


ODD: list[dict[str, Any]] = [
    {"proofPurpose": "authentication"},
    {"proofPurpose": None},
    {"created": "yesterday"},
    {"created": 7},
    {"created": "2027-11-20T09:12:00Z"},
    {"expires": "2026-11-19T09:12:00Z"},
    {"expires": "never"},
    {"proofValue": None},
    {"proofValue": ""},
    {"proofValue": "z"},
    {"proofValue": "z0OIl"},
    {"proofValue": "u" + W3C_VALUE[1:]},
    {"proofValue": "z" + "2" * 2_000},
    {"proofValue": W3C_VALUE[:-3]},
]


@pytest.mark.parametrize("change", ODD)
def test_an_odd_proof_is_refused(change: dict[str, Any]) -> None:
    """One that says it is of this kind, and is not as this kind has to be."""
    made = _proven()
    made["proof"] |= change
    with pytest.raises(ProofError):
        proof_of(made, now=NOW)


def test_the_first_proof_of_a_kind_that_is_read_counts() -> None:
    """Of a set, each is over the document without any."""
    made = _proven()
    made["proof"] = [{"type": "DataIntegrityProof", "cryptosuite": "other"}, made["proof"]]
    assert _genuine(made, public(ANNS_ED25519))


def test_an_old_proof_holds() -> None:
    """What was said long ago was said: there is no window as there is for requests."""
    made = add_proof(CREDENTIAL, ANNS_ED25519, created=NOW - timedelta(days=4_000))
    assert _genuine(made, public(ANNS_ED25519))


def test_a_key_of_rsa_neither_makes_nor_verifies() -> None:
    """The suite knows one kind of key."""
    with pytest.raises(UnprovableError):
        add_proof(CREDENTIAL, ANNS, created=NOW)
    assert not _genuine(_proven(), public(ANNS))


def test_numbers_that_canonical_json_lacks_make_no_proof() -> None:
    """2^53 has two spellings (RFC 8785 §3.2.2.3); what came with such a number is refused."""
    with pytest.raises(UnprovableError):
        add_proof({"many": 2**53}, ANNS_ED25519, created=NOW)
    made = _proven()
    made["many"] = 2**64
    assert not _genuine(made, public(ANNS_ED25519))


def test_making_a_proof_leaves_the_document_alone() -> None:
    """And a second one takes the place of the first."""
    document = activity()
    before = copy.deepcopy(document)
    made = add_proof(document, ANNS_ED25519, created=NOW)  # type: ignore[arg-type]
    assert document == before
    assert add_proof(made, ANNS_ED25519, created=NOW) == made


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_json_is_that_of_rfc_8785(value: Any) -> None:
    """Whichever of the two ways it is written."""
    assert canonical(value) == rfc8785.dumps(value)


@given(st.dictionaries(texts, values, max_size=6))
def test_whatever_is_proven_is_verified(document: Any) -> None:
    """Members that nobody here knows too, however the bytes were written."""
    made = add_proof(document, ANNS_ED25519, created=NOW)
    for spelt in (json.dumps(made), json.dumps(made, indent=2, ensure_ascii=False)):
        assert _genuine(json.loads(spelt), public(ANNS_ED25519))


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for name, part in inner:
        found += _places(part, (*path, name)) if isinstance(part, dict | list) else [(*path, name)]
    return found


PLACES = _places(_proven())


@given(st.sampled_from(PLACES), st.integers(0, 10_000))
def test_whatever_is_changed_breaks_the_proof(place: tuple[Any, ...], at: int) -> None:
    """One bit of one character anywhere: in the document, in what the proof says, in its value."""
    made: Any = _proven()
    holder = made
    for name in place[:-1]:
        holder = holder[name]
    text = holder[place[-1]]
    at %= len(text)
    holder[place[-1]] = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
    try:
        proof = proof_of(made, now=NOW)
    except ProofError:
        return
    with pytest.raises(ProofError):
        check_proof(made, proof, public(ANNS_ED25519)) if proof else _no_proof()


def _no_proof() -> None:
    raise ProofError(reason="it counts as none")


@given(st.sampled_from(sorted(_proven())), st.booleans())
def test_what_is_left_out_or_added_breaks_the_proof(name: str, leave_out: bool) -> None:
    """Any member at the top."""
    made = _proven()
    if leave_out and name != "proof":
        del made[name]
    else:
        made[f"{name}2"] = "more"
    assert not _genuine(made, public(ANNS_ED25519))


@given(st.dictionaries(texts, values, max_size=5))
def test_a_proof_of_any_shape_is_none_or_refused(stated: Any) -> None:
    """And nothing else happens."""
    made = _proven()
    made["proof"] |= stated
    try:
        proof = proof_of(made, now=NOW)
        assert proof is not None
        check_proof(made, proof, public(ANNS_ED25519))
    except ProofError:
        return
    assert not stated or made == _proven()
