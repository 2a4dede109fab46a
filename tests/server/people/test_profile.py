"""What people say of themselves."""

import orjson
import pytest

from federation.vocab.types import ActorType
from server.actors.tables import Actor
from server.delivery.tables import Delivery, OutgoingActivity
from server.follows.rules import FollowState
from server.follows.tables import Follow
from server.house import House
from server.people import service
from server.people.rules import FieldRefusedError
from server.people.service import profile as profiles
from server.people.service.profile import Portrait, Profile
from server.people.tables import Person

PROFILE = Profile(
    display_name="  Ada\n Low ",
    summary="I *mend* kettles. <script>alert(1)</script>",
    lines=(("Where", "Leeds & about"), ("", ""), ("Choir", "https://choir.example/?a=1&b=2")),
    manually_approves=True,
    discoverable=False,
    indexable=False,
)


async def test_a_profile_is_written_as_clean_html(ada: Person, house: House) -> None:
    """What was typed is kept too, to be changed later."""
    person = await service.edit(ada.id, PROFILE, house=house)
    actor = await Actor.get(id=ada.actor_id)
    assert actor.name == "Ada Low"
    assert "<em>mend</em>" in actor.summary
    assert "<script" not in actor.summary
    where, choir = orjson.loads(actor.fields_json)
    assert where == ["Where", "Leeds &amp; about"]
    assert choir[1].startswith('<a href="https://choir.example/?a=1&amp;b=2"')
    assert (actor.manually_approves, actor.discoverable, actor.indexable) == (True, False, False)
    again = profiles.of(person)
    assert again.summary == PROFILE.summary
    assert again.lines == (PROFILE.lines[0], PROFILE.lines[2])


async def test_half_a_line_is_a_mistake_at_its_other_half(ada: Person, house: House) -> None:
    """The form can point to it."""
    with pytest.raises(FieldRefusedError) as caught:
        await service.edit(ada.id, Profile(display_name="Ada", lines=(("Where", ""),)), house=house)
    assert caught.value.field == "line_1_value"


async def test_followers_elsewhere_are_told_of_a_change(ada: Person, house: House) -> None:
    """One Update with the whole actor, to each server once."""
    far = await Actor.create(
        uri="https://far.example/users/cyd", host="far.example", type=ActorType.PERSON,
        url="https://far.example/@cyd", inbox="https://far.example/users/cyd/inbox",
        shared_inbox="https://far.example/inbox", created_at=house.clock.now(),
        fetched_at=house.clock.now(),
    )  # fmt: skip
    await Follow.create(
        follower_id=far.id, followed_id=ada.actor_id, state=FollowState.ACCEPTED,
        uri="https://far.example/f/1", created_at=house.clock.now(),
    )  # fmt: skip
    await service.edit(ada.id, PROFILE, house=house)
    (activity,) = await OutgoingActivity.all()
    sent = orjson.loads(activity.body)
    assert (sent["type"], sent["actor"]) == ("Update", "https://hub.test/people/ada")
    assert sent["object"]["name"] == "Ada Low"
    assert sent["object"]["manuallyApprovesFollowers"] is True
    rows = await Delivery.all().select_related("inbox")
    assert [row.inbox.url for row in rows] == ["https://far.example/inbox"]


async def test_a_picture_can_be_put_up_kept_and_taken_away(ada: Person, house: House) -> None:
    """It stays where nothing is said about it."""
    portrait = Portrait(picture_id=5, url="/media/x/square.jpg", alt="Ada with a kettle")
    await service.edit(ada.id, PROFILE, portrait=portrait, house=house)
    person = await service.edit(ada.id, PROFILE, house=house)
    assert (person.picture_id, person.picture_alt) == (5, "Ada with a kettle")
    assert (await Actor.get(id=ada.actor_id)).icon_url == "/media/x/square.jpg"
    await service.edit(ada.id, PROFILE, portrait=None, house=house)
    assert (await Actor.get(id=ada.actor_id)).icon_url is None
