"""Share an experiment, go on with it, and what leaves for others meanwhile."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from federation import vocab
from server.delivery.tables import OutgoingActivity
from server.errors import NotFoundError, NotYoursError
from server.experiments import service
from server.experiments.rules.cycles import Act, Cycle
from server.experiments.rules.experiment import Aim, Experiment, NoIdeaError
from server.experiments.rules.stages import Reason, SameStageError, Stage
from server.experiments.rules.updates import Update
from server.experiments.tables import (
    CycleRow,
    EditorRow,
    ExperimentRow,
    StageRow,
    UpdateRow,
)
from server.house import House
from server.people.tables import Notification, Person
from server.posts import service as posts
from server.posts.rules import State, Visibility
from server.posts.tables import Link, Post, Revision
from server.responses import service as responses
from server.responses.cards import cards_of
from server.responses.rules import Response
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


async def terms_of(post: Post, term: str = "fettle:experiment") -> dict[str, Any]:
    """Return the structured part of a post as it is served."""
    document = vocab.load_json((await Post.get(id=post.id)).document or b"")
    found: dict[str, Any] = document[term]  # type: ignore[assignment]
    return found


async def held(post: Post) -> Post:
    """Return a post as it is now, with its author."""
    found = await posts.by_id(post.id)
    assert found is not None
    return found


async def test_three_fields_are_enough(house: House, ida: Person) -> None:
    """Title, problem, what is tried; it begins as an idea, today."""
    post = await experiment(house, ida)
    terms = await terms_of(post)
    assert (terms["title"], terms["problem"], terms["idea"]) == ("A knock", "It was late.", "Ring.")
    assert terms["stage"] == "idea"
    assert terms["stages"] == [{"stage": "idea", "at": house.clock.now().date().isoformat()}]


async def test_a_draft_that_lacks_something_is_kept_and_not_published(
    house: House, ida: Person
) -> None:
    """What it lacks is said."""
    draft = await service.draft(ida, Experiment(title="A", problem="B"), house=house)
    assert draft.title == "A"
    with pytest.raises(NoIdeaError):
        await service.publish(draft, by=ida, house=house)
    assert (await service.preview(draft, house=house)).title == "A"
    whole = Experiment(title="C", problem="B", idea="D", stage=Stage.TRYING)
    await service.change_draft(draft, whole, visibility=Visibility.UNLISTED, by=ida)
    post = await service.publish(draft, by=ida, house=house)
    assert (await terms_of(post))["stage"] == "trying"
    assert (post.title, post.visibility) == ("C", Visibility.UNLISTED)
    with pytest.raises(NotFoundError):
        await service.change_draft(post, whole, visibility=Visibility.PUBLIC, by=ida)


async def test_an_experiment_reads_whole_without_its_terms(house: House, ida: Person) -> None:
    """Title, problem, what is tried, the stage, one link."""
    post = await experiment(house, ida)
    note = vocab.load_json((await held(post)).document or b"")
    content = str(note["content"])
    assert content.startswith("<p><strong>A knock</strong></p><p>It was late.</p>")
    for words in ("What we are trying", "Ring.", "Stage: idea."):
        assert words in content
    assert content.count("<a ") == 1
    assert note["type"] == "Note"


async def test_an_entry_is_a_note_and_then_the_experiment_anew_in_one_lane(
    house: House, ida: Person
) -> None:
    """Whoever follows reads what happened, the stage, one link; both keep the experiment's
    order.
    """
    await hub(house)
    ann = await stranger(house, "ann")
    await following(ann, await ida.actor, house=house)
    post = await experiment(house, ida)
    update = Update(text="Fewer **late** ones.", stage=Stage.LEARNING)
    entry = await service.record(post, update, by=ida, house=house)
    kinds = [(kind, document["object"]) for kind, _, document in await deliveries()]
    assert [kind for kind, _ in kinds] == ["Create", "Create", "Update"]
    note, anew = kinds[1][1], kinds[2][1]
    assert note["inReplyTo"] == post.uri == anew["id"]
    assert note["context"] == anew["context"]
    assert "<strong>late</strong>" in note["content"]
    assert "Now <strong>learning</strong>" in note["content"]
    assert note["content"].count("<a ") == 1
    assert note["fettle:update"] == {
        "experiment": post.uri, "text": "Fewer **late** ones.", "stage": "learning",
    }  # fmt: skip
    assert anew["fettle:experiment"]["stage"] == "learning"
    assert anew["fettle:experiment"]["stages"][1]["why"] == "Fewer **late** ones."
    assert {row.order_key for row in await OutgoingActivity.all()} == {post.uri}
    assert "tag" not in note, "nobody is mentioned by their own experiment"
    assert str(entry.uri).startswith(f"{house.address}/updates/")


async def test_an_entry_is_no_reply(house: House, ida: Person, una: Person) -> None:
    """It is neither counted nor shown as one; a reply to it is."""
    post = await experiment(house, ida)
    entry = await service.record(post, Update(text="Fewer."), by=ida, house=house)
    await responses.respond(entry, Response(text="Good!"), by=una, house=house)
    [seen] = await cards_of([await held(post)])
    assert seen.replies == 1
    said = await responses.said_under(await held(post), None)
    assert [posts.plain(one.post) for one in said] == ["Good!"]
    [logged] = await service.log(await held(post), house=house)
    assert (logged.post.id, logged.update.text) == (entry.id, "Fewer.")


async def test_stages_are_logged_with_why_and_none_is_lost(
    house: House, ida: Person, clock: MovableClock
) -> None:
    """Each with its day; the same one twice is refused."""
    post = await experiment(house, ida)
    for stage in (Stage.TRYING, Stage.WORKING, Stage.TRYING):
        clock.move(timedelta(days=1))
        update = Update(text=f"Now {stage}", stage=stage)
        await service.record(post, update, by=ida, house=house)
    with pytest.raises(SameStageError):
        await service.record(post, Update(text="x", stage=Stage.TRYING), by=ida, house=house)
    tried = await service.of_post(post)
    assert tried is not None
    assert [one.stage for one in tried.stages] == ["idea", "trying", "working", "trying"]
    assert len({one.at for one in tried.stages}) == 4
    assert await Post.filter(kind="update").count() == 3
    assert [post.id for post in await service.latest(stage="trying")] == [post.id]
    assert await service.latest(stage="idea") == []


async def test_what_stopped_says_first_why_and_what_was_learned(house: House, ida: Person) -> None:
    """With the same weight as anything else."""
    post = await experiment(house, ida)
    learned = Update(text="It needs two people.", stage=Stage.STOPPED, reason=Reason.RAN_OUT)
    await service.record(post, learned, by=ida, house=house)
    assert (await terms_of(post))["stages"][-1] == {
        "stage": "stopped", "at": house.clock.now().date().isoformat(), "reason": "ran-out",
        "learned": "It needs two people.",
    }  # fmt: skip
    html = (await held(post)).html
    assert html.index("ran out") < html.index("two people") < html.index("It was late.")


async def test_words_change_and_what_they_were_is_kept(house: House, ida: Person) -> None:
    """Its stage, its log and what it began with stay."""
    first = await story(house, ida)
    post = await experiment(house, ida, inspired_by=(str(first.uri),), stage=Stage.TRYING)
    edit = Experiment(title="A knock", problem="p", idea="i", aim=Aim(how_much="halve"))
    await service.revise(post, edit, by=ida, why="It was unclear.", house=house)
    terms = await terms_of(post)
    assert terms["aim"] == {"howMuch": "halve"}
    assert (terms["stage"], terms["inspiredBy"]) == ("trying", [first.uri])
    revision = await Revision.get(post_id=post.id)
    assert "It was late." in revision.source
    assert revision.why == "It was unclear."
    await service.revise(post, edit, by=ida, house=house)
    assert await Revision.filter(post_id=post.id).count() == 1, "the same again is no change"


async def test_cycles_are_numbered_and_changed_in_place(house: House, ida: Person) -> None:
    """A new one has no number yet; there is none to change that is not there."""
    post = await experiment(house, ida)
    plan = Cycle(number=0, question="Will they ring?")
    assert await service.keep_cycle(post, plan, by=ida, house=house) == 1
    assert await service.keep_cycle(post, plan, by=ida, house=house) == 2
    done = replace(plan, number=1, observed="Half the time.", act=Act.ADAPT)
    await service.keep_cycle(post, done, by=ida, house=house)
    terms = await terms_of(post)
    assert [one["number"] for one in terms["cycles"]] == [1, 2]
    assert terms["cycles"][0]["act"] == "adapt"
    with pytest.raises(NotFoundError):
        await service.keep_cycle(post, replace(plan, number=3), by=ida, house=house)


async def test_those_who_said_yes_look_after_it_too(house: House, ida: Person, una: Person) -> None:
    """They change, stop and write; only its author takes it back and asks others."""
    post = await experiment(house, ida)
    edit = Experiment(title="Ours", problem="p", idea="i")
    await service.ask(post, "@Una@hub.test", by=ida, house=house)
    with pytest.raises(NotYoursError):
        await service.revise(post, edit, by=una, house=house)
    await service.answer(post, yes=True, by=una, house=house)
    await service.revise(post, edit, by=una, house=house)
    entry = await service.record(post, Update(text="We rang."), by=una, house=house)
    assert (entry.author_id, entry.written_by_id) == (ida.actor_id, una.id)
    for act in (
        service.withdraw(post, by=una, house=house),
        service.ask(post, "ida", by=una, house=house),
        service.dismiss(post, una.id, by=una),
    ):
        with pytest.raises(NotYoursError):
            await act
    await service.dismiss(post, una.id, by=ida)
    with pytest.raises(NotYoursError):
        await service.record(post, Update(text="Again."), by=una, house=house)
    told = {(row.person_id, row.kind) for row in await Notification.all()}
    assert told == {(una.id, "asked-to-edit"), (ida.id, "edits-too")}


async def test_who_is_asked_may_say_no_and_leave(house: House, ida: Person, una: Person) -> None:
    """Nobody is asked twice, nor oneself, nor who isn't here."""
    post = await experiment(house, ida)
    for name, error in (("ida", service.YourselfError), ("nobody", service.NobodyThereError)):
        with pytest.raises(error):
            await service.ask(post, name, by=ida, house=house)
    with pytest.raises(NotFoundError):
        await service.answer(post, yes=True, by=una, house=house)
    for said in (False, True):
        await service.ask(post, "una", by=ida, house=house)
        with pytest.raises(service.AlreadyAskedError):
            await service.ask(post, "una", by=ida, house=house)
        await service.answer(post, yes=said, by=una, house=house)
        assert await service.is_editor(post, una.id) is said
    await service.answer(post, yes=False, by=una, house=house)
    assert not await service.is_editor(post, una.id)


async def test_nobody_else_touches_it(house: House, ida: Person) -> None:
    """Not even a steward, but to take it down."""
    sam, post = await person(house, "sam", steward=True), await experiment(house, ida)
    entry = await service.record(post, Update(text="We rang."), by=ida, house=house)
    edit = Experiment(title="Mine", problem="p", idea="i")
    for act in (
        service.revise(post, edit, by=sam, house=house),
        service.record(post, Update(text="x"), by=sam, house=house),
        service.keep_cycle(post, Cycle(number=0, question="q"), by=sam, house=house),
        service.ask(post, "sam", by=sam, house=house),
    ):
        with pytest.raises(NotYoursError):
            await act
    await service.take_back(entry, by=sam, house=house)
    await service.withdraw(post, by=sam, house=house)
    assert (await held(post)).state is State.WITHDRAWN


async def test_taking_an_experiment_back_takes_its_log_along(
    house: House, ida: Person, una: Person
) -> None:
    """Nothing of it stays but tombstones, here and wherever it went."""
    await following(await stranger(house, "ann"), await ida.actor, house=house)
    first = await story(house, ida)
    post = await experiment(house, ida, inspired_by=(str(first.uri),))
    await service.ask(post, "una", by=ida, house=house)
    await service.keep_cycle(post, Cycle(number=0, question="q"), by=ida, house=house)
    entry = await service.record(post, Update(text="We rang."), by=ida, house=house)
    await service.withdraw(post, by=ida, house=house)
    for table in (ExperimentRow, StageRow, CycleRow, UpdateRow, EditorRow, Link):
        assert not await table.exists(), table
    deleted = [document["object"]["id"] for kind, _, document in await deliveries()
               if kind == "Delete"]  # fmt: skip
    assert set(deleted) == {post.uri, entry.uri}
    with pytest.raises(NotFoundError):
        await service.record(post, Update(text="x"), by=ida, house=house)


async def test_words_that_are_taken_back_leave_the_log_of_stages_too(
    house: House, ida: Person
) -> None:
    """The stage stays; what was said of it goes, and others hear so at once."""
    await following(await stranger(house, "ann"), await ida.actor, house=house)
    post = await experiment(house, ida)
    entry = await service.record(
        post, Update(text="Mrs Able rang.", stage=Stage.TRYING), by=ida, house=house
    )
    await service.take_back(entry, by=ida, house=house)
    terms = await terms_of(post)
    assert [(one["stage"], one.get("why")) for one in terms["stages"]] == [
        ("idea", None), ("trying", "…"),
    ]  # fmt: skip
    assert "Mrs Able" not in (await held(post)).html
    for row in await OutgoingActivity.all():
        assert b"Mrs Able" not in bytes(row.body)


async def test_the_teller_of_a_story_hears_what_is_tried_about_it(
    house: House, ida: Person, una: Person, clock: MovableClock
) -> None:
    """And who follows them here; the story's Note says so after a while, once for several."""
    sam = await person(house, "sam")
    await following(await sam.actor, await ida.actor, house=house)
    ann = await stranger(house, "ann")
    await following(ann, await ida.actor, house=house)
    first = await story(house, ida)
    tried = [await experiment(house, una, title, inspired_by=(str(first.uri),)) for title in "AB"]
    told = [(row.person_id, row.kind, row.post_id) for row in await Notification.all()]
    assert sorted(told) == sorted(
        (one.id, "inspired", post.id) for one in (ida, sam) for post in tried
    )
    create = await OutgoingActivity.get(object_uri=tried[0].uri, type="Create")
    assert (await ida.actor).uri in vocab.load_json(bytes(create.body))["cc"]  # type: ignore[operator]
    assert (await terms_of(first, "fettle:story"))["inspired"] == [post.uri for post in tried]
    assert "Update" not in [kind for kind, _, _ in await deliveries()]
    clock.move(timedelta(minutes=11))
    await posts.tell_next({"post": first.id}, house)
    updates = [document for kind, _, document in await deliveries() if kind == "Update"]
    assert [one["object"]["id"] for one in updates] == [first.uri]
    await service.withdraw(tried[0], by=una, house=house)
    assert (await terms_of(first, "fettle:story"))["inspired"] == [tried[1].uri]


async def test_what_came_of_a_story_is_in_the_order_that_it_happened(
    house: House, ida: Person, una: Person, clock: MovableClock
) -> None:
    """Begun, and each entry with the stage it brought; what is not for all is nobody's to see."""
    first = await story(house, ida)
    post = await experiment(house, una, inspired_by=(str(first.uri),))
    for text, stage in (("We rang.", Stage.TRYING), ("Fewer.", None)):
        clock.move(timedelta(hours=1))
        await service.record(post, Update(text=text, stage=stage), by=una, house=house)
    came = await posts.came_of(await held(first))
    assert [(one.begun, one.stage, one.text) for one in came[1:]] == [
        (False, "Trying", "We rang."), (False, "", "Fewer."),
    ]  # fmt: skip
    assert (came[0].begun, came[0].text) == (True, "Ring.")
    hidden = Experiment(title="H", problem="p", idea="i", inspired_by=(str(first.uri),))
    draft = await service.draft(una, hidden, visibility=Visibility.FOLLOWERS, house=house)
    await service.publish(draft, by=una, house=house)
    assert len(await posts.came_of(await held(first))) == 3


async def test_a_topic_and_a_page_of_the_list(house: House, ida: Person, una: Person) -> None:
    """By hashtag, by topic, by who shares it."""
    one = await experiment(house, ida, topics=("Discharge",))
    two = await experiment(house, una, problem="Late #Discharge")
    await experiment(house, una)
    assert {post.id for post in await service.latest(topic="discharge")} == {one.id, two.id}
    assert len(await service.latest()) == 3
    assert [post.id for post in await service.latest(author=await ida.actor)] == [one.id]
