"""How an idea travelled: experiments and what goes back to them, as a tree. Pure.

Whoever adapts says what they adapt, so each experiment has one parent at most. What was said may
still go round in a circle: then the smallest id counts as where it began.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

NODES = 200
"""Experiments of one lineage that are shown."""
DEPTH = 30
"""Generations that are followed up or down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """An experiment in a lineage."""

    uri: str
    parent: str = ""
    """What it adapts; empty: nothing."""
    title: str = ""
    """Empty: it was taken back."""
    host: str = ""
    who: str = ""
    href: str = ""
    """Where it is read here; empty: it is known only by what others say of it."""
    stage: str = ""
    result: str = ""
    """How it went, beside what it adapts."""
    acknowledged: bool = False
    begun: str = ""
    """The day, as RFC 3339 has it."""


@dataclass(slots=True)
class Branch:
    """An experiment, and what was made of it, in the order in which it began."""

    kin: Kin
    branches: list["Branch"] = field(default_factory=list)


def root_of(uri: str, parents: Mapping[str, str]) -> str:
    """Return where a lineage began, as far as it is known: no parent, or the smallest id of a
    circle.
    """
    path = [uri]
    while parent := parents.get(path[-1]):
        if parent in path:
            return min(path[path.index(parent) :])
        path.append(parent)
        if len(path) > DEPTH:
            break
    return path[-1]


def tree(root: str, kin: Mapping[str, Kin]) -> Branch:
    """Return the lineage that began with an experiment: each once, `NODES` and `DEPTH` at most."""
    children: dict[str, list[Kin]] = {}
    for one in sorted(kin.values(), key=lambda one: (one.begun, one.uri)):
        if one.uri != root and one.parent:
            children.setdefault(one.parent, []).append(one)
    top = Branch(kin.get(root, Kin(uri=root)))
    level, seen = [top], 1
    for _ in range(DEPTH):
        below: list[Branch] = []
        for branch in level:
            room = max(0, NODES - seen)
            branch.branches = [Branch(one) for one in children.pop(branch.kin.uri, [])[:room]]
            seen += len(branch.branches)
            below += branch.branches
        level = below
    return top


@dataclass(frozen=True, slots=True)
class Placed:
    """An experiment in its place in the picture: a row of its own, a column for its generation."""

    kin: Kin
    row: int
    column: int
    parent_row: int
    """The row that its line comes from; its own for the first."""


def placed(top: Branch) -> list[Placed]:
    """Return a lineage row by row: what was made of something stands below it, one further in."""
    return list(_placed(top, 0, None, iter(range(NODES + 1))))


def _placed(
    branch: Branch, column: int, above: int | None, rows: Iterator[int]
) -> Iterator[Placed]:
    row = next(rows)
    yield Placed(branch.kin, row, column, row if above is None else above)
    for below in branch.branches:
        yield from _placed(below, column + 1, row, rows)


def hosts_of(found: Sequence[Placed]) -> list[str]:
    """Return the servers that an idea has been on, in that order."""
    return list(dict.fromkeys(one.kin.host for one in found if one.kin.host))
