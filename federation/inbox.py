"""From a request to a VerifiedActivity: who sent it is proven, and that they may say it."""

from dataclasses import dataclass

from federation.errors import (
    MalformedError,
    UnauthenticatedError,
    UnauthorisedError,
)
from federation.keys import VerificationKey
from federation.ports import Clock, KeyDirectory
from federation.signatures import (
    Claim,
    Message,
    WrongSignatureError,
    acceptable,
    check_body,
    check_key,
    claims,
)
from federation.uris import same_origin
from federation.vocab import (
    Activity,
    ActivityType,
    Actor,
    Document,
    Note,
    Thing,
    Tombstone,
    Unknown,
    id_of,
    load_json,
    members,
    parse,
)

OWNED = frozenset(
    {ActivityType.CREATE, ActivityType.UPDATE, ActivityType.DELETE, ActivityType.UNDO}
)
"""What one may only do to what is one's own."""


class UnknownKeyError(UnauthenticatedError):
    """The key {key_id} cannot be had, so nothing proves who sent this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedActivity:
    """An activity whose sender is proven, and may say what it says: proof by type.

    Made by `verify`, and by whoever keeps what `verify` returned when they read it back; by nobody
    else. `raw` are the bytes as they came, whose digest the signature covered.
    """

    activity: Activity
    actor: str
    key_id: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadActivity:
    """An activity of a type that is not read here, from a proven sender: answer 202, do nothing."""

    id: str | None
    type: str | None
    actor: str
    key_id: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoredDeletion:
    """Somebody never heard of is gone: answer 202, fetch nothing, store nothing (Ghost#2034)."""

    actor: str


async def verify(
    message: Message, *, keys: KeyDirectory, clock: Clock
) -> VerifiedActivity | UnreadActivity | IgnoredDeletion:
    """Check a POST to an inbox: size, JSON, signature, authority; in this order.

    Raises TooLargeError (413), MalformedError (400), UnauthenticatedError (401: nothing proves who
    sent it) or UnauthorisedError (403: proven, but not theirs to say). Goes to the network only
    through `keys.refreshed`, once, when the key is unknown or does not fit (peers rotate keys under
    the same id). Security cases 1 to 4, 6 to 9, 11, 12, 14.
    """
    activity = parse(load_json(message.body))
    actor = _actor_of(activity)
    claim = acceptable(claims(message), message, clock.now())
    check_body(message, claim)
    key = await keys.known(claim.key_id)
    if _is_self_deletion(activity):
        if key is None:
            return IgnoredDeletion(actor=actor)
        check_key(message, claim, key)
    else:
        key = await _genuine_key(message, claim, key, keys)
    if key.owner != actor:
        raise UnauthorisedError(reason="the key belongs to another than the actor")
    if isinstance(activity, Activity):
        authorise(activity)
        return VerifiedActivity(
            activity=activity, actor=actor, key_id=claim.key_id, raw=message.body
        )
    return _unread(activity, actor, claim, message)


def _unread(activity: Document, actor: str, claim: Claim, message: Message) -> UnreadActivity:
    if not isinstance(activity, Unknown):
        raise MalformedError(term="type")
    if activity.id is not None and not same_origin(activity.id, actor):
        raise UnauthorisedError(reason="its id is of another server than its actor")
    return UnreadActivity(
        id=activity.id, type=activity.type, actor=actor, key_id=claim.key_id, raw=message.body
    )


def _actor_of(activity: Document) -> str:
    match activity:
        case Activity():
            return activity.actor
        case Unknown() if (actor := members.uri(activity.raw.get("actor"))) is not None:
            return actor
        case _:
            raise MalformedError(term="actor")


def _is_self_deletion(activity: Document) -> bool:
    """Tell whether somebody says that they are gone: no reason ever to fetch their key."""
    return (
        isinstance(activity, Activity)
        and activity.type is ActivityType.DELETE
        and id_of(activity.object) == activity.actor
    )


async def _genuine_key(
    message: Message, claim: Claim, key: VerificationKey | None, keys: KeyDirectory
) -> VerificationKey:
    """Return the key with which `claim` was made, asking its server at most once."""
    if key is not None:
        try:
            check_key(message, claim, key)
        except WrongSignatureError:
            key = await keys.refreshed(claim.key_id)
            if key is None:
                raise
        else:
            return key
    else:
        key = await keys.refreshed(claim.key_id)
        if key is None:
            raise UnknownKeyError(key_id=claim.key_id)
    check_key(message, claim, key)
    return key


def authorise(activity: Activity) -> None:
    """Check that `activity.actor` may say this, as far as the activity itself shows it.

    Its id is of the actor's server; what it creates, updates, deletes or undoes is the actor's own;
    who moves is the actor. What only a database knows (who first sent an object) is checked there.
    Raises UnauthorisedError, or MalformedError where there is no object.
    """
    if activity.id is not None and not same_origin(activity.id, activity.actor):
        raise UnauthorisedError(reason="its id is of another server than its actor")
    if activity.type in OWNED and not _is_own(activity.object, activity.actor):
        raise UnauthorisedError(reason="the object is not the actor's")
    if activity.type is ActivityType.MOVE and id_of(activity.object) != activity.actor:
        raise UnauthorisedError(reason="only the actor may move away")


def _is_own(thing: Thing | None, actor: str) -> bool:
    match thing:
        case None:
            raise MalformedError(term="object")
        case str():
            return same_origin(thing, actor)
        case Actor():
            return thing.id == actor
        case Note():
            return thing.attributed_to == actor and same_origin(thing.id, actor)
        case Activity():
            return thing.actor == actor and (thing.id is None or same_origin(thing.id, actor))
        case Tombstone():
            return same_origin(thing.id, actor)
        case _:
            return thing.id is not None and same_origin(thing.id, actor)
