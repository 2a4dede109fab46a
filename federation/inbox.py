"""From a request to a VerifiedActivity: who sent it is proven, and that they may say it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from federation.errors import (
    MalformedError,
    UnauthenticatedError,
    UnauthorisedError,
)
from federation.keys import VerificationKey
from federation.ports import Clock, KeyDirectory
from federation.proofs import ProofError, check_proof, proof_of
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
    Json,
    JsonObject,
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
WHOLE = frozenset({ActivityType.CREATE, ActivityType.UPDATE})
"""What brings its object along."""


class UnknownKeyError(UnauthenticatedError):
    """The key {key_id} cannot be had, so nothing proves who sent this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedActivity:
    """An activity whose sender is proven, and may say what it says: proof by type.

    Made by `verify`, by whoever keeps what `verify` returned when they read it back, and by
    `found`; by nobody else. `raw` are the bytes as they came, whose digest the signature covered;
    empty where it was fetched.
    """

    activity: Activity
    actor: str
    key_id: str
    raw: bytes
    carrier: str | None = None
    """Who signed the request, where that is not the actor; not remembered."""
    second_hand: bool = False
    """Somebody else brought it, or what is in it, and only a proof says who made that (FEP-8b32).
    Before it has any effect, its origin has to be asked: what is gone there stays gone (case 3).
    """
    fetched: bool = False
    """Nobody sent it: it was found at its origin, which vouches for what is of its own."""


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

    Proofs are verified wherever there are any; one by the actor lets what may be passed on come
    from anybody. Raises TooLargeError (413), MalformedError (400), UnauthenticatedError (401:
    nothing proves who sent it, or a proof is wrong) or UnauthorisedError (403: proven, but not
    theirs to say). Goes to the network only through `keys.refreshed`, once for each key that is
    unknown or does not fit (peers rotate keys under the same id). Security cases 1 to 4, 6 to 9,
    11, 12, 14.
    """
    document = load_json(message.body)
    activity = parse(document)
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
    if key.owner != actor and ("proof" not in document or not _may_be_passed_on(activity)):
        raise UnauthorisedError(reason="the key belongs to another than the actor")
    if not isinstance(activity, Activity):
        return _unread(activity, actor, claim, message)
    second_hand = await _check_proofs(document, activity, by=key.owner, keys=keys, now=clock.now())
    return VerifiedActivity(
        activity=activity, actor=actor, key_id=claim.key_id, raw=message.body,
        carrier=None if key.owner == actor else key.owner, second_hand=second_hand,
    )  # fmt: skip


def found(activity: Activity, *, at: str) -> VerifiedActivity:
    """Return an activity that was read in a collection `at` its own origin, as far as that may say
    so: it is of somebody there, and so is what it creates, updates, deletes or undoes.

    Raises UnauthorisedError, MalformedError.
    """
    if not same_origin(activity.actor, at):
        raise UnauthorisedError(reason="it was found on another server than its actor's")
    authorise(activity, authored=True)
    return VerifiedActivity(
        activity=activity, actor=activity.actor, key_id="", raw=b"", fetched=True
    )


async def _check_proofs(
    document: JsonObject, activity: Activity, *, by: str, keys: KeyDirectory, now: datetime
) -> bool:
    """Check every proof there is, and that the activity may be said; tell whether that is known at
    second hand only.

    Raises ProofError for a proof that is wrong, UnauthorisedError.
    """
    proven = await _is_proven(document, activity.actor, keys=keys, now=now)
    if by != activity.actor and not proven:
        raise UnauthorisedError(reason="the key belongs to another than the actor")
    authored = False
    thing, author = document.get("object"), _author_of(activity)
    if isinstance(thing, dict) and author is not None:
        outer = document.get("@context")
        authored = await _is_proven(thing, author, outer_context=outer, keys=keys, now=now)
    authorise(activity, authored=authored)
    return by != activity.actor or author not in {None, activity.actor}


def _author_of(activity: Activity) -> str | None:
    """Return who has to have made a proof of what a Create or an Update brings along."""
    match activity.object:
        case Note() as note if activity.type in WHOLE:
            return note.attributed_to
        case Actor() as somebody if activity.type in WHOLE:
            return somebody.id
        case _:
            return None


def _may_be_passed_on(activity: Document) -> bool:
    """Tell whether an activity may come from somebody else at all: posts, boosts and deletions.

    They have an origin that can be asked. Anything else could be replayed after it was taken back:
    a Follow, or how an actor looked and what keys it had.
    """
    if not isinstance(activity, Activity) or activity.id is None:
        return False
    match activity.type:
        case ActivityType.CREATE | ActivityType.UPDATE:
            return isinstance(activity.object, Note)
        case ActivityType.DELETE:
            return id_of(activity.object) != activity.actor
        case kind:
            return kind is ActivityType.ANNOUNCE


async def _is_proven(
    document: JsonObject, owner: str, *, keys: KeyDirectory, now: datetime,
    outer_context: Json = None,
) -> bool:  # fmt: skip
    """Tell whether a document has a proof by its owner; raises ProofError where it has a wrong one.

    One whose key cannot be had is neither: whoever needs it is refused, and nobody else.
    """
    proof = proof_of(document, now=now)
    if proof is None:
        return False
    if not same_origin(proof.key_id, owner):
        raise ProofError(reason="its key is on another server than whom it would be of")

    def check(key: VerificationKey) -> None:
        if key.owner != owner:
            raise ProofError(reason="its key belongs to another than whom it would be of")
        check_proof(document, proof, key, outer_context=outer_context)

    known = await keys.known(proof.key_id)
    return await _fitting(check, known, proof.key_id, keys) is not None


async def signed_by(message: Message, *, keys: KeyDirectory, clock: Clock) -> str:
    """Return the actor who signed a request without a body. Goes to the network as `verify` does.

    Raises MalformedError (400), UnauthenticatedError (401).
    """
    claim = acceptable(claims(message), message, clock.now())
    key = await _genuine_key(message, claim, await keys.known(claim.key_id), keys)
    return key.owner


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
    message: Message, claim: Claim, known: VerificationKey | None, keys: KeyDirectory
) -> VerificationKey:
    """Return the key with which `claim` was made, asking its server at most once."""
    key = await _fitting(lambda key: check_key(message, claim, key), known, claim.key_id, keys)
    if key is None:
        raise UnknownKeyError(key_id=claim.key_id)
    return key


async def _fitting(
    check: Callable[[VerificationKey], None],
    key: VerificationKey | None,
    key_id: str,
    keys: KeyDirectory,
) -> VerificationKey | None:
    """Return the key that passes `check`: the one that is held, or else what its server has now.

    None where there is none to be had. Raises what `check` does.
    """
    if key is not None:
        try:
            check(key)
        except (WrongSignatureError, ProofError):
            fresh = await keys.refreshed(key_id)
            if fresh is None:
                raise
            key = fresh
        else:
            return key
    else:
        key = await keys.refreshed(key_id)
        if key is None:
            return None
    check(key)
    return key


def authorise(activity: Activity, *, authored: bool = False) -> None:
    """Check that `activity.actor` may say this, as far as the activity itself shows it; `authored`
    says that its object is proven to be its author's.

    Its id is of the actor's server; what it creates, updates, deletes or undoes is the actor's own;
    who moves is the actor. What only a database knows (who first sent an object) is checked there.
    Raises UnauthorisedError, or MalformedError where there is no object.
    """
    if activity.id is not None and not same_origin(activity.id, activity.actor):
        raise UnauthorisedError(reason="its id is of another server than its actor")
    owner = activity.actor
    if authored and isinstance(activity.object, Note):
        owner = activity.object.attributed_to
    if activity.type in OWNED and not _is_own(activity.object, owner):
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
