"""What somebody asks for in words: `ward discharge*` and "quoted phrases". Pure."""

import re
from dataclasses import dataclass

from server.search.rules.words import stem, words

ASKED = 200
"""Characters of what is asked that are read."""
TERMS = 12
"""Words and phrases that are asked for at once; the others are left out."""
SHORTEST_BEGINNING = 3
"""Letters that a beginning has at least; a shorter one is taken for a word."""

_PART = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that have to follow one another; of the last only the beginning, if so said."""

    tokens: tuple[str, ...]
    beginning: bool = False


def terms(text: str) -> list[Term]:
    """Return what all has to be found, in any order: a word in any of its forms, a phrase in quotes
    as it stands there, and with a star what begins so.
    """
    found: dict[Term, None] = {}
    for quoted, plain in _PART.findall(text[:ASKED]):
        for term in _phrase(quoted) if quoted else _words(plain):
            found.setdefault(term)
    return list(found)[:TERMS]


def names(text: str) -> list[Term]:
    """Return what a name has to hold: each word as it stands, of the last one its beginning."""
    *whole, last = words(text[:ASKED])[:TERMS] or [""]
    ending = [Term((last,), beginning=len(last) >= SHORTEST_BEGINNING)] if last else []
    return [*(Term((one,)) for one in whole), *ending]


def _phrase(text: str) -> list[Term]:
    said = tuple(words(text))
    return [Term(said)] if said else []


def _words(text: str) -> list[Term]:
    *whole, last = words(text) or [""]
    if text.endswith("*") and len(last) >= SHORTEST_BEGINNING:
        ending = [Term((last,), beginning=True)]
    else:
        ending = [Term((stem(last),))] if last else []
    return [*(Term((stem(one),)) for one in whole), *ending]
