"""Long lists are stretches of an index on both engines, however many posts there are."""

from datetime import timedelta
from typing import Any

import pytest

from bench.filling import copy
from server import db
from server.actors.tables import Actor
from server.delivery.tables import OutgoingActivity
from server.house import House
from server.people.tables import Person
from server.posts import service
from server.posts.rules import State, Visibility
from server.posts.tables import Post, Tag
from server.stories import service as stories
from server.stories.rules import AuthorRole
from tests.server.delivery.test_plans import asked
from tests.support.clock import MovableClock
from tests.support.inhabitants import person, story, stranger

pytestmark = pytest.mark.usefixtures("database")

MANY = 12_000
"""Well above the few thousands up to which PostgreSQL may as well read everything and sort it."""


async def filled(house: House, clock: MovableClock, **columns: Any) -> None:
    """Fill in many stories of a role with one tag, as years of use would."""
    now = clock.now()
    first = await Post.create(
        uri="https://hub.test/0", kind="story", facet=AuthorRole.PATIENT,
        author=await stranger(house, "ann"), state=State.PUBLISHED, visibility=Visibility.PUBLIC,
        created_at=now, published_at=now, **{"local": True} | columns,
    )  # fmt: skip
    await Tag.create(post=first, name="care", shown="Care", published_at=now)
    moment = {
        "sqlite": "strftime('%Y-%m-%d %H:%M:%f+00:00', t.published_at, '+' || i || ' seconds')",
        "postgres": "t.published_at + i * interval '1 second'",
    }[db.dialect()]
    await copy(Post, first.id, 1, MANY - 1, {
        "id": None, "uri": "'https://hub.test/' || i", "created_at": moment, "published_at": moment,
    })  # fmt: skip
    await db.execute(
        "INSERT INTO tags (post_id, name, shown, published_at)"
        " SELECT id, 'care', 'Care', published_at FROM posts WHERE id > ?", first.id
    )  # fmt: skip
    if db.dialect() == "postgres":
        await db.execute("ANALYZE")


async def plan(sql: str, arguments: list[object]) -> str:
    """Return how the engine would go about a statement."""
    if db.dialect() == "sqlite":
        rows = await db.rows(f"EXPLAIN QUERY PLAN {sql}", *arguments)
        return "\n".join(str(row["detail"]) for row in rows)
    rows = await db.rows(f"EXPLAIN {sql}", *arguments)
    return "\n".join(str(row["QUERY PLAN"]) for row in rows)


def sorts(steps: str) -> bool:
    """Say whether a plan puts all that it finds in order, instead of finding it so."""
    return "TEMP B-TREE" in steps or any(
        line.strip().removeprefix("->").strip().startswith("Sort") for line in steps.splitlines()
    )


@pytest.mark.parametrize("reader", [False, True])
async def test_a_topic_that_very_many_bear_is_read_by_index(
    house: House, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, reader: bool
) -> None:
    """Its page is a stretch of the index: nothing is put in order, whoever reads."""
    await filled(house, clock)
    viewer = await Actor.get(id=(await person(house, "ida")).actor_id) if reader else None
    async with asked(monkeypatch) as seen:
        found = await service.tagged("care", viewer=viewer)
    assert len(found) == service.PAGE + 1
    assert found[0].published_at == clock.now() + timedelta(seconds=MANY - 1)
    [(sql, arguments)] = [one for one in seen if "FROM tags" in one[0]]
    steps = await plan(sql, arguments)
    assert "name" in steps
    assert not sorts(steps), steps


async def test_stories_by_a_role_that_hardly_anybody_has_are_read_by_index(
    house: House, clock: MovableClock
) -> None:
    """All others are passed over without a look."""
    await filled(house, clock)
    ida = await person(house, "ida")
    rare = await story(house, ida, author_role=AuthorRole.ADVOCATE)
    assert [one.id for one in await stories.latest(role="advocate")] == [rare.id]
    query = service.FROM_THE_TOP.of(service.latest("story").filter(facet="advocate"))
    steps = await plan(query.sql(params_inline=True), [])
    assert "facet" in steps, steps
    if db.dialect() == "sqlite":
        assert "facet=?" in steps


async def test_the_role_is_that_of_the_story_as_it_is_now(house: House) -> None:
    """Of ours when it was edited."""
    from server.stories.rules import Story

    ida = await person(house, "ida")
    post = await story(house, ida, author_role=AuthorRole.ADVOCATE)
    edit = Story(title="Home by six", what_happened="It was late.", author_role=AuthorRole.CARER)
    await stories.revise(post, edit, by=ida, house=house)
    assert await stories.latest(role="advocate") == []
    assert [one.id for one in await stories.latest(role="carer")] == [post.id]


async def test_an_outbox_is_read_by_index(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much somebody published: a page is a stretch of it, and so is what is counted."""
    ida = await (await person(house, "ida")).actor
    mark = await story(house, await Person.get(actor_id=ida.id))
    sent = await OutgoingActivity.get(object_uri=mark.uri)
    await copy(OutgoingActivity, sent.id, 1, MANY - 1, {
        "id": None, "uri": "'https://hub.test/activities/' || i",
    })  # fmt: skip
    await db.execute(
        "INSERT INTO outbox_entries (actor_id, activity_id, thing)"
        " SELECT actor_id, id, TRUE FROM activities WHERE id > ?", sent.id
    )  # fmt: skip
    if db.dialect() == "postgres":
        await db.execute("ANALYZE")
    async with asked(monkeypatch) as seen:
        page = await service.outbox(ida)
    assert len(page.activities) == service.PAGE
    [(sql, arguments)] = [one for one in seen if "outbox_entries" in one[0]]
    steps = await plan(sql, arguments)
    assert not sorts(steps), steps
