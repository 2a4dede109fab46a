"""Requests to quote with their stamps (FEP-044f), questions and votes."""

import pytest

from federation.errors import MalformedError
from federation.vocab import (
    Activity,
    ActivityType,
    JsonObject,
    Note,
    QuoteAuthorization,
    is_vote,
    parse,
    parse_activity,
    parse_note,
    poll_options,
    render,
)

STORY = "https://hub.example/stories/1"
BOB = "https://peer.example/bob"
QUOTE: JsonObject = {
    "id": f"{BOB}/quotes/1", "type": "Note", "attributedTo": BOB, "content": "<p>Read this</p>",
    "quote": STORY,
}  # fmt: skip
REQUEST: JsonObject = {
    "id": f"{BOB}/requests/1", "type": "QuoteRequest", "actor": BOB, "object": STORY,
}  # fmt: skip


def test_a_request_to_quote_brings_the_quote_or_its_id() -> None:
    """Mastodon sends it whole; the id alone is as good."""
    whole = parse_activity({**REQUEST, "instrument": QUOTE})
    assert whole.type is ActivityType.QUOTE_REQUEST
    assert isinstance(whole.instrument, Note)
    named = parse_activity({**REQUEST, "instrument": QUOTE["id"]})
    assert named.instrument == QUOTE["id"]
    assert parse_activity(REQUEST).instrument is None


def test_one_request_is_about_one_quote() -> None:
    """Else it would be anybody's guess which one was allowed."""
    with pytest.raises(MalformedError):
        parse_activity({**REQUEST, "instrument": [QUOTE["id"], STORY]})


def test_the_terms_of_some_activities_stay_with_others_as_they_came() -> None:
    """`instrument` and `result` are read only where they mean something here."""
    like: JsonObject = {
        "id": f"{BOB}/likes/1", "type": "Like", "actor": BOB, "object": STORY,
        "instrument": "a pen", "result": {"type": "Joy"},
    }  # fmt: skip
    read = parse_activity(like)
    assert (read.instrument, read.result) == (None, None)
    assert render(read) == like


def test_an_accept_brings_the_stamp() -> None:
    """As `result`."""
    accept = parse_activity(
        {"type": "Accept", "actor": BOB, "object": REQUEST, "result": f"{BOB}/stamps/1"}
    )
    assert accept.result == f"{BOB}/stamps/1"
    assert isinstance(accept.object, Activity)


def test_a_stamp_says_what_may_quote_what() -> None:
    """And is refused where it doesn't."""
    document: JsonObject = {
        "id": f"{BOB}/stamps/1", "type": "QuoteAuthorization", "attributedTo": BOB,
        "interactingObject": f"{BOB}/quotes/1", "interactionTarget": STORY,
    }  # fmt: skip
    stamp = parse(document)
    assert isinstance(stamp, QuoteAuthorization)
    assert (stamp.interacting_object, stamp.interaction_target) == (f"{BOB}/quotes/1", STORY)
    assert render(stamp) == document
    for term in ("attributedTo", "interactingObject", "interactionTarget"):
        with pytest.raises(MalformedError):
            parse({name: value for name, value in document.items() if name != term})


@pytest.mark.parametrize("term", ["oneOf", "anyOf"])
def test_the_choices_of_a_question_are_read_as_words(term: str) -> None:
    """At most twenty, none longer than a word may be; the rest of it stays as it came."""
    options: list[object] = [{"type": "Note", "name": f"Choice {n}"} for n in range(30)]
    odd: list[object] = ["Yes", {"name": 7}, {"name": ""}, {"name": "x" * 999}]
    document: JsonObject = {**QUOTE, "type": "Question", term: [*odd, *options]}  # type: ignore[list-item]
    question = parse_note(document)
    found = poll_options(question)
    assert found[0] == "x" * 255
    assert found[1:3] == ("Choice 0", "Choice 1")
    assert len(found) <= 20
    assert render(question)[term] == document[term]
    assert poll_options(parse_note({**document, "type": "Note"})) == ()


def test_a_vote_is_told_from_a_reply() -> None:
    """It names a choice and says nothing; a reply that has a name as well is one."""
    vote: JsonObject = {
        "id": f"{BOB}/votes/1", "type": "Note", "attributedTo": BOB, "name": "Tea",
        "inReplyTo": STORY,
    }  # fmt: skip
    assert is_vote(parse_note(vote))
    assert not is_vote(parse_note({**vote, "content": "<p>Tea, please</p>"}))
    assert not is_vote(parse_note({**vote, "type": "Page"}))
    assert not is_vote(parse_note({**vote, "inReplyTo": None}))
