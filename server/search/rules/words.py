"""Words of a text as they are kept and compared: in any script, without accents, with their stems.

No word is left out for being common: "to be or not to be" is found as it was said.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import snowballstemmer

WORDS = 4_000
"""Words of one text that can be found; what comes after them can't."""
LONGEST = 64
"""Characters of a word; what is longer is cut."""
REPEATS = 250
"""How often one word of a text has a place: PostgreSQL keeps no more than 256 (textsearch limits).
"""
NO_WORD = "_"
"""Holds the place of a word that is not kept; no word looks like it."""
STEM = "="
"""What a stem begins with, so that it is no word."""

_WORD = re.compile(r"[^\W_]+")
_WITHIN = re.compile(r"(?<=\w)['’](?=\w)")


def words(text: str) -> list[str]:
    """Return the words of a text in their order: folded to lower case, without accents, an
    apostrophe within a word left out (`Hilda's` is `hildas`).
    """
    return [word[:LONGEST] for word in _WORD.findall(_folded(text))]


def _folded(text: str) -> str:
    whole = unicodedata.normalize("NFKD", _WITHIN.sub("", text)).casefold()
    if whole.isascii():
        return whole
    bare = "".join(one for one in whole if not unicodedata.combining(one))
    return unicodedata.normalize("NFKC", bare)


def stem(word: str) -> str:
    """Return what is the same of a word in all its forms (English: Porter 2), as it is kept."""
    return STEM + _stemmed(word)


@lru_cache(maxsize=50_000)
def _stemmed(word: str) -> str:
    found: str = _STEMMER.stemWord(word)
    return found


_STEMMER = snowballstemmer.stemmer("english")


def kept(texts: Iterable[str]) -> list[str]:
    """Return what is kept of texts, in its order: the words as they were said, then their stems in
    the same places.
    """
    said = [word for text in texts for word in words(text)][:WORDS]
    return [*_placed(said), *_placed([stem(word) for word in said])]


def _placed(tokens: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    seen.update(tokens)
    if not seen or seen.most_common(1)[0][1] <= REPEATS:
        return list(tokens)
    left = dict.fromkeys(seen, REPEATS)
    placed = []
    for one in tokens:
        left[one] -= 1
        placed.append(one if left[one] >= 0 else NO_WORD)
    return placed
