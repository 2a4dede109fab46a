"""What leaves when something is published, edited and taken back, and to whom."""

from datetime import timedelta
from typing import Any

import pytest

from federation import vocab
from server.actors.tables import Actor, Host
from server.delivery.tables import Delivery, OutgoingActivity
from server.errors import NotFoundError, NotYoursError
from server.house import House
from server.people import service as people
from server.people.tables import Notification, Person
from server.posts import service
from server.posts.rules import State, Visibility, answering
from server.posts.tables import Mention, Post, Revision, Sent, Tombstone
from server.responses import service as responses
from server.responses.rules import Response
from server.stories import service as stories
from server.stories.rules import Story
from server.stories.tables import StoryRow
from tests.support.clock import MovableClock
from tests.support.inhabitants import deliveries, following, hub, note, person, story, stranger

pytestmark = pytest.mark.usefixtures("database")

PUBLIC = vocab.PUBLIC


@pytest.fixture
async def ida(house: House) -> Person:
    return await person(house, "ida")


async def kept(post: Post) -> dict[str, Any]:
    """Return a post's Note as it is served."""
    return vocab.load_json((await Post.get(id=post.id)).document or b"")


async def test_a_public_story_goes_to_the_tellers_followers_and_by_the_hub(
    house: House, ida: Person
) -> None:
    """A Create to the one, an Announce to the other; a host in both hears of each once."""
    hub_actor, ann = await hub(house), await stranger(house, "ann")
    bob, eve = await stranger(house, "bob", "b.test"), await stranger(house, "eve", "b.test")
    await following(ann, await ida.actor, house=house)
    for one in (ann, bob, eve):
        await following(one, hub_actor, house=house)
    post = await story(house, ida)
    assert {(kind, inbox) for kind, inbox, _ in await deliveries()} == {
        ("Create", "https://there.test/inbox"),
        ("Announce", "https://b.test/inbox"), ("Announce", "https://there.test/inbox"),
    }  # fmt: skip
    assert await Delivery.all().count() == 3
    document = await kept(post)
    assert document["to"] == [PUBLIC]
    assert document["cc"] == [f"{(await ida.actor).uri}/followers", f"{hub_actor.uri}/followers"]


async def test_a_hub_that_runs_fettle_gets_the_story_whole(house: House, ida: Person) -> None:
    """Before the boost, under the same order key, so that it has nothing to fetch."""
    hub_actor, other = await hub(house), await stranger(house, "hub", "other.test")
    await following(other, hub_actor, house=house)
    await Host.filter(host="other.test").update(software="fettle")
    await story(house, ida)
    assert [kind for kind, _, _ in await deliveries()] == ["Create", "Announce"]
    assert len({row.order_key for row in await OutgoingActivity.all()}) == 1


@pytest.mark.parametrize("visibility", [Visibility.UNLISTED, Visibility.FOLLOWERS])
async def test_the_hub_passes_on_only_what_is_public(
    house: House, ida: Person, visibility: Visibility
) -> None:
    """Nothing else is boosted, nor sent to the hub's followers."""
    hub_actor, other = await hub(house), await stranger(house, "hub", "other.test")
    await following(other, hub_actor, house=house)
    await Host.filter(host="other.test").update(software="fettle")
    draft = await stories.draft(
        ida, Story(title="A", what_happened="B"), visibility=visibility, house=house
    )
    post = await stories.publish(draft, by=ida, house=house)
    assert await deliveries() == []
    document = await kept(post)
    assert f"{hub_actor.uri}/followers" not in (*document["to"], *document.get("cc", []))
    assert (await service.outbox(hub_actor)).activities == []


async def test_who_is_named_is_addressed_and_may_read(house: House, ida: Person) -> None:
    """Though they follow nobody here; an edit may name more of them."""
    ann, bob = await stranger(house, "ann"), await stranger(house, "bob", "b.test")
    post = await story(house, ida, what_happened="With @ann@there.test")
    document = await kept(post)
    assert ann.uri in document["cc"]
    assert {"type": "Mention", "href": ann.uri, "name": "@ann@there.test"} in document["tag"]
    edit = Story(title="Home by six", what_happened="With @ann@there.test and @bob@b.test")
    await stories.revise(post, edit, by=ida, house=house)
    named = {row.actor_id for row in await Mention.filter(post_id=post.id)}
    assert named == {ann.id, bob.id}
    await service.tell(post, house=house)
    assert ("Update", "https://b.test/inbox") in [(k, i) for k, i, _ in await deliveries()]


async def test_an_edit_is_strictly_newer_and_replaces_what_was_said(
    house: House, ida: Person
) -> None:
    """Twice in one second too; the words that were taken out are in no activity any more."""
    ann = await stranger(house, "ann")
    await following(ann, await ida.actor, house=house)
    post = await story(house, ida, what_happened="Secret")
    dates = [(await kept(post))["published"]]
    for words in ("Better", "Best"):
        await stories.revise(
            post, Story(title="Home by six", what_happened=words), by=ida, house=house
        )
        dates.append((await kept(post))["updated"])
    assert dates == sorted(set(dates))
    for row in await OutgoingActivity.all():
        assert b"Secret" not in bytes(row.body)
    assert [kind for kind, _, _ in await deliveries()] == ["Create", "Update"]
    assert await Revision.filter(post_id=post.id).count() == 2


async def test_an_edit_that_changes_nothing_others_see_is_not_sent(
    house: House, ida: Person
) -> None:
    """Whom it is about is kept all the same."""
    post = await story(house, ida)
    same = Story(title="Home by six", what_happened="It was late.", consent={"about": "self"})
    await stories.revise(post, same, by=ida, house=house)
    assert (await Post.get(id=post.id)).version == 1
    row = await StoryRow.get(post_id=post.id)
    assert row.story().consent == {"about": "self"}


async def test_a_withdrawal_goes_wherever_the_story_went(house: House, ida: Person) -> None:
    """Also to who no longer follows; twice at once is once."""
    hub_actor, ann = await hub(house), await stranger(house, "ann")
    row = await following(ann, hub_actor, house=house)
    post = await story(house, ida)
    await row.delete()
    await people.notify_person(ida.id, kind="thanks", actor=ann, post_id=post.id, house=house)
    for _ in range(2):
        await stories.withdraw(post, by=ida, house=house)
    [(kind, inbox, document)] = await deliveries()
    assert (kind, inbox) == ("Delete", "https://there.test/inbox")
    assert document["object"]["type"] == "Tombstone"
    assert document["to"] == [PUBLIC]
    held = await Post.get(id=post.id)
    assert (held.state, held.title, held.html) == (State.WITHDRAWN, "", "")
    assert await Tombstone.filter(uri=post.uri).count() == 1
    assert not await StoryRow.exists()
    assert not await Notification.exists()


async def test_a_draft_that_is_thrown_away_leaves_nothing(house: House, ida: Person) -> None:
    """It was never anywhere."""
    draft = await stories.draft(ida, Story(title="A"), house=house)
    await stories.withdraw(draft, by=ida, house=house)
    for table in (Post, StoryRow, Tombstone, OutgoingActivity, Sent):
        assert not await table.exists(), table


async def test_only_its_teller_or_a_steward_takes_a_story_back(house: House, ida: Person) -> None:
    """And only its teller changes it."""
    una, sam = await person(house, "una"), await person(house, "sam", steward=True)
    post = await story(house, ida)
    edit = Story(title="Mine now", what_happened="x")
    for somebody in (una, sam):
        with pytest.raises(NotYoursError):
            await stories.revise(post, edit, by=somebody, house=house)
    with pytest.raises(NotYoursError):
        await stories.withdraw(post, by=una, house=house)
    await stories.withdraw(post, by=sam, house=house)
    assert (await Post.get(id=post.id)).state is State.WITHDRAWN


async def test_a_draft_that_was_published_meanwhile_is_not_changed(
    house: House, ida: Person
) -> None:
    """What others read would differ from what is kept."""
    draft = await stories.draft(ida, Story(title="A", what_happened="B"), house=house)
    await stories.publish(draft, by=ida, house=house)
    with pytest.raises(NotFoundError):
        await stories.change_draft(draft, Story(title="C"), visibility=Visibility.PUBLIC, by=ida)
    assert (await StoryRow.get(post_id=draft.id)).title == "A"


async def test_publishing_twice_is_publishing_once(house: House, ida: Person) -> None:
    """A second press of the button."""
    await following(await stranger(house, "ann"), await ida.actor, house=house)
    draft = await stories.draft(ida, Story(title="A", what_happened="B"), house=house)
    first = await stories.publish(draft, by=ida, house=house)
    second = await stories.publish(await Post.get(id=draft.id), by=ida, house=house)
    assert first.uri == second.uri
    assert len(await deliveries()) == 1


@pytest.mark.parametrize("asked", list(Visibility))
@pytest.mark.parametrize("answered", list(Visibility))
def test_an_answer_is_no_wider_than_what_it_answers(
    asked: Visibility, answered: Visibility
) -> None:
    """What is open may be answered as one likes."""
    is_open = answered in {Visibility.PUBLIC, Visibility.UNLISTED}
    assert answering(asked, answered) is (asked if is_open else Visibility.DIRECT)


async def test_an_answer_to_a_private_word_stays_between_the_two(house: House, ida: Person) -> None:
    """Though "everybody" stands in the form; and so does its end."""
    me, ann, bob = await ida.actor, await stranger(house, "ann"), await stranger(house, "bob")
    await following(bob, me, house=house)
    said = note(ann, "<p>Just you</p>", to=[me.uri], cc=[])
    post = await service.keep(said, ann, house=house)
    assert post is not None
    reply = await responses.respond(
        post, Response(text="You too"), by=ida, visibility=Visibility.PUBLIC, house=house
    )
    assert reply.visibility is Visibility.DIRECT
    [(_, inbox, create)] = await deliveries()
    assert inbox == "https://there.test/inbox"
    assert (create["to"], create.get("cc", [])) == ([ann.uri], [])
    assert not (await OutgoingActivity.get(type="Create")).public
    assert (await service.outbox(me)).activities == []

    await responses.thank(post, by=ida, house=house)
    assert not (await OutgoingActivity.get(type="Like")).public
    await responses.withdraw(reply, by=ida, house=house)
    delete = await OutgoingActivity.get(type="Delete")
    assert not delete.public
    assert vocab.load_json(bytes(delete.body))["to"] == [ann.uri]


async def test_what_is_said_privately_is_read_by_those_it_speaks_to(
    house: House, ida: Person, clock: MovableClock
) -> None:
    """In a conversation that anybody may read: each sees what is open and what is for them."""
    una = await person(house, "una")
    ann, bob = await stranger(house, "ann"), await stranger(house, "bob")
    top = await story(house, ida)
    me, her = await ida.actor, await una.actor
    await following(her, bob, house=house)
    for number, (author, terms) in enumerate(
        [
            (ann, {}),
            (ann, {"to": [me.uri], "cc": []}),
            (bob, {"to": [f"{bob.uri}/followers"], "cc": []}),
            (ann, {"to": ["https://there.test/people/eve"], "cc": []}),
            (bob, {"to": ["https://there.test/people/eve"], "cc": []}),
        ]
    ):
        clock.move(timedelta(seconds=1))
        said = note(author, f"<p>{number}</p>", inReplyTo=top.uri, **terms)
        await service.keep(said, author, house=house)

    async def seen(viewer: Actor | None) -> list[str]:
        said = await service.conversation(top, viewer)
        assert all([await service.may_see(post, viewer) for post in said])
        return sorted(service.plain(post) for post in said)

    assert await seen(None) == ["0"]
    assert await seen(me) == ["0", "1"]
    assert await seen(her) == ["0", "2"]
    counted = await service.counts(house)
    assert counted == {"story": 1}
