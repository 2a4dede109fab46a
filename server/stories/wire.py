"""A story as `fettle:story`, both ways (wire-examples.md)."""

from collections.abc import Sequence

from federation import vocab
from server.stories.rules import FEELINGS, AuthorRole, Organisation, Story

TEXT = 50_000
SHORT = 500
MANY = 20
"""Characters of a text, of a short field, and entries of a list that are kept of somebody else's
story.
"""

TEXTS = {
    "whatHappened": "what_happened",
    "whatPeopleTried": "what_people_tried",
    "whatMightHelp": "what_might_help",
    "whatWasGood": "what_was_good",
}


def to_wire(
    story: Story, *, language: str, licence: str, inspired: Sequence[str] = ()
) -> vocab.JsonObject:
    """Return the terms that other hubs read; what is private is not among them. `inspired` are the
    ids of the experiments that it inspired.
    """
    terms: vocab.JsonObject = {"title": story.title}
    terms |= {term: text for term, name in TEXTS.items() if (text := getattr(story, name))}
    optional: vocab.JsonObject = {
        "authorRole": story.author_role and str(story.author_role),
        "feelings": list(story.feelings),
        "whenApprox": story.when_approx,
        "places": list(story.places),
        "organisations": [
            {"nameThen": one.name_then, **({"kind": one.kind} if one.kind else {})}
            for one in story.organisations
        ],
        "topics": list(story.topics),
        "interests": story.interests,
        "inspired": list(inspired),
    }
    terms |= {term: value for term, value in optional.items() if value}
    return terms | {"language": language, "licence": licence}


def from_wire(terms: vocab.JsonObject) -> Story:
    """Read a peer's story. What is not as it should be is left out: unknown terms stay in the
    Note's bytes.
    """
    role = terms.get("authorRole")
    return Story(
        title=_text(terms, "title", SHORT),
        what_happened=_text(terms, "whatHappened", TEXT),
        what_people_tried=_text(terms, "whatPeopleTried", TEXT),
        what_might_help=_text(terms, "whatMightHelp", TEXT),
        what_was_good=_text(terms, "whatWasGood", TEXT),
        author_role=AuthorRole(role) if isinstance(role, str) and role in set(AuthorRole) else None,
        feelings=_texts(terms, "feelings", FEELINGS),
        when_approx=_text(terms, "whenApprox", 100),
        places=_texts(terms, "places", MANY),
        organisations=_organisations(terms.get("organisations")),
        topics=_texts(terms, "topics", MANY),
        interests=_text(terms, "interests", TEXT),
    )


def inspired(terms: vocab.JsonObject) -> tuple[str, ...]:
    """Return the ids of the experiments that a peer's story names."""
    return _texts(terms, "inspired", MANY)


def _text(terms: vocab.JsonObject, name: str, limit: int) -> str:
    value = terms.get(name)
    return value[:limit] if isinstance(value, str) else ""


def _texts(terms: vocab.JsonObject, name: str, limit: int) -> tuple[str, ...]:
    value = terms.get(name)
    if not isinstance(value, list):
        return ()
    return tuple(one[:SHORT] for one in value if isinstance(one, str))[:limit]


def _organisations(value: vocab.Json) -> tuple[Organisation, ...]:
    if not isinstance(value, list):
        return ()
    found = [one for one in value if isinstance(one, dict) and isinstance(one.get("nameThen"), str)]
    return tuple(
        Organisation(name_then=_text(one, "nameThen", SHORT), kind=_text(one, "kind", 100))
        for one in found[:MANY]
    )
