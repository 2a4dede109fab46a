"""Experiments that look alike: what they have in common is all that is said, and it is true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.actors.tables import Actor, Block
from server.experiments import service as experiments
from server.house import House
from server.people.tables import Person
from server.search import service
from server.search.rules.alike import (
    ENOUGH,
    gathered,
    likeness,
    link_marks,
    pairs,
    sketch,
    title_words,
)
from server.search.rules.filter import Filter, mark
from tests.server.experiments.test_adapting import own
from tests.server.experiments.test_service import held
from tests.support.inhabitants import experiment, hub, person, story

TITLES = st.lists(st.sampled_from(["knock", "knocks", "door", "list", "the", "of"])).map(" ".join)
MARKS = st.lists(st.sampled_from([mark("topic", "sleep"), mark("topic", "home"), "l:1", "k:story"]))
SKETCHES = st.builds(
    sketch, TITLES, MARKS, begun_with=st.lists(st.sampled_from("ab")),
    line=st.lists(st.sampled_from("cd")),
)  # fmt: skip


@given(SKETCHES, SKETCHES)
def test_likeness_goes_both_ways(one, other) -> None:  # type: ignore[no-untyped-def]
    """And is at its most with oneself; whatever weighs has a reason."""
    assert likeness(one, other).weight == likeness(other, one).weight <= likeness(one, one).weight
    assert bool(likeness(one, other).weight) == bool(likeness(one, other).reasons)


def test_reasons_are_said_in_words() -> None:
    """As people would."""
    one = sketch("A knock on every door", [mark("topic", "discharge"), "l:7"], begun_with=["s"])
    other = sketch("Knocking", [mark("topic", "discharge"), mark("topic", "home"), "l:7"])
    found = likeness(one, other)
    assert found.reasons == (
        "both link to the same page", "both are about #discharge", "both titles say “knock”",
    )  # fmt: skip
    assert found.weight >= ENOUGH
    assert likeness(sketch("The list of the day", []), sketch("Of the time", [])).reasons == ()
    assert list(title_words("What is the Knock for?").values()) == ["knock"]


@given(st.lists(SKETCHES, max_size=8))
def test_each_is_in_one_cluster_at_most(several) -> None:  # type: ignore[no-untyped-def]
    """Around one that all others in it are like; and whatever is like something that stands alone
    is with something it is more like, or that is.
    """
    alike = pairs(dict(enumerate(several)))
    found = gathered(alike)
    members = [one for middle, around in found for one in (middle, *(each for each, _ in around))]
    assert len(members) == len(set(members))
    said = {frozenset((one, other)): why for one, other, why in alike}
    for middle, around in found:
        assert around
        assert all(said[frozenset((middle, one))] == why for one, why in around)
    for pair in said:
        assert pair & set(members)


def test_pages_are_told_from_people_and_topics() -> None:
    """However the address is written."""
    page = link_marks('<a href="https://Care.test/guide/">x</a>')
    assert page == link_marks('<p><a href="http://care.test/guide" rel="ugc">y</a></p>')
    assert len(page) == 1
    assert (
        link_marks('<a href="https://a.test/topics/x">#x</a><a href="https://a.test/@ida">') == []
    )


@pytest.fixture
async def ida(house: House) -> Person:
    """Somebody who tries things."""
    await hub(house)
    return await person(house, "ida")


@pytest.mark.usefixtures("database")
async def test_what_is_alike_is_found_with_its_reasons(house: House, ida: Person) -> None:
    """By line, story, link, topics and titles; the nearest first, what has little in common not."""
    told = await story(house, ida)
    una = await person(house, "una")
    first = await experiment(
        house, ida, "A knock on the door", topics=("Discharge", "Home"),
        idea="As in https://care.test/guide.", inspired_by=(told.uri,),
    )  # fmt: skip
    adapted = await held(await own(first, una, house))
    linking = await experiment(house, una, "Quite other", idea="See https://care.test/guide.")
    about = await experiment(house, una, "Nothing more", topics=("discharge", "home"))
    begun = await experiment(house, una, "Another", inspired_by=(told.uri,))
    await experiment(house, una, "A list", topics=("discharge",))
    found = await service.alike(await held(first), house=house)
    reasons = {one.post.id: one.why.reasons for one in found}
    assert set(reasons) == {adapted.id, linking.id, about.id, begun.id}
    assert found[0].post.id == adapted.id
    assert "both belong to one line of adaptations" in reasons[adapted.id]
    assert reasons[linking.id] == ("both link to the same page",)
    assert reasons[about.id] == ("both are about #discharge and #home",)
    assert reasons[begun.id] == ("both began with the same story",)

    listed = await service.find(Filter(kind="experiment"), house=house)
    two = await service.pairs([one.post for one in listed])
    assert {first.id, adapted.id} in [{one.one.id, one.other.id} for one in two]
    [cluster] = await service.clusters([one.post for one in listed])
    assert cluster.post.id in {first.id, adapted.id}
    rest = {one.post.id for one in cluster.others} | {cluster.post.id}
    assert rest == {first.id, adapted.id, linking.id, about.id, begun.id}

    await experiments.withdraw(about, by=una, house=house)
    viewer = await Actor.get(id=ida.actor_id)
    assert len(await service.alike(await held(first), viewer=viewer, house=house)) == 3
    await Block.create(
        blocker=viewer, blocked=await Actor.get(id=una.actor_id), uri="https://hub.test/b",
        created_at=house.clock.now(),
    )  # fmt: skip
    assert await service.alike(await held(first), viewer=viewer, house=house) == []
