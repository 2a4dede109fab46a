"""A choice among all that is known: what a list, a saved view and a feed are made by. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from urllib.parse import quote, unquote, urlencode

from server.posts.rules import slug
from server.search.rules.asking import ASKED, Term, terms

VALUE = 100
"""Characters of one choice that are read."""
LETTERS = {
    "kind": "k", "topic": "t", "place": "p", "stage": "s", "organisation": "o", "hub": "h",
    "role": "r",
}  # fmt: skip
"""What the mark of each choice begins with."""
_NAMES = {letter: name for name, letter in LETTERS.items()}
EVERYTHING = "."
"""The mark that every thing bears."""
MEASURED = "m:1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What all has to be true of a thing; what is empty says nothing.

    `Filter.read(query)` takes it from an address and `as_query()` puts it into one, both in one
    form for one choice: equal filters have equal queries.
    """

    text: str = ""
    """Words, "quoted phrases" and beginnings* (`rules.asking`)."""
    kind: str = ""
    """`story`, `experiment`, `update` (of an experiment) or `note`."""
    topic: str = ""
    """A hashtag in lower case, without `#`."""
    place: str = ""
    """As it stands in an address: `low-marsh`."""
    stage: str = ""
    """Of an experiment, or to which an update of one says that it came."""
    organisation: str = ""
    """An organisation that a story names, or the team that tries something, as `place`."""
    hub: str = ""
    """The host that it was published on."""
    role: str = ""
    """What its teller was in a story."""
    measured: bool = False
    """Only experiments of which numbers show that it got better."""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """Return the choice of an address; what it has to do with something else is left out."""
        told = {name: query.get(name, "").strip()[:VALUE] for name in LETTERS}
        lower = {name: told[name].lower() for name in ("kind", "stage", "hub", "role")}
        return cls(
            text=" ".join(query.get("text", "").split())[:ASKED],
            topic=told["topic"].removeprefix("#").lower(),
            place=slug(told["place"]),
            organisation=slug(told["organisation"]),
            measured=query.get("measured", "") not in {"", "0", "no"},
            **lower,
        )

    def as_query(self) -> dict[str, str]:
        """Return what stands in an address for this choice; nothing for what is not chosen."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: "yes" if value is True else value for name, value in told.items() if value}

    def address(self, path: str) -> str:
        """Return the address of a page with this choice."""
        query = self.as_query()
        return f"{path}?{urlencode(query)}" if query else path

    def but(self, **changes: Any) -> Self:
        """Return the same with something else chosen, or (empty) chosen no longer."""
        return replace(self, **changes)

    @property
    def turning(self) -> list[str]:
        """The marks of it that things come to bear as work on them goes on."""
        stage = [mark("stage", self.stage)] if self.stage else []
        return [*stage, MEASURED] if self.measured else stage

    @property
    def terms(self) -> list[Term]:
        """What all is looked for: its words, and a mark for each choice."""
        chosen = [mark(name, getattr(self, name)) for name in LETTERS if getattr(self, name)]
        chosen += [MEASURED] if self.measured else []
        return [*terms(self.text), *(Term((one,)) for one in chosen or [EVERYTHING])]


def unmarked(one: str) -> tuple[str, str]:
    """Return of a mark which choice it is, and what is chosen; the first is empty for others."""
    letter, _, value = one.partition(":")
    return _NAMES.get(letter, ""), unquote(value)


def mark(name: str, value: str) -> str:
    """Return the mark of what was chosen, in a few letters of ASCII that hold no space."""
    return f"{LETTERS[name]}:{quote(value, safe='').lower()}"
