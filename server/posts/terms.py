"""Terms inside a peer's `fettle:` object, each with a bound. What is not as it should be is left
out: it stays in the Note's bytes.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypeVar

import orjson

from federation import vocab
from server.posts.rules import Organisation

E = TypeVar("E", bound=StrEnum)

TEXT = 50_000
SHORT = 500
MANY = 20
"""Characters of a text and of a line, and entries of a list of words, that are kept of somebody
else's thing.
"""


def text(terms: vocab.JsonObject, name: str, limit: int = TEXT) -> str:
    """Return a text, cut where it is too long."""
    value = terms.get(name)
    return value[:limit] if isinstance(value, str) else ""


def texts(terms: vocab.JsonObject, name: str, limit: int = MANY) -> tuple[str, ...]:
    """Return a list of words."""
    value = terms.get(name)
    if not isinstance(value, list):
        return ()
    return tuple(one[:SHORT] for one in value if isinstance(one, str))[:limit]


def objects(terms: vocab.JsonObject, name: str, limit: int) -> list[vocab.JsonObject]:
    """Return a list of objects."""
    value = terms.get(name)
    if not isinstance(value, list):
        return []
    return [one for one in value[:limit] if isinstance(one, dict)]


def word(terms: vocab.JsonObject, name: str, words: type[E]) -> E | None:
    """Return one of a few words, None for any other: newer nodes may know more."""
    value = terms.get(name)
    return words(value) if isinstance(value, str) and value in set(words) else None


def day(terms: vocab.JsonObject, name: str) -> date | None:
    """Return a day (`2026-10-02`, or the day of a moment)."""
    value = terms.get(name)
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def number(terms: vocab.JsonObject, name: str, most: int) -> int | None:
    """Return a number from 1 to `most`."""
    value = terms.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 1 <= value <= most else None


def organisations(terms: vocab.JsonObject) -> tuple[Organisation, ...]:
    """Return the organisations that a thing refers to."""
    return tuple(
        Organisation(name_then=name, kind=text(one, "kind", 100))
        for one in objects(terms, "organisations", MANY)
        if (name := text(one, "nameThen", SHORT)).strip()
    )


def organisations_to_wire(some: Iterable[Organisation]) -> list[vocab.Json]:
    """Return organisations as other hubs read them, and as rows hold them."""
    return [{"nameThen": one.name_then, **({"kind": one.kind} if one.kind else {})} for one in some]


def organisations_held(row: str) -> tuple[Organisation, ...]:
    """Return organisations as a row holds them."""
    return organisations({"organisations": orjson.loads(row)})
