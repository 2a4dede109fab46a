"""Lists of posts, page by page."""

from datetime import timedelta
from typing import Any

import pytest

from server.actors.tables import Actor
from server.follows.rules import FollowState
from server.house import House
from server.posts import service
from server.posts.rules import State, Visibility
from server.posts.service.listing import Mark
from server.posts.tables import Boost, Post, Tag
from server.stories import service as stories
from server.stories.rules import Story
from tests.support.clock import MovableClock
from tests.support.inhabitants import at, following, person, story, stranger

pytestmark = pytest.mark.usefixtures("database")


async def posted(author: Actor, number: int, house: House, **columns: Any) -> Post:
    """A post of somebody's, published in a given second."""
    return await Post.create(
        **{
            "uri": f"https://there.test/notes/{number}", "kind": "note", "author": author,
            "local": False, "state": State.PUBLISHED, "visibility": Visibility.PUBLIC,
            "html": f"<p>{number}</p>", "created_at": house.clock.now(),
            "published_at": house.clock.now(), **columns,
        }
    )  # fmt: skip


def test_a_mark_is_read_back() -> None:
    """To the microsecond; anything else is no mark."""
    mark = Mark(at("2027-03-01T09:00:00.000123+00:00"), 17)
    assert Mark.read(str(mark)) == mark
    assert Mark.read("17") is Mark.read(None) is Mark.read("x-1") is None


async def test_an_old_draft_that_is_published_today_stands_on_top(
    house: House, clock: MovableClock
) -> None:
    """The list goes by when a story was published, not by when it was begun."""
    ida = await person(house, "ida")
    draft = await stories.draft(ida, Story(title="First", what_happened="x"), house=house)
    clock.move(timedelta(days=1))
    await story(house, ida, "Second")
    clock.move(timedelta(days=1))
    await stories.publish(draft, by=ida, house=house)
    assert [post.title for post in await stories.latest()] == ["First", "Second"]


async def test_what_was_published_in_the_same_second_is_on_some_page(
    house: House, clock: MovableClock
) -> None:
    """Whichever way one leafs."""
    ann = await stranger(house, "ann")
    for number in range(50):
        clock.move(timedelta(microseconds=300_000 if number % 10 else 0))
        post = await posted(ann, number, house)
        await Tag.create(post=post, name="home", shown="home", published_at=post.published_at)
    everything = [row.id for row in await Post.all().order_by("-published_at", "-id")]
    pages, stretch = [], service.Stretch()
    while True:
        rows = await service.tagged("home", stretch)
        pages.append([row.id for row in rows[: service.PAGE]])
        if len(rows) <= service.PAGE:
            break
        stretch = service.Stretch.between(service.mark_of(rows[service.PAGE - 1]), None)
    assert [one for page in pages for one in page] == everything
    last = await Post.get(id=pages[2][0])
    back = await service.tagged("home", service.Stretch.between(None, service.mark_of(last)))
    assert [row.id for row in back[: service.PAGE]] == pages[1][::-1]


async def test_home_shows_each_post_once_where_it_came_last(
    house: House, clock: MovableClock
) -> None:
    """Published by somebody who is followed and passed on by another: it is there once."""
    ida = await person(house, "ida")
    viewer = await ida.actor
    ann, bob = await stranger(house, "ann"), await stranger(house, "bob")
    for one in (ann, bob):
        await following(viewer, one, house=house)
    first = await posted(ann, 1, house)
    clock.move(timedelta(hours=1))
    second = await posted(ann, 2, house)
    clock.move(timedelta(hours=1))
    for number, one in enumerate((ann, bob)):
        await Boost.create(post=first, actor=one, uri=f"b{number}", created_at=clock.now())
    found = await service.home(viewer, now=clock.now())
    assert [(one.post.id, one.by and one.by.username) for one in found] == [
        (first.id, "bob"), (second.id, None),
    ]  # fmt: skip
    below = service.Stretch.between(found[0].mark, None)
    assert [one.post.id for one in await service.home(viewer, now=clock.now(), stretch=below)] == [
        second.id
    ]


async def test_home_is_whole_page_by_page(house: House, clock: MovableClock) -> None:
    """Posts and boosts of the same second are neither lost nor shown twice, there and back."""
    viewer = await (await person(house, "ida")).actor
    ann, bob = await stranger(house, "ann"), await stranger(house, "bob")
    await following(viewer, ann, house=house)
    for number in range(45):
        author = ann if number % 3 else bob
        post = await posted(author, number, house)
        if author is bob:
            await Boost.create(post=post, actor=ann, uri=f"b{number}", created_at=clock.now())
    seen, stretch = [], service.Stretch()
    while True:
        rows = await service.home(viewer, now=clock.now(), stretch=stretch)
        seen += rows[: service.PAGE]
        if len(rows) <= service.PAGE:
            break
        stretch = service.Stretch.between(rows[service.PAGE - 1].mark, None)
    assert [one.post.id for one in seen] == sorted((one.post.id for one in seen), reverse=True)
    assert len(seen) == 45
    up = service.Stretch.between(None, seen[40].mark)
    back = await service.home(viewer, now=clock.now(), stretch=up)
    assert [one.post.id for one in back[:3]] == [one.post.id for one in seen[37:40]][::-1]


@pytest.mark.parametrize("visibility", list(Visibility))
async def test_home_shows_what_the_viewer_may_read(house: House, visibility: Visibility) -> None:
    """Of those who are followed all but what is between two; passed on, only what is open."""
    viewer = await (await person(house, "ida")).actor
    ann, bob = await stranger(house, "ann"), await stranger(house, "bob")
    await following(viewer, ann, house=house)
    own = await posted(ann, 1, house, visibility=visibility)
    others = await posted(bob, 2, house, visibility=visibility)
    await Boost.create(post=others, actor=ann, uri="b", created_at=house.clock.now())
    found = {one.post.id for one in await service.home(viewer, now=house.clock.now())}
    is_open = visibility in {Visibility.PUBLIC, Visibility.UNLISTED}
    assert (own.id in found) is (visibility is not Visibility.DIRECT)
    assert (others.id in found) is is_open


async def test_who_only_asked_to_follow_sees_nothing_of_it(house: House) -> None:
    """Nothing is shown before the yes (case 13)."""
    viewer, ann = await (await person(house, "ida")).actor, await stranger(house, "ann")
    await following(viewer, ann, house=house, state=FollowState.REQUESTED)
    await posted(ann, 1, house)
    assert await service.home(viewer, now=house.clock.now()) == []


@pytest.mark.parametrize("visibility", list(Visibility))
async def test_a_topic_lists_what_is_public(house: House, visibility: Visibility) -> None:
    """Unlisted means not in lists."""
    post = await posted(await stranger(house, "ann"), 1, house, visibility=visibility)
    await Tag.create(post=post, name="home", shown="Home", published_at=post.published_at)
    assert bool(await service.tagged("Home")) is (visibility is Visibility.PUBLIC)


async def test_posts_are_called_by_title_or_beginning(house: House) -> None:
    """And lead to where they are read here; what was taken back leads nowhere."""
    ida = await person(house, "ida")
    told = await story(house, ida)
    copy = await posted(await stranger(house, "ann"), 1, house, html="<p>Well done all</p>")
    gone = await posted(await stranger(house, "bob"), 2, house, state=State.WITHDRAWN)
    path = (told.uri or "").removeprefix(house.address)
    assert await service.links([told.id, copy.id, gone.id, 4711]) == {
        told.id: ("Home by six", path), copy.id: ("Well done all", f"/elsewhere/{copy.id}"),
    }  # fmt: skip
