"""New keys for our own actors. What others made sure of with the old ones goes on being true.

Requests are signed under the same key id as ever, since peers look again at an id whose key does
not fit. The key before stays sealed for a week, for those who don't know the new one yet (see
`server.delivery.worker`). Proofs last longer than that: each of their keys has an id of its own,
and its public half stays published when nothing is signed with it any more.
"""

from datetime import timedelta

from federation import keys
from federation.keys import SigningKey
from server import db
from server.actors.holding import keys_held
from server.actors.service import PRIVATE_KEYS, Pairs
from server.actors.tables import Actor, ActorKey
from server.house import House

FORMER = "rsa-former"
"""The kind of the key that requests were signed with until lately: never published."""
KNOWN_FOR = timedelta(days=7)
"""How long it is of use: as long as deliveries are tried."""
PROOF_KEYS = 8
"""Keys of proofs that an actor publishes at most; the oldest go first."""


async def rotate(actor: Actor, pairs: Pairs, *, revoke: bool, house: House) -> None:
    """Give an actor of ours the new `pairs`, in the transaction of whatever tells others.

    `revoke` drops the old ones altogether: what they signed or proved is believed no more.
    """
    now = house.clock.now()
    [rsa] = [pair for pair in pairs if pair.kind == "rsa"]
    [ed25519] = [pair for pair in pairs if pair.kind == "ed25519"]
    async with db.transaction():
        main_id = (await ActorKey.get(actor_id=actor.id, kind="rsa")).key_id
        await _retire(actor, revoke=revoke, house=house)
        await ActorKey.bulk_create(
            ActorKey(
                key_id=key_id, actor_id=actor.id, kind=pair.kind, public=pair.public,
                sealed=house.vault.seal(pair.pem, purpose="actor-key"), created_at=now,
            )
            for key_id, pair in (
                (main_id, rsa), (f"{actor.uri}#ed25519-{house.ulid().lower()}", ed25519)
            )
        )  # fmt: skip
        actor.fetched_at = now
        await actor.save(update_fields=["fetched_at"])
        await house.changed(PRIVATE_KEYS)


async def _retire(actor: Actor, *, revoke: bool, house: House) -> None:
    held = ActorKey.filter(actor_id=actor.id)
    if revoke:
        await held.delete()
        return
    await held.filter(kind=FORMER).delete()
    await ActorKey.filter(actor_id=actor.id, kind="rsa").update(
        kind=FORMER, key_id=f"{actor.uri}#former-key", created_at=house.clock.now()
    )
    await ActorKey.filter(actor_id=actor.id, kind="ed25519").update(sealed=None)
    kept = (
        await ActorKey.filter(actor_id=actor.id, kind="ed25519")
        .order_by("-id")
        .limit(PROOF_KEYS - 1)
        .values_list("id", flat=True)
    )
    await ActorKey.filter(actor_id=actor.id, kind="ed25519").exclude(id__in=list(kept)).delete()


async def other_keys(used: SigningKey, *, actor_id: int, house: House) -> list[SigningKey]:
    """Return what a peer may know an actor by instead of the key that was just `used`: a newer one,
    or the one before. None of them where nothing was rotated lately.
    """
    rows = await keys_held(actor_id, "rsa", FORMER)
    public = keys.public_pem(used.private)
    return [
        SigningKey(used.key_id, _opened(row, house))
        for row in rows
        if row.public != public and row.sealed is not None
    ]


def _opened(row: ActorKey, house: House) -> keys.PrivateKey:
    return keys.load_private(house.vault.open(bytes(row.sealed or b""), purpose="actor-key"))


async def sweep(*, house: House) -> int:
    """Forget former keys that nobody can know an actor by any more; return how many."""
    before = house.clock.now() - KNOWN_FOR
    return await ActorKey.filter(kind=FORMER, created_at__lt=before).delete()
