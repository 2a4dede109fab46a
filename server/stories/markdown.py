"""A story from a Markdown file: its title, and its parts by their headings. Pure."""

import re

from server.stories.rules import HEADINGS, Story

TITLE = re.compile(r"#[ \t]+(\S.*)")
HEADING = re.compile(r"##[ \t]+(\S.*)")
PARTS = {heading.lower(): name for name, heading in HEADINGS if heading} | {
    "what happened": "what_happened"
}


def story_from_markdown(text: str) -> Story:
    """Read `# Title`, then what happened; `## What people tried`, `## What might help` and
    `## What was good` begin the other parts. Any other heading stays part of the text.
    """
    title, part = "", "what_happened"
    parts: dict[str, list[str]] = {name: [] for name, _ in HEADINGS}
    for line in text.splitlines():
        if not title and (found := TITLE.fullmatch(line.rstrip())):
            title = found[1]
        elif (found := HEADING.fullmatch(line.rstrip())) and found[1].lower() in PARTS:
            part = PARTS[found[1].lower()]
        else:
            parts[part].append(line)
    texts = {name: "\n".join(lines).strip() for name, lines in parts.items()}
    return Story(
        title=title,
        what_happened=texts["what_happened"],
        what_people_tried=texts["what_people_tried"],
        what_might_help=texts["what_might_help"],
        what_was_good=texts["what_was_good"],
    )
