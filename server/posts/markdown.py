"""What somebody wrote in a Markdown file: a title, and parts by their headings. Pure."""

import re
from collections.abc import Mapping

from server.posts.rules import WARNING_LIMIT, Organisation

TITLE = re.compile(r"#[ \t]+(\S.*)")
HEADING = re.compile(r"##[ \t]+(\S.*)")
BEFORE = "before you read"
"""The heading of what people are told before they read it."""
WHERE = "organisation"
"""The heading of the organisation where it was, as it was called then."""
NAME_LIMIT = 200


def parts_of(text: str, headings: Mapping[str, str], *, first: str) -> tuple[str, dict[str, str]]:
    """Return the title (`# Title`) and the parts, by name: the `first` follows the title, each
    other one its heading (`## Heading`, in lower case in `headings`). Any other heading stays part
    of the text.
    """
    title, part = "", first
    lines: dict[str, list[str]] = {name: [] for name in (first, *headings.values())}
    for line in text.splitlines():
        if not title and (found := TITLE.fullmatch(line.rstrip())):
            title = found[1]
        elif (found := HEADING.fullmatch(line.rstrip())) and found[1].lower() in headings:
            part = headings[found[1].lower()]
        else:
            lines[part].append(line)
    return title, {name: "\n".join(some).strip() for name, some in lines.items()}


def cut(text: str) -> str:
    """Return what people are told before they read something, as one line that is short enough."""
    return " ".join(text.split())[:WARNING_LIMIT]


def organisation(text: str) -> tuple[Organisation, ...]:
    """Return the organisation that is named, if one is."""
    name = " ".join(text.split())[:NAME_LIMIT]
    return (Organisation(name_then=name),) if name else ()
