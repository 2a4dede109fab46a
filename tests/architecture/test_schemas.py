"""The published JSON Schemas are sound, and what we write keeps to them."""

import json
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from server.responses import wire as responses
from server.responses.rules import Response, ResponseKind
from server.stories import wire as stories
from server.stories.rules import AuthorRole, Organisation, Story
from tests.architecture.sources import ROOT

FOLDER = ROOT / "docs" / "schemas"

WHOLE = Story(
    title="Home by six",
    what_happened="Mum was discharged **late**.",
    what_people_tried="The clerk rang round.",
    what_might_help="A list by the phone.",
    what_was_good="The neighbours.",
    author_role=AuthorRole.RELATIVE,
    feelings=("worried", "relieved"),
    when_approx="2026-10",
    places=("Leeds",),
    organisations=(Organisation(name_then="St Hilda's, ward 7", kind="trust"),),
    topics=("discharge",),
    interests="I volunteer there.",
)


def schema(name: str) -> dict[str, Any]:
    """Return one of our schemas."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def validator(name: str) -> Draft202012Validator:
    """Return the validator of one of our schemas, once it is seen to be one."""
    Draft202012Validator.check_schema(schema(name))
    return Draft202012Validator(schema(name))


@pytest.mark.parametrize("story", [WHOLE, Story(title="Short", what_was_good="All of it.")])
def test_a_story_as_we_write_it_keeps_to_its_schema(story: Story) -> None:
    """With everything filled in, and with only what is required."""
    licence = "https://creativecommons.org/licenses/by/4.0/"
    validator("story").validate(stories.to_wire(story, language="en-GB", licence=licence))


@pytest.mark.parametrize("kind", [None, *ResponseKind])
def test_a_response_as_we_write_it_keeps_to_its_schema(kind: ResponseKind | None) -> None:
    """Of every kind, and of none."""
    response = Response(
        text="We will.",
        kind=kind,
        change="A list by the phone.",
        when=date(2027, 2, 28),
        on_behalf_of="Ward 7",
    )
    validator("response").validate(responses.to_wire(response))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("story", {"title": "Nothing in it"}),
        ("story", {"whatHappened": "No title"}),
        ("story", {"title": "t", "whatHappened": "w", "authorRole": "chief executive"}),
        ("response", {"kind": "change-planned"}),
        ("response", {"kind": "applause"}),
    ],
)
def test_what_is_wrong_is_refused(name: str, wrong: dict[str, Any]) -> None:
    """The schemas do not let everything pass."""
    assert not validator(name).is_valid(wrong)


def test_every_word_of_the_rules_is_in_the_schema() -> None:
    """A new role or kind is added to the schema in the same change."""
    story, response = schema("story"), schema("response")
    assert story["properties"]["authorRole"]["enum"] == [str(role) for role in AuthorRole]
    assert response["properties"]["kind"]["enum"] == [str(kind) for kind in ResponseKind]
