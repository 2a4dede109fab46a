"""Follows and their answers as activities."""

from federation import vocab
from server.actors.tables import Actor
from server.follows.rules import Act

ANSWERS = {Act.ACCEPT: vocab.ActivityType.ACCEPT, Act.REJECT: vocab.ActivityType.REJECT}


def follow(uri: str, follower: Actor, followed: Actor) -> vocab.Activity:
    """Return the Follow, with plain ids: an embedded actor breaks a peer (federation.md §5). One
    that came without an id has none.
    """
    return vocab.Activity(
        id=uri or None, type=vocab.ActivityType.FOLLOW, actor=follower.uri, object=followed.uri,
        to=(followed.uri,),
    )  # fmt: skip


def undo(uri: str, done: vocab.Activity) -> vocab.Activity:
    """Return the Undo of an activity, by the same actor, to the same people."""
    return vocab.Activity(
        id=uri, type=vocab.ActivityType.UNDO, actor=done.actor, object=done, to=done.to, cc=done.cc
    )


def answer(uri: str, act: Act, asked: vocab.Activity) -> vocab.Activity:
    """Return the Accept or Reject of a Follow, which it holds whole."""
    followed = asked.object
    if not isinstance(followed, str):
        raise TypeError(followed)
    return vocab.Activity(
        id=uri, type=ANSWERS[act], actor=followed, object=asked, to=(asked.actor,)
    )
