"""What incoming activities do to posts."""

from federation import uris, vocab
from federation.inbox import VerifiedActivity
from server.actors import service as actors
from server.house import House
from server.inbox.registry import Listeners
from server.jobs import Registry
from server.media import service as media
from server.people.events import Closed
from server.posts import service


def register_listeners(listeners: Listeners) -> None:
    """Claim what makes, changes, passes on, shows first, quotes and takes down posts."""
    listeners.on(vocab.ActivityType.CREATE, on_note)
    listeners.on(vocab.ActivityType.UPDATE, on_note)
    listeners.on(vocab.ActivityType.UPDATE, on_actor)
    listeners.on(vocab.ActivityType.DELETE, on_delete)
    listeners.on(vocab.ActivityType.ANNOUNCE, on_announce)
    listeners.on(vocab.ActivityType.UNDO, on_undo)
    listeners.on(vocab.ActivityType.ADD, on_add)
    listeners.on(vocab.ActivityType.REMOVE, on_remove)
    listeners.on(vocab.ActivityType.QUOTE_REQUEST, on_quote_request)


def register_hooks(house: House) -> None:
    """Hear of accounts that are closed, and of pictures that somebody wants to see."""
    house.hooks.on(Closed, service.on_closed)
    house.hooks.on(media.Showing, service.on_showing)
    house.hooks.on(media.StillShown, service.on_still_shown)


def register_jobs(registry: Registry) -> None:
    """Take down what those published who are gone, elsewhere and here; tell of edits."""
    registry.on(service.LEAVE_JOB, service.leave_next)
    registry.on(service.ERASE_JOB, service.erase_next)
    registry.on(service.TELL_JOB, service.tell_next)


async def on_note(activity: VerifiedActivity, house: House) -> None:
    """Keep a Note, or its newer version, where it concerns anybody here. An Update of something
    unknown is a Create; a vote says nothing to us, since nothing of ours is a poll. Its author is
    its sender, or has proven that it is theirs (FEP-8b32).
    """
    note = activity.activity.object
    if not isinstance(note, vocab.Note) or vocab.is_vote(note):
        return
    author = await actors.resolve(note.attributed_to, house=house)
    if await service.is_wanted(note, author):
        await service.keep(note, author, house=house)


async def on_actor(activity: VerifiedActivity, house: House) -> None:
    """Keep the newer version of an actor's profile, at its own word."""
    profile = activity.activity.object
    if isinstance(profile, vocab.Actor) and profile.id == activity.actor:
        await actors.keep(profile, house=house)


async def on_delete(activity: VerifiedActivity, house: House) -> None:
    """Take down our copy; an actor that deletes itself is marked gone with all that it
    published.
    """
    by = await actors.known(activity.actor)
    if by is None:
        return
    uri = vocab.id_of(activity.activity.object)
    if uri is None:
        return
    if uri == by.uri:
        await service.author_gone(by, house=house)
    else:
        await service.deleted(uri, by=by, house=house)


async def on_announce(activity: VerifiedActivity, house: House) -> None:
    """Write down a boost of something that is known here or comes from somebody followed here. In
    an outbox it may hold the post whole, for which its origin vouches.
    """
    thing, uri = activity.activity.object, vocab.id_of(activity.activity.object)
    if uri is None or activity.activity.id is None:
        return
    by = await actors.resolve(activity.actor, house=house)
    at, note = None, None
    if activity.fetched:
        at, note = activity.activity.published, thing if isinstance(thing, vocab.Note) else None
    await service.boosted(
        uri, by=by, activity_uri=activity.activity.id, at=at, note=note, house=house
    )


async def on_undo(activity: VerifiedActivity, house: House) -> None:
    """Take back a boost."""
    by = await actors.known(activity.actor)
    undone = activity.activity.object
    of = None
    if isinstance(undone, vocab.Activity):
        if undone.type is not vocab.ActivityType.ANNOUNCE or undone.actor != activity.actor:
            return
        of = vocab.id_of(undone.object)
    if by is not None:
        await service.unboosted(vocab.id_of(undone), of=of, by=by, house=house)


async def on_add(activity: VerifiedActivity, house: House) -> None:
    """Keep what somebody followed here shows first."""
    by, uri = await actors.known(activity.actor), vocab.id_of(activity.activity.object)
    if by is not None and uri is not None and activity.activity.target is not None:
        await service.added(uri, to=activity.activity.target, by=by, house=house)


async def on_remove(activity: VerifiedActivity, _: House) -> None:
    """Forget what somebody shows first no longer."""
    by, uri = await actors.known(activity.actor), vocab.id_of(activity.activity.object)
    if by is not None and uri is not None and activity.activity.target is not None:
        await service.removed(uri, of=activity.activity.target, by=by)


async def on_quote_request(activity: VerifiedActivity, house: House) -> None:
    """Answer a request to quote something of ours, for a quote of whoever asks."""
    asked = activity.activity
    post_uri, quote = vocab.id_of(asked.object), asked.instrument
    quote_uri = vocab.id_of(quote)
    if post_uri is None or quote_uri is None or not uris.same_origin(quote_uri, asked.actor):
        return
    if isinstance(quote, vocab.Note) and quote.attributed_to != asked.actor:
        return
    if uris.host_of(post_uri) != house.host:
        return
    by = await actors.resolve(asked.actor, house=house)
    await service.quote_asked(
        post_uri, quote_uri=quote_uri, by=by, request_uri=asked.id, house=house
    )
