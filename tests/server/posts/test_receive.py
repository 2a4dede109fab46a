"""Copies of what others publish: kept once, changed by their author, gone at their word."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from federation import vocab
from server import jobs
from server.actors.tables import Actor
from server.follows.tables import Follow
from server.house import House
from server.jobs import Registry, Worker
from server.media.service import StillShown
from server.people import service as people
from server.people.tables import Notification
from server.posts import listeners, service
from server.posts.rules import State
from server.posts.service.receive import ERASED
from server.posts.tables import Boost, Mention, Post, Revision, Tag, Tombstone
from server.responses.tables import ResponseRow, Thanks
from server.safety.service import turn_away
from server.stories.tables import StoryRow
from tests.support.clock import MovableClock
from tests.support.inhabitants import activity, following, hub, note, person, story, stranger

pytestmark = pytest.mark.usefixtures("database")

STORY: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/activitystreams", {"fettle": "https://w3id.org/fettle#"}],
    "fettle:story": {"title": "Home by six", "whatHappened": "It was **late**."},
}


async def test_a_copy_that_comes_twice_at_once_is_kept_once(house: House) -> None:
    """By the Create and by the fetch that an Announce asks for."""
    ann = await stranger(house, "ann")
    said = note(ann)
    await asyncio.gather(*(service.keep(said, ann, house=house) for _ in range(4)))
    assert await Post.filter(uri=said.id).count() == 1


async def test_an_answer_that_came_first_joins_what_it_answers(house: House) -> None:
    """With what was said under it."""
    ann = await stranger(house, "ann")
    head = note(ann)
    reply = note(ann, inReplyTo=head.id)
    second = note(ann, inReplyTo=reply.id)
    for one in (reply, second, head):
        await service.keep(one, ann, house=house)
    top = await Post.get(uri=head.id)
    said = await service.conversation(top, None)
    assert {post.uri for post in said} == {reply.id, second.id}
    assert (await Post.get(uri=reply.id)).parent_id == top.id


async def test_only_a_newer_version_changes_a_copy(house: House) -> None:
    """How it read before is kept."""
    ann = await stranger(house, "ann")
    said = note(ann, "<p>One</p>")
    await service.keep(said, ann, house=house)
    for text, updated in (("Two", "2027-03-02T00:00:00Z"), ("Old", "2027-03-01T00:00:00Z")):
        document = vocab.render(said) | {"content": f"<p>{text}</p>", "updated": updated}
        await service.keep(vocab.parse_note(document), ann, house=house)
    post = await Post.get(uri=said.id)
    assert (post.html, post.version) == ("<p>Two</p>", 2)
    assert [row.html for row in await Revision.filter(post_id=post.id)] == ["<p>One</p>"]


async def test_a_boost_that_is_given_twice_is_taken_back_by_either_id(house: House) -> None:
    """Or by naming what was boosted."""
    ida, ann = await person(house, "ida"), await stranger(house, "ann")
    uri = str((await story(house, ida)).uri)
    boosts = [activity(ann, "Announce", uri) for _ in range(2)]
    for undone in boosts:
        for boost in boosts:
            await listeners.on_announce(boost, house)
        assert await Boost.filter(actor_id=ann.id).count() == 1
        await listeners.on_undo(activity(ann, "Undo", undone.activity), house)
        assert not await Boost.filter(actor_id=ann.id).exists()
    for boost in boosts:
        await listeners.on_announce(boost, house)
    await listeners.on_undo(activity(ann, "Undo", str(boosts[-1].activity.id)), house)
    assert not await Boost.filter(actor_id=ann.id).exists()


async def test_nobody_takes_back_the_boost_of_another(house: House) -> None:
    """Whether by its id or whole."""
    ida, ann, bob = (
        await person(house, "ida"),
        await stranger(house, "ann"),
        await stranger(house, "bob"),
    )
    boost = activity(ann, "Announce", str((await story(house, ida)).uri))
    await listeners.on_announce(boost, house)
    await listeners.on_undo(activity(bob, "Undo", boost.activity), house)
    await listeners.on_undo(activity(bob, "Undo", str(boost.activity.id)), house)
    assert await Boost.filter(actor_id=ann.id).exists()


async def test_nothing_stays_of_a_copy_that_is_taken_back(house: House) -> None:
    """Neither its words nor what people here did with it; the tombstone keeps it out."""
    ida, ann = await person(house, "ida"), await stranger(house, "ann")
    said = note(ann, **STORY, tag=[{"type": "Hashtag", "name": "#Home"}])
    post = await service.keep(said, ann, house=house)
    assert post is not None
    assert await StoryRow.filter(post_id=post.id, title="Home by six").exists()
    await Thanks.create(post=post, actor=await ida.actor, uri="x", created_at=house.clock.now())
    await people.notify_person(ida.id, kind="mention", actor=ann, post_id=post.id, house=house)
    for _ in range(2):
        await listeners.on_delete(activity(ann, "Delete", said.id), house)
    gone = await Post.get(uri=said.id)
    assert (gone.state, gone.title, gone.html, gone.document) == (State.WITHDRAWN, "", "", None)
    for table in (StoryRow, ResponseRow, Thanks, Notification, Tag, Mention, Revision):
        assert not await table.all().exists(), table
    assert await service.keep(said, ann, house=house) is None
    assert await Tombstone.filter(uri=said.id, known=True).count() == 1


async def test_an_author_who_is_gone_is_forgotten_part_by_part(house: House) -> None:
    """What they did at once; what they published by a job, fifty at a time."""
    ida, ann = await person(house, "ida"), await stranger(house, "ann", summary="<p>Me</p>")
    me = await ida.actor
    await following(ann, me, house=house)
    await following(me, ann, house=house)
    told = await story(house, ida)
    await Boost.create(post=told, actor=ann, uri="b", created_at=house.clock.now())
    await Thanks.create(post=told, actor=ann, uri="t", created_at=house.clock.now())
    for _ in range(ERASED + 1):
        await service.keep(note(ann), ann, house=house)

    await listeners.on_delete(activity(ann, "Delete", ann.uri), house)
    left = await Actor.get(id=ann.id)
    assert (left.gone, left.name, left.summary) == (True, "", "")
    for table in (Follow, Boost, Thanks):
        assert not await table.filter().exists(), table
    registry = Registry()
    listeners.register_jobs(registry)
    worker = Worker(registry, house)
    assert await worker.run_due() == 1
    assert await Post.filter(author_id=ann.id, state=State.PUBLISHED).count() == 1
    assert await worker.run_due() == 1
    assert not await Post.filter(author_id=ann.id, state=State.PUBLISHED).exists()
    assert (await jobs.counts(house=house)).dead == 0
    assert (await Post.get(id=told.id)).state is State.PUBLISHED


@pytest.mark.parametrize(
    ("terms", "wanted"),
    [
        ({}, False),
        ({"inReplyTo": "https://hub.test/stories/0"}, False),
        ({"cc": ["https://hub.test/people/ida"]}, True),
        ({"tag": [{"type": "Mention", "href": "https://hub.test/people/ida"}]}, True),
        ({"cc": ["https://followed.test/people/sam/followers"]}, True),
        ({"cc": ["https://unknown.test/people/sam/followers"]}, False),
    ],
)
async def test_what_concerns_nobody_here_is_not_kept(
    house: House, terms: dict[str, Any], wanted: bool
) -> None:
    """Whoever sends it."""
    ida, ann = await person(house, "ida"), await stranger(house, "ann")
    for host in ("followed.test", "unknown.test"):
        sam = await stranger(house, "sam", host)
        if host == "followed.test":
            await following(await ida.actor, sam, house=house)
    assert await service.is_wanted(note(ann, **terms), ann) is wanted
    await listeners.on_note(activity(ann, "Create", note(ann, **terms)), house)
    assert await Post.exists() is wanted


async def test_a_tombstone_of_another_keeps_nothing_out(house: House) -> None:
    """Bob cannot delete in advance what Ann will say (case 11)."""
    ann, bob = await stranger(house, "ann"), await stranger(house, "bob")
    said = note(ann)
    await service.deleted(said.id, by=bob, house=house)
    assert await service.keep(said, ann, house=house) is not None


async def test_tombstones_of_what_was_never_known_are_swept(
    house: House, clock: MovableClock
) -> None:
    """After thirty days."""
    ann = await stranger(house, "ann")
    known = note(ann)
    await service.keep(known, ann, house=house)
    for uri in (known.id, "https://there.test/notes/never"):
        await service.deleted(uri, by=ann, house=house)
    clock.move(timedelta(days=31))
    assert await service.sweep(house=house) == 1
    assert [row.uri for row in await Tombstone.all()] == [known.id]


async def test_a_boost_of_what_is_not_for_everybody_counts_nothing(house: House) -> None:
    """Though it is known here."""
    ida, ann, bob = (
        await person(house, "ida"),
        await stranger(house, "ann"),
        await stranger(house, "bob"),
    )
    await following(await ida.actor, ann, house=house)
    said = note(ann, to=[f"{ann.uri}/followers"], cc=[])
    await service.keep(said, ann, house=house)
    await listeners.on_announce(activity(bob, "Announce", said.id), house)
    assert not await Boost.exists()


async def test_the_hub_is_no_reason_to_look_up_what_is_ours(house: House) -> None:
    """An id of this node that is not there is not fetched from this node."""
    await hub(house)
    assert await service.fetch(f"{house.address}/stories/NOTHING", house=house) is None


async def test_a_picture_of_somebody_who_is_turned_away_is_not_fetched(house: House) -> None:
    """Nor is that of a post of theirs, though its address was signed before."""
    face, taken = "https://there.test/ann.jpg", "https://cdn.test/ward.jpg"
    ann = await stranger(house, "ann", icon={"type": "Image", "url": face})
    image = {"type": "Image", "url": taken, "mediaType": "image/jpeg", "name": "A ward"}
    await service.keep(note(ann, attachment=[image]), ann, house=house)
    assert [await is_shown(url, house) for url in (face, taken)] == [True, True]
    await turn_away("there.test", reason="", house=house)
    assert [await is_shown(url, house) for url in (face, taken)] == [False, False]


async def is_shown(url: str, house: House) -> bool:
    """Return what is said where a picture is about to be fetched."""
    asking = StillShown(url)
    await service.on_still_shown(asking, house)
    return asking.asked and asking.shown
