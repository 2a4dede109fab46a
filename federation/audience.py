"""Who is spoken to: `to` and `cc` as one of four visibilities, and the inboxes that lead there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from federation.uris import same_origin
from federation.vocab import PUBLIC

EVERYBODY = frozenset({PUBLIC, "as:Public", "Public"})
"""The ways in which peers write Public (ActivityPub §5.6)."""


class Visibility(StrEnum):
    """Who may see a thing, from all to few."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"


class Recipient(Protocol):
    """Somebody with an inbox; a `vocab.Actor` is one."""

    @property
    def inbox(self) -> str:
        """Return the personal inbox."""
        ...

    @property
    def shared_inbox(self) -> str | None:
        """Return the inbox of their whole server, where it has one."""
        ...


@dataclass(frozen=True, slots=True)
class Inbox:
    """Where one POST goes. A shared inbox names the personal ones that it stands for."""

    url: str
    personal: tuple[str, ...] = ()


def visibility(to: Collection[str], cc: Collection[str], followers_uri: str | None) -> Visibility:
    """Return who may see what is addressed so; `followers_uri` is its author's collection.

    Public in `to` is public, in `cc` unlisted. What names neither Public nor the followers is
    direct, also where it names nobody.
    """
    if not EVERYBODY.isdisjoint(to):
        return Visibility.PUBLIC
    if not EVERYBODY.isdisjoint(cc):
        return Visibility.UNLISTED
    if followers_uri is not None and (followers_uri in to or followers_uri in cc):
        return Visibility.FOLLOWERS
    return Visibility.DIRECT


def addressed(
    visibility: Visibility, *, followers: str, mentions: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `to` and `cc`, as Mastodon and its kin write and read them."""
    match visibility:
        case Visibility.PUBLIC:
            return (PUBLIC,), _each_once(followers, *mentions)
        case Visibility.UNLISTED:
            return _each_once(followers), _each_once(PUBLIC, *mentions)
        case Visibility.FOLLOWERS:
            return _each_once(followers), _each_once(*mentions)
        case Visibility.DIRECT:
            return _each_once(*mentions), ()


def inboxes(recipients: Iterable[Recipient]) -> list[Inbox]:
    """Return the inboxes that reach all of them, each once, in the order they were first met.

    A shared inbox is preferred where there is one on the origin of the personal inbox: one that
    lies elsewhere would let an actor send post to a stranger.
    """
    reached: dict[str, list[str]] = {}
    for recipient in recipients:
        shared = recipient.shared_inbox
        if shared is not None and same_origin(shared, recipient.inbox):
            reached.setdefault(shared, []).append(recipient.inbox)
        else:
            reached.setdefault(recipient.inbox, [])
    return [Inbox(url, _each_once(*personal)) for url, personal in reached.items()]


def _each_once(*uris: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(uri for uri in uris if uri))
