"""An entry of a log said otherwise: what stays, what is kept of before, and who hears when."""

from datetime import timedelta

import pytest

from federation import vocab
from server.actors.tables import Actor
from server.delivery.tables import OutgoingActivity
from server.errors import NotFoundError, NotYoursError
from server.experiments import service
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.stages import Reason, Stage
from server.experiments.rules.updates import EmptyUpdateError, Update
from server.house import House
from server.people.tables import Person
from server.posts import listeners
from server.posts import service as posts
from server.posts.rules import Visibility
from server.posts.tables import Post, Revision
from tests.server.experiments.test_receive import LOG, OURS, ann, changed, entry, kept, tried
from tests.support.clock import MovableClock
from tests.support.inhabitants import (
    activity,
    deliveries,
    experiment,
    following,
    person,
    stranger,
)

__all__ = ["ann"]

pytestmark = pytest.mark.usefixtures("database")


async def stages(post: Post) -> list[tuple[str, str, str]]:
    """Return the log of stages as a page shows it."""
    found = await service.of_post(post)
    assert found is not None
    return [(one.stage, one.why, one.learned) for one in found.stages if not one.vanished]


async def told(uri: str | None) -> list[vocab.JsonObject]:
    """Return the Updates of a thing that left."""
    return [
        document["object"] for kind, _, document in await deliveries()
        if kind == "Update" and document["object"]["id"] == uri
    ]  # fmt: skip


async def test_what_is_added_to_an_entry_travels_once_its_writer_has_come_to_rest(
    house: House, ida: Person, clock: MovableClock
) -> None:
    """How it read before stays in its history; its stage, its day and its place in the log too."""
    await following(await stranger(house, "ann"), await ida.actor, house=house)
    post = await experiment(house, ida)
    said = Update(text="We rang ten.", stage=Stage.TRYING)
    one = await service.record(post, said, by=ida, house=house)
    clock.move(timedelta(days=1))
    for text in ("We rang ten people.", "We rang ten people in #Leeds."):
        await service.reword(one, text, warning="Long", by=ida, house=house)
    await service.reword(one, text, warning="Long", by=ida, house=house)
    assert await told(one.uri) == []
    clock.move(timedelta(minutes=11))
    await posts.tell_next({"post": one.id}, house)
    [note] = await told(one.uri)
    assert note["summary"] == "Long"
    assert note["sensitive"] is True
    assert note["fettle:update"]["text"] == text  # type: ignore[index, call-overload]
    assert note["fettle:update"]["stage"] == "trying"  # type: ignore[index, call-overload]
    revisions = await Revision.filter(post_id=one.id).order_by("version")
    assert ["ten.</p>" in row.html for row in revisions] == [True, False]
    assert [(line[0], line[1]) for line in await stages(post)] == [("idea", ""), ("trying", text)]
    assert {tag.name for tag in await posts.tags(one)} == {"leeds"}
    assert {row.order_key for row in await OutgoingActivity.all()} == {post.uri}


async def test_words_taken_out_of_an_entry_are_nowhere_left_to_be_read_but_in_its_history(
    house: House, ida: Person
) -> None:
    """Others are told at once, of the log of stages too; what was learned says so first."""
    await following(await stranger(house, "ann"), await ida.actor, house=house)
    post = await experiment(house, ida)
    end = Update(text="Mrs Able fell.", stage=Stage.STOPPED, reason=Reason.RAN_OUT)
    one = await service.record(post, end, by=ida, house=house)
    await service.reword(one, "Somebody fell.", by=ida, house=house)
    assert len(await told(one.uri)) == 1
    assert await stages(post) == [("idea", "", ""), ("stopped", "", "Somebody fell.")]
    for row in await OutgoingActivity.all():
        assert b"Mrs Able" not in bytes(row.body)
    assert "Mrs Able" not in (await Post.get(id=post.id)).html
    await service.reword(one, "Somebody fell.", warning="A fall", by=ida, house=house)
    await service.reword(one, "Somebody fell.", by=ida, house=house)
    assert (await Post.get(id=one.id)).untold_since is None
    assert [note.get("summary") for note in await told(one.uri)] == [None]


async def test_an_entry_is_called_changed_only_where_its_words_are(
    house: House, ida: Person
) -> None:
    """Not where a number that came with it was corrected, say."""
    post = await experiment(house, ida)
    one = await service.record(post, Update(text="We rang."), by=ida, house=house)
    head = await posts.by_id(post.id)
    assert head is not None
    await posts.reissue(await Post.get(id=one.id), house=house)
    found = await service.log(head, house=house)
    await service.reword(one, "We rang ten.", by=ida, house=house)
    found += await service.log(head, house=house)
    assert [(row.post.version, row.reworded) for row in found] == [(2, False), (3, True)]


async def test_those_who_look_after_an_experiment_change_its_entries_and_nobody_else(
    house: House, ida: Person, una: Person
) -> None:
    """Not a steward either; nor is one made empty, or changed that was taken back."""
    sam, post = await person(house, "sam", steward=True), await experiment(house, ida)
    await service.ask(post, "una", by=ida, house=house)
    one = await service.record(post, Update(text="We rang."), by=ida, house=house)
    for other in (una, sam):
        with pytest.raises(NotYoursError):
            await service.reword(one, "No.", by=other, house=house)
    await service.answer(post, yes=True, by=una, house=house)
    await service.reword(one, "We rang twice.", by=una, house=house)
    assert (await service.update_of(one)).text == "We rang twice."
    with pytest.raises(EmptyUpdateError):
        await service.reword(one, " ", by=ida, house=house)
    await service.take_back(one, by=una, house=house)
    with pytest.raises(NotFoundError):
        await service.reword(one, "We rang.", by=ida, house=house)
    assert not await Revision.filter(post_id=one.id).exists()


async def test_an_entry_that_few_may_read_stays_so(
    house: House, ida: Person, clock: MovableClock
) -> None:
    """Its change goes to followers alone."""
    await following(await stranger(house, "ann"), await ida.actor, house=house)
    tried_ = Experiment(title="A", problem="p", idea="i")
    draft = await service.draft(ida, tried_, visibility=Visibility.FOLLOWERS, house=house)
    post = await service.publish(draft, by=ida, house=house)
    one = await service.record(post, Update(text="We rang."), by=ida, house=house)
    await service.reword(one, "Nobody rang.", by=ida, house=house)
    [note] = await told(one.uri)
    assert vocab.PUBLIC not in [*note["to"], *note.get("cc", [])]  # type: ignore[misc]


@pytest.mark.parametrize("entry_first", [True, False], ids=["entry first", "experiment first"])
async def test_an_entry_from_elsewhere_said_otherwise_is_no_rewriting_of_the_log(
    house: House, ann: Actor, entry_first: bool
) -> None:
    """In whichever order the two are told; what it said is in the copy's history alone."""
    log = [LOG[0], {"stage": "trying", "at": "2027-02-03", "why": "Mrs Able rang."}]
    first = tried(ann, stages=log)
    post = await kept(first, ann, house)
    one = await kept(entry(ann, post.uri, "Mrs Able rang.", stage="trying"), ann, house)
    anew = [LOG[0], {"stage": "trying", "at": "2027-02-03", "why": "She rang."}]
    at = {"updated": "2027-03-01T12:00:00Z"}
    changes = [
        vocab.parse_note(vocab.render(entry(ann, post.uri, "She rang.", stage="trying", id=one.uri))
                         | at | {"summary": "A call"}),
        tried(ann, id=first.id, stages=anew, **at),
    ]  # fmt: skip
    for change in changes if entry_first else changes[::-1]:
        await changed(change, ann, house)
    found = await service.of_post(post)
    assert found is not None
    assert [(line.why, line.vanished) for line in found.stages] == [
        ("", False),
        ("She rang.", False),
    ]
    [logged] = await service.log(post, house=house)
    assert (logged.post.content_warning, posts.plain(logged.post)) == ("A call", "She rang.")
    assert logged.reworded
    assert "Mrs Able" in (await Revision.get(post_id=one.id)).html


async def test_what_somebody_else_calls_an_entry_changes_nobodys_log_of_stages(
    house: House, ann: Actor
) -> None:
    """Neither where they say it otherwise, nor where they take it back."""
    eve = await stranger(house, "eve", "evil.test")
    post = await kept(tried(ann), ann, house)
    why = str(LOG[1]["why"])
    one = await kept(entry(eve, post.uri, why, stage="trying"), eve, house)
    anew = entry(eve, post.uri, "It failed.", stage="trying", id=one.uri)
    later = vocab.parse_note(vocab.render(anew) | {"updated": "2027-03-01T12:00:00Z"})
    await listeners.on_note(activity(eve, "Update", later, **OURS), house)
    assert (await Post.get(id=one.id)).version == 2
    assert await stages(post) == [("idea", "", ""), ("trying", why, "")]
    two = await kept(entry(eve, post.uri, why, stage="trying"), eve, house)
    await listeners.on_delete(activity(eve, "Delete", str(two.uri)), house)
    assert await stages(post) == [("idea", "", ""), ("trying", why, "")]
