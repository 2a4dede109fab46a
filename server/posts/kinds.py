"""The registry of what can be published: what a kind adds to the Note that all of them are."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    places: tuple[str, ...] = ()
    """Where it was, as people call it."""
    facet: str = ""
    """What lists of the kind may be narrowed by."""
    ending: str = ""
    """HTML that ends what travels, and is not for our own pages; by default a link to the page."""

    @property
    def tag_pairs(self) -> list[tuple[str, str]]:
        """The hashtags as a page shows them: words, address."""
        return [(name, f"/topics/{name.lower()}") for name in self.tags]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened to a post, on the line of what came of another."""

    at: datetime
    post: Post
    stage: str = ""
    """Where it stood from then on, in a word; empty where that did not change."""
    begun: bool = False
    text: str = ""
    """What was said, plain."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a post stands, where its kind has stages."""

    stage: str = ""
    """In a word; empty: it has none."""
    measured: bool = False
    """Whether numbers show that it got better."""


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
    standing: Callable[[Sequence[int]], Awaitable[dict[int, Standing]]] | None = None
    """Where posts of this kind stand, by their rows: for their cards."""
    moments: Callable[[Sequence[Post]], Awaitable[list[Moment]]] | None = None
    """What happened to posts of this kind, for the line of what came of another."""
    drafts: str = ""
    """Where its drafts are read: `/drafts`; empty where none are kept."""
    compose: Callable[[Post, Mapping[str, Actor], House], Awaitable[Composition]]
    """Word a post of ours from the kind's own row; the actors are those its handles lead to."""
    received: Callable[[Post, vocab.JsonObject, House], Awaitable[None]]
    """Keep what a peer's terms say, in the transaction that keeps the post. Twice changes nothing.
    """
    worded: Callable[[Post, vocab.JsonObject, House], None] | None = None
    """Give a peer's post, before it is kept, the title and the HTML that its terms say."""


_KINDS: dict[str, Kind] = {}

NOTE = "note"
"""The name of what is of no registered kind."""
ENTRY = "update"
"""The name of what is part of what it answers, an entry in its log, where both are by the same
author: it keeps to the other's order on the way, and is no reply.
"""


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
