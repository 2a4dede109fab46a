"""What may go now: nothing overtakes what goes before it, and nothing waits without a reason."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.delivery.ordering import PAIR, Arrangement, Waiting

NOW = 1_000


def row(number: int, key: str = "k", *, at: int = 0, **terms: Any) -> Waiting:
    """Return a delivery that stands in a lane."""
    usual: dict[str, Any] = {
        "activity_id": number,
        "actor_id": 1,
        "type": "Create",
        "barrier": False,
        "attempts": 0,
    }
    return Waiting(
        id=number, host="a.test", inbox=f"https://a.test/{number}", order_key=key,
        not_before_ms=at, expires_ms=2**60, **usual | terms,
    )  # fmt: skip


def arranged(*rows: Waiting, most: int = 100, probing: bool = False) -> dict[int, set[int]]:
    """Return which of them may go, and after which others, by their numbers."""
    arrangement = Arrangement(now_ms=NOW, most=most, probing=probing)
    arrangement.take(rows)
    if probing:
        arrangement.probe()
    turns = arrangement.turns
    return {turn.row.id: {turns[place].row.id for place in turn.after} for turn in turns}


def test_one_key_goes_one_after_another_and_others_beside_it() -> None:
    """Each waits for the one before it, no other."""
    assert arranged(row(1, "a"), row(2, "b"), row(3, "a"), row(4, "a")) == {
        1: set(), 2: set(), 3: {1}, 4: {3},
    }  # fmt: skip


def test_one_activity_to_many_inboxes_of_a_host_goes_at_once() -> None:
    """What comes next waits for all of them."""
    found = arranged(row(1, activity_id=7), row(2, activity_id=7), row(3, activity_id=8))
    assert found == {1: set(), 2: set(), 3: {1, 2}}


def test_what_waits_by_itself_holds_back_only_what_may_not_overtake_it() -> None:
    """Through others that wait for it, too."""
    found = arranged(row(1, "a", at=NOW + 1), row(2, "a"), row(3, "b"), row(4, "a"))
    assert found == {3: set()}


def test_a_barrier_overtakes_nothing_of_its_actor_and_is_not_overtaken() -> None:
    """Whatever the keys; what others send goes beside it."""
    found = arranged(
        row(1, "a"), row(2, "b"), row(3, "me", barrier=True), row(4, "c"), row(5, "d", actor_id=2)
    )
    assert found == {1: set(), 2: set(), 3: {1, 2}, 4: {3}, 5: set()}


def test_a_barrier_waits_for_what_is_set_aside_and_all_that_follows_waits_too() -> None:
    """So that a profile's change never comes before what was said under the old one."""
    held = row(1, "a", at=NOW + 1)
    assert arranged(held, row(2, "me", barrier=True), row(3, "c"), row(4, "d", actor_id=2)) == {
        4: set()
    }


def test_two_barriers_keep_their_order() -> None:
    """An Update, then the Move; and what came between them."""
    found = arranged(
        row(1, "me", barrier=True), row(2, "a"), row(3, "me", barrier=True), row(4, "b")
    )
    assert found == {1: set(), 2: {1}, 3: {1, 2}, 4: {3}}


def test_a_barrier_to_many_inboxes_does_not_wait_for_itself() -> None:
    """One of them that is broken does not keep it from the others."""
    found = arranged(
        row(1, "me", barrier=True, activity_id=5, at=NOW + 1),
        row(2, "me", barrier=True, activity_id=5),
    )
    assert found == {2: set()}


def test_a_first_accept_goes_before_all_that_follows_it_until_it_was_tried() -> None:
    """It holds back whatever is sent to its host; answers to others go beside it."""
    accept = row(1, f"{PAIR}1:2", type="Accept")
    other = row(2, f"{PAIR}1:3", type="Accept")
    assert arranged(accept, other, row(3, actor_id=9)) == {1: set(), 2: set(), 3: {1, 2}}
    early = row(1, f"{PAIR}1:2", type="Accept", at=NOW + 1)
    assert arranged(early, row(3, actor_id=9)) == {}
    tried = row(1, f"{PAIR}1:2", type="Accept", at=NOW + 1, attempts=1)
    assert arranged(tried, row(3, actor_id=9)) == {3: set()}


def test_a_probe_is_one_and_never_the_same_that_failed_while_there_is_another() -> None:
    """Else one thing that always fails would keep its host asleep; what is set aside may be it."""
    bad = row(1, "a", attempts=3, at=NOW + 1)
    assert arranged(bad, row(2, "a"), row(3, "b"), probing=True) == {3: set()}
    assert arranged(bad, row(2, "a"), probing=True) == {1: set()}


ROWS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.integers(1, 2), st.booleans(), st.booleans(), st.booleans()
    ),
    max_size=14,
)  # fmt: skip


@given(ROWS, st.integers(1, 14))
def test_nothing_ever_overtakes(
    given_rows: list[tuple[str, int, bool, bool, bool]], most: int
) -> None:
    """Of two that must keep their order, the second goes only after the first, or not at all."""
    rows = [
        row(
            number, key, actor_id=actor, barrier=barrier, at=NOW + early,
            type="Accept" if accept else "Create",
        )
        for number, (key, actor, barrier, early, accept) in enumerate(given_rows, start=1)
    ]  # fmt: skip
    found = arranged(*rows, most=most)
    before = {number: _all_before(number, found) for number in found}
    for place, later in enumerate(rows):
        for earlier in rows[:place]:
            bound = earlier.order_key == later.order_key or (
                earlier.actor_id == later.actor_id and (earlier.barrier or later.barrier)
            )
            if bound and later.id in found:
                assert earlier.id in before[later.id]
    free = [one for one in rows if one.not_before_ms <= NOW]
    if len({one.order_key for one in free}) == len(rows) and not any(one.barrier for one in rows):
        assert len(found) == min(most, len(rows))
    assert all(one < other for one, other in pairwise(found))


def _all_before(number: int, found: dict[int, set[int]]) -> set[int]:
    direct = found[number]
    return direct.union(*(_all_before(one, found) for one in direct))
