"""What is written reads the same; what is read is written again, unknown terms and all."""

import string
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.errors import FederationError
from federation.vocab import (
    CONTEXT,
    PUBLIC,
    Activity,
    ActivityType,
    Actor,
    ActorType,
    Collection,
    Document,
    Hashtag,
    Image,
    Json,
    JsonObject,
    Mention,
    Multikey,
    Note,
    PropertyValue,
    PublicKey,
    QuoteAuthorization,
    Tombstone,
    Unknown,
    dumps,
    load_json,
    parse,
    render,
)
from federation.vocab.parse import NOTE_TYPES

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
FOREIGN = ["https://www.w3.org/ns/activitystreams", {"x": "https://x.example/ns#"}]

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
words = st.text(string.ascii_letters + string.digits, min_size=1, max_size=8)
uris = words.map(lambda word: f"https://peer.example/{word}")
times = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
json: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
extras = st.dictionaries(words.map(lambda word: f"x:{word}"), json, max_size=3)
contexts = st.sampled_from([None, [], "https://www.w3.org/ns/activitystreams", FOREIGN])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return the strategy or nothing."""
    return st.none() | strategy


def each_once(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return tuples without repetition."""
    return st.lists(strategy, max_size=3, unique=True).map(tuple)


images = st.builds(
    Image,
    url=uris,
    media_type=st.sampled_from([None, "image/png"]),
    name=maybe(texts.filter(bool)),
    width=maybe(st.integers(0, 9_999)),
    height=maybe(st.integers(0, 9_999)),
    blurhash=maybe(words),
    focal_point=maybe(st.tuples(st.floats(-1, 1), st.floats(-1, 1))),
    extra=extras,
)
tags = st.builds(Hashtag, name=words.map(lambda word: f"#{word}"), href=maybe(uris)) | st.builds(
    Mention, href=uris, name=maybe(words)
)
notes = st.builds(
    Note,
    id=uris,
    type=st.sampled_from(sorted(NOTE_TYPES)),
    attributed_to=uris,
    content=texts,
    content_map=st.dictionaries(words, texts, max_size=2),
    name=maybe(texts),
    summary=maybe(texts.filter(bool)),
    sensitive=st.booleans(),
    published=maybe(times),
    updated=maybe(times),
    url=maybe(uris),
    to=each_once(uris | st.just(PUBLIC)),
    cc=each_once(uris),
    in_reply_to=maybe(uris),
    conversation=maybe(uris),
    tags=st.lists(tags, max_size=3).map(tuple),
    attachments=st.lists(images, max_size=2).map(tuple),
    replies=maybe(uris),
    likes=maybe(uris),
    shares=maybe(uris),
    terms=st.just({}),
    extra=extras,
    ld_context=contexts,
)
our_notes = st.builds(
    lambda note, terms: Note(
        **{name: getattr(note, name) for name in note.__slots__}
        | {"terms": terms, "ld_context": None}
    ),
    notes,
    st.dictionaries(
        st.sampled_from(["fettle:story", "fettle:response", "fettle:later"]),
        st.dictionaries(words, json, max_size=3),
        max_size=2,
    ),
)
tombstones = st.builds(
    Tombstone,
    id=uris,
    former_type=maybe(words),
    deleted=maybe(times),
    extra=extras,
    ld_context=contexts,
)


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    """Draw an actor with keys of its own."""
    uri = draw(uris)
    key = PublicKey(id=f"{uri}#main-key", owner=uri, pem="PEM")
    multikey = Multikey(id=f"{uri}#ed", controller=uri, public_key_multibase="z6Mk")
    return draw(
        st.builds(
            Actor,
            id=st.just(uri),
            type=st.sampled_from(ActorType),
            inbox=uris,
            preferred_username=maybe(words),
            name=maybe(texts),
            summary=maybe(texts),
            url=maybe(uris),
            outbox=maybe(uris),
            followers=maybe(uris),
            following=maybe(uris),
            featured=maybe(uris),
            shared_inbox=maybe(uris),
            icon=maybe(images),
            image=maybe(images),
            public_key=st.sampled_from([None, key]),
            assertion_methods=st.sampled_from([(), (multikey,)]),
            fields=st.lists(st.builds(PropertyValue, name=texts, value=texts), max_size=3).map(
                tuple
            ),
            also_known_as=each_once(uris),
            moved_to=maybe(uris),
            published=maybe(times),
            manually_approves=st.booleans(),
            discoverable=maybe(st.booleans()),
            indexable=maybe(st.booleans()),
            webfinger=maybe(words),
            extra=extras,
            ld_context=contexts,
        )
    )


OF_THEIR_OWN = {ActivityType.QUOTE_REQUEST, ActivityType.ACCEPT}
"""Activities with members that no other has."""


def activities(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Activity]:
    """Return activities around what `inner` draws."""
    kinds = [
        (st.sampled_from(sorted(set(ActivityType) - OF_THEIR_OWN)), st.none(), st.none()),
        (st.just(ActivityType.QUOTE_REQUEST), uris | inner, st.none()),
        (st.just(ActivityType.ACCEPT), st.none(), maybe(uris)),
    ]
    return st.one_of(*(_activities(inner, *kind) for kind in kinds))


def _activities(
    inner: st.SearchStrategy[Any],
    kind: st.SearchStrategy[ActivityType],
    instrument: st.SearchStrategy[Any],
    result: st.SearchStrategy[Any],
) -> st.SearchStrategy[Activity]:
    return st.builds(
        Activity,
        id=maybe(uris),
        type=kind,
        instrument=instrument,
        result=result,
        actor=uris,
        object=maybe(uris | inner),
        target=maybe(uris),
        to=each_once(uris),
        cc=each_once(uris),
        published=maybe(times),
        content=maybe(texts),
        extra=extras,
        ld_context=contexts,
    )


def collections(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Collection]:
    """Return collections and pages of what `inner` draws."""
    return st.builds(
        Collection,
        id=maybe(uris),
        type=st.sampled_from(
            ["Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"]
        ),
        total_items=maybe(st.integers(0, 2**53 - 1)),
        items=st.lists(uris | inner, max_size=3).map(tuple),
        first=maybe(uris),
        next=maybe(uris),
        prev=maybe(uris),
        part_of=maybe(uris),
        attributed_to=maybe(uris),
        extra=extras,
        ld_context=contexts,
    )


stamps = st.builds(
    QuoteAuthorization,
    id=uris,
    attributed_to=uris,
    interacting_object=uris,
    interaction_target=uris,
    extra=extras,
    ld_context=contexts,
)
singles: st.SearchStrategy[Document] = st.one_of(notes, our_notes, tombstones, stamps, actors())
things: st.SearchStrategy[Document] = st.recursive(
    singles, lambda inner: activities(inner) | collections(inner), max_leaves=3
)


@FEW
@given(things)
def test_what_is_written_reads_the_same(thing: Document) -> None:
    """Through bytes: every member, whatever is inside whatever."""
    assert parse(load_json(dumps(render(thing)))) == thing


@FEW
@given(things)
def test_rendering_is_stable(thing: Document) -> None:
    """The same thing is the same bytes, also after it was read once."""
    once = dumps(render(thing))
    assert dumps(render(parse(load_json(once)))) == once


@FEW
@given(st.one_of(notes, tombstones, stamps, actors()).map(render), extras)
def test_unknown_terms_survive(document: JsonObject, unknown: dict[str, Json]) -> None:
    """On their way through the hands of somebody who does not know them."""
    back = render(parse({**document, **unknown}))
    assert {name: back[name] for name in unknown} == unknown


MEMBERS = sorted(
    {
        *("id", "type", "actor", "object", "target", "to", "cc", "attributedTo", "content"),
        *("contentMap", "summary", "summaryMap", "name", "published", "updated", "deleted", "url"),
        *("inReplyTo", "context", "tag", "attachment", "replies", "likes", "icon", "publicKey"),
        *("assertionMethod", "endpoints", "inbox", "alsoKnownAs", "items", "orderedItems", "first"),
        *(
            "totalItems",
            "formerType",
            "fettle:story",
            "@context",
            "href",
            "mediaType",
            "focalPoint",
        ),
        *("width", "sensitive", "publicKeyPem", "owner", "sharedInbox", "preferredUsername", "@id"),
    }
)
TYPES = [
    *(*ActivityType, *ActorType, *NOTE_TYPES, "Tombstone", "Collection", "Image", "Hashtag"),
    *("Mention", "PropertyValue", "Multikey", "Link", "Key", ["Note"], ["Note", "Page"]),
]
TELLING = [*TYPES, PUBLIC, CONTEXT, "2026-11-20T09:12:00Z", "9999-12-31T23:59:59-01:00"]
hostile: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | numbers | texts | uris | st.sampled_from(TELLING),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6)
    ),
    max_leaves=25,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(st.sampled_from(MEMBERS), hostile, max_size=12),
    st.fixed_dictionaries({}, optional={"id": uris, "attributedTo": uris, "actor": uris,
                                        "inbox": uris, "type": st.sampled_from(TYPES)}),
)  # fmt: skip
def test_any_document_is_read_or_refused(document: JsonObject, likely: JsonObject) -> None:
    """Nothing but our own errors; and what was read is read the same again."""
    raw = orjson.dumps({**document, **likely})
    try:
        thing = parse(load_json(raw))
    except FederationError:
        return
    assert parse(load_json(dumps(render(thing)))) == thing


def test_an_unknown_thing_is_passed_on_as_it_came() -> None:
    """Nothing added, nothing taken away."""
    document: JsonObject = {"type": "Arrive", "bto": ["x"], "deep": {"a": [1, None]}}
    assert render(parse(document)) == document
    assert parse(document) == Unknown(id=None, type="Arrive", raw=document)


def test_what_is_ours_carries_our_context_once() -> None:
    """At the top, and not again inside."""
    note = Note(id="https://hub.example/stories/1", attributed_to="https://hub.example/hub")
    create = Activity(
        id="https://hub.example/activities/1",
        type=ActivityType.CREATE,
        actor="https://hub.example/hub",
        object=note,
    )
    document = render(create)
    assert document["@context"] == CONTEXT
    assert "@context" not in document["object"]  # type: ignore[operator]
    assert document["object"]["type"] == "Note"  # type: ignore[index,call-overload]


def test_what_is_absent_is_not_written() -> None:
    """No nulls, no empty lists; `type` is plain text and `name` is not there."""
    note = Note(id="https://hub.example/stories/1", attributed_to="https://hub.example/hub")
    document = render(note)
    assert document.keys() == {"@context", "id", "type", "attributedTo", "content", "sensitive"}
    assert dumps({"a": "é"}) == '{"a":"é"}'.encode()
