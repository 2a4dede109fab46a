"""What came by somebody else's hand: its origin is asked first, and its answer counts (case 3)."""

from dataclasses import replace
from datetime import timedelta

from federation import uris, vocab
from federation.errors import (
    GoneError,
    MalformedError,
    RefusedDocumentError,
    UnauthorisedError,
    UnreachableError,
)
from server.actors import service as actors
from server.house import House

ASKED_FOR = timedelta(hours=1)
"""How long an origin that cannot be reached is asked again, before a proof alone has to do."""


async def asked(
    activity: vocab.Activity, *, bearer: str, age: timedelta, house: House
) -> vocab.Activity:  # fmt: skip
    """Return an activity that only a proof vouches for as its origin has it now.

    `bearer` is the host that brought it, `age` how long ago. Raises UnauthorisedError or another
    FetchError where the origin does not stand by it, and UnreachableError as long as the origin may
    still come back; after that, the proof counts. It counts at once for a post that the origin
    serves no more without saying that it is gone, where it names the bearer as its author's
    successor. Never inside a transaction.
    """
    for uri in filter(None, (activity.actor, _author(activity))):
        if await actors.is_blocked(uris.host_of(uri), uri):
            raise UnauthorisedError(reason="this hub does not take anything from there")
    try:
        return await _as_it_is(activity, house=house)
    except UnreachableError:
        if age < ASKED_FOR:
            raise
        return activity
    except RefusedDocumentError:
        if not await _is_succeeded(activity, by=bearer, house=house):
            raise
        return activity


async def _as_it_is(activity: vocab.Activity, *, house: House) -> vocab.Activity:
    match activity.type:
        case vocab.ActivityType.DELETE:
            return await _deletion(activity, house=house)
        case vocab.ActivityType.ANNOUNCE:
            return await _boost(activity, house=house)
        case _:
            return await _post(activity, house=house)


async def _is_succeeded(activity: vocab.Activity, *, by: str, house: House) -> bool:
    """Say whether the author of a post has moved to a host, by the word of both: the origin's
    `movedTo`, and `alsoKnownAs` of who is there now (as for a Move, FEP-7628).
    """
    author = _author(activity)
    if author is None:
        return False
    former = await house.fetcher.actor(author)
    if former.moved_to is None or uris.host_of(former.moved_to) != by:
        return False
    return author in (await house.fetcher.actor(former.moved_to)).also_known_as


def _author(activity: vocab.Activity) -> str | None:
    note = activity.object
    return note.attributed_to if isinstance(note, vocab.Note) else None


async def _post(activity: vocab.Activity, *, house: House) -> vocab.Activity:
    """Return a Create or Update that holds what is found at the post's own address."""
    note = activity.object
    if not isinstance(note, vocab.Note):
        raise UnauthorisedError(reason="it holds no post")
    found = await house.fetcher.note(note.id)
    if (found.id, found.attributed_to) != (note.id, note.attributed_to):
        raise UnauthorisedError(reason="its origin has something else there")
    return replace(activity, object=found)


async def _boost(activity: vocab.Activity, *, house: House) -> vocab.Activity:
    """Return an Announce as it is found at its own address; one that was taken back is gone."""
    found = await _found(activity.id or "", house=house)
    if not isinstance(found, vocab.Activity) or (found.id, found.actor, found.type) != (
        activity.id, activity.actor, activity.type
    ):  # fmt: skip
        raise UnauthorisedError(reason="its origin has something else there")
    return found


async def _deletion(activity: vocab.Activity, *, house: House) -> vocab.Activity:
    """Return a Delete where the origin has the thing no more."""
    try:
        found = await _found(vocab.id_of(activity.object) or "", house=house)
    except GoneError:
        return activity
    if isinstance(found, vocab.Tombstone):
        return activity
    raise UnauthorisedError(reason="its origin still has what it deletes")


async def _found(uri: str, *, house: House) -> vocab.Document:
    document = await house.fetcher.document(uri)
    try:
        return vocab.parse(document)
    except MalformedError as error:
        raise UnauthorisedError(reason="its origin has nothing there that can be read") from error
