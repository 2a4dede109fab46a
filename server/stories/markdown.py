"""A story from a Markdown file: its title, and its parts by their headings. Pure."""

from server.posts.markdown import BEFORE, WHERE, cut, organisation, parts_of
from server.stories.rules import HEADINGS, Story

PARTS = {heading.lower(): name for name, heading in HEADINGS if heading} | {
    "what happened": "what_happened", BEFORE: "warning", WHERE: "organisation",
}  # fmt: skip


def story_from_markdown(text: str) -> Story:
    """Read `# Title`, then what happened; `## What people tried`, `## What might help` and
    `## What was good` begin the other parts, `## Before you read` what people are told first, and
    `## Organisation` where it was. Any other heading stays part of the text.
    """
    title, parts = parts_of(text, PARTS, first="what_happened")
    return Story(
        title=title,
        what_happened=parts["what_happened"],
        what_people_tried=parts["what_people_tried"],
        what_might_help=parts["what_might_help"],
        what_was_good=parts["what_was_good"],
        warning=cut(parts["warning"]),
        organisations=organisation(parts["organisation"]),
    )
