"""Questions and the votes on them, as far as they are read here: as plain words, or not at all."""

from federation.vocab import members
from federation.vocab.types import Note


def poll_options(note: Note) -> tuple[str, ...]:
    """Return what a Question lets people choose, in words; nothing for any other Note."""
    if note.type != "Question":
        return ()
    choices = [
        one.get("name")
        for term in ("oneOf", "anyOf")
        for one in members.listed(note.extra.get(term), members.MAX_OPTIONS)
        if isinstance(one, dict)
    ]
    names = (members.text(name, members.MAX_WORD) for name in choices)
    return tuple(name for name in names if name)[: members.MAX_OPTIONS]


def is_vote(note: Note) -> bool:
    """Tell whether a Note is a vote on a Question: a choice's name in reply, and no words."""
    return (
        note.type == "Note"
        and note.in_reply_to is not None
        and bool(note.name)
        and not note.content
        and not note.attachments
    )
