"""JSON-LD that would be another document to another reader is refused (security case 14)."""

import copy

import pytest

from federation.errors import MalformedError
from federation.vocab import (
    CONTEXT,
    FETTLE_NS,
    Json,
    JsonObject,
    Note,
    maps_fettle,
    parse,
    refuse_odd,
    render,
)

AS = "https://www.w3.org/ns/activitystreams"
STORY: JsonObject = {"title": "Home by six"}


def note(ld_context: Json, **members: Json) -> JsonObject:
    """Return a Note's document."""
    return {
        "@context": ld_context,
        "id": "https://hub.example/stories/1",
        "type": "Note",
        "attributedTo": "https://hub.example/hub",
        **members,
    }


@pytest.mark.parametrize("keyword", ["@graph", "@included", "@reverse", "@nest", "@import"])
@pytest.mark.parametrize("deep", [False, True])
def test_restructuring_keywords_are_refused_at_any_depth(keyword: str, deep: bool) -> None:
    """In an object within lists within objects as well as at the top."""
    odd: JsonObject = {keyword: []}
    members: JsonObject = {"x": [{"y": [odd]}]} if deep else odd
    with pytest.raises(MalformedError, match=keyword):
        parse(note(AS, **members))


@pytest.mark.parametrize(
    "entry",
    [
        {"items": "@graph"},
        {"kind": "@type"},
        {"uri": "@id"},
        {"also": {"@id": "@included"}},
        {"back": {"@reverse": "as:attributedTo"}},
        {"meta": "@nest"},
        {"content": "@value"},
        {"id": "@type"},
        {"type": "@id"},
        {"id": "https://evil.example/ns#id"},
        {"id": None},
        {"type": {"@id": "as:name"}},
        {"id": {"@type": "@id"}},
        {"object": {"@id": "as:object", "@container": "@graph"}},
        {"object": {"@id": "as:object", "@container": ["@graph", "@id"]}},
        {"object": {"@id": "as:object", "@context": {"x": "@graph"}}},
        {"object": {"@id": "as:object", "@context": [AS, {"y": {"@context": {"x": "@type"}}}]}},
        {"@import": "https://evil.example/context"},
        {"x": {"@id": "as:x", "@nest": "meta"}},
    ],
)
def test_other_names_for_keywords_are_refused(entry: JsonObject) -> None:
    """In an inline context, in one among several, in one within, in that of an embedded object."""
    ld_contexts: list[Json] = [entry, [AS, entry], [[AS, entry]]]
    for ld_context in ld_contexts:
        with pytest.raises(MalformedError):
            parse(note(ld_context))
        with pytest.raises(MalformedError):
            parse(note(AS, attachment=[{"type": "Image", "@context": ld_context}]))


@pytest.mark.parametrize("ld_context", [7, True, [AS, 7]])
def test_a_context_that_is_none_is_refused(ld_context: Json) -> None:
    """Text, object, list or null."""
    with pytest.raises(MalformedError, match="@context"):
        parse(note(ld_context))


def test_two_ids_are_one_too_many() -> None:
    """`@id` beside `id` would be another id to another reader."""
    with pytest.raises(MalformedError, match="@id"):
        parse({**note(AS), "@id": "https://evil.example/1"})
    with pytest.raises(MalformedError, match="@type"):
        parse({**note(AS), "@type": "Person"})


@pytest.mark.parametrize(
    "ld_context",
    [
        AS,
        None,
        [],
        [AS, "https://unheard.example/context.jsonld"],
        [AS, {"id": "@id", "type": "@type", "@language": "und", "@vocab": "_:"}],
        [AS, {"id": {"@id": "@id"}, "type": {"@id": "@type", "@container": "@set"}}],
        [AS, {"sensitive": "as:sensitive", "x": None, "y": {"@id": "as:y", "@type": "@json"}}],
        [AS, {"focalPoint": {"@container": "@list", "@id": "toot:focalPoint"}}],
        CONTEXT,
    ],
)
def test_ordinary_contexts_pass(ld_context: Json) -> None:
    """Unknown addresses are neither fetched nor minded."""
    refuse_odd(note(ld_context))
    assert isinstance(parse(note(ld_context)), Note)


def test_our_own_context_is_ordinary() -> None:
    """What is refused of others is not in ours."""
    refuse_odd({"@context": copy.deepcopy(CONTEXT)})


@pytest.mark.parametrize(
    ("ld_context", "maps"),
    [
        (None, True),
        (CONTEXT, True),
        (copy.deepcopy(CONTEXT), True),
        ({"fettle": FETTLE_NS}, True),
        ([AS, {"fettle": {"@id": FETTLE_NS, "@prefix": True}}], True),
        ([{"fettle": "https://other.example/#"}, {"fettle": FETTLE_NS}], True),
        ([{"fettle": FETTLE_NS}, {"x": "as:x"}], True),
        (AS, False),
        ([], False),
        ([AS], False),
        (FETTLE_NS, False),
        ([{"fettle": FETTLE_NS}, {"fettle": "https://other.example/#"}], False),
        ([{"fettle": FETTLE_NS}, None], False),
        ([{"fettle": FETTLE_NS}, {"fettle": None}], False),
        ({"fettle": "https://w3id.org/fettle"}, False),
        ({"fettle": {"@type": FETTLE_NS}}, False),
    ],
)
def test_fettle_counts_where_the_inline_context_says_so(ld_context: Json, maps: bool) -> None:
    """What is written last counts; None stands for our own context."""
    assert maps_fettle(ld_context) is maps


def test_terms_are_read_only_where_the_context_maps_them() -> None:
    """Elsewhere they are kept like anything unknown."""
    members: JsonObject = {"fettle:story": STORY, "fettle:newer": {"a": 1}, "fettle:odd": "text"}
    ours = parse(note([AS, {"fettle": FETTLE_NS}], **members))
    theirs = parse(note(AS, **members))
    assert isinstance(ours, Note)
    assert isinstance(theirs, Note)
    assert ours.terms == {"fettle:story": STORY, "fettle:newer": {"a": 1}}
    assert ours.extra == {"fettle:odd": "text"}
    assert theirs.terms == {}
    assert theirs.extra == members


def test_terms_do_not_become_ours_on_the_way_out() -> None:
    """A Note inside another's activity keeps that activity's context when it is rendered alone."""
    activity = parse(
        {
            "@context": AS,
            "id": "https://hub.example/activities/1",
            "type": "Create",
            "actor": "https://hub.example/hub",
            "object": {
                key: value
                for key, value in note(AS, **{"fettle:story": STORY}).items()
                if key != "@context"
            },
        }
    )
    inside = activity.object  # type: ignore[union-attr]
    assert isinstance(inside, Note)
    again = parse(render(inside))
    assert again == inside
    assert again.terms == {}


def test_an_inner_context_stands_alone() -> None:
    """It can take meaning away and bring its own; the outer one's does not leak in."""
    outer = note([AS, {"fettle": FETTLE_NS}], **{"fettle:story": STORY})
    activity: JsonObject = {
        "@context": CONTEXT,
        "type": "Create",
        "actor": "https://hub.example/hub",
        "object": {**outer, "@context": AS},
    }
    thing = parse(activity)
    assert thing.object.terms == {}  # type: ignore[union-attr]
    assert parse(render(thing)) == thing
