"""Look whether a document has a proof by whom it is of, as somebody would who gets it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from federation.keys import VerificationKey, load_multikey
from federation.proofs import check_proof, proof_of

ANY_TIME = datetime(9999, 1, 1, tzinfo=UTC) - timedelta(days=1)


def is_proven(document: dict[str, Any], actor: dict[str, Any]) -> bool:
    """Say whether there is a proof; raise ProofError unless it is by a key in the actor's document
    and for just this document.
    """
    proof = proof_of(document, now=ANY_TIME)
    if proof is None:
        return False
    listed = {one["id"]: one for one in actor["assertionMethod"]}
    published = listed[proof.key_id]
    assert published["controller"] == actor["id"]
    key = VerificationKey(proof.key_id, actor["id"], load_multikey(published["publicKeyMultibase"]))
    check_proof(document, proof, key)
    return True
