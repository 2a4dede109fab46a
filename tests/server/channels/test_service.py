"""Which channels pass a thing on, to whom, and when they take it back."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from server.actors import service as actors
from server.actors.tables import Actor
from server.delivery import service as delivery
from server.delivery.tables import Delivery, OutgoingActivity
from server.experiments import service as experiments
from server.experiments.rules.updates import Update
from server.house import House
from server.people import service as people
from server.people.tables import Person
from server.posts import service as posts
from server.posts.rules import Visibility
from server.posts.service.leaving import leave_next
from server.posts.tables import Boost, Post
from server.responses import service as responses
from server.responses.rules import Response
from server.stories import service as stories
from server.stories.rules import Story
from tests.support.clock import MovableClock
from tests.support.inhabitants import (
    deliveries,
    experiment,
    following,
    hub,
    person,
    story,
    stranger,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ida(house: House) -> Person:
    await hub(house)
    return await person(house, "ida")


async def channel(house: House, path: str) -> Actor:
    """Return a channel that is there."""
    found = await actors.at_path(path, house=house)
    assert found is not None
    return found


async def followed(house: House, path: str, name: str = "ann", host: str = "there.test") -> Actor:
    """Have somebody elsewhere follow a channel."""
    follower = await stranger(house, name, host)
    await following(follower, await channel(house, path), house=house)
    return follower


async def passed_on(post: Post) -> list[str]:
    """Return the paths of those that pass a post on, in their order."""
    rows = await Boost.filter(post_id=post.id).order_by("id").select_related("actor")
    return [row.actor.uri.split("/", 3)[3] for row in rows]


async def sent(kind: str) -> Counter[tuple[str, str]]:
    """Return how often who sends such an activity to which host."""
    return Counter(
        (body["actor"].split("/", 3)[3], inbox.split("/")[2])
        for name, inbox, body in await deliveries()
        if name == kind
    )


async def arrive() -> None:
    """Have all arrive that waits."""
    await Delivery.all().update(state="delivered")


async def test_a_story_is_passed_on_by_the_hub_its_topics_and_its_places(
    house: House, ida: Person
) -> None:
    """In that order; each publishes the hub's keys, and is found by its handle."""
    post = await story(
        house, ida, what_was_good="Thanks #all", topics=("HomeCare", "Sleep"),
        places=("Low Marsh",),
    )  # fmt: skip
    assert await passed_on(post) == [
        "hub", "topics/all", "topics/homecare", "topics/sleep", "places/low-marsh",
    ]  # fmt: skip
    made = await actors.local("topic.homecare", house=house)
    assert made is not None
    assert (made.type, made.name) == ("Group", "#HomeCare")
    shown = await actors.document(made, house=house)
    assert shown.public_key is not None
    assert shown.public_key.owner == made.uri
    assert await actors.at_path("/topics/made-up", house=house) is None


async def test_an_experiment_has_a_channel_of_its_own_that_passes_its_log_on(
    house: House, ida: Person
) -> None:
    """As do the topics and places of the experiment, for its log belongs there too."""
    tried = await experiment(house, ida, topics=("Sleep",), places=("Leith",))
    own = f"{(tried.uri or '').split('/', 3)[3]}/channel"
    assert await passed_on(tried) == ["hub", "topics/sleep", "places/leith", own]
    said = Update(text="It rang. #Night")
    entry = await experiments.record(tried, said, by=ida, house=house)
    assert await passed_on(entry) == ["hub", "topics/night", "topics/sleep", "places/leith", own]


@pytest.mark.parametrize("visibility", [Visibility.UNLISTED, Visibility.FOLLOWERS])
async def test_what_is_not_for_everybody_makes_no_channel(
    house: House, ida: Person, visibility: Visibility
) -> None:
    """Nor does any pass it on, then or after an edit."""
    told = Story(title="A", what_happened="B", topics=("Sleep",))
    draft = await stories.draft(ida, told, visibility=visibility, house=house)
    post = await stories.publish(draft, by=ida, house=house)
    await stories.revise(post, replace(told, topics=("Night",)), by=ida, house=house)
    assert await passed_on(post) == []
    assert not await Actor.filter(type="Group").exists()


async def test_a_host_gets_one_announce_unless_somebody_there_would_miss_it(
    house: House, ida: Person
) -> None:
    """Federation.md §6: who follows one that came before has it; hub, topics, places, in order."""
    await story(house, ida, topics=("Sleep",), places=("Leith",))
    both = await followed(house, "/topics/sleep")
    await following(both, await channel(house, "/hub"), house=house)
    await following(both, await channel(house, "/places/leith"), house=house)
    await followed(house, "/places/leith", "bob", "b.test")
    eve = await followed(house, "/topics/sleep", "eve", "c.test")
    await following(eve, await channel(house, "/places/leith"), house=house)
    await followed(house, "/topics/sleep", "fay", "d.test")
    gil = await followed(house, "/topics/sleep", "gil", "d.test")
    await following(gil, await channel(house, "/hub"), house=house)
    await story(house, ida, topics=("Sleep",), places=("Leith",))
    assert await sent("Announce") == {
        ("hub", "there.test"): 1, ("places/leith", "b.test"): 1, ("topics/sleep", "c.test"): 1,
        ("hub", "d.test"): 1, ("topics/sleep", "d.test"): 1,
    }  # fmt: skip


async def test_neither_an_edit_nor_a_response_is_passed_on(house: House, ida: Person) -> None:
    """Nor what an edit first makes belong somewhere; but it can be followed there from then on."""
    post = await story(house, ida, topics=("Sleep",))
    await followed(house, "/topics/sleep")
    other = Story(title="A", what_happened="It was very late.", topics=("Sleep", "Night"))
    await stories.revise(post, other, by=ida, house=house)
    await responses.respond(post, Response(text="So it was. #Sleep"), by=ida, house=house)
    assert await sent("Announce") == {}
    assert await passed_on(post) == ["hub", "topics/sleep"]
    assert (await channel(house, "/topics/night")).name == "#Night"


async def test_a_topic_that_is_edited_away_is_taken_back_where_it_went(
    house: House, ida: Person
) -> None:
    """By an Undo of that channel alone, of the Announce that went."""
    await story(house, ida, topics=("Sleep",))
    await followed(house, "/topics/sleep")
    post = await story(house, ida, topics=("Sleep", "Night"))
    [announce] = [body for kind, _, body in await deliveries() if kind == "Announce"]
    await arrive()
    now = Story(title="Home by six", what_happened="It was late.", topics=("Night",))
    await stories.revise(post, now, by=ida, house=house)
    undone = [body for kind, _, body in await deliveries() if kind == "Undo"]
    assert [one["object"]["id"] for one in undone] == [announce["id"]]
    assert undone[0]["actor"] == announce["actor"]
    assert await passed_on(post) == ["hub", "topics/night"]
    assert not await OutgoingActivity.exists(uri=announce["id"])


async def test_the_log_of_an_experiment_leaves_a_topic_with_it(house: House, ida: Person) -> None:
    """What belongs there in its own right stays."""
    tried = await experiment(house, ida, topics=("Sleep",))
    plain = await experiments.record(tried, Update(text="It rang."), by=ida, house=house)
    own = await experiments.record(tried, Update(text="On #sleep."), by=ida, house=house)
    before = await experiments.of_post(tried)
    assert before is not None
    await experiments.revise(tried, replace(before, topics=()), by=ida, house=house)
    assert "topics/sleep" not in await passed_on(tried)
    assert "topics/sleep" not in await passed_on(plain)
    assert "topics/sleep" in await passed_on(own)


async def test_a_withdrawal_undoes_the_boosts_that_went(house: House, ida: Person) -> None:
    """Before the Delete; one that still waits goes no more, and nobody is told of it."""
    await story(house, ida, topics=("Sleep",))
    await followed(house, "/topics/sleep")
    went = await story(house, ida, topics=("Sleep",))
    await arrive()
    waits = await story(house, ida, topics=("Sleep",))
    for post in (went, waits):
        await posts.withdraw(post, house=house)
    assert [(kind, body["actor"].split("/")[-1]) for kind, _, body in await deliveries()] == [
        ("Undo", "sleep"), ("Delete", "ida"), ("Delete", "ida"),
    ]  # fmt: skip
    assert await passed_on(went) == []


async def test_a_boost_of_long_ago_is_undone_where_it_may_have_gone(
    house: House, ida: Person, clock: MovableClock
) -> None:
    """Deliveries are forgotten after a month; those who follow still, and had it, are told."""
    await story(house, ida, topics=("Sleep",))
    await followed(house, "/topics/sleep")
    post = await story(house, ida, topics=("Sleep",))
    await arrive()
    await followed(house, "/topics/sleep", "bob", "b.test")
    clock.move(delivery.KEPT + timedelta(days=1))
    await Delivery.all().delete()
    await posts.withdraw(post, house=house)
    assert await sent("Undo") == {("topics/sleep", "there.test"): 1}


async def test_the_channel_of_an_experiment_is_called_as_it_is(house: House, ida: Person) -> None:
    """What its title said before can be read nowhere."""
    tried = await experiment(house, ida, "A knock")
    path = f"/{(tried.uri or '').split('/', 3)[3]}/channel"
    await followed(house, path)
    before = await experiments.of_post(tried)
    assert before is not None
    await experiments.revise(tried, replace(before, title="A bell"), by=ida, house=house)
    assert (await channel(house, path)).name == "A bell"
    assert "knock" not in (await channel(house, path)).summary
    [told] = [body for kind, _, body in await deliveries() if body["object"]["type"] == "Group"]
    assert told["object"]["name"] == "A bell"


async def test_the_channel_goes_with_its_experiment(house: House, ida: Person) -> None:
    """Whoever followed it is sent its Delete, and it is not found any more."""
    tried = await experiment(house, ida)
    path = f"/{(tried.uri or '').split('/', 3)[3]}/channel"
    await followed(house, path)
    gone = await channel(house, path)
    await experiments.withdraw(tried, by=ida, house=house)
    await leave_next({"actor": gone.id}, house)
    assert await actors.at_path(path, house=house) is None
    deleted = [body for kind, _, body in await deliveries() if kind == "Delete"]
    assert gone.uri in [body["object"] for body in deleted]


async def test_new_keys_of_the_hub_are_told_to_who_follows_a_channel(
    house: House, ida: Person
) -> None:
    """They are its keys too. Of a channel that nobody follows nobody is told."""
    await story(house, ida, topics=("Sleep", "Night"))
    await followed(house, "/topics/sleep")
    await people.rotate_keys(await channel(house, "/hub"), house=house)
    assert await sent("Update") == {("topics/sleep", "there.test"): 1}
    assert not await OutgoingActivity.exists(object_uri=house.uri("/topics/night"))


async def test_a_topic_goes_with_the_last_thing_that_bears_it(house: House, ida: Person) -> None:
    """Unless somebody follows it: then it waits for the next."""
    first = await story(house, ida, topics=("Sleep", "Night"), places=("Leith",))
    second = await story(house, ida, topics=("Sleep",), places=("Ynys Môn",))
    await followed(house, "/topics/night")
    await posts.withdraw(first, house=house)
    left = [one.name for one in await Actor.filter(type="Group").order_by("id")]
    assert left == ["#Sleep", "#Night", "Ynys Môn"]
    edited = Story(title="Home by six", what_happened="It was late.", places=("Leith",))
    await stories.revise(second, edited, by=ida, house=house)
    left = [one.name for one in await Actor.filter(type="Group").order_by("id")]
    assert left == ["#Night", "Leith"]
