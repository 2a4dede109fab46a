"""What incoming activities do to thanks."""

from federation import vocab
from federation.inbox import VerifiedActivity
from server.actors import service as actors
from server.house import House
from server.inbox.registry import Listeners
from server.posts.events import Arrived
from server.responses import service


def register_listeners(listeners: Listeners) -> None:
    """Claim favourites, and their end."""
    listeners.on(vocab.ActivityType.LIKE, on_like)
    listeners.on(vocab.ActivityType.EMOJI_REACT, on_like)
    listeners.on(vocab.ActivityType.UNDO, on_undo)


def register_hooks(house: House) -> None:
    """Hear of posts that arrive."""
    house.hooks.on(Arrived, service.on_arrived)


async def on_like(activity: VerifiedActivity, house: House) -> None:
    """Count a favourite as thanks."""
    uri = vocab.id_of(activity.activity.object)
    if uri is None or activity.activity.id is None:
        return
    by = await actors.resolve(activity.actor, house=house)
    await service.thanked(uri, by=by, activity_uri=activity.activity.id, house=house)


async def on_undo(activity: VerifiedActivity, house: House) -> None:
    """Take a favourite back."""
    by = await actors.known(activity.actor)
    uri = vocab.id_of(activity.activity.object)
    if by is not None and uri is not None:
        await service.unthanked(uri, by=by)
