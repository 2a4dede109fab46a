"""What two experiments have in common, said in words: no more is claimed than that. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from urllib.parse import urlsplit

from server.search.rules.filter import unmarked
from server.search.rules.words import stem, words

LINKS = 10
"""Links of one text that are looked at."""
ENOUGH = 3
"""What two things have to have in common, by `Likeness.weight`, to be called alike."""
_OFTEN = """
a about after all an and are as at be before but by can every for from had has have how in into is
it its more new no not of off on one or our out over so than that the their them then there they
this time to try trying two up use using was we what when where which who why will with without
you your
"""
OFTEN = frozenset(_OFTEN.split())
"""Words that say nothing of what two titles are about."""
_HREF = re.compile(r'href="(https?://[^"<>]{4,2000})"')
_NO_PAGE = re.compile(r"/(topics|tags?|places|people|users|@)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What an experiment is held against others by."""

    topics: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    """The marks of pages that it links to."""
    title: Mapping[str, str]
    """The words of its title by their stems, without those that are in every other."""
    begun_with: frozenset[str] = frozenset()
    """Ids of stories."""
    line: frozenset[str] = frozenset()
    """Its own id, and those of what it goes back to."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two experiments are called alike."""

    weight: int
    reasons: tuple[str, ...]


def title_words(title: str) -> dict[str, str]:
    """Return the words of a title that say what it is about, by their stems."""
    return {stem(word): word for word in words(title) if len(word) > 2 and word not in OFTEN}


def link_marks(html: str) -> list[str]:
    """Return a mark for each page that a text links to; people and topics are no pages."""
    found = []
    for address in dict.fromkeys(_HREF.findall(html)):
        parts = urlsplit(address)
        if not _NO_PAGE.match(parts.path):
            page = f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{parts.query}"
            found.append(f"l:{blake2b(page.encode(), digest_size=8).hexdigest()}")
    return found[:LINKS]


def sketch(
    title: str, marks: Iterable[str], *, begun_with: Iterable[str] = (), line: Iterable[str] = ()
) -> Sketch:
    """Return the sketch of an experiment, from its title and marks, and what it goes back to."""
    return Sketch(
        title=title_words(title),
        topics=frozenset(value for name, value in map(unmarked, marks) if name == "topic"),
        links=frozenset(one for one in marks if one.startswith("l:")),
        begun_with=frozenset(begun_with), line=frozenset(line),
    )  # fmt: skip


def likeness(one: Sketch, other: Sketch) -> Likeness:
    """Return what two experiments have in common: how much that is, and in words."""
    topics = sorted(one.topics & other.topics)
    titles = [one.title[one_stem] for one_stem in sorted(one.title.keys() & other.title.keys())]
    about, said = _listed(f"#{name}" for name in topics), _listed(f"“{word}”" for word in titles)
    shared = (
        (3 if one.line & other.line else 0, "both belong to one line of adaptations"),
        (3 if one.begun_with & other.begun_with else 0, "both began with the same story"),
        (3 if one.links & other.links else 0, "both link to the same page"),
        (min(2 * len(topics), 4), f"both are about {about}"),
        (len(titles), f"both titles say {said}"),
    )
    weight = sum(counted for counted, _ in shared)
    return Likeness(weight, tuple(reason for counted, reason in shared if counted))


def _listed(names: Iterable[str]) -> str:
    *rest, last = [*names][:3] or [""]
    return f"{', '.join(rest)} and {last}" if rest else last


def pairs(sketches: Mapping[int, Sketch]) -> list[tuple[int, int, Likeness]]:
    """Return which of several are alike, those with most in common first."""
    found = [
        (one, other, likeness(sketches[one], sketches[other]))
        for one, other in combinations(sketches, 2)
    ]
    alike = [pair for pair in found if pair[2].weight >= ENOUGH]
    return sorted(alike, key=lambda pair: -pair[2].weight)
