"""A story as `fettle:story`, both ways (wire-examples.md)."""

from collections.abc import Sequence

from federation import vocab
from server.posts.terms import SHORT, organisations, organisations_to_wire, text, texts, word
from server.stories.rules import FEELINGS, AuthorRole, Story

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
    terms |= {term: found for term, name in TEXTS.items() if (found := getattr(story, name))}
    optional: vocab.JsonObject = {
        "authorRole": story.author_role and str(story.author_role),
        "feelings": list(story.feelings),
        "whenApprox": story.when_approx,
        "places": list(story.places),
        "organisations": organisations_to_wire(story.organisations),
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
    return Story(
        title=text(terms, "title", SHORT),
        what_happened=text(terms, "whatHappened"),
        what_people_tried=text(terms, "whatPeopleTried"),
        what_might_help=text(terms, "whatMightHelp"),
        what_was_good=text(terms, "whatWasGood"),
        author_role=word(terms, "authorRole", AuthorRole),
        feelings=texts(terms, "feelings", FEELINGS),
        when_approx=text(terms, "whenApprox", 100),
        places=texts(terms, "places"),
        organisations=organisations(terms),
        topics=texts(terms, "topics"),
        interests=text(terms, "interests"),
    )


def inspired(terms: vocab.JsonObject) -> tuple[str, ...]:
    """Return the ids of the experiments that a peer's story names."""
    return texts(terms, "inspired")
