"""What an outbox shows, so that whoever comes later misses nothing (federation.md §8)."""

from datetime import timedelta
from typing import Any

import pytest

from server.actors.tables import Actor, Host
from server.delivery import service as delivery
from server.house import House
from server.people.tables import Person
from server.posts import service
from server.posts.rules import Visibility
from server.responses import service as responses
from server.responses.rules import Response
from server.stories import service as stories
from server.stories.rules import Story
from tests.support.clock import MovableClock
from tests.support.inhabitants import deliveries, following, hub, person, story, stranger

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def hub_actor(house: House) -> Actor:
    return await hub(house)


@pytest.fixture
async def ida(house: House) -> Person:
    return await person(house, "ida")


async def shown(actor: Actor) -> list[Any]:
    """Return what an outbox shows, from page to page."""
    page = await service.outbox(actor)
    found = list(page.activities)
    while page.older is not None:
        page = await service.outbox(actor, before=page.older)
        assert page.activities
        found += page.activities
    return found


async def kinds(actor: Actor) -> list[str]:
    return [activity["type"] for activity in await shown(actor)]


async def test_what_became_of_a_thing_is_in_every_outbox_that_passed_it_on(
    house: House, hub_actor: Actor, ida: Person, clock: MovableClock
) -> None:
    """An edit as long as the thing is there, a withdrawal for a year; neither counts as a thing."""
    post = await story(house, ida, topics=("discharge",))
    topic = await Actor.get(username="topic.discharge")
    await following(await stranger(house, "ann"), topic, house=house)  # else it goes with the last
    outboxes = (await ida.actor, hub_actor, topic)
    [[create], [announce], _] = [await shown(one) for one in outboxes]
    assert (create["type"], announce["type"]) == ("Create", "Announce")
    assert announce["object"] == create["object"]

    clock.move(timedelta(hours=1))
    edit = Story(title="Home by six", what_happened="It was very late.", topics=("discharge",))
    await stories.revise(post, edit, by=ida, house=house)
    await service.tell(post, house=house)
    assert [await kinds(one) for one in outboxes] == [
        ["Update", "Create"], ["Update", "Announce"], ["Update", "Announce"],
    ]  # fmt: skip
    assert [await service.outbox_total(one) for one in outboxes] == [1, 1, 1]

    await stories.withdraw(post, by=ida, house=house)
    assert [await kinds(one) for one in outboxes] == [["Delete"]] * 3
    assert [await service.outbox_total(one) for one in outboxes] == [0, 0, 0]
    clock.move(timedelta(days=366))
    await delivery.sweep(house=house)
    assert [await kinds(one) for one in outboxes] == [[]] * 3


async def test_whoever_may_have_taken_a_thing_from_an_outbox_hears_what_became_of_it(
    house: House, hub_actor: Actor, ida: Person, clock: MovableClock
) -> None:
    """A Fettle hub that followed only later was never sent it, and holds it all the same."""
    edited, withdrawn = await story(house, ida), await story(house, ida, title="No bus")
    late = await stranger(house, "hub", "late.test")
    await following(late, hub_actor, house=house)
    await Host.filter(host="late.test").update(software="fettle")
    clock.move(timedelta(hours=1))
    edit = Story(title="Home by six", what_happened="It was very late.")
    await stories.revise(edited, edit, by=ida, house=house)
    await service.tell(edited, house=house)
    await stories.withdraw(withdrawn, by=ida, house=house)
    told = [(kind, inbox) for kind, inbox, _ in await deliveries()]
    assert told == [(kind, "https://late.test/inbox") for kind in ("Update", "Delete")]


async def test_what_is_between_a_few_is_in_no_outbox(
    house: House, hub_actor: Actor, ida: Person
) -> None:
    """Nor is its end, nor does that go to anybody else."""
    late, me = await stranger(house, "hub", "late.test"), await ida.actor
    post = await story(house, ida)
    reply = await responses.respond(
        post, Response(text="Just us"), by=ida, visibility=Visibility.FOLLOWERS, house=house
    )
    await following(late, me, house=house)
    await following(late, hub_actor, house=house)
    await Host.filter(host="late.test").update(software="fettle")
    await responses.withdraw(reply, by=ida, house=house)
    assert await kinds(me) == ["Create"]
    assert await deliveries() == []


async def test_a_page_is_no_longer_than_others_read(
    house: House, hub_actor: Actor, ida: Person
) -> None:
    """Though each Note may be a quarter of a mebibyte; nothing is left out between two pages."""
    told = [
        await story(house, ida, title=f"No. {n}", what_happened="word " * 9_900) for n in range(24)
    ]
    page = await service.outbox(hub_actor)
    assert sum(len(str(activity)) for activity in page.activities) < 1024 * 1024
    assert 1 < len(page.activities) < 20
    assert [one["object"]["id"] for one in await shown(hub_actor)] == [
        post.uri for post in reversed(told)
    ]
