"""What is tolerated, what is refused, and what is capped when a document is read."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from federation.errors import MalformedError
from federation.vocab import (
    PUBLIC,
    Activity,
    ActivityType,
    Actor,
    Collection,
    Hashtag,
    Image,
    Json,
    JsonObject,
    Note,
    Tombstone,
    Unknown,
    id_of,
    parse,
    parse_activity,
    parse_actor,
    parse_collection,
    parse_note,
    parse_public_key,
    render,
)

HUB = "https://hub.example/hub"
STORY = "https://hub.example/stories/1"
PICTURE = "https://files.example/a.png"
READERS: list[Callable[[JsonObject], object]] = [
    *(parse_note, parse_actor, parse_activity, parse_collection)
]


def note(**members: Json) -> JsonObject:
    """Return a Note's document; a member that is None is left out."""
    whole: JsonObject = {"id": STORY, "type": "Note", "attributedTo": HUB, **members}
    return {name: value for name, value in whole.items() if value is not None}


def actor(**members: Json) -> JsonObject:
    """Return an actor's document; a member that is None is left out."""
    whole: JsonObject = {"id": HUB, "type": "Organization", "inbox": f"{HUB}/inbox", **members}
    return {name: value for name, value in whole.items() if value is not None}


def activity(**members: Json) -> JsonObject:
    """Return an activity's document; a member that is None is left out."""
    whole: JsonObject = {"type": "Like", "actor": HUB, "object": STORY, **members}
    return {name: value for name, value in whole.items() if value is not None}


@pytest.mark.parametrize("uri", ["", "tag:a,1:b", "urn:uuid:1", "javascript:alert(1)", 7, [STORY]])
def test_ids_are_web_addresses(uri: Json) -> None:
    """Of whatever type the thing is; an unknown one may have none at all."""
    for document in (note(id=uri), actor(id=uri), activity(id=uri), {"type": "Odd", "id": uri}):
        with pytest.raises(MalformedError, match="id"):
            parse(document)
    with pytest.raises(MalformedError, match="id"):
        parse(note(id=None))
    assert parse({"type": "Odd"}) == Unknown(id=None, type="Odd", raw={"type": "Odd"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (HUB, HUB),
        ({"id": HUB, "type": "Person"}, HUB),
        ([HUB, "https://other.example/"], HUB),
        ([{"type": "Person", "id": HUB}], HUB),
        ([None, 7, HUB], HUB),
        ({"type": "Link", "href": HUB}, HUB),
    ],
)
def test_an_author_is_named_in_many_ways(value: Json, expected: str) -> None:
    """As text, as an object, as a list of these."""
    assert parse_note(note(attributedTo=value)).attributed_to == expected
    assert parse_activity(activity(actor=value)).actor == expected


@pytest.mark.parametrize("value", [None, "", "hub", {}, {"name": "hub"}, [], [["x"]], 7])
def test_nobody_is_no_author(value: Json) -> None:
    """A Note needs an author, an activity an actor."""
    with pytest.raises(MalformedError, match="attributedTo"):
        parse(note(attributedTo=value))
    with pytest.raises(MalformedError, match="actor"):
        parse(activity(actor=value))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T09:12:00Z", datetime(2026, 11, 20, 9, 12, tzinfo=UTC)),
        ("2026-11-20t09:12:00z", datetime(2026, 11, 20, 9, 12, tzinfo=UTC)),
        ("2026-11-20 09:12:00", datetime(2026, 11, 20, 9, 12, tzinfo=UTC)),
        ("2026-11-20T09:12:00.5Z", datetime(2026, 11, 20, 9, 12, 0, 500_000, tzinfo=UTC)),
        ("2026-11-20T09:12:00.123456789Z", datetime(2026, 11, 20, 9, 12, 0, 123_456, tzinfo=UTC)),
        ("2026-11-20T09:12:00+05:30", datetime(2026, 11, 20, 3, 42, tzinfo=UTC)),
        ("2026-11-20T09:12:00-0800", datetime(2026, 11, 20, 17, 12, tzinfo=UTC)),
        ("9999-12-31T23:59:59-23:59", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("2026-13-01T00:00:00Z", None),
        ("yesterday", None),
        ("2026-11-20T09:12:00Z" * 1000, None),
        (1_795_000_000, None),
        (["2026-11-20T09:12:00Z"], None),
    ],
)
def test_times_are_read_in_utc(text: Json, expected: datetime | None) -> None:
    """What is no time is left out."""
    assert parse_note(note(published=text)).published == expected


def test_content_may_be_given_by_language_only() -> None:
    """Then the first is taken; a summary likewise."""
    read = parse_note(note(contentMap={"cy": "<p>Helo</p>", "en": "<p>Hello</p>", "x": 7}))
    assert read.content == "<p>Helo</p>"
    assert read.content_map == {"cy": "<p>Helo</p>", "en": "<p>Hello</p>"}
    assert parse_note(note(content="", contentMap={"en": "x"})).content == ""
    assert parse_note(note(summaryMap={"en": "Blood"})).summary == "Blood"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"{STORY}.html", f"{STORY}.html"),
        ({"type": "Link", "href": f"{STORY}.html"}, f"{STORY}.html"),
        ([{"type": "Link", "href": STORY, "mediaType": "application/json"},
          {"type": "Link", "href": f"{STORY}.html", "mediaType": "text/html"}], f"{STORY}.html"),
        (["javascript:alert(1)", STORY], STORY),
        ("javascript:alert(1)", None),
        ({"type": "Link", "href": {"a": 1}}, None),
        (7, None),
    ],
)  # fmt: skip
def test_an_address_to_show_is_text_or_link(value: Json, expected: str | None) -> None:
    """The web page is preferred; only http and https count (case 23)."""
    assert parse_note(note(url=value)).url == expected
    assert parse_actor(actor(url=value)).url == expected


@pytest.mark.parametrize(
    "value",
    [
        {"type": "Image", "url": PICTURE, "name": "A"},
        [{"type": "Document", "mediaType": "image/png", "url": PICTURE, "name": "A"}],
        [{"type": "Image", "url": [{"type": "Link", "href": PICTURE}], "summary": "A"}],
        {"type": ["Image"], "href": PICTURE, "name": ["A"]},
    ],
)  # fmt: skip
def test_a_picture_comes_in_many_shapes(value: Json) -> None:
    """Alone or in a list; an Image or a Document; the address as text or as a Link."""
    (picture,) = parse_note(note(attachment=value)).attachments
    assert (picture.url, picture.name) == (PICTURE, "A")


def test_what_is_odd_about_a_picture_is_left_out() -> None:
    """Sizes that are none, a point outside the picture, an address that is none."""
    odd: JsonObject = {
        "type": "Image", "url": "https://files.example/a", "width": -1, "height": True,
        "blurhash": "x" * 999, "focalPoint": [2, 0], "mediaType": 7, "more": 1,
    }  # fmt: skip
    plain = Image(url="https://files.example/a", extra={"more": 1})
    assert parse_note(note(attachment=[odd])).attachments == (plain,)
    unreachable: JsonObject = {"type": "Image", "url": "file:///etc/passwd"}
    assert parse_note(note(attachment=[unreachable])).attachments == ()


def test_what_has_no_use_here_is_left_out() -> None:
    """Values of the wrong kind are as good as none."""
    read = parse_note(
        note(content=7, summary={"a": 1}, sensitive="yes", inReplyTo=7, tag="x", to=[7, None, {}])
    )
    assert (read.content, read.summary, read.sensitive) == ("", None, False)
    assert (read.in_reply_to, read.to) == (None, ())


def test_a_conversation_that_is_no_web_address_is_kept_as_it_came() -> None:
    """Some servers use tag: addresses."""
    read = parse_note(note(context="tag:hub.example,2026:1"))
    assert read.conversation is None
    assert render(read)["context"] == "tag:hub.example,2026:1"


def test_public_has_one_spelling() -> None:
    """However it was written."""
    read = parse_note(note(to="as:Public", cc=["Public", {"id": PUBLIC}, HUB, HUB]))
    assert (read.to, read.cc) == ((PUBLIC,), (PUBLIC, HUB))


@pytest.mark.parametrize("several", [["Note", "Article"], [], [7], {"a": 1}, "x" * 300])
def test_several_types_are_no_type(several: Json) -> None:
    """A list of one is that one."""
    assert isinstance(parse(note(type=["Note"])), Note)
    thing = parse(note(type=several))
    assert isinstance(thing, Unknown)
    assert thing.type is None


def test_each_reader_takes_its_own_kind_only() -> None:
    """Everything else is malformed there."""
    documents: list[JsonObject] = [
        note(),
        actor(),
        activity(),
        {"type": "Collection"},
        {"type": "Odd"},
        {},
    ]
    for position, read in enumerate(READERS):
        for place, document in enumerate(documents):
            if place == position:
                assert read(document) == parse(document)
            else:
                with pytest.raises(MalformedError, match="type"):
                    read(document)


def test_what_is_created_or_updated_must_be_whole() -> None:
    """A Note without an author, an actor without an inbox: the activity is refused."""
    for kind in ("Create", "Update"):
        for broken in (note(attributedTo=None), note(id=None), actor(inbox=None), "tag:x", 7):
            with pytest.raises(MalformedError):
                parse(activity(type=kind, object=broken))


def test_what_is_only_pointed_at_may_be_odd() -> None:
    """It is an Unknown with its id."""
    broken = note(attributedTo=None)
    for kind in ("Delete", "Undo", "Announce", "Accept", "Like"):
        assert parse_activity(activity(type=kind, object=broken)).object == Unknown(
            id=STORY, type="Note", raw=broken
        )


def test_an_object_is_one_thing() -> None:
    """A list of one is that one; of several only a Flag makes sense."""
    assert parse_activity(activity(object=[STORY])).object == STORY
    assert parse_activity(activity(object={"id": STORY})).object == STORY
    assert parse_activity(activity(object={"type": "Link", "href": STORY})).object == STORY
    assert parse_activity(activity(object=None)).object is None
    assert parse_activity(activity(object=[])).object is None
    with pytest.raises(MalformedError, match="object"):
        parse(activity(object=[STORY, HUB]))


def test_things_are_not_read_within_things_without_end() -> None:
    """Eight levels are more than anybody means; what lies deeper is refused or kept unread."""
    chains: dict[str, JsonObject] = {"Create": activity(), "Announce": activity()}
    for kind, document in chains.items():
        for _ in range(12):
            document = activity(type=kind, object=document)
        chains[kind] = document
    with pytest.raises(MalformedError, match="within each other"):
        parse(chains["Create"])
    thing: object = parse(chains["Announce"])
    levels = 0
    while isinstance(thing, Activity):
        thing = thing.object
        levels += 1
    assert isinstance(thing, Unknown)
    assert levels == 7


def test_one_bad_item_spoils_no_page() -> None:
    """It is passed over, or kept as unknown where it has an id."""
    items: list[Json] = [STORY, 7, "tag:x", None, note(attributedTo=None), note()]
    page = parse_collection({"type": "OrderedCollectionPage", "orderedItems": items})
    assert [id_of(one) for one in page.items] == [STORY, STORY, STORY]
    assert isinstance(page.items[1], Unknown)


def test_a_first_page_may_be_embedded() -> None:
    """Then its items are at hand."""
    read = parse_collection(
        {
            "type": "Collection",
            "totalItems": 1,
            "first": {"type": "CollectionPage", "items": [STORY], "next": f"{STORY}?page=2"},
        }
    )
    assert isinstance(read.first, Collection)
    assert read.first.items == (STORY,)
    assert read.first.next == f"{STORY}?page=2"


def test_a_tombstone_tells_what_it_was() -> None:
    """And when it went."""
    document: JsonObject = {
        "id": STORY, "type": "Tombstone", "formerType": ["Note"], "deleted": "2026-11-20T09:12:00Z",
    }  # fmt: skip
    expected = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
    assert parse(document) == Tombstone(
        id=STORY, former_type="Note", deleted=expected, ld_context=[]
    )


def test_only_an_actors_own_keys_are_its_keys() -> None:
    """A key of somebody else's in an actor's document is nobody's (case 6)."""
    other: JsonObject = {"id": f"{HUB}#k", "owner": "https://evil.example/u", "publicKeyPem": "PEM"}
    own: JsonObject = {**other, "owner": HUB}
    assert parse_actor(actor(publicKey=other)).public_key is None
    key = parse_actor(actor(publicKey=[other, own])).public_key
    assert key is not None
    assert key.owner == HUB
    multikey: JsonObject = {
        "id": f"{HUB}#e",
        "type": "Multikey",
        "controller": HUB,
        "publicKeyMultibase": "z6",
    }
    stolen: JsonObject = {**multikey, "controller": "https://evil.example/u"}
    assert (
        len(parse_actor(actor(assertionMethod=[multikey, stolen, f"{HUB}#f"])).assertion_methods)
        == 1
    )
    assert len(parse_actor(actor(assertionMethod=multikey)).assertion_methods) == 1


def test_a_key_may_stand_alone() -> None:
    """Its document is the key; whose it is, it only claims."""
    alone: JsonObject = {"id": f"{HUB}/key", "type": "Key", "owner": HUB, "publicKeyPem": "PEM"}
    assert parse_public_key(alone).owner == HUB
    for broken in (
        {**alone, "owner": None},
        {**alone, "id": "k"},
        {**alone, "publicKeyPem": ""},
        {},
    ):
        with pytest.raises(MalformedError, match="publicKey"):
            parse_public_key(broken)


def test_a_shared_inbox_elsewhere_is_not_taken() -> None:
    """Or everybody's post would go to a stranger."""
    near = parse_actor(actor(endpoints={"sharedInbox": "https://hub.example/inbox", "x": 1}))
    far = parse_actor(actor(endpoints={"sharedInbox": "https://victim.example/inbox"}))
    assert near.shared_inbox == "https://hub.example/inbox"
    assert near.extra["endpoints"] == {"x": 1}
    assert far.shared_inbox is None


def test_lists_are_capped_not_stored_beyond() -> None:
    """50 fields, 256 aliases, 500 tags, 10,000 recipients (case 22)."""
    line: JsonObject = {"type": "PropertyValue", "name": "a", "value": "b"}
    many: list[Json] = [f"https://a.example/{number}" for number in range(12_000)]
    profile = parse_actor(actor(attachment=[line] * 60, alsoKnownAs=many))
    assert len(profile.fields) == 50
    assert len(profile.also_known_as) == 256
    hashtag: JsonObject = {"type": "Hashtag", "name": "#a"}
    read = parse_note(note(tag=[hashtag, {"type": "Emoji"}] * 300, to=many[:9_000], cc=many))
    assert len(read.tags) + len(read.extra["tag"]) == 500  # type: ignore[arg-type]
    assert (len(read.to), len(read.cc)) == (9_000, 1_000)
    assert set(read.tags) == {Hashtag(name="#a")}
    page = parse_collection({"type": "Collection", "items": many})
    assert len(page.items) == 10_000


def test_texts_are_cut() -> None:
    """Nothing is longer than it may be; names that are too long for a name are none."""
    long = "x" * 500_000
    read = parse_note(
        note(content=long, name=long, summary=long, contentMap={"en": long, "cy": long})
    )
    assert len(read.content) == 262_144
    assert len(read.name or "") == 2_048
    assert len(read.summary or "") == 20_000
    assert sum(map(len, read.content_map.values())) == 262_144
    profile = parse_actor(actor(preferredUsername=long, summary=long, name=long))
    assert profile.preferred_username is None
    assert len(profile.summary or "") == 20_000


def test_every_activity_type_is_read() -> None:
    """Other types are unknown, and say which they are."""
    for kind in ActivityType:
        read = parse(activity(type=kind.value))
        assert isinstance(read, Activity)
        assert read.type is kind
    unknown = parse(activity(type="Arrive"))
    assert isinstance(unknown, Unknown)
    assert unknown.type == "Arrive"


def test_every_actor_type_is_read() -> None:
    """All five of the Activity Vocabulary."""
    for kind in ("Application", "Group", "Organization", "Person", "Service"):
        assert isinstance(parse(actor(type=kind)), Actor)
