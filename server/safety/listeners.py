"""What incoming blocks do."""

from federation import vocab
from federation.inbox import VerifiedActivity
from server.actors import service as actors
from server.house import House
from server.inbox.registry import Listeners
from server.safety import service


def register_listeners(listeners: Listeners) -> None:
    """Claim Block and its Undo."""
    listeners.on(vocab.ActivityType.BLOCK, on_block)
    listeners.on(vocab.ActivityType.UNDO, on_undo)


async def on_block(activity: VerifiedActivity, house: House) -> None:
    """Keep somebody elsewhere apart from an actor of ours; of anybody else it is nothing to us."""
    uri = vocab.id_of(activity.activity.object)
    blocked = await actors.known(uri) if uri else None
    if blocked is None or not blocked.local:
        return
    blocker = await actors.resolve(activity.actor, house=house)
    await service.received(blocker, blocked, uri=activity.activity.id or "", house=house)


async def on_undo(activity: VerifiedActivity, _: House) -> None:
    """Take a block back, whether it is sent whole or by its id."""
    blocker, undone = await actors.known(activity.actor), activity.activity.object
    of = None
    if isinstance(undone, vocab.Activity):
        if undone.type is not vocab.ActivityType.BLOCK or undone.actor != activity.actor:
            return
        of = vocab.id_of(undone.object)
    if blocker is not None:
        await service.taken_back(blocker, uri=vocab.id_of(undone), of=of)
