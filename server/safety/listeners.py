"""What incoming blocks and reports do."""

from federation import vocab
from federation.inbox import VerifiedActivity
from server.actors import service as actors
from server.house import House
from server.inbox.registry import Listeners
from server.safety import service

LOOKED_AT = 100
"""Things that one report may name."""


def register_listeners(listeners: Listeners) -> None:
    """Claim Block, its Undo, and Flag."""
    listeners.on(vocab.ActivityType.BLOCK, on_block)
    listeners.on(vocab.ActivityType.UNDO, on_undo)
    listeners.on(vocab.ActivityType.FLAG, on_flag)


async def on_block(activity: VerifiedActivity, house: House) -> None:
    """Keep somebody elsewhere apart from an actor of ours; of anybody else it is nothing to us."""
    uri = vocab.id_of(activity.activity.object)
    blocked = await actors.known(uri) if uri else None
    if blocked is None or not blocked.local:
        return
    blocker = await actors.resolve(activity.actor, house=house)
    await service.received(blocker, blocked, uri=activity.activity.id or "", house=house)


async def on_flag(activity: VerifiedActivity, house: House) -> None:
    """Put a report before the stewards, where it is about anything of ours."""
    flag = activity.activity
    uris = [uri for one in (flag.object, *flag.others) if (uri := vocab.id_of(one))][:LOOKED_AT]
    by = await actors.resolve(activity.actor, house=house)
    await service.report_received(uris, by=by, reason=flag.content or "", house=house)


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
