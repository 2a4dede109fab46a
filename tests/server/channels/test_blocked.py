"""Whoever is blocked gets nothing more from the channels that they followed."""

from dataclasses import dataclass

import pytest

from server.actors.tables import Actor, Host
from server.delivery.tables import Delivery
from server.experiments import service as experiments
from server.experiments.rules.updates import Update
from server.follows import listeners as following_listeners
from server.follows import service as follows
from server.follows.service import ApartError
from server.follows.tables import Follow
from server.house import House
from server.people.tables import Person
from server.posts.tables import Post
from server.safety import listeners as safety_listeners
from server.safety import service as safety
from tests.server.channels.test_service import channel, followed, ida
from tests.support.inhabitants import activity, deliveries, experiment, following, person

__all__ = ["ida"]

pytestmark = pytest.mark.usefixtures("database")

CHANNELS = ("topics/sleep", "places/leith", "own")


@dataclass(frozen=True)
class Scene:
    """Ann follows a channel that passes on what Ida tries, and so does Bob."""

    tried: Post
    channel: Actor
    ann: Actor


@pytest.fixture(params=CHANNELS)
async def scene(house: House, ida: Person, request: pytest.FixtureRequest) -> Scene:
    tried = await experiment(house, ida, topics=("Sleep",), places=("Leith",))
    own = f"{(tried.uri or '').split('/', 3)[3]}/channel"
    path = "/" + (own if request.param == "own" else request.param)
    ann = await followed(house, path)
    await followed(house, path, "bob", "b.test")
    return Scene(tried, await channel(house, path), ann)


async def reached(scene: Scene, house: House, by: Person) -> set[str]:
    """Return the hosts that something new of the experiment goes to by the channel."""
    await Delivery.all().delete()
    await experiments.record(scene.tried, Update(text="It rang."), by=by, house=house)
    found = [inbox for kind, inbox, _ in await deliveries() if kind in {"Announce", "Create"}]
    return {inbox.split("/")[2] for inbox in found}


async def test_whom_an_author_blocks_gets_nothing_of_theirs_by_a_channel(
    house: House, ida: Person, scene: Scene
) -> None:
    """Nor by the hub. The channel of an experiment, which is all theirs, can't be followed any
    more; a topic or a place can, for what others tell.
    """
    await following(scene.ann, await channel(house, "/hub"), house=house)
    assert await reached(scene, house, ida) == {"there.test", "b.test"}
    await safety.block(await ida.actor, scene.ann, house=house)
    assert await reached(scene, house, ida) == {"b.test"}
    own = scene.channel.uri.endswith("/channel")
    row = await follows.between(scene.ann, scene.channel)
    assert (row is None) is own
    again = activity(scene.ann, "Follow", scene.channel.uri)
    await following_listeners.on_follow(again, house)
    row = await follows.between(scene.ann, scene.channel)
    assert (row is None) is own
    una = await person(house, "una")
    others = await experiment(house, una, topics=("Sleep",), places=("Leith",))
    found = [body["object"] for _, inbox, body in await deliveries() if "there.test" in inbox]
    assert others.uri in found, "by the hub, at least"


async def test_who_blocks_an_author_gets_nothing_of_theirs_either(
    house: House, ida: Person, scene: Scene
) -> None:
    """And follows the channel of their experiment no more."""
    blocked = activity(scene.ann, "Block", (await ida.actor).uri)
    await safety_listeners.on_block(blocked, house)
    assert await reached(scene, house, ida) == {"b.test"}
    own = scene.channel.uri.endswith("/channel")
    assert (await follows.between(scene.ann, scene.channel) is None) is own


async def test_who_blocks_a_channel_does_not_follow_it(
    house: House, ida: Person, scene: Scene
) -> None:
    """At their own word, and not again until they take it back."""
    await safety_listeners.on_block(activity(scene.ann, "Block", scene.channel.uri), house)
    assert await reached(scene, house, ida) == {"b.test"}
    await following_listeners.on_follow(activity(scene.ann, "Follow", scene.channel.uri), house)
    assert await follows.between(scene.ann, scene.channel) is None


async def test_whom_stewards_turn_away_follows_no_channel(
    house: House, ida: Person, scene: Scene
) -> None:
    """Nothing goes there, and they are counted and shown among its followers no more."""
    await safety.turn_away(scene.ann.uri, reason="Spam", house=house)
    assert await reached(scene, house, ida) == {"b.test"}
    assert (await follows.counts(scene.channel))[0] == 1
    assert not await Follow.exists(follower_id=scene.ann.id)


async def test_a_server_that_stewards_turn_away_gets_nothing_from_a_channel(
    house: House, ida: Person, scene: Scene
) -> None:
    """Who follows from there follows on once it is let in."""
    await Host.get_or_create(host="there.test")
    await safety.turn_away("there.test", reason="Spam", house=house)
    assert await reached(scene, house, ida) == {"b.test"}
    await safety.let_in_host("there.test", house=house)
    assert await reached(scene, house, ida) == {"there.test", "b.test"}


async def test_nobody_here_follows_the_experiment_of_whom_a_block_keeps_them_from(
    house: House, ida: Person
) -> None:
    """Neither from before nor again."""
    una = await person(house, "una")
    me, tried = await una.actor, await experiment(house, ida)
    own = await channel(house, f"/{(tried.uri or '').split('/', 3)[3]}/channel")
    await follows.follow(me, own, house=house)
    await safety.block(me, await ida.actor, house=house)
    assert await follows.between(me, own) is None
    with pytest.raises(ApartError):
        await follows.follow(me, own, house=house)
