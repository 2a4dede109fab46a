"""What is made of an experiment comes to those who follow it."""

from dataclasses import replace

import pytest

from server.actors.tables import Actor, Block
from server.experiments import service as experiments
from server.house import House
from server.people.tables import Person
from server.posts import listeners
from server.posts.tables import Post
from tests.server.channels.test_service import arrive, channel, followed, ida, passed_on, sent
from tests.server.experiments.test_adapting import HOW, OURS, adapted, own, taken_in
from tests.server.experiments.test_service import held
from tests.support.inhabitants import activity, experiment, following, person, stranger

__all__ = ["ida"]

pytestmark = pytest.mark.usefixtures("database")


def path_of(tried: Post) -> str:
    """Return where an experiment's channel is."""
    return f"/{(tried.uri or '').split('/', 3)[3]}/channel"


async def test_what_another_hub_makes_of_it_is_passed_on_once(house: House, ida: Person) -> None:
    """By the hub, which so acknowledges it, and to those who have only the channel; until it goes
    back to it no longer.
    """
    first = await experiment(house, ida)
    path = path_of(first)
    await followed(house, path)
    both = await followed(house, path, "bo", "b.test")
    await following(both, await channel(house, "/hub"), house=house)
    eve = await stranger(house, "eve", "eve.test")
    told = adapted(eve, first.uri, cc=[(await ida.actor).uri])
    post = await taken_in(told, eve, house)
    assert await taken_in(told, eve, house) == post
    assert post is not None
    assert await passed_on(post) == ["hub", path.removeprefix("/")]
    assert await sent("Announce") == {
        ("hub", "eve.test"): 1, ("hub", "b.test"): 1, (path.removeprefix("/"), "there.test"): 1,
    }  # fmt: skip
    await arrive()
    other = adapted(eve, None, id=told.id, updated="2027-03-01T12:00:00Z")
    await listeners.on_note(activity(eve, "Update", other, **OURS), house)
    assert await passed_on(post) == []
    assert (await sent("Undo"))[path.removeprefix("/"), "there.test"] == 1


async def test_what_is_made_of_it_here_stays_passed_on_when_it_is_edited(
    house: House, ida: Person
) -> None:
    """Its own channels are others, but it goes back to that experiment still."""
    first = await experiment(house, ida)
    second = await own(first, await person(house, "una"), house)
    path = path_of(first).removeprefix("/")
    own_path = path_of(second).removeprefix("/")
    assert await passed_on(second) == ["hub", own_path, path]
    una = await Person.get(name="una")
    await experiments.tell_how(second, replace(HOW, advice="Ring."), by=una, house=house)
    assert await passed_on(second) == ["hub", own_path, path]
    await experiments.withdraw(first, by=ida, house=house)
    assert path not in await passed_on(second)


async def test_what_is_made_of_it_by_somebody_apart_is_not_passed_on(
    house: House, ida: Person
) -> None:
    """By its channel, that is: who blocks them does not have them beside what they share."""
    first, una = await experiment(house, ida), await person(house, "una")
    draft = await experiments.adapt(await held(first), HOW, by=una, house=house)
    await Block.create(
        blocker=await Actor.get(id=ida.actor_id), blocked=await Actor.get(id=una.actor_id),
        uri="https://hub.test/b", created_at=house.clock.now(),
    )  # fmt: skip
    second = await experiments.publish(draft, by=una, house=house)
    assert path_of(first).removeprefix("/") not in await passed_on(second)
