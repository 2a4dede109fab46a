"""What two experiments have in common, said in words: no more is claimed than that. Pure."""

import re
from collections import defaultdict
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
    words_for = (
        "both belong to one line of adaptations",
        "both began with the same story",
        "both link to the same page",
        f"both are about {about}",
        f"both titles say {said}",
    )
    weights = _weights(one, other)
    reasons = [reason for weight, reason in zip(weights, words_for, strict=True) if weight]
    return Likeness(sum(weights), tuple(reasons))


def _weights(one: Sketch, other: Sketch) -> tuple[int, ...]:
    """Return how much two have in common: of their line, stories, links, topics and titles."""
    return (
        0 if one.line.isdisjoint(other.line) else 3,
        0 if one.begun_with.isdisjoint(other.begun_with) else 3,
        0 if one.links.isdisjoint(other.links) else 3,
        min(2 * len(one.topics & other.topics), 4),
        len(one.title.keys() & other.title.keys()),
    )


def _listed(names: Iterable[str]) -> str:
    *rest, last = [*names][:3] or [""]
    return f"{', '.join(rest)} and {last}" if rest else last


def pairs(sketches: Mapping[int, Sketch]) -> list[tuple[int, int, Likeness]]:
    """Return which of several are alike, those with most in common first."""
    alike = [
        (one, other, likeness(sketches[one], sketches[other]))
        for one, other in combinations(sketches, 2)
        if sum(_weights(sketches[one], sketches[other])) >= ENOUGH
    ]
    return sorted(alike, key=lambda pair: -pair[2].weight)


def gathered(
    alike: Iterable[tuple[int, int, Likeness]],
) -> list[tuple[int, list[tuple[int, Likeness]]]]:
    """Return what is alike in clusters, each in one of them: a middle one, and what is like that,
    with most in common first. What has most in common with others is in the middle.
    """
    near: dict[int, dict[int, Likeness]] = defaultdict(dict)
    for one, other, why in alike:
        near[one][other] = near[other][one] = why
    found, taken = list[tuple[int, list[tuple[int, Likeness]]]](), set[int]()
    for middle in sorted(near, key=lambda one: -sum(why.weight for why in near[one].values())):
        around = [(one, why) for one, why in near[middle].items() if one not in taken]
        if middle not in taken and around:
            taken |= {middle, *(one for one, _ in around)}
            found.append((middle, sorted(around, key=lambda pair: -pair[1].weight)))
    return found
