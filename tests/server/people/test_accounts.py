"""Accounts: made once, joined as the hub allows, looked after, closed."""

import asyncio
from datetime import timedelta

import pytest

from server.actors.tables import Actor
from server.errors import NotFoundError
from server.house import House
from server.people import service
from server.people.rules import FieldRefusedError, SignUps
from server.people.service import invitations, sessions
from server.people.tables import Invitation, Notification, Person, Session
from tests.server.people.conftest import PASSWORD, WRONG
from tests.support.clock import MovableClock


async def test_an_account_has_an_actor_with_an_id_that_stays(ada: Person, house: House) -> None:
    """The id holds the name, and nothing that may change."""
    actor = await Actor.get(id=ada.actor_id)
    assert actor.uri == "https://hub.test/people/ada"
    assert (actor.username, actor.name, actor.type) == ("ada", "Ada Low", "Person")


@pytest.mark.usefixtures("real_passwords")
async def test_the_password_is_kept_as_argon2id(house: House) -> None:
    """19 MiB, two rounds, one lane, and never the words."""
    bob = await service.add_person(name="bob", password=PASSWORD, house=house)
    assert bob.password_hash is not None
    assert bob.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in bob.password_hash


@pytest.mark.parametrize("name", ["ada", "ADA", "@ada"])
async def test_a_name_is_taken_whatever_its_case(ada: Person, house: House, name: str) -> None:
    """And nothing is made."""
    with pytest.raises(FieldRefusedError) as caught:
        await service.add_person(name=name, password=PASSWORD, house=house)
    assert caught.value.field == "name"
    assert await Person.all().count() == 1
    assert await Actor.all().count() == 1


async def test_an_e_mail_address_belongs_to_one_account(ada: Person, house: House) -> None:
    """Whatever its case."""
    with pytest.raises(FieldRefusedError) as caught:
        await service.add_person(
            name="bob", email="ADA@example.org", password=PASSWORD, house=house
        )
    assert caught.value.field == "email"


async def test_two_who_want_one_name_at_once_get_one_account(house: House) -> None:
    """The second is told, and leaves no actor behind."""
    asked = [service.add_person(name="ada", password=PASSWORD, house=house) for _ in range(2)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["FieldRefusedError", "Person"]
    assert await Actor.all().count() == 1


async def _join(house: House, token: str | None = None, name: str = "bob") -> Person:
    return await service.join(
        name=name, display_name="Bob", email="", password=PASSWORD, token=token, house=house
    )


async def test_nobody_joins_by_themselves_until_the_hub_says_so(house: House) -> None:
    """By invitation is what a new hub begins with."""
    with pytest.raises(service.InvitationNeededError):
        await _join(house)
    with pytest.raises(service.InvitationNeededError):
        await _join(house, "made-up")
    assert not await Person.all().exists()


async def test_an_open_hub_takes_anybody_and_a_closed_one_nobody(ada: Person, house: House) -> None:
    """Not even with an invitation."""
    await service.set_sign_ups(SignUps.OPEN)
    assert (await _join(house)).is_steward is False
    made = await invitations.invite(ada.id, house=house)
    await service.set_sign_ups(SignUps.CLOSED)
    with pytest.raises(service.JoiningClosedError):
        await _join(house, made.link.rpartition("/")[2], name="cyd")


async def test_an_invitation_works_as_often_as_it_says(ada: Person, house: House) -> None:
    """And only its hash is stored."""
    made = await invitations.invite(ada.id, uses=1, house=house)
    token = made.link.rpartition("/")[2]
    assert token not in str(await Invitation.all().values())
    await _join(house, token)
    with pytest.raises(service.InvitationNeededError):
        await _join(house, token, name="cyd")


async def test_a_mistake_does_not_use_an_invitation_up(ada: Person, house: House) -> None:
    """The newcomer mends the form and goes on."""
    token = (await invitations.invite(ada.id, house=house)).link.rpartition("/")[2]
    with pytest.raises(FieldRefusedError):
        await _join(house, token, name="ada")
    assert (await _join(house, token)).name == "bob"


async def test_an_old_or_revoked_invitation_is_none(
    ada: Person, house: House, clock: MovableClock
) -> None:
    """After two weeks, or when somebody thinks better of it."""
    old = await invitations.invite(ada.id, house=house)
    clock.move(timedelta(days=14, seconds=1))
    new = await invitations.invite(ada.id, house=house)
    assert [row.id for row in await invitations.listed(house=house)] == [new.invitation.id]
    await invitations.revoke(new.invitation.id)
    for made in (old, new):
        with pytest.raises(service.InvitationNeededError):
            await _join(house, made.link.rpartition("/")[2])


async def test_the_last_steward_stays_one(ada: Person, house: House) -> None:
    """Somebody has to look after the hub."""
    for asked in (
        service.make_steward(ada.id, steward=False),
        service.deactivate(ada.id, house=house),
        service.close(ada.id, password=PASSWORD, house=house),
    ):
        with pytest.raises(service.LastStewardError):
            await asked
    bob = await service.add_person(name="bob", password=PASSWORD, house=house)
    await service.make_steward(bob.id)
    assert (await service.make_steward(ada.id, steward=False)).is_steward is False


async def test_whoever_is_deactivated_is_signed_out_and_cannot_come_in(
    ada: Person, house: House
) -> None:
    """Until somebody lets them."""
    bob = await service.add_person(name="bob", password=PASSWORD, house=house)
    visitors = service.Visitors(house)
    signed_in = await _sign_in(house, "bob")
    assert await visitors.visitor(signed_in.token) is not None
    await service.deactivate(bob.id, house=house)
    assert await visitors.visitor(signed_in.token) is None
    with pytest.raises(service.SignInRefusedError):
        await _sign_in(house, "bob")
    await service.reactivate(bob.id)
    assert (await _sign_in(house, "bob")).person.id == bob.id


async def _sign_in(house: House, account: str) -> sessions.SignedIn:
    return await service.sign_in(
        account=account, password=PASSWORD, address="192.0.2.1", user_agent="", replaces=None,
        house=house,
    )  # fmt: skip


async def test_closing_erases_what_is_private_and_keeps_the_name(ada: Person, house: House) -> None:
    """The id is never somebody else's."""
    bob = await service.add_person(
        name="bob", email="bob@example.org", password=PASSWORD, house=house
    )
    await _sign_in(house, "bob")
    await service.notify(bob.actor_id, kind="follower", actor=None, post_id=None, house=house)
    await service.close(bob.id, password=PASSWORD, house=house)
    row = await Person.get(id=bob.id)
    assert (row.email, row.password_hash) == (None, None)
    assert not await Session.filter(person_id=bob.id).exists()
    assert not await Notification.filter(person_id=bob.id).exists()
    actor = await Actor.get(id=bob.actor_id)
    assert actor.gone
    assert (actor.name, actor.summary, actor.icon_url) == ("", "", None)
    assert await service.by_name("bob") is None
    with pytest.raises(FieldRefusedError):
        await service.add_person(name="bob", password=PASSWORD, house=house)
    with pytest.raises(NotFoundError):
        await service.reactivate(bob.id)


async def test_closing_needs_the_password(ada: Person, house: House) -> None:
    """A browser left open is not enough."""
    bob = await service.add_person(name="bob", password=PASSWORD, house=house)
    with pytest.raises(service.WrongPasswordError):
        await service.close(bob.id, password=WRONG, house=house)
    assert (await Person.get(id=bob.id)).closed_at is None


async def test_people_are_found_by_name_by_address_and_by_actor(ada: Person, house: House) -> None:
    """However they are written."""
    assert (await service.by_name("@ADA")) == ada
    assert (await service.by_account("ADA@example.org")) == ada
    assert (await service.by_actor(ada.actor_id)) == ada
    assert await service.by_account("nobody@example.org") is None
