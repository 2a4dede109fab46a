"""What must be done one after another, in the order in which it came: what one actor does to one
thing; to a thing of its own server, whatever anybody of that server does: a hub's boost of a story
comes after the story. What one actor answers is in order too, whatever it was asked and however it
names that: an Accept may hold the Follow whole, and the Reject after it only name it.

What several actors do to it has no order among them: they come by different ways, and if each
waited for all the others, one whose server has gone would hold up everybody.
"""

import hashlib
from collections.abc import Mapping

from federation import uris, vocab
from federation.errors import FederationError
from federation.inbox import UnreadActivity, VerifiedActivity
from server import db

ANSWERS = frozenset({vocab.ActivityType.ACCEPT, vocab.ActivityType.REJECT})
Proven = VerifiedActivity | UnreadActivity

LONGEST_KEY = 500
"""Characters of an id that is kept as it is."""
Named = tuple[str, str]
"""An actor, and the id of an activity of theirs (bounded)."""


def bounded(uri: str) -> str:
    """Return an id as it is looked up beside its actor's: a very long one by its hash, since a row
    of an index in PostgreSQL holds 2,704 bytes in all.
    """
    if len(uri) <= LONGEST_KEY and uri.isascii():
        return uri
    return "urn:sha256:" + hashlib.sha256(uri.encode()).hexdigest()


def about(thing: vocab.Thing | None) -> str | None:
    """Return the id of what an activity is about in the end: of an Undo of a Like, what was liked.

    Of an activity that is only named, or sent along without its object, it is that one's own id.
    """
    while isinstance(thing, vocab.Activity) and thing.object is not None:
        thing = thing.object
    return vocab.id_of(thing)


def order_key(actor: str, subject: str | None) -> str:
    """Return what is the same for all that one actor does to one thing, or to itself; and for all
    that is done to a thing from its own server.
    """
    is_at_home = subject is not None and uris.same_origin(actor, subject)
    text = subject if subject and is_at_home else f"{actor} {subject or actor}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def answers_key(actor: str) -> str:
    """Return what is the same for all that one actor answers. It is coarser than the pair that a
    Follow is between, which its bare id doesn't say once our Follow is forgotten.
    """
    return order_key(actor, "answers")


def _is_answer(proven: Proven) -> bool:
    return isinstance(proven, VerifiedActivity) and proven.activity.type in ANSWERS


async def keys(activities: Mapping[Named, Proven]) -> dict[Named, str]:
    """Return the order key of each of these activities, which are about to be stored.

    An Undo that only names what it takes back goes with that, if it is known here. Inside the
    transaction that stores them.
    """
    undone = {named: whom for named, one in activities.items() if (whom := _only_named(one))}
    subjects = await _subjects(set(undone.values())) if undone else {}
    found = {}
    for named, one in activities.items():
        subject = about(one.activity) if isinstance(one, VerifiedActivity) else None
        if named in undone:
            subject = subjects.get(undone[named], subject)
        is_answer = _is_answer(one)
        found[named] = answers_key(one.actor) if is_answer else order_key(one.actor, subject)
    return found


def _only_named(proven: Proven) -> Named | None:
    """Return what an Undo takes back that doesn't say what that was about."""
    if not isinstance(proven, VerifiedActivity):
        return None
    activity = proven.activity
    if activity.type is not vocab.ActivityType.UNDO:
        return None
    undone = vocab.id_of(activity.object)
    if undone is None or about(activity) != undone:
        return None
    return proven.actor, bounded(undone)


async def _subjects(undone: set[Named]) -> dict[Named, str | None]:
    """Return what these activities were about, of those that are remembered."""
    pairs = " OR ".join(["(actor_uri = ? AND activity_uri = ?)"] * len(undone))
    found = await db.rows(
        f"SELECT actor_uri, activity_uri, body FROM received WHERE {pairs}",  # noqa: S608 - marks
        *[part for named in undone for part in named],
    )
    return {(row["actor_uri"], row["activity_uri"]): _subject(row["body"]) for row in found}


def _subject(body: bytes) -> str | None:
    try:
        return about(vocab.parse_activity(vocab.load_json(bytes(body))))
    except FederationError:
        return None
