"""From a document to the thing it describes: nowhere else are its members read.

Tolerant where peers differ (a string, an object or a list of them), strict where it matters: ids
are web addresses, an activity has an actor, a Note an author. What is not known is kept in `extra`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from federation.errors import MalformedError
from federation.uris import is_web_uri, same_origin
from federation.vocab import known, members
from federation.vocab.context import CONTEXT, FETTLE, maps_fettle, refuse_odd
from federation.vocab.types import (
    NOTHING,
    Activity,
    ActivityType,
    Actor,
    ActorType,
    Collection,
    Document,
    Json,
    JsonObject,
    Note,
    PublicKey,
    QuoteAuthorization,
    Thing,
    Tombstone,
    Unknown,
)

MAX_ITEMS = 10_000
"""Entries of one page of a collection."""
MAX_OBJECTS = 500
"""What one Flag may be about."""
MAX_THINGS_DEEP = 8
"""Things within things, such as a Note in a Create in an Announce."""

NOTE_TYPES = frozenset(
    {"Note", "Article", "Page", "Question", "Video", "Audio", "Event", "ChatMessage"}
)
"""What is read as a Note."""
COLLECTION_TYPES = frozenset(
    {"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}
)

# What `Create` and `Update` bring must be whole; what others merely point at may be odd.
_WHOLE = frozenset({ActivityType.CREATE, ActivityType.UPDATE})


def parse(document: JsonObject) -> Document:
    """Return the thing that a document describes; `Unknown` where its type is not known here.

    Raises MalformedError for odd JSON-LD (security case 14), for an id that is no web address, and
    where a thing of a known type lacks what makes it one.
    """
    refuse_odd(document)
    return _thing(document, _Scope([]).within(document))


def parse_activity(document: JsonObject) -> Activity:
    """Return the activity. Raises MalformedError, also where it is something else."""
    thing = parse(document)
    if not isinstance(thing, Activity):
        raise MalformedError(term="type")
    return thing


def parse_actor(document: JsonObject) -> Actor:
    """Return the actor. Raises MalformedError, also where it is something else."""
    thing = parse(document)
    if not isinstance(thing, Actor):
        raise MalformedError(term="type")
    return thing


def parse_note(document: JsonObject) -> Note:
    """Return the Note, or what is read as one. Raises MalformedError, also for something else."""
    thing = parse(document)
    if not isinstance(thing, Note):
        raise MalformedError(term="type")
    return thing


def parse_collection(document: JsonObject) -> Collection:
    """Return the collection or page. Raises MalformedError, also where it is something else."""
    thing = parse(document)
    if not isinstance(thing, Collection):
        raise MalformedError(term="type")
    return thing


def parse_public_key(document: JsonObject) -> PublicKey:
    """Return the RSA key of a document that is one, or that has one: an actor, or part of one.

    Nothing here proves that the owner knows of the key (security case 6). Raises MalformedError.
    """
    refuse_odd(document)
    alone = members.public_keys(document, None)
    inside = members.public_keys(document.get("publicKey"), None)
    key = next(alone, None) or next(inside, None)
    if key is None:
        raise MalformedError(term="publicKey")
    return key


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where in a document we are."""

    ld_context: Json
    depth: int = 0

    def within(self, document: JsonObject) -> "_Scope":
        """Return the scope of the members of `document`: its own `@context`, else the outer one.

        JSON-LD would join the two; here an inner context stands alone, so it can only take
        meaning away. No context at all, and a null, are an empty list: only ours is None.
        """
        if self.depth >= MAX_THINGS_DEEP:
            raise MalformedError(term=f"more than {MAX_THINGS_DEEP} things within each other")
        if "@context" not in document:
            return _Scope(self.ld_context, self.depth + 1)
        own = document["@context"]
        if own is None:
            own = []
        return _Scope(None if own == CONTEXT else own, self.depth + 1)


def _thing(document: JsonObject, scope: _Scope) -> Document:
    kind = members.kind(document)
    reader = _READERS.get(kind) if kind is not None else None
    if reader is not None:
        return reader(document, scope)
    return Unknown(id=_own_id(document), type=kind, raw=document)


def _embedded(value: Json, scope: _Scope, *, whole: bool) -> Thing:
    """Return a thing that was sent along or named.

    Where it need not be `whole`, what cannot be read is an `Unknown`. Raises MalformedError.
    """
    if not isinstance(value, dict) or value.keys() == {"id"} or members.kind(value) == "Link":
        named = members.uri(value) if isinstance(value, str | dict) else None
        if named is None:
            raise MalformedError(term="object")
        return named
    inner = scope.within(value)
    try:
        return _thing(value, inner)
    except MalformedError:
        if whole:
            raise
        return Unknown(id=members.uri(value), type=members.kind(value), raw=value)


def _own_id(document: JsonObject) -> str | None:
    """Return the id; only what has none at all may go without (an Undo's Follow, say)."""
    found = document.get("id")
    if found is None:
        return None
    return _id(document)


def _id(document: JsonObject) -> str:
    found = document.get("id")
    if not isinstance(found, str) or not is_web_uri(found):
        raise MalformedError(term="id")
    return found


def _required(found: str | None, term: str) -> str:
    if found is None:
        raise MalformedError(term=term)
    return found


def _rest(document: JsonObject, read: frozenset[str], **others: list[Json]) -> Mapping[str, Json]:
    """Return what is not known, with those entries of known members that could not be read."""
    rest = {name: value for name, value in document.items() if name not in read}
    rest.update({name: list(values) for name, values in others.items() if values})
    return rest or NOTHING


def _actor(document: JsonObject, scope: _Scope) -> Actor:
    uri = _id(document)
    inbox = _required(members.uri(document.get("inbox")), "inbox")
    lines, others = members.fields(document.get("attachment"))
    shared_inbox, endpoints = _endpoints(document.get("endpoints"))
    rest = dict(_rest(document, known.ACTOR, attachment=others))
    if endpoints:
        rest["endpoints"] = endpoints
    # A shared inbox elsewhere would send others' post to whoever it names.
    is_near = shared_inbox is not None and same_origin(shared_inbox, inbox)
    return Actor(
        id=uri,
        type=ActorType(members.kind(document) or ""),
        inbox=inbox,
        preferred_username=members.word(document.get("preferredUsername")),
        name=members.text(document.get("name"), members.MAX_NAME),
        summary=members.text(document.get("summary"), members.MAX_SUMMARY),
        url=members.link(document.get("url"), "text/html")[0],
        **{name: members.uri(document.get(name)) for name in known.ACTOR_COLLECTIONS},
        shared_inbox=shared_inbox if is_near else None,
        icon=members.image(document.get("icon")),
        image=members.image(document.get("image")),
        public_key=next(members.public_keys(document.get("publicKey"), uri), None),
        assertion_methods=members.multikeys(document.get("assertionMethod"), uri),
        fields=lines,
        also_known_as=members.uris(document.get("alsoKnownAs"), members.MAX_ALIASES),
        moved_to=members.uri(document.get("movedTo")),
        published=members.moment(document.get("published")),
        manually_approves=members.flag(document.get("manuallyApprovesFollowers")) or False,
        discoverable=members.flag(document.get("discoverable")),
        indexable=members.flag(document.get("indexable")),
        webfinger=members.word(document.get("webfinger")),
        extra=rest or NOTHING,
        ld_context=scope.ld_context,
    )


def _endpoints(value: Json) -> tuple[str | None, JsonObject]:
    if not isinstance(value, dict):
        return None, {}
    others = {name: one for name, one in value.items() if name != "sharedInbox"}
    return members.uri(value.get("sharedInbox")), others


def _note(document: JsonObject, scope: _Scope) -> Note:
    author = members.uri(document.get("attributedTo")) or members.uri(document.get("actor"))
    to, cc = members.recipients(document)
    tags, other_tags = members.tags(document.get("tag"))
    pictures, attached = members.attachments(document.get("attachment"))
    content_map = members.languages(document.get("contentMap"))
    content = members.text(document.get("content"), members.MAX_CONTENT)
    summary = members.text(document.get("summary"), members.MAX_SUMMARY)
    terms = _terms(document, scope)
    rest = _rest(document, known.NOTE | terms.keys(), tag=other_tags, attachment=attached)
    conversation = members.uri(document.get("context"))
    if conversation is None and "context" in document:
        rest = {**rest, "context": document["context"]}
    return Note(
        id=_id(document),
        type=_required(members.kind(document), "type"),
        attributed_to=_required(author, "attributedTo"),
        content=next(iter(content_map.values()), "") if content is None else content,
        content_map=content_map,
        name=members.text(document.get("name"), members.MAX_NAME),
        summary=summary or _first_language(document.get("summaryMap")),
        sensitive=members.flag(document.get("sensitive")) or False,
        published=members.moment(document.get("published")),
        updated=members.moment(document.get("updated")),
        url=members.link(document.get("url"), "text/html")[0],
        to=to,
        cc=cc,
        in_reply_to=members.uri(document.get("inReplyTo")),
        conversation=conversation,
        tags=tags,
        attachments=pictures,
        replies=members.uri(document.get("replies")),
        likes=members.uri(document.get("likes")),
        shares=members.uri(document.get("shares")),
        terms=terms,
        extra=rest,
        ld_context=scope.ld_context,
    )


def _terms(document: JsonObject, scope: _Scope) -> dict[str, JsonObject]:
    found = {
        name: value
        for name, value in document.items()
        if name.startswith(FETTLE) and isinstance(value, dict)
    }
    return found if found and maps_fettle(scope.ld_context) else {}


def _first_language(value: Json) -> str | None:
    texts = members.languages(value).values()
    return next(iter(texts), None)


def _tombstone(document: JsonObject, scope: _Scope) -> Tombstone:
    return Tombstone(
        id=_id(document),
        former_type=members.word(document.get("formerType")),
        deleted=members.moment(document.get("deleted")),
        extra=_rest(document, known.TOMBSTONE),
        ld_context=scope.ld_context,
    )


def _collection(document: JsonObject, scope: _Scope) -> Collection:
    items = members.listed(document.get("orderedItems"), MAX_ITEMS)
    items += members.listed(document.get("items"), MAX_ITEMS - len(items))
    return Collection(
        id=_own_id(document),
        type=_required(members.kind(document), "type"),
        total_items=members.count(document.get("totalItems")),
        items=tuple(_items(items, scope)),
        first=_first_page(document.get("first"), scope),
        next=members.uri(document.get("next")),
        prev=members.uri(document.get("prev")),
        part_of=members.uri(document.get("partOf")),
        attributed_to=members.uri(document.get("attributedTo")),
        extra=_rest(document, known.COLLECTION),
        ld_context=scope.ld_context,
    )


def _items(values: list[Json], scope: _Scope) -> Iterator[Thing]:
    """Yield what can be read: one bad entry spoils no page."""
    for value in values:
        with suppress(MalformedError):
            yield _embedded(value, scope, whole=False)


def _first_page(value: Json, scope: _Scope) -> str | Collection | None:
    if isinstance(value, dict) and members.kind(value) in COLLECTION_TYPES:
        return _collection(value, scope.within(value))
    return members.uri(value)


def _activity(document: JsonObject, scope: _Scope) -> Activity:
    kind = ActivityType(members.kind(document) or "")
    uri = _own_id(document)
    actor = _required(members.uri(document.get("actor")), "actor")
    objects = _objects(document.get("object"), kind, scope)
    to, cc = members.recipients(document)
    return Activity(
        id=uri,
        type=kind,
        actor=actor,
        object=next(iter(objects), None),
        others=tuple(objects[1:]),
        target=members.uri(document.get("target")),
        instrument=_instrument(document, kind, scope),
        result=members.uri(document.get("result")) if kind is ActivityType.ACCEPT else None,
        to=to,
        cc=cc,
        published=members.moment(document.get("published")),
        content=members.text(document.get("content"), members.MAX_SUMMARY),
        extra=_rest(document, known.ACTIVITY | known.OF_SOME.get(kind, set())),
        ld_context=scope.ld_context,
    )


def _instrument(document: JsonObject, kind: ActivityType, scope: _Scope) -> Thing | None:
    """Return what a QuoteRequest asks for; of any other activity it stays in `extra`."""
    if kind is not ActivityType.QUOTE_REQUEST:
        return None
    values = members.listed(document.get("instrument"), 2)
    if len(values) > 1:
        raise MalformedError(term="instrument")
    return _embedded(values[0], scope, whole=False) if values else None


def _stamp(document: JsonObject, scope: _Scope) -> QuoteAuthorization:
    def named(term: str) -> str:
        return _required(members.uri(document.get(term)), term)

    return QuoteAuthorization(
        id=_id(document),
        attributed_to=named("attributedTo"),
        interacting_object=named("interactingObject"),
        interaction_target=named("interactionTarget"),
        extra=_rest(document, known.STAMP),
        ld_context=scope.ld_context,
    )


def _objects(value: Json, kind: ActivityType, scope: _Scope) -> list[Thing]:
    values = members.listed(value, MAX_OBJECTS)
    if len(values) > 1 and kind is not ActivityType.FLAG:
        raise MalformedError(term="object")
    return [_embedded(one, scope, whole=kind in _WHOLE) for one in values]


_Reader = Callable[[JsonObject, _Scope], Document]
_READERS: dict[str, _Reader] = {
    **dict.fromkeys(ActorType, _actor),
    **dict.fromkeys(ActivityType, _activity),
    **dict.fromkeys(NOTE_TYPES, _note),
    **dict.fromkeys(COLLECTION_TYPES, _collection),
    "QuoteAuthorization": _stamp,
    "Tombstone": _tombstone,
}
