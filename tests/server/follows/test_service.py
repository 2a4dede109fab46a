"""Following and being followed: states, answers, and who is told."""

import asyncio
from typing import Any

import pytest

from server import db
from server.actors.service import BlockedError
from server.actors.tables import Actor, Host
from server.delivery.events import InboxGone
from server.delivery.tables import Delivery, OutgoingActivity
from server.errors import NotFoundError
from server.follows import departed, listeners, service
from server.follows.rules import TRANSITIONS, Act, FollowState, after
from server.follows.tables import Follow
from server.house import House
from server.jobs.tables import Job
from server.people.tables import Notification, Person
from tests.server.follows.answers import asked
from tests.support.inhabitants import activity, deliveries, following, hub, person, stranger

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ida(house: House) -> Person:
    return await person(house, "ida")


@pytest.fixture
async def me(ida: Person) -> Actor:
    return await ida.actor


@pytest.fixture
async def ann(house: House) -> Actor:
    return await stranger(house, "ann")


@pytest.mark.parametrize("state", list(FollowState))
@pytest.mark.parametrize("act", list(Act))
def test_an_answer_that_was_not_asked_for_changes_nothing(state: FollowState, act: Act) -> None:
    """A rejected follow is not accepted by itself."""
    assert after(state, act) is TRANSITIONS.get((state, act), state)
    assert after(FollowState.REJECTED, act) is FollowState.REJECTED


async def test_an_accept_holds_the_whole_follow_with_plain_ids(
    house: House, me: Actor, ann: Actor
) -> None:
    """To their own inbox, whoever shares another."""
    follow = activity(ann, "Follow", me.uri)
    await listeners.on_follow(follow, house)
    [(kind, inbox, accept)] = await deliveries()
    assert (kind, inbox) == ("Accept", ann.inbox)
    assert (accept["actor"], accept["to"]) == (me.uri, [ann.uri])
    assert accept["object"] == {
        "id": follow.activity.id, "type": "Follow", "actor": ann.uri, "object": me.uri,
        "to": [me.uri],
    }  # fmt: skip
    assert accept["id"].startswith("https://hub.test/activities/")


async def test_a_follow_without_an_id_is_answered_without_one(
    house: House, me: Actor, ann: Actor
) -> None:
    """An empty one would be no id."""
    await service.receive(ann, me, uri="", house=house)
    [(_, _, accept)] = await deliveries()
    assert "id" not in accept["object"]


async def test_nobody_follows_an_actor_of_ours_that_is_gone(
    house: House, me: Actor, ann: Actor
) -> None:
    """As nobody follows one that never was: nothing is kept, nothing answered."""
    await Actor.filter(id=me.id).update(gone=True)
    await listeners.on_follow(activity(ann, "Follow", me.uri), house)
    assert not await Follow.exists()
    assert await deliveries() == []


async def test_a_repeated_follow_is_answered_again(house: House, me: Actor, ann: Actor) -> None:
    """It is one follow and one piece of news."""
    for _ in range(2):
        await listeners.on_follow(activity(ann, "Follow", me.uri), house)
    assert [kind for kind, _, _ in await deliveries()] == ["Accept", "Accept"]
    assert await Follow.all().count() == 1
    assert await Notification.all().count() == 1


async def test_two_follows_at_once_are_one(house: House, me: Actor, ann: Actor) -> None:
    """Neither undoes the other's transaction."""
    both = [activity(ann, "Follow", me.uri) for _ in range(3)]
    await asyncio.gather(*(listeners.on_follow(one, house) for one in both))
    assert await Follow.filter(state=FollowState.ACCEPTED).count() == 1


async def test_who_approves_by_hand_is_asked_first(house: House, me: Actor, ann: Actor) -> None:
    """Nothing is sent before, and each answer once, whoever presses at once."""
    await Actor.filter(id=me.id).update(manually_approves=True)
    await listeners.on_follow(activity(ann, "Follow", me.uri), house)
    row = await Follow.get()
    assert row.state is FollowState.REQUESTED
    assert await deliveries() == []
    assert await service.counts(me) == (0, 0)
    reach = service.follower_inboxes(me)
    assert await db.rows(reach.sql, *reach.arguments) == []
    press = [service.settle(row.id, followed=me, act=Act.ACCEPT, house=house) for _ in range(2)]
    await asyncio.gather(*press)
    assert [kind for kind, _, _ in await deliveries()] == ["Accept"]
    assert await service.counts(me) == (1, 0)
    await service.settle(row.id, followed=me, act=Act.REJECT, house=house)
    assert [kind for kind, _, _ in await deliveries()] == ["Accept", "Reject"]
    assert await service.counts(me) == (0, 0)


async def test_nobody_settles_the_requests_of_others(house: House, me: Actor, ann: Actor) -> None:
    """They are not there for them."""
    una = await (await person(house, "una")).actor
    row = await following(ann, me, house=house, state=FollowState.REQUESTED)
    with pytest.raises(NotFoundError):
        await service.settle(row.id, followed=una, act=Act.ACCEPT, house=house)


async def test_a_follow_is_taken_back_by_its_follower_alone(
    house: House, me: Actor, ann: Actor
) -> None:
    """Whole or by its id; and it is no news any more."""
    bob = await stranger(house, "bob")
    for whole in (True, False):
        follow = activity(ann, "Follow", me.uri)
        await listeners.on_follow(follow, house)
        undone: Any = follow.activity if whole else str(follow.activity.id)
        await listeners.on_undo(activity(bob, "Undo", undone), house)
        assert await Follow.all().count() == 1
        assert await Notification.all().count() == 1
        await listeners.on_undo(activity(ann, "Undo", undone), house)
        assert not await Follow.exists()
        assert not await Notification.exists()


async def test_asking_again_asks_under_a_new_id(house: House, me: Actor, ann: Actor) -> None:
    """The same id would be dropped as known already."""
    for _ in range(2):
        await service.follow(me, ann, house=house)
    ids = [document["id"] for _, _, document in await deliveries()]
    assert len(set(ids)) == 2
    assert (await Follow.get()).uri == ids[-1]


@pytest.mark.parametrize("shape", ["id", "whole", "another id"])
async def test_an_accept_is_understood_in_every_shape(
    house: House, me: Actor, ann: Actor, shape: str
) -> None:
    """By the id of our Follow, or by the two it is between."""
    row = await service.follow(me, ann, house=house)
    whole = {"id": row.uri, "type": "Follow", "actor": me.uri, "object": ann.uri}
    answer: Any = {"id": row.uri, "whole": whole}.get(shape, whole | {"id": f"{ann.uri}#1"})
    await listeners.on_accept(activity(ann, "Accept", answer), house)
    assert (await Follow.get()).state is FollowState.ACCEPTED
    await listeners.on_reject(activity(ann, "Reject", answer), house)
    assert (await Follow.get()).state is FollowState.REJECTED
    await listeners.on_accept(activity(ann, "Accept", answer), house)
    assert (await Follow.get()).state is FollowState.REJECTED


async def test_nobody_answers_for_another(house: House, me: Actor, ann: Actor) -> None:
    """Bob's Accept of a follow of Ann changes nothing."""
    bob = await stranger(house, "bob")
    row = await service.follow(me, ann, house=house)
    whole = {"id": row.uri, "type": "Follow", "actor": me.uri, "object": ann.uri}
    for answer in (row.uri, whole):
        await listeners.on_accept(activity(bob, "Accept", answer), house)
    assert (await Follow.get()).state is FollowState.REQUESTED


async def test_who_is_blocked_is_not_followed_and_sent_nothing(
    house: House, me: Actor, ann: Actor
) -> None:
    """Though they followed before."""
    await following(ann, me, house=house)
    await Host.filter(host=ann.host).update(blocked=True, turned_away=True)
    with pytest.raises(BlockedError):
        await service.follow(me, ann, house=house)
    await service.unfollow(ann, me, house=house)
    row = await following(ann, me, house=house)
    await service.settle(row.id, followed=me, act=Act.REJECT, house=house)
    assert await OutgoingActivity.filter(type="Reject").exists()
    assert await deliveries() == []


async def test_hosts_that_matter_are_asked_what_they_run(
    house: House, me: Actor, ann: Actor
) -> None:
    """Once, however many live there; not those that only ask."""
    await Actor.filter(id=me.id).update(manually_approves=True)
    await listeners.on_follow(activity(ann, "Follow", me.uri), house)
    assert await asked() == []
    await Actor.filter(id=me.id).update(manually_approves=False)
    for name in ("ann", "bob"):
        one = await stranger(house, name)
        await listeners.on_follow(activity(one, "Follow", me.uri), house)
    await service.follow(me, await stranger(house, "eve", "eve.test"), house=house)
    assert await asked() == ["there.test", "eve.test"]


async def test_what_a_shared_inbox_no_longer_takes_goes_to_each(
    house: House, me: Actor, ann: Actor
) -> None:
    """To those who follow or were spoken to, and to nobody else there."""
    bob, eve = await stranger(house, "bob"), await stranger(house, "eve")
    await following(ann, me, house=house)
    await service.follow(me, bob, house=house)
    row = await OutgoingActivity.get()
    gone = await Delivery.get(activity_id=row.id)
    event = InboxGone(
        delivery_id=gone.id, inbox="https://there.test/inbox", by=me,
        spoken_to=frozenset({bob.uri}), withdrawal=False,
    )  # fmt: skip
    await departed.on_inbox_gone(event, house)
    inboxes = [inbox for _, inbox, _ in await deliveries()][1:]
    assert sorted(inboxes) == [ann.inbox, bob.inbox]
    assert {one.shared_inbox for one in await Actor.filter(local=False)} == {None}
    assert eve.inbox not in inboxes
    assert not await Job.filter(kind=departed.JOB).exists()


async def test_a_withdrawal_goes_to_whoever_is_known_where_an_inbox_is_gone(
    house: House, me: Actor, ann: Actor
) -> None:
    """Though nobody there follows, and nobody has that inbox: a copy may still be there."""
    await service.follow(me, ann, house=house)
    gone = await Delivery.get()
    event = InboxGone(
        delivery_id=gone.id, inbox="https://there.test/former-inbox", by=me,
        spoken_to=frozenset(), withdrawal=True,
    )  # fmt: skip
    await departed.on_inbox_gone(event, house)
    assert [inbox for _, inbox, _ in await deliveries()][1:] == [ann.inbox]


async def test_a_follower_whose_inbox_is_gone_is_asked_about_a_day_later(
    house: House, me: Actor, ann: Actor
) -> None:
    """Once; and nobody is who follows nobody here."""
    bob = await stranger(house, "bob")
    await following(ann, me, house=house)
    for inbox in (ann.inbox, ann.inbox, bob.inbox):
        event = InboxGone(
            delivery_id=0, inbox=inbox, by=me, spoken_to=frozenset(), withdrawal=False
        )
        await departed.on_inbox_gone(event, house)
    [job] = await Job.filter(kind=departed.JOB)
    assert (job.due_ms or 0) - job.created_ms == 24 * 3_600_000
    assert await Follow.exists()


async def test_the_hubs_followers_are_news_to_its_stewards(house: House, ann: Actor) -> None:
    """And to nobody else."""
    await person(house, "una")
    sam, hub_actor = await person(house, "sam", steward=True), await hub(house)
    await listeners.on_follow(activity(ann, "Follow", hub_actor.uri), house)
    assert [row.person_id for row in await Notification.all()] == [sam.id]
