"""A story as it is written, read from a file, and as other hubs read it."""

from typing import Any

import pytest

from server.posts.rules import Organisation
from server.posts.terms import MANY, SHORT, TEXT
from server.stories import wire
from server.stories.markdown import story_from_markdown
from server.stories.rules import (
    AuthorRole,
    EmptyStoryError,
    Story,
    UntitledStoryError,
)

WHOLE = Story(
    title="Home by six", what_happened="It was **late**.", what_people_tried="A list.",
    what_might_help="A call.", what_was_good="The tea.", author_role=AuthorRole.RELATIVE,
    feelings=("worried", "relieved"), when_approx="2026-10", places=("Leeds",),
    organisations=(Organisation(name_then="St Hilda's", kind="trust"),), topics=("HomeCare",),
    interests="I volunteer there.", consent={"about": "self", "basis": "asked"},
)  # fmt: skip


def test_a_story_needs_a_title_and_one_text() -> None:
    """Spaces are neither."""
    with pytest.raises(UntitledStoryError):
        Story(title=" ", what_happened="x").check()
    with pytest.raises(EmptyStoryError):
        Story(title="x", what_happened=" ").check()
    Story(title="x", what_was_good="y").check()


def test_what_travels_is_read_back_whole_but_for_what_is_private() -> None:
    """Consent never leaves."""
    terms = wire.to_wire(WHOLE, language="en-GB", licence="CC")
    assert "consent" not in str(terms)
    read = wire.from_wire(terms)
    assert read == Story(**{**_fields(WHOLE), "consent": {}})


def _fields(story: Story) -> dict[str, Any]:
    return {name: getattr(story, name) for name in Story.__dataclass_fields__}


@pytest.mark.parametrize("odd", [None, 7, True, [], {}, ["x"], [{"nameThen": 7}], "x" * 99_999])
@pytest.mark.parametrize(
    "term",
    ["title", "whatHappened", "authorRole", "feelings", "places", "organisations", "topics"],
)
def test_a_term_of_another_shape_is_left_out(term: str, odd: Any) -> None:
    """Nothing a peer sends breaks the page; what is too long is cut."""
    read = wire.from_wire({"title": "Home", term: odd})
    assert len(read.title) <= SHORT
    assert len(read.what_happened) <= TEXT
    assert all(isinstance(one, str) for one in (*read.feelings, *read.places, *read.topics))


def test_a_list_of_a_peer_is_bounded() -> None:
    """Places, feelings, organisations."""
    many: list[Any] = [f"p{number}" for number in range(1_000)]
    read = wire.from_wire(
        {"places": many, "feelings": many, "organisations": [{"nameThen": one} for one in many]}
    )
    assert len(read.places) == len(read.organisations) == MANY
    assert len(read.feelings) == 12


def test_a_file_is_read_by_its_headings() -> None:
    """A heading of no part stays in the text, and a second title too."""
    told = story_from_markdown(
        "# Home by six\n\nIt was late.\n\n# Again\n\n## Why\n\nNobody knew.\n\n"
        "## What people tried\n\nA list.\n\n## WHAT MIGHT HELP\nA call.\n\n## What was good \nTea."
        "\n## Before you read\nAbout\nloss.\n## Organisation\nSt Hilda’s\n"
    )
    assert told.title == "Home by six"
    assert told.what_happened == "It was late.\n\n# Again\n\n## Why\n\nNobody knew."
    assert (told.what_people_tried, told.what_might_help, told.what_was_good) == (
        "A list.", "A call.", "Tea.",
    )  # fmt: skip
    assert told.warning == "About loss."
    assert [one.name_then for one in told.organisations] == ["St Hilda’s"]


def test_an_empty_file_is_no_story() -> None:
    """It says so before anything is written."""
    with pytest.raises(UntitledStoryError):
        story_from_markdown("").check()
