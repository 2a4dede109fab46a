"""The things that travel: frozen, already checked, with what we don't know kept aside in `extra`.

`extra` also holds, under `tag` and `attachment`, the entries that are neither a `Hashtag`, a
`Mention`, an `Image` nor a `PropertyValue`. `ld_context` is the `@context` a thing came with, or
that of what it was inside; None where it is ours, an empty list where there was none.
Nothing here reads raw JSON (`parse.py` does) or writes it (`render.py` does).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
JsonObject = dict[str, Json]

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
NOTHING: Mapping[str, Json] = MappingProxyType({})


def nothing() -> Mapping[str, Json]:
    """Return the empty `extra` that all share."""
    return NOTHING


class ActorType(StrEnum):
    """Activity Vocabulary §4."""

    APPLICATION = "Application"
    GROUP = "Group"
    ORGANIZATION = "Organization"
    PERSON = "Person"
    SERVICE = "Service"


class ActivityType(StrEnum):
    """The activities that are read; any other type is an `Unknown`."""

    ACCEPT = "Accept"
    ADD = "Add"
    ANNOUNCE = "Announce"
    BLOCK = "Block"
    CREATE = "Create"
    DELETE = "Delete"
    EMOJI_REACT = "EmojiReact"
    FLAG = "Flag"
    FOLLOW = "Follow"
    LIKE = "Like"
    MOVE = "Move"
    QUOTE_REQUEST = "QuoteRequest"
    """FEP-044f."""
    REJECT = "Reject"
    REMOVE = "Remove"
    UNDO = "Undo"
    UPDATE = "Update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture; `name` is its alternative text (not `summary`)."""

    url: str
    media_type: str | None = None
    name: str | None = None
    width: int | None = None
    height: int | None = None
    blurhash: str | None = None
    focal_point: tuple[float, float] | None = None
    extra: Mapping[str, Json] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashtag:
    """A tag: `name` begins with `#`."""

    name: str
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Somebody spoken of: `href` is the actor's id."""

    href: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyValue:
    """A line of a profile."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """An RSA key as Mastodon publishes it (security/v1)."""

    id: str
    owner: str
    pem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Multikey:
    """An Ed25519 key as FEP-521a publishes it."""

    id: str
    controller: str
    public_key_multibase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody or something that acts."""

    id: str
    type: ActorType
    inbox: str
    preferred_username: str | None = None
    name: str | None = None
    summary: str | None = None
    url: str | None = None
    outbox: str | None = None
    followers: str | None = None
    following: str | None = None
    featured: str | None = None
    shared_inbox: str | None = None
    icon: Image | None = None
    image: Image | None = None
    public_key: PublicKey | None = None
    assertion_methods: tuple[Multikey, ...] = ()
    fields: tuple[PropertyValue, ...] = ()
    also_known_as: tuple[str, ...] = ()
    moved_to: str | None = None
    published: datetime | None = None
    manually_approves: bool = False
    discoverable: bool | None = None
    indexable: bool | None = None
    webfinger: str | None = None
    extra: Mapping[str, Json] = field(default_factory=nothing)
    ld_context: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A published thing. `Article`, `Page`, `Question` and the like are read as one.

    `type` says which it was.
    """

    id: str
    type: str = "Note"
    attributed_to: str
    content: str = ""
    content_map: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None
    summary: str | None = None
    sensitive: bool = False
    published: datetime | None = None
    updated: datetime | None = None
    url: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    in_reply_to: str | None = None
    conversation: str | None = None
    """ActivityStreams' `context` (FEP-7888)."""
    tags: tuple[Hashtag | Mention, ...] = ()
    attachments: tuple[Image, ...] = ()
    replies: str | None = None
    likes: str | None = None
    shares: str | None = None
    terms: Mapping[str, JsonObject] = field(default_factory=dict)
    """Under `fettle:story`, `fettle:response`, ...: only where the context maps `fettle` so."""
    extra: Mapping[str, Json] = field(default_factory=nothing)
    ld_context: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What is left of a deleted thing."""

    id: str
    former_type: str | None = None
    deleted: datetime | None = None
    extra: Mapping[str, Json] = field(default_factory=nothing)
    ld_context: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Something of a type that is not ours to judge: kept as it came."""

    id: str | None
    type: str | None
    raw: Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A collection or one page of it, ordered or not."""

    id: str | None
    type: str = "OrderedCollection"
    total_items: int | None = None
    items: tuple["Thing", ...] = ()
    first: "str | Collection | None" = None
    next: str | None = None
    prev: str | None = None
    part_of: str | None = None
    attributed_to: str | None = None
    extra: Mapping[str, Json] = field(default_factory=nothing)
    ld_context: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that was done: `actor` did `type` to `object`."""

    id: str | None
    type: ActivityType
    actor: str
    object: "Thing | None" = None
    others: tuple["Thing", ...] = ()
    """What a Flag is about beside its first object: a report names the actor and the posts."""
    target: str | None = None
    instrument: "Thing | None" = None
    """The quote that a QuoteRequest asks for (FEP-044f)."""
    result: str | None = None
    """The stamp that the Accept of a QuoteRequest brings."""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    published: datetime | None = None
    content: str | None = None
    """What an EmojiReact says, or a Flag's reason."""
    extra: Mapping[str, Json] = field(default_factory=nothing)
    ld_context: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAuthorization:
    """A stamp: whoever wrote `interaction_target` agrees to `interacting_object` quoting it
    (FEP-044f).
    """

    id: str
    attributed_to: str
    interacting_object: str
    interaction_target: str
    extra: Mapping[str, Json] = field(default_factory=nothing)
    ld_context: Json = None


Document = Actor | Note | Tombstone | Activity | Collection | QuoteAuthorization | Unknown
"""What can be a document of its own."""
Thing = str | Document
"""A bare string is the id of something that was not sent along."""


def id_of(thing: Thing | None) -> str | None:
    """Return the id of a thing that was sent along, or of one that was only named."""
    return thing if thing is None or isinstance(thing, str) else thing.id
