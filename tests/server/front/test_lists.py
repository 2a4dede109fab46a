"""What anybody can read of a hub: lists, feeds, collections and counts show what is public."""

from datetime import timedelta

import pytest

from server.posts.rules import Visibility
from server.posts.tables import Post
from server.stories import service as stories
from server.stories.rules import Story
from tests.support.live import LiveNode

LISTS = (
    "/", "/stories", "/feed.atom", "/stories.atom", "/people/ida", "/people/ida.atom",
    "/topics/secret", "/topics/secret.atom",
)  # fmt: skip
JSON = "application/activity+json"


async def tell(ward: LiveNode, title: str, visibility: Visibility, *, out: bool = True) -> Post:
    """Write a story, and publish it if asked."""
    ida = await ward.person()

    async def work() -> Post:
        told = Story(title=title, what_happened=f"{title} #secret")
        draft = await stories.draft(ida, told, visibility=visibility, house=ward.house)
        return await stories.publish(draft, by=ida, house=ward.house) if out else draft

    return await ward.run(work)


@pytest.mark.parametrize(
    "visibility", [Visibility.UNLISTED, Visibility.FOLLOWERS, Visibility.DIRECT]
)
async def test_nothing_but_what_is_public_is_in_a_list(
    ward: LiveNode, visibility: Visibility
) -> None:
    """Nor counted, nor in the hub's outbox; what is unlisted is there for who has the address."""
    await tell(ward, "Open to all", Visibility.PUBLIC)
    post = await tell(ward, "Hidden away", visibility)
    await tell(ward, "Not ready", Visibility.PUBLIC, out=False)
    for path in LISTS:
        page = await ward.get(path)
        assert page.status == 200
        assert "Open to all" in page.text
        assert "Hidden away" not in page.text
        assert "Not ready" not in page.text
    info = await ward.get("/nodeinfo/2.1", accept="application/json")
    assert info.document["usage"]["localPosts"] == 1
    outbox = await ward.fetch("/hub/outbox?page=true")
    assert len(outbox["orderedItems"]) == 1
    theirs = await ward.get("/people/ida/outbox?page=true", accept=JSON)
    assert ("Hidden away" in theirs.text) is (visibility is Visibility.UNLISTED)
    path = str(post.uri).removeprefix(ward.origin)
    for accept in ("text/html", JSON):
        status = (await ward.get(path, accept=accept)).status
        assert status == (200 if visibility is Visibility.UNLISTED else 404)
    for part in ("/replies", "/likes", "/shares", "/history"):
        status = (await ward.get(path + part, accept=JSON)).status
        assert status == (200 if visibility is Visibility.UNLISTED else 404)


async def test_one_can_leaf_through_a_list_there_and_back(ward: LiveNode) -> None:
    """By the ways that stand below it, each story once."""
    for number in range(45):
        await tell(ward, f"Story {number:02}", Visibility.PUBLIC)
        if number % 3 == 0:
            ward.network.clock.move(timedelta(seconds=1))

    def shown(text: str) -> list[int]:
        return [number for number in range(45) if f"Story {number:02}" in text]

    async def follow(text: str, rel: str) -> str:
        return (await ward.get(f"/stories{way(text, rel)}")).text

    def way(text: str, rel: str) -> str:
        _, _, rest = text.partition(f'rel="{rel}" href="/stories')
        return rest.partition('"')[0].replace("&amp;", "&")

    first = (await ward.get("/stories")).text
    second = await follow(first, "next")
    third = await follow(second, "next")
    assert shown(first) + shown(second) + shown(third) == [
        *range(25, 45), *range(5, 25), *range(5),
    ]  # fmt: skip
    assert way(third, "next") == ""
    back = await follow(third, "prev")
    assert shown(back) == shown(second)
    assert shown(await follow(back, "prev")) == shown(first)


async def test_a_mark_that_is_none_shows_the_top(ward: LiveNode) -> None:
    """Whatever stands in the address."""
    await tell(ward, "Open to all", Visibility.PUBLIC)
    for query in ("before=1", "after=1", "before=x-1", "after=99999999999999999999-1", "before="):
        page = await ward.get(f"/stories?{query}")
        assert page.status == 200
        assert "Open to all" in page.text
    edge = await ward.get("/stories?before=99999999999999999-999999999999999999")
    assert edge.status == 200


async def test_a_topic_that_nothing_bears_is_not_there(ward: LiveNode) -> None:
    """Nor one that only hidden things bear."""
    await tell(ward, "Hidden away", Visibility.UNLISTED)
    assert (await ward.get("/topics/secret")).status == 404
    assert (await ward.get("/topics/none")).status == 404
