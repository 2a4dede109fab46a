"""What posts tell the features above them (server.house.Hooks)."""

from dataclasses import dataclass

from server.actors.tables import Actor
from server.delivery.reach import Reach
from server.posts.rules import Relation
from server.posts.tables import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A post from elsewhere was written down for the first time."""

    post: Post
    author: Actor
    parent: Post | None
    named: int
    """How many it names or is addressed to whom we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """A post from elsewhere reads differently now."""

    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Somebody elsewhere passed a post on, or does so no longer."""

    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A post of ours for everybody, of a kind that is passed on, was published."""

    post: Post
    author: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """A published post of ours reads differently now, or more is known of it."""

    post: Post
    author: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """A post was taken back, here or elsewhere: what its kind and others keep of it has to go."""

    post: Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A post that anybody may read says that it goes back to another, or (`gone`) no longer."""

    post: Post
    relation: Relation
    target_uri: str
    gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """An actor of ours is about to be gone: whoever sent something of it elsewhere adds to `reach`
    where its Delete has to go.
    """

    actor: Actor
    reach: list[Reach]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorGone:
    """An actor is gone, here or elsewhere: what it did here has to go."""

    author: Actor
