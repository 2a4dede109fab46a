"""Telling other servers that an actor of ours looks different now."""

from federation import vocab
from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.follows import service as follows
from server.house import House


async def announce_change(actor: Actor, *, house: House) -> None:
    """Send the actor anew to those who follow it, in the transaction that changed it."""
    activity = vocab.Activity(
        id=house.activity_uri(),
        type=vocab.ActivityType.UPDATE,
        actor=actor.uri,
        object=await actors.document(actor, house=house),
        to=(vocab.PUBLIC,),
        cc=(actor.followers,) if actor.followers else (),
        published=house.clock.now(),
    )
    await delivery.send(
        activity,
        by=actor,
        inboxes=follows.follower_inboxes(actor),
        order_key=actor.uri,
        house=house,
    )
