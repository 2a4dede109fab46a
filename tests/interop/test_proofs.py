"""Integrity proofs, made by Fettle and verified by apsig, and the other way round.

apsig 0.6 fails on proofs whose `@context` holds more than addresses, as that of whole documents of
ours does, so the documents here name theirs by address.
"""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from apsig import ProofSigner, ProofVerifier

from federation.keys import SigningKey, VerificationKey, generate_ed25519
from federation.proofs import ProofError, add_proof, check_proof, proof_of

ANN = "https://there.test/people/ann"
SECRET = generate_ed25519()
KEY = SigningKey(f"{ANN}#ed25519-key", SECRET)
NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
DOCUMENT: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/data-integrity/v2",
    ],
    "id": "https://there.test/notes/1",
    "type": "Note",
    "attributedTo": ANN,
    "content": "<p>“Drei Äpfel” \U0001f34e\n\u0007</p>",
    "location": {"longitude": -71.184902, "latitude": 25.0, "é": 1e21, "\U0001f34e": 1},
}


def test_apsig_verifies_what_we_prove() -> None:
    """And not what was changed afterwards."""
    made: Any = add_proof(DOCUMENT, KEY, created=NOW)
    verifier = ProofVerifier(SECRET.public_key())
    assert verifier.verify(copy.deepcopy(made), raise_on_fail=True) == KEY.key_id
    made["content"] += "!"
    assert verifier.verify(copy.deepcopy(made)) is None


@pytest.mark.parametrize("named", [True, False])
def test_what_apsig_proves_is_verified(named: bool) -> None:
    """With a context or without; and not what was changed afterwards."""
    document = {name: value for name, value in DOCUMENT.items() if named or name != "@context"}
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "proofPurpose": "assertionMethod",
        "verificationMethod": KEY.key_id,
        "created": "2026-11-20T09:12:00Z",
    }
    made = ProofSigner(SECRET).sign(document, options)
    proof = proof_of(made, now=NOW)
    assert proof is not None
    key = VerificationKey(KEY.key_id, ANN, KEY.private.public_key())
    check_proof(made, proof, key)
    made["content"] += "!"
    with pytest.raises(ProofError):
        check_proof(made, proof, key)
