"""What the forms of several kinds ask alike."""

from collections.abc import Sequence
from typing import Any

from server.posts.rules import WARNING_LIMIT, Organisation, Visibility
from server.web.forms import File, Form, Text

SEEN_BY = (
    (Visibility.PUBLIC, "Everybody"),
    (Visibility.UNLISTED, "Anybody with the address, not in lists"),
)
ORGANISATION_KINDS = (
    ("trust", "a hospital or trust"),
    ("practice", "a GP practice"),
    ("council", "a council team"),
    ("care-home", "a care home"),
    ("pharmacy", "a pharmacy"),
    ("charity", "a charity"),
    ("informal-group", "a group of people"),
    ("other", "something else"),
)
LATER = "later"
"""What a form's button is worth that keeps a draft for later."""


def before_reading() -> Text:
    """Return the field for what people are told before they read something."""
    return Text(
        "Should people be told something before they read it?",
        hint="For example: about the end of a life. You can leave this empty.",
        limit=WARNING_LIMIT,
    )


class PictureForm(Form):
    """One more picture."""

    picture = File("Choose a picture", required="Choose a picture first")
    alt = Text(
        "What can be seen on it?",
        hint="For people who can’t see it. A sentence is enough.",
        required="Say in a few words what can be seen on the picture",
        limit=1_000,
    )


def listed(text: str) -> tuple[str, ...]:
    """Return the parts of a line with commas, trimmed, each once."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))[:10]


def as_tag(topic: str) -> str:
    """Return a topic as a hashtag without `#`: `home care` is `HomeCare`."""
    words = "".join(one if one.isalnum() or one == "_" else " " for one in topic).split()
    if len(words) == 1:
        return words[0][:100]
    return "".join(word[:1].upper() + word[1:] for word in words)[:100]


def topics(text: str) -> tuple[str, ...]:
    """Return a line with commas as hashtags."""
    return tuple(tag for topic in listed(text) if (tag := as_tag(topic)))


def organisation_of(name: str, kind: str) -> tuple[Organisation, ...]:
    """Return the organisation that was named, if one was."""
    return (Organisation(name_then=name, kind=kind),) if name else ()


def first_organisation(some: Sequence[Organisation]) -> dict[str, Any]:
    """Return the values with which a form shows the organisation that was named."""
    first = some[0] if some else Organisation(name_then="")
    return {"organisation": first.name_then, "organisation_kind": first.kind}
