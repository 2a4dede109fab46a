"""Proofs on what our actors say to everybody (FEP-8b32); never on anything else, since a proof lets
whoever gets it show others who said it.
"""

from datetime import datetime

from federation import keys, proofs, vocab
from federation.keys import SigningKey
from server.actors.holding import keys_held
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
    for row in await keys_held(actor_id, "ed25519"):
        if row.sealed is not None:
            pem = house.vault.open(bytes(row.sealed), purpose="actor-key")
            return SigningKey(row.key_id, keys.load_private(pem))
    return None
