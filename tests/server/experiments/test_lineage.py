"""Trees of what goes back to what, whatever people say of that."""

from hypothesis import given
from hypothesis import strategies as st

from server.experiments.rules.lineage import (
    DEPTH,
    NODES,
    Branch,
    Kin,
    hosts_of,
    placed,
    root_of,
    tree,
)

IDS = [f"https://h{number % 3}.test/{number}" for number in range(12)]
PARENTS = st.dictionaries(st.sampled_from(IDS), st.sampled_from(["", *IDS]))


def kin_of(parents: dict[str, str]) -> dict[str, Kin]:
    """Return experiments that go back to each other so."""
    return {
        uri: Kin(uri=uri, parent=parent, title=uri[-1], host=uri[8:15])
        for uri, parent in parents.items()
    }


def uris_in(branch: Branch) -> list[str]:
    """Return all that is in a tree, from the top."""
    return [branch.kin.uri, *(uri for below in branch.branches for uri in uris_in(below))]


def test_what_was_made_of_something_stands_below_it() -> None:
    """The oldest first, one further in, each in a row of its own."""
    a, b, c, d = IDS[:4]
    kin = {
        a: Kin(uri=a, host="h0.test"), b: Kin(uri=b, parent=a, begun="2026-02-01"),
        c: Kin(uri=c, parent=b), d: Kin(uri=d, parent=a, begun="2026-01-01", host="h2.test"),
    }  # fmt: skip
    found = placed(tree(a, kin))
    assert [(one.kin.uri, one.row, one.column, one.parent_row) for one in found] == [
        (a, 0, 0, 0), (d, 1, 1, 0), (b, 2, 1, 0), (c, 3, 2, 2),
    ]  # fmt: skip
    assert hosts_of(found) == ["h0.test", "h2.test"]


def test_a_circle_begins_with_the_smallest_id() -> None:
    """Whoever is asked; what hangs on it hangs on it."""
    a, b, c = IDS[:3]
    circle = {a: c, b: a, c: b, IDS[3]: c}
    assert {root_of(uri, circle) for uri in circle} == {a}
    assert uris_in(tree(a, kin_of(circle))) == [a, b, c, IDS[3]]


@given(PARENTS)
def test_each_stands_once_and_every_walk_ends(parents: dict[str, str]) -> None:
    """However they go back to each other."""
    kin = kin_of(parents)
    for uri in parents:
        root = root_of(uri, parents)
        found = uris_in(tree(root, kin))
        assert len(found) == len(set(found))
        assert uri in found
        assert len(placed(tree(root, kin))) == len(found)


@given(PARENTS)
def test_it_is_the_same_whoever_of_it_is_asked(parents: dict[str, str]) -> None:
    """All of one lineage are shown in one tree."""
    kin = kin_of(parents)
    for uri in parents:
        root = root_of(uri, parents)
        for other in uris_in(tree(root, kin)):
            if other in parents:
                assert root_of(other, parents) == root


def test_no_more_are_shown_than_there_is_room_for() -> None:
    """Neither beside one another nor below one another."""
    many = {str(number): Kin(uri=str(number), parent="a") for number in range(NODES * 2)}
    assert len(uris_in(tree("a", many))) == NODES
    deep = {str(number): Kin(uri=str(number), parent=str(number - 1)) for number in range(99)}
    assert len(uris_in(tree("-1", deep))) == DEPTH + 1
