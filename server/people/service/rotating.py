"""New keys for the hub, the node and its people."""

from server import db
from server.actors import rotation
from server.actors import service as actors
from server.actors.tables import Actor
from server.follows import service as follows
from server.house import House
from server.people.service.announcing import announce_change


async def rotate_keys(actor: Actor, *, revoke: bool = False, house: House) -> None:
    """Give an actor of ours new keys, and send it anew to those who follow it.

    `revoke` has the old keys believed no more, for when they may have been stolen: proofs made with
    them prove nothing from then on. Those that publish these keys as their own, and are followed,
    are sent anew too.
    """
    pairs = await actors.new_pairs()
    async with db.transaction():
        await rotation.rotate(actor, pairs, revoke=revoke, house=house)
        await announce_change(actor, house=house)
        for other in await Actor.filter(keys_of_id=actor.id, local=True, gone=False):
            if (await follows.counts(other))[0]:
                await announce_change(other, house=house)
