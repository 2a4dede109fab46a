"""What may happen to a list and its addresses, and in which order."""

from hypothesis import given
from hypothesis import strategies as st

from server.network.rules.subscribing import (
    LANES,
    STEPS,
    TRANSITIONS,
    Act,
    EntryState,
    Step,
    Wish,
    after,
    lane_of,
    waiting_under,
)
from server.network.rules.wording import kind_words, software_name

FOLLOWED = {EntryState.ASKED, EntryState.ACCEPTED, EntryState.REFUSED}


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_only_who_was_found_is_asked_and_only_who_was_asked_is_undone(acts: list[Act]) -> None:
    """Whatever happens in whatever order."""
    state = EntryState.LOOKING
    for act in acts:
        before, state = state, after(state, act)
        if state is not before and state in FOLLOWED:
            assert before in {EntryState.FOUND, EntryState.KNOWN} or before in FOLLOWED
        if state is EntryState.UNDONE and before is not state:
            assert before in FOLLOWED


def test_nothing_waits_for_ever() -> None:
    """Each step can lead out of the state that it is taken in."""
    for (_, state), step in STEPS.items():
        assert any(of is state and to is not state for (of, _), to in TRANSITIONS.items()), step


def test_a_dry_run_follows_nobody() -> None:
    """To follow is a wish of its own; whoever was followed before is never undone."""
    assert {STEPS[Wish.LOOK, state] for state in waiting_under(Wish.LOOK)} == {Step.LOOK}
    assert EntryState.KNOWN not in {state for _, state in STEPS}
    assert not waiting_under(Wish.LOOK, listed=False)
    assert set(waiting_under(Wish.FOLLOW, listed=False)) == FOLLOWED


@given(st.text(max_size=60))
def test_a_host_has_one_lane(host: str) -> None:
    """So that it is never asked about two addresses at once."""
    assert lane_of(host) == lane_of(host)
    assert 0 <= lane_of(host) < LANES


def test_a_kind_is_told_in_plain_words() -> None:
    """By what the server runs, where that means something of its own."""
    assert kind_words("fettle", "Organization") == "a hub"
    assert kind_words("lemmy", "Group") == "a community"
    assert kind_words("wordpress", "Application") == "a blog"
    assert kind_words("mastodon", "Person") == "a person"
    assert kind_words(None, "Group") == "a group"
    assert kind_words("unheard-of", "Something") == "somebody"
    assert (software_name("gotosocial"), software_name("odd"), software_name(None)) == (
        "GoToSocial", "odd", "",
    )  # fmt: skip
