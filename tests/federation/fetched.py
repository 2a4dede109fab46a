"""What is fetched in these tests."""

from federation import vocab

NOTE = "https://there.test/notes/1"


def note(uri: str = NOTE, **terms: vocab.Json) -> vocab.JsonObject:
    """A Note, as somebody else writes one."""
    author = "https://there.test/people/ann"
    return {"id": uri, "type": "Note", "attributedTo": author, "content": "Hello", **terms}
