"""What somebody wrote in a Markdown file: a title, and parts by their headings. Pure."""

import re
from collections.abc import Mapping

TITLE = re.compile(r"#[ \t]+(\S.*)")
HEADING = re.compile(r"##[ \t]+(\S.*)")


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
