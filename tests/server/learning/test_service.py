"""What a choice shows: where things stand, how ideas spread, what came of stories, where it is
quiet.
"""

from datetime import timedelta

import pytest

from server import db
from server.actors.tables import Actor
from server.experiments import service as experiments
from server.experiments.rules.measures import Measure
from server.experiments.rules.stages import Stage
from server.follows.service import FollowAnswered
from server.follows.tables import Follow
from server.house import House
from server.learning import service
from server.learning.rules import Share
from server.learning.service import tried
from server.learning.service.came import NAMED, PATIENCE
from server.network.rules.alive import QUIET
from server.network.service import catalogues
from server.people.tables import Person
from server.posts import service as posts
from server.posts.tables import Post
from server.responses import service as responses
from server.responses.rules import Response, ResponseKind
from server.safety.service import block, turn_away
from server.search.rules.filter import Filter
from tests.server.experiments.test_adapting import OURS, adapted, taken_in
from tests.server.experiments.visiting import Visits
from tests.support.clock import MovableClock
from tests.support.inhabitants import (
    experiment,
    following,
    hub,
    note,
    person,
    story,
    stranger,
)
from tests.support.live import LiveNode

pytestmark = pytest.mark.usefixtures("database")

EVERYTHING = Filter()
MADE = Response(text="", kind=ResponseKind.CHANGE_MADE, change="A list by the phone.")


@pytest.fixture
async def ida(house: House) -> Person:
    return await person(house, "ida")


@pytest.fixture
async def una(house: House) -> Person:
    return await person(house, "una")


async def neighbour(house: House, name: str, host: str) -> Actor:
    """Make known somebody elsewhere whom the hub follows."""
    found = await stranger(house, name, host)
    ours = await Actor.get_or_none(uri=house.uri("/hub")) or await hub(house)
    await following(ours, found, house=house)
    return found


async def on_list(other: Actor, house: House) -> None:
    """Have the hub follow somebody whose back catalogue it reads."""
    await catalogues.on_answered(FollowAnswered(await Follow.get(followed_id=other.id)), house)


async def lesson(house: House, chosen: Filter = EVERYTHING) -> service.Lesson:
    """Return what there is to learn now."""
    return await service.learn(chosen, house=house)


async def test_nothing_teaches_nothing(house: House) -> None:
    """An empty hub has no shares, no ideas and no silence."""
    found = await lesson(house)
    assert (found.experiments, found.stories, found.ways, found.measures) == (0, 0, [], [])
    assert not found.came.answered.shown
    assert (found.came.unanswered, found.overdue.named) == ([], [])


async def test_experiments_are_counted_where_they_stood(
    house: House, ida: Person, clock: MovableClock
) -> None:
    """Month by month, of those that were chosen alone."""
    await experiment(house, ida, "A knock", stage=Stage.IDEA, topics=("discharge",))
    await experiment(house, ida, "A bell", stage=Stage.WORKING)
    clock.move(timedelta(days=40))
    await experiment(house, ida, "A list", stage=Stage.TRYING, topics=("discharge",))
    found = await lesson(house, Filter(topic="discharge"))
    assert (found.experiments, found.more_experiments) == (2, False)
    assert [dict(one) for one in found.stages[-2:]] == [
        {Stage.IDEA: 1}, {Stage.IDEA: 1, Stage.TRYING: 1},
    ]  # fmt: skip
    assert found.days[-1] == clock.now().date()


async def test_an_idea_is_shown_from_hub_to_hub(house: House, ida: Person) -> None:
    """With what was made of it elsewhere, failures included; alone it is no way."""
    first = await experiment(house, ida, "A knock", stage=Stage.TRYING)
    await experiment(house, ida, "Alone", stage=Stage.TRYING)
    assert (await lesson(house)).ways == []
    for name, host in (("ann", "there.test"), ("bo", "far.test")):
        other = await neighbour(house, name, host)
        stage = {"stage": "stopped"} if name == "bo" else {}
        await taken_in(adapted(other, first.uri, **stage), other, house)
    [way] = (await lesson(house)).ways
    assert way.idea.title == "A knock"
    assert way.steps[-1].hubs == 3


async def test_measures_of_one_name_stand_side_by_side(
    house: House, ida: Person, una: Person
) -> None:
    """Each with its own definition; one alone is not compared with itself."""
    tries = [await experiment(house, by) for by in (ida, una)]
    for post, by, name in (
        (tries[0], ida, "Missed visits"), (tries[0], ida, "Falls"),
        (tries[1], una, "missed  visits"),
    ):  # fmt: skip
        measure = Measure(name=name, definition=f"As {by.name} counts.")
        await experiments.keep_measure(await Post.get(id=post.id), measure, by=by, house=house)
    [(name, some)] = (await lesson(house)).measures
    assert name == "Missed visits"
    assert [one.measure.measure.definition for one in some] == ["As ida counts.", "As una counts."]
    assert [one.post.author.username for one in some] == ["ida", "una"]


async def test_no_measure_stands_alone_where_there_is_no_room_for_more(
    house: House, ida: Person, una: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the last name that fits."""
    for by in (ida, una):
        post = await experiment(house, by)
        for name in ("Falls", "Missed visits"):
            now = await Post.get(id=post.id)
            await experiments.keep_measure(now, Measure(name=name), by=by, house=house)
    monkeypatch.setattr(tried, "SIDE_BY_SIDE", 3)
    [(name, some)] = (await lesson(house)).measures
    assert (name, len(some)) == ("Falls", 2)


async def test_it_is_counted_what_came_of_stories(
    house: House, ida: Person, una: Person, clock: MovableClock
) -> None:
    """Replies by others, experiments and changes; a story counts once."""
    told = [await story(house, ida, f"Story {number}") for number in range(6)]
    for text in ("So kind", "So true"):
        await responses.respond(told[0], Response(text=text), by=una, house=house)
    await responses.respond(told[1], Response(text="More of it."), by=ida, house=house)
    await responses.respond(told[2], MADE, by=una, house=house)
    await experiment(house, una, inspired_by=(told[3].uri,))
    came = (await lesson(house)).came
    assert (came.answered, came.tried, came.changed) == (Share(2, 6), Share(1, 6), Share(1, 6))
    assert came.unanswered == []
    clock.move(PATIENCE + timedelta(minutes=1))
    came = (await lesson(house)).came
    assert came.silent == Share(3, 6)
    assert [one.title for one in came.unanswered] == ["Story 5", "Story 4", "Story 1"]


async def test_promises_are_listed_until_a_word_is_said(
    house: House, ida: Person, una: Person, clock: MovableClock
) -> None:
    """The longest overdue first, of what was chosen."""
    told = await story(house, ida)
    due = clock.now().date() + timedelta(days=3)
    made = []
    for days in (1, 0):
        words = Response(
            text="", kind=ResponseKind.CHANGE_PLANNED, change=f"List {days}",
            when=due + timedelta(days=days),
        )  # fmt: skip
        made.append(await responses.respond(told, words, by=una, house=house))
    assert (await lesson(house)).overdue.number == 0
    clock.move(timedelta(days=6))
    overdue = (await lesson(house)).overdue
    assert [(one.what, one.due, one.by) for one in overdue.named] == [
        ("List 0", due, "Una"), ("List 1", due + timedelta(days=1), "Una"),
    ]  # fmt: skip
    assert (await lesson(house, Filter(topic="falls"))).overdue.number == 0
    await responses.respond(made[1], MADE, by=una, house=house)
    assert [one.what for one in (await lesson(house)).overdue.named] == ["List 1"]


async def test_who_is_turned_away_counts_for_nothing(house: House, ida: Person) -> None:
    """Neither their answers nor their experiments."""
    told = await story(house, ida)
    ann = await neighbour(house, "ann", "there.test")
    async with db.transaction():
        await posts.keep(note(ann, "<p>So do we</p>", inReplyTo=told.uri), ann, house=house)
    terms = {"title": "A bell", "problem": "Late.", "stage": "idea", "inspiredBy": [told.uri]}
    await taken_in(note(ann, "<p>x</p>", **OURS, **{"fettle:experiment": terms}), ann, house)
    found = await lesson(house)
    assert (found.came.answered.part, found.came.tried.part, found.experiments) == (1, 1, 1)
    await turn_away("there.test", reason="Spam", house=house)
    found = await lesson(house)
    assert (found.came.answered.part, found.came.tried.part) == (0, 0)


async def test_nobody_learns_from_those_they_are_kept_apart_from(
    house: House, ida: Person, una: Person, clock: MovableClock
) -> None:
    """Neither by their stories and experiments nor by their promises; others do."""
    told = await story(house, ida)
    await experiment(house, una)
    await story(house, una)
    late = Response(
        text="", kind=ResponseKind.CHANGE_PLANNED, change="A list", when=clock.now().date()
    )
    await responses.respond(told, late, by=una, house=house)
    clock.move(timedelta(days=2))
    by, whom = await Actor.get(id=una.actor_id), await Actor.get(id=ida.actor_id)
    await block(by, whom, house=house)
    for viewer, counts in ((None, (1, 2, 1)), (whom, (0, 1, 0))):
        found = await service.learn(EVERYTHING, viewer=viewer, house=house)
        assert (found.experiments, found.stories, found.overdue.number) == counts


async def test_hubs_are_silent_that_have_to_do_with_what_was_chosen(
    house: House, ida: Person, clock: MovableClock
) -> None:
    """All that are followed where nothing was chosen; one where a hub was."""
    for name, topics in (("ann", ["discharge"]), ("bo", [])):
        other = await neighbour(house, name, f"{name}.test")
        await on_list(other, house)
        tags = [{"type": "Hashtag", "name": f"#{topic}"} for topic in topics]
        terms = {"title": "A bell", "problem": "Late.", "stage": "idea"}
        thing = note(other, "<p>x</p>", tag=tags, **OURS, **{"fettle:experiment": terms})
        await taken_in(thing, other, house)
    assert (await lesson(house)).hubs.quiet == []
    clock.move(QUIET + timedelta(days=1))
    for chosen, expected in (
        (EVERYTHING, {"ann.test", "bo.test"}), (Filter(topic="discharge"), {"ann.test"}),
        (Filter(hub="bo.test"), {"bo.test"}), (Filter(topic="falls"), set()),
    ):  # fmt: skip
        quiet = (await lesson(house, chosen)).hubs.quiet
        assert {one.actor.host for _, one in quiet} == expected


async def test_few_are_named_and_all_are_counted(
    house: House, ida: Person, clock: MovableClock
) -> None:
    """Ten stories, the newest."""
    for number in range(NAMED + 2):
        await story(house, ida, f"Story {number}")
    clock.move(PATIENCE + timedelta(minutes=1))
    came = (await lesson(house)).came
    assert (came.silent.part, len(came.unanswered)) == (NAMED + 2, NAMED)


async def test_the_page_says_how_it_counts(ward: LiveNode, visits: Visits) -> None:
    """Beside every share; and none of fewer than five."""
    nobody = await visits.by()
    assert "Nothing to learn from yet" in (await nobody.get("/network/learning")).text
    for number in range(5):
        seen = (await nobody.get("/network/learning?topic=discharge")).text
        assert "%)" not in seen
        await ward.publish_story(title=f"Story {number}", topics=("discharge",))
    seen = (await nobody.get("/network/learning?topic=discharge")).text
    assert "0 of 5 (0%)" in seen, seen[seen.find("<main") :]
    assert "This means: somebody other than its author replied" in seen
    assert 'href="/network?topic=discharge"' in seen
    assert "Hubs that can’t be reached" in seen
