"""Answers and thanks: written down once, news to the right people, gone when they are undone."""

from typing import Any

import pytest

from server.actors.tables import Actor
from server.house import House
from server.people.tables import Notification, Person
from server.posts import service as posts
from server.posts.tables import Post
from server.responses import listeners, service
from server.responses.rules import EmptyResponseError, Response, ResponseKind, UnsaidChangeError
from server.responses.tables import ResponseRow, Thanks
from tests.support.inhabitants import activity, deliveries, note, person, story, stranger

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ida(house: House) -> Person:
    return await person(house, "ida")


@pytest.fixture
async def told(house: House, ida: Person) -> Post:
    return await story(house, ida)


@pytest.fixture
async def ann(house: House) -> Actor:
    return await stranger(house, "ann")


async def news() -> list[tuple[int, str]]:
    """Return who was told of what."""
    return [(row.person_id, row.kind) for row in await Notification.all().order_by("id")]


async def test_a_favourite_is_thanks_once(
    house: House, told: Post, ida: Person, ann: Actor
) -> None:
    """Under whatever ids and types it comes; its teller hears of it once."""
    for kind in ("Like", "Like", "EmojiReact"):
        await listeners.on_like(activity(ann, kind, str(told.uri)), house)
    assert await Thanks.all().count() == 1
    assert await news() == [(ida.id, "thanks")]


@pytest.mark.parametrize("shape", ["first id", "last id", "whole", "whole, of the first"])
async def test_a_favourite_is_taken_back_in_every_shape(
    house: House, told: Post, ann: Actor, shape: str
) -> None:
    """By the newest id, or whole under any; then it is no news any more."""
    likes = [activity(ann, "Like", str(told.uri)) for _ in range(2)]
    for like in likes:
        await listeners.on_like(like, house)
    undone: Any = {
        "first id": str(likes[0].activity.id), "last id": str(likes[1].activity.id),
        "whole": likes[1].activity, "whole, of the first": likes[0].activity,
    }[shape]  # fmt: skip
    await listeners.on_undo(activity(ann, "Undo", undone), house)
    left = shape == "first id"
    assert await Thanks.exists() is left
    assert bool(await news()) is left


async def test_nobody_takes_back_the_thanks_of_another(
    house: House, told: Post, ann: Actor
) -> None:
    """In no shape (case 11)."""
    bob = await stranger(house, "bob")
    like = activity(ann, "Like", str(told.uri))
    await listeners.on_like(like, house)
    for undone in (like.activity, str(like.activity.id)):
        await listeners.on_undo(activity(bob, "Undo", undone), house)
    assert await Thanks.exists()


async def test_thanks_are_taken_back_here_too(house: House, told: Post, ida: Person) -> None:
    """With the news of it."""
    una = await person(house, "una")
    await service.thank(told, by=una, house=house)
    await service.thank(told, by=una, house=house)
    assert await news() == [(ida.id, "thanks")]
    assert await service.has_thanked(await una.actor, told)
    await service.unthank(told, by=una, house=house)
    assert await news() == []
    assert not await service.has_thanked(await una.actor, told)


async def test_thanks_for_what_stands_elsewhere_go_to_its_author(
    house: House, ida: Person, ann: Actor
) -> None:
    """Personally, and so does their end, which holds the whole Like."""
    post = await posts.keep(note(ann), ann, house=house)
    assert post is not None
    await service.thank(post, by=ida, house=house)
    await service.unthank(post, by=ida, house=house)
    (_, inbox, like), (_, _, undo) = await deliveries()
    assert inbox == ann.inbox
    assert (like["object"], like["to"]) == (post.uri, [ann.uri])
    assert undo["object"]["id"] == like["id"]


async def test_thanks_for_what_is_not_for_everybody_count_nothing(
    house: House, ida: Person, ann: Actor
) -> None:
    """A favourite from elsewhere of a post that its sender may not know of."""
    draft = await posts.draft(await ida.actor, kind="story", written_by=ida, house=house)
    await Post.filter(id=draft.id).update(uri="https://hub.test/stories/X", state="draft")
    await listeners.on_like(activity(ann, "Like", "https://hub.test/stories/X"), house)
    assert not await Thanks.exists()


async def test_an_answer_is_news_to_whom_it_answers_and_names(
    house: House, told: Post, ida: Person, ann: Actor
) -> None:
    """Each once, and not to who wrote it."""
    una, sam = await person(house, "una"), await person(house, "sam")
    tags = [
        {"type": "Mention", "href": f"https://hub.test/people/{name}"} for name in ("ida", "una")
    ]
    said = note(ann, inReplyTo=told.uri, tag=tags)
    for _ in range(2):
        await posts.keep(said, ann, house=house)
    assert sorted(await news()) == [(ida.id, "response"), (una.id, "mention")]
    await service.respond(told, Response(text="Thank you @sam@hub.test"), by=ida, house=house)
    assert (await news())[2:] == [(sam.id, "mention")]


async def test_nothing_stays_of_an_answer_that_is_taken_back(
    house: House, told: Post, ida: Person, ann: Actor
) -> None:
    """Nor of the thanks for it, nor of the news."""
    una = await person(house, "una")
    reply = await service.respond(told, Response(text="So did we"), by=una, house=house)
    await listeners.on_like(activity(ann, "Like", str(reply.uri)), house)
    await service.withdraw(reply, by=una, house=house)
    for table in (ResponseRow, Thanks, Notification):
        assert not await table.exists(), table
    assert await service.said_under(told, await una.actor) == []


async def test_a_promise_needs_words(house: House, told: Post, ida: Person) -> None:
    """And so does an answer."""
    with pytest.raises(UnsaidChangeError):
        await service.respond(
            told, Response(text="Yes", kind=ResponseKind.CHANGE_PLANNED), by=ida, house=house
        )
    with pytest.raises(EmptyResponseError):
        await service.respond(told, Response(text=" "), by=ida, house=house)
    assert not await ResponseRow.exists()
