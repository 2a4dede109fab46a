"""Experiments and updates of others: kept once, whatever they hold, and whatever they claim."""

from datetime import timedelta
from typing import Any

import pytest

from federation import vocab
from server.actors.tables import Actor, Block
from server.experiments import service
from server.experiments.rules.stages import Stage
from server.experiments.tables import CycleRow, ExperimentRow, MeasureRow, StageRow, UpdateRow
from server.house import House
from server.people.tables import Notification, Person
from server.posts import listeners
from server.posts import service as posts
from server.posts.rules import State, Visibility
from server.posts.tables import Link, Post
from server.stories import service as stories
from server.stories.rules import Story
from tests.support.clock import MovableClock
from tests.support.inhabitants import activity, experiment, following, note, story, stranger

pytestmark = pytest.mark.usefixtures("database")

OURS: dict[str, Any] = {"@context": vocab.CONTEXT}
LOG: list[Any] = [
    {"stage": "idea", "at": "2027-02-01"},
    {"stage": "trying", "at": "2027-02-03", "why": "The clerks said yes."},
]


@pytest.fixture
async def ann(house: House, ida: Person) -> Actor:
    """Somebody elsewhere whom Ida follows."""
    actor = await stranger(house, "ann")
    await following(await ida.actor, actor, house=house)
    return actor


def tried(by: Actor, **terms: Any) -> vocab.Note:
    """Return somebody's experiment as a Note."""
    extra = {name: terms.pop(name) for name in ("id", "updated", "to", "cc") if name in terms}
    told = {
        "title": "A knock", "problem": "It was **late**.", "idea": "Ring.", "stage": "trying",
        "stages": LOG, **terms,
    }  # fmt: skip
    return note(by, "<p>x</p>", **OURS, **{"fettle:experiment": told}, **extra)


def entry(by: Actor, of: str | None, text: str = "Fewer.", **terms: Any) -> vocab.Note:
    """Return an entry in somebody's log as a Note."""
    extra = {name: terms.pop(name) for name in ("id",) if name in terms}
    told = {"experiment": of, "text": text, **terms}
    return note(by, f"<p>{text}</p>", inReplyTo=of, **OURS, **{"fettle:update": told}, **extra)


async def kept(told: vocab.Note, by: Actor, house: House) -> Post:
    """Have a Note arrive twice, and return what is kept of it."""
    for _ in range(2):
        await listeners.on_note(activity(by, "Create", told, **OURS), house)
    found = await posts.by_uri(told.id)
    assert found is not None
    return found


async def changed(told: vocab.Note, by: Actor, house: House) -> None:
    """Have a newer version of a Note arrive."""
    await listeners.on_note(activity(by, "Update", told, **OURS), house)


async def test_an_experiment_from_elsewhere_is_kept_once(house: House, ann: Actor) -> None:
    """With its log, its cycles, and its own words; unknown terms stay in its bytes."""
    post = await kept(tried(ann, cycles=[{"number": 1, "question": "q"}], spell="new"), ann, house)
    assert (post.kind, post.title, post.local) == ("experiment", "A knock", False)
    assert "<strong>late</strong>" in post.html
    found = await service.of_post(post)
    assert found is not None
    assert (found.stage, len(found.stages), len(found.cycles)) == (Stage.TRYING, 2, 1)
    assert await ExperimentRow.all().count() == 1
    assert b'"spell":"new"' in bytes(post.document or b"")


async def test_a_log_that_is_rewritten_keeps_what_it_said(house: House, ann: Actor) -> None:
    """What was changed or taken out stays, and is marked."""
    first = tried(ann)
    post = await kept(first, ann, house)
    anew: list[Any] = [{"stage": "working", "at": "2027-02-02", "why": "It always worked."}]
    told = tried(ann, id=first.id, updated="2027-03-01T12:00:00Z", stage="working", stages=anew)
    await changed(told, ann, house)
    found = await service.of_post(post)
    assert found is not None
    assert [(one.stage, one.vanished) for one in found.stages] == [
        ("idea", True), ("working", False), ("trying", True),
    ]  # fmt: skip
    assert found.stage is Stage.WORKING
    assert found.now is not None
    assert found.now.stage is Stage.WORKING


async def test_what_a_peer_measures_is_judged_anew_where_it_changed(
    house: House, ann: Actor
) -> None:
    """Other words of the experiment leave what was found of it."""

    def told(day: int, value: int) -> vocab.Note:
        measure = {"id": f"{first}/measures/1", "name": "Late", "unit": "a week"}
        points = {"points": [{"at": "2027-02-01", "value": value}]}
        updated = f"2027-03-0{day}T12:00:00Z"
        return tried(ann, id=first, title=f"{day}", measures=[measure | points], updated=updated)

    first = "https://there.test/experiments/1"
    post = await kept(told(1, 42), ann, house)
    await MeasureRow.filter(post_id=post.id).update(measured=True)
    for day, value, expected in ((2, 42, True), (3, 43, False)):
        await changed(told(day, value), ann, house)
        row = await ExperimentRow.get(post_id=post.id)
        assert (row.title, row.measured) == (str(day), expected)


async def test_an_entry_joins_the_log_whichever_comes_first(house: House, ann: Actor) -> None:
    """The experiment may come later, with its Update."""
    told = tried(ann)
    await kept(entry(ann, told.id, "Entry 0"), ann, house)
    post = await kept(told, ann, house)
    await kept(entry(ann, told.id, "Entry 1"), ann, house)
    found = await service.log(post, house=house)
    assert {one.update.text for one in found} == {"Entry 0", "Entry 1"}


async def test_somebody_elses_entry_is_only_a_reply(house: House, ann: Actor, ida: Person) -> None:
    """Whatever it says of itself; nor does it move the stage."""
    eve = await stranger(house, "eve", "evil.test")
    ours, theirs = await experiment(house, ida), await kept(tried(ann), ann, house)
    for post in (ours, theirs):
        await kept(entry(eve, post.uri, "Stopped!", stage="stopped"), eve, house)
        seen = await posts.by_id(post.id)
        assert seen is not None
        assert await service.log(seen, house=house) == []
        assert [one.kind for one in await posts.conversation(seen, None)] == ["update"]
        found = await service.of_post(seen)
        assert found is not None
        assert found.stage is not Stage.STOPPED


async def test_a_deleted_experiment_takes_its_log_along(house: House, ann: Actor) -> None:
    """Though no Delete of each entry comes."""
    post = await kept(tried(ann, inspiredBy=["https://a.test/s"]), ann, house)
    one = await kept(entry(ann, post.uri), ann, house)
    for _ in range(2):
        await listeners.on_delete(activity(ann, "Delete", str(post.uri)), house)
    for gone in (post, one):
        assert (await Post.get(id=gone.id)).state is State.WITHDRAWN
    for table in (ExperimentRow, StageRow, CycleRow, UpdateRow, Link):
        assert not await table.exists(), table


async def test_nobody_elses_word_takes_it_down(house: House, ann: Actor) -> None:
    """Neither the experiment nor its entry."""
    eve = await stranger(house, "eve", "evil.test")
    post = await kept(tried(ann), ann, house)
    await listeners.on_delete(activity(eve, "Delete", str(post.uri)), house)
    told = tried(ann, id=post.uri, updated="2027-03-01T12:00:00Z", title="Mine")
    with_eve = vocab.parse_note(vocab.render(told) | {"attributedTo": eve.uri})
    await posts.keep(with_eve, eve, house=house)
    assert (await Post.get(id=post.id)).title == "A knock"


@pytest.mark.parametrize("late", [True, False], ids=["delete last", "delete first"])
async def test_words_taken_back_elsewhere_go_from_the_log_of_stages(
    house: House, ann: Actor, late: bool
) -> None:
    """In whichever order the two are told."""
    log: list[Any] = [LOG[0], {"stage": "trying", "at": "2027-02-03", "why": "Mrs Able rang."}]
    first = tried(ann, stages=log)
    post = await kept(first, ann, house)
    one = await kept(entry(ann, post.uri, "Mrs Able rang.", stage="trying"), ann, house)
    anew: list[Any] = [LOG[0], {"stage": "trying", "at": "2027-02-03", "why": "…"}]
    told = tried(ann, id=first.id, updated="2027-03-01T12:00:00Z", stages=anew)
    deleted = activity(ann, "Delete", str(one.uri))
    if late:
        await changed(told, ann, house)
    await listeners.on_delete(deleted, house)
    await changed(told, ann, house)
    found = await service.of_post(post)
    assert found is not None
    assert [(line.why, line.vanished) for line in found.stages] == [("", False), ("…", False)]


HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'[a](javascript:alert(1))"
TEXTS = (
    "title", "problem", "idea", "who", "livedExperience", "setting", "cost", "equity", "learning",
    "helpWanted", "interests",
)  # fmt: skip


async def test_html_in_every_field_is_text(house: House, ann: Actor) -> None:
    """Of the experiment, its log, its cycles and its entries."""
    terms: dict[str, Any] = dict.fromkeys(TEXTS, HTML) | {
        "aim": dict.fromkeys(("what", "howMuch", "by", "forWhom"), HTML),
        "places": [HTML], "topics": [HTML], "stage": HTML, "organisations": [{"nameThen": HTML}],
        "stages": [{"stage": "stopped", "at": "2027-02-01", "why": HTML, "learned": HTML}],
        "cycles": [{"number": 1, "question": HTML, "learned": HTML, "act": HTML}],
    }  # fmt: skip
    post = await kept(tried(ann, **terms), ann, house)
    one = await kept(entry(ann, post.uri, HTML, stage=HTML), ann, house)
    for html in (post.html, one.html):
        assert "<script" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html
    found = await service.of_post(post)
    assert found is not None
    assert found.stage is Stage.STOPPED
    assert found.cycles[0].act is None


@pytest.mark.parametrize("stage", ["perfect", "", None, 7, ["idea"], {}])
async def test_a_stage_that_does_not_exist_is_none(house: House, ann: Actor, stage: Any) -> None:
    """The experiment is kept all the same."""
    post = await kept(tried(ann, stage=stage, stages=[{"stage": stage}]), ann, house)
    found = await service.of_post(post)
    assert found is not None
    assert (found.stage, found.stages, found.now) == (None, (), None)
    assert await service.latest(stage="perfect") == []


async def test_a_story_here_hears_of_what_is_tried_elsewhere(
    house: House, ann: Actor, ida: Person
) -> None:
    """Once; and no longer shows what goes back to it no longer."""
    first = await story(house, ida)
    eve = await stranger(house, "eve", "e.test")
    me = await ida.actor
    told = tried(eve, inspiredBy=[first.uri], cc=[me.uri])
    post = await kept(told, eve, house)
    [row] = await Notification.all()
    assert (row.person_id, row.kind, row.post_id) == (ida.id, "inspired", post.id)
    seen = await posts.by_id(first.id)
    assert seen is not None
    assert len(await posts.came_of(seen)) == 2
    assert [one.uri for one in await service.origins([str(first.uri)], None)] == [first.uri]
    await changed(tried(eve, id=told.id, updated="2027-03-01T12:00:00Z"), eve, house)
    assert await posts.came_of(seen) == []


async def test_what_inspires_is_a_story_that_those_may_see_who_are_on_terms(
    house: House, ann: Actor, ida: Person, una: Person, clock: MovableClock
) -> None:
    """Somebody's experiment, a draft, or the story of who blocks the other: no word to anybody."""
    me = await ida.actor
    await following(await una.actor, me, house=house)
    await Block.create(blocker=me, blocked=ann, uri="https://hub.test/b/1", created_at=clock.now())
    ours, other = await experiment(house, ida), await story(house, ida)
    draft = await stories.draft(ida, Story(title="A"), house=house)
    theirs = await kept(tried(ann), ann, house)
    claims = [ours.uri, other.uri, theirs.uri, "https://hub.test/people/ida", str(draft.uri)]
    clock.move(timedelta(minutes=1))
    await kept(tried(ann, inspiredBy=claims), ann, house)
    assert not await Notification.exists()
    seen = await posts.by_id(other.id)
    assert seen is not None
    assert await posts.came_of(seen) == []


async def test_what_is_not_for_everybody_goes_back_to_nothing(
    house: House, ann: Actor, ida: Person
) -> None:
    """Nothing of it shows on the story's page, nor anybody hears."""
    first = await story(house, ida)
    told = tried(ann, inspiredBy=[first.uri], to=[f"{ann.uri}/followers"], cc=[])
    post = await kept(told, ann, house)
    assert post.visibility is Visibility.FOLLOWERS
    assert not await Link.exists()
    assert not await Notification.exists()


async def test_of_a_story_one_may_not_read_nothing_is_said(
    house: House, ida: Person, una: Person
) -> None:
    """On the page of what began with it."""
    told = Story(title="A", what_happened="B")
    draft = await stories.draft(ida, told, visibility=Visibility.FOLLOWERS, house=house)
    private = await stories.publish(draft, by=ida, house=house)
    named = [str(private.uri), "https://far.test/stories/1"]
    assert [one.host for one in await service.origins(named, await una.actor)] == ["far.test"]


async def test_where_it_can_be_followed_counts_on_its_own_host_only(
    house: House, ida: Person, ann: Actor
) -> None:
    """Ours says so while it is for everybody."""
    there = f"https://{ann.host}/experiments/1/channel"
    for said, counts in ((there, there), ("https://x.test/channel", None), (7, None)):
        post = await kept(tried(ann, channel=said), ann, house)
        assert service.channel_of(post) == counts
    ours = await experiment(house, ida)
    terms: Any = vocab.load_json(ours.document or b"")["fettle:experiment"]
    assert terms["channel"] == service.channel_of(ours) == f"{ours.uri}/channel"
