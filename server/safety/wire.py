"""Blocks and reports as activities."""

from collections.abc import Sequence

from federation import vocab
from server.actors.tables import Actor


def block(uri: str, blocker: Actor, blocked: Actor) -> vocab.Activity:
    """Return the Block, for nobody but whom it is about."""
    return vocab.Activity(
        id=uri or None, type=vocab.ActivityType.BLOCK, actor=blocker.uri, object=blocked.uri,
        to=(blocked.uri,),
    )  # fmt: skip


def undo(uri: str, done: vocab.Activity) -> vocab.Activity:
    """Return the Undo of an activity, by the same actor, to the same people."""
    return vocab.Activity(
        id=uri, type=vocab.ActivityType.UNDO, actor=done.actor, object=done, to=done.to, cc=done.cc
    )


def flag(
    uri: str, node: Actor, subject: Actor, posts: Sequence[str], *, reason: str
) -> vocab.Activity:
    """Return a report for the server of whom it is about, in the name of the node: whoever made it
    is not named.
    """
    return vocab.Activity(
        id=uri, type=vocab.ActivityType.FLAG, actor=node.uri, object=subject.uri,
        others=tuple(posts), content=reason or None, to=(subject.uri,),
    )  # fmt: skip
