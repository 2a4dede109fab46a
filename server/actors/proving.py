"""Proofs on what our actors say to everybody (FEP-8b32); never on anything else, since a proof lets
whoever gets it show others who said it.
"""

from datetime import datetime

from federation import keys, proofs, vocab
from federation.keys import SigningKey
from server import db
from server.house import House


async def proven(
    document: vocab.JsonObject, *, by: int, created: datetime, house: House
) -> vocab.JsonObject:
    """Return a document with a proof by an actor of ours (its row's id); as it is where the actor
    has no key any more. Made once for each version, since it is delivered and served as it is.
    """
    key = await _key_of(by, house=house)
    if key is None:
        return document
    return proofs.add_proof(document, key, created=created.replace(microsecond=0))


async def _key_of(actor_id: int, *, house: House) -> SigningKey | None:
    """Return the newest Ed25519 key of an actor: unsealed each time (0.1 ms), so that a new one is
    never overlooked.
    """
    found = await db.rows(
        "SELECT key_id, sealed FROM actor_keys WHERE actor_id = ? AND kind = 'ed25519'"
        " AND sealed IS NOT NULL ORDER BY id DESC LIMIT 1",
        actor_id,
    )
    if not found:
        return None
    pem = house.vault.open(bytes(found[0]["sealed"]), purpose="actor-key")
    return SigningKey(found[0]["key_id"], keys.load_private(pem))
