"""What incoming activities do to thanks."""

from datetime import timedelta

from federation import vocab
from federation.inbox import VerifiedActivity
from server.actors import service as actors
from server.house import House
from server.inbox.registry import Listeners
from server.jobs import Registry
from server.posts.events import Arrived, AuthorGone, Erased, Leaving
from server.responses import service

THANKS = (vocab.ActivityType.LIKE, vocab.ActivityType.EMOJI_REACT)


def register_listeners(listeners: Listeners) -> None:
    """Claim favourites, and their end."""
    for kind in THANKS:
        listeners.on(kind, on_like)
    listeners.on(vocab.ActivityType.UNDO, on_undo)


def register_hooks(house: House) -> None:
    """Hear of posts that arrive and that are taken back, and of authors that are gone."""
    house.hooks.on(Arrived, service.on_arrived)
    house.hooks.on(Erased, service.on_erased)
    house.hooks.on(Leaving, service.on_leaving)
    house.hooks.on(AuthorGone, service.on_author_gone)


def register_jobs(registry: Registry) -> None:
    """Ask how overdue promises are going."""
    registry.on(service.ASK_JOB, service.ask)
    registry.every(service.ASK_JOB, timedelta(hours=1))


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
    undone = activity.activity.object
    of = None
    if isinstance(undone, vocab.Activity):
        if undone.type not in THANKS or undone.actor != activity.actor:
            return
        of = vocab.id_of(undone.object)
    if by is not None:
        await service.unthanked(vocab.id_of(undone), of=of, by=by)
