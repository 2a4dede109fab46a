"""The registry of what can be published: what a kind adds to the Note that all of them are."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from federation import vocab
from server.actors.tables import Actor
from server.house import House
from server.posts.tables import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A post as its kind words it."""

    title: str
    html: str
    """The text for our own pages: clean, without the title."""
    terms: vocab.JsonObject
    """What rides along under the kind's own term."""
    tags: tuple[str, ...] = ()
    """Hashtags as written, without `#`."""

    @property
    def tag_pairs(self) -> list[tuple[str, str]]:
        """The hashtags as a page shows them: words, address."""
        return [(name, f"/topics/{name.lower()}") for name in self.tags]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of post."""

    name: str
    path: str
    """Where such posts live: `/stories`."""
    term: str
    """The property of the Note that holds its structured part: `fettle:story`."""
    boosted: bool
    """Whether the hub passes it on to its followers."""
    compose: Callable[[Post, Mapping[str, Actor], House], Awaitable[Composition]]
    """Word a post of ours from the kind's own row; the actors are those its handles lead to."""
    received: Callable[[Post, vocab.JsonObject, House], Awaitable[None]]
    """Keep what a peer's terms say, in the transaction that keeps the post; of the post itself it
    may set title and HTML. Twice changes nothing.
    """


_KINDS: dict[str, Kind] = {}

NOTE = "note"
"""The name of what is of no registered kind."""


def register(kind: Kind) -> None:
    """Add a kind; its feature does so when it is imported."""
    _KINDS[kind.name] = kind


def named(name: str) -> Kind:
    """Return a registered kind. Raises KeyError for a name that no feature claims."""
    return _KINDS[name]


def find(name: str) -> Kind | None:
    """Return a kind, or None where no feature claims the name."""
    return _KINDS.get(name)


def names() -> list[str]:
    """Return the names of all kinds."""
    return list(_KINDS)


def of_note(note: vocab.Note) -> Kind | None:
    """Return the kind whose term the note bears; where it bears several, none: exactly one
    counts.
    """
    found = [kind for kind in _KINDS.values() if kind.term in note.terms]
    return found[0] if len(found) == 1 else None


def boosted() -> list[str]:
    """Return the names of the kinds that the hub passes on."""
    return [kind.name for kind in _KINDS.values() if kind.boosted]
