"""What somebody answered, as the words that an experiment begins with. Pure."""

import re

MENTIONS = re.compile(r"\A(?:@[\w.-]+(?:@[\w.-]+)?[\s,:]*)+")
"""Whom an answer from elsewhere begins by naming."""
MARKS = re.compile(r"([\\`*_\[\]<>#])")
"""What Markdown would take for more than itself."""


def told(plain: str, opening: str) -> str:
    """Return what an answer says, without whom it names first and the words for what it is meant
    as.
    """
    return MENTIONS.sub("", plain.strip()).removeprefix(f"{opening}.").strip()


def cited(words: str, *, by: str, address: str) -> str:
    """Return somebody else's plain words as Markdown that quotes them and says where they stand."""
    quoted = "\n".join(f"> {line}".rstrip() for line in _plainly(words).splitlines())
    return f"{quoted}\n\n{_plainly(by)}: <{address}>"


def _plainly(words: str) -> str:
    return MARKS.sub(r"\\\1", words)
