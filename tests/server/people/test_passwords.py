"""Changing a password and an address, by knowing the password or by a link in a letter."""

from datetime import timedelta

import orjson
import pytest

from server.db import rows
from server.errors import TooManyError
from server.house import House
from server.jobs import Registry, Worker
from server.people import service
from server.people.rules import FieldRefusedError
from server.people.service import resets, sessions
from server.people.tables import PasswordReset, Person, Session
from tests.server.people.conftest import PASSWORD, WRONG, LetterBox
from tests.server.people.test_sessions import enter
from tests.support.clock import MovableClock

NEW = "nine quiet lanterns drifting"


@pytest.fixture
def worker(house: House) -> Worker:
    registry = Registry()
    service.register_jobs(registry)
    return Worker(registry, house)


async def ask(house: House, account: str = "ada", address: str = "192.0.2.1") -> None:
    await resets.ask(account=account, address=address, house=house)


async def test_a_link_comes_by_e_mail_and_works_once(
    ada: Person, house: House, worker: Worker, letter_box: LetterBox
) -> None:
    """It signs everybody else out."""
    thief = await enter(house)
    await ask(house, "ada@example.org")
    await worker.run_due()
    (letter,) = letter_box.letters
    assert letter.to == "ada@example.org"
    token = letter.text.partition("/reset/")[2].split()[0]
    await resets.use(token, password=NEW, house=house)
    assert await service.Visitors(house).visitor(thief.token) is None
    await enter(house, password=NEW)
    with pytest.raises(service.ResetOverError):
        await resets.use(token, password=NEW, house=house)


async def test_no_secret_waits_in_the_queue_or_the_database(
    ada: Person, house: House, worker: Worker, letter_box: LetterBox
) -> None:
    """The job holds an id; the row a hash."""
    await ask(house)
    (job,) = await rows("SELECT payload FROM jobs")
    assert orjson.loads(job["payload"]) == {"person": ada.id}
    await worker.run_due()
    (letter,) = letter_box.letters
    assert letter.text.startswith("Hello Ada Low,\n")
    token = letter.text.partition("/reset/")[2].split()[0]
    assert token not in str(await PasswordReset.all().values())


@pytest.mark.parametrize("account", ["nobody", "nobody@example.org", "bob", "cyd"])
async def test_nothing_is_sent_where_there_is_nobody(
    ada: Person, house: House, worker: Worker, letter_box: LetterBox, account: str
) -> None:
    """No account, no address, or deactivated: the answer is the same."""
    await service.add_person(name="bob", password=PASSWORD, house=house)
    cyd = await service.add_person(
        name="cyd", email="cyd@example.org", password=PASSWORD, house=house
    )
    await service.deactivate(cyd.id, house=house)
    await ask(house, account)
    await worker.run_due()
    assert letter_box.letters == []


async def test_letters_are_not_sent_for_ever(
    ada: Person, house: House, worker: Worker, letter_box: LetterBox
) -> None:
    """Three an hour for one account; nobody's box is filled."""
    for turn in range(3):
        await ask(house, address=f"192.0.2.{turn}")
        await worker.run_due()
    with pytest.raises(TooManyError):
        await ask(house, address="192.0.2.9")
    assert len(letter_box.letters) == 3


async def test_a_link_is_over_after_two_hours(
    ada: Person, house: House, clock: MovableClock
) -> None:
    """And is swept."""
    token = (await resets.link(ada.id, house=house)).rpartition("/")[2]
    clock.move(timedelta(hours=2))
    assert await resets.open_one(token, house=house) is None
    with pytest.raises(service.ResetOverError):
        await resets.use(token, password=NEW, house=house)
    await resets.sweep(house=house)
    assert not await PasswordReset.all().exists()


async def test_a_weak_new_password_does_not_use_the_link_up(ada: Person, house: House) -> None:
    """The person tries again."""
    token = (await resets.link(ada.id, house=house)).rpartition("/")[2]
    with pytest.raises(FieldRefusedError):
        await resets.use(token, password=PASSWORD[:5], house=house)
    await resets.use(token, password=NEW, house=house)


async def test_changing_a_password_needs_the_old_one_and_ends_other_sessions(
    ada: Person, house: House
) -> None:
    """This browser stays."""
    here, there = await enter(house), await enter(house)
    with pytest.raises(FieldRefusedError) as caught:
        await service.change_password(ada.id, old=WRONG, new=NEW, keep=here.session.id, house=house)
    assert caught.value.field == "old"
    await service.change_password(ada.id, old=PASSWORD, new=NEW, keep=here.session.id, house=house)
    visitors = service.Visitors(house)
    assert await visitors.visitor(here.token) is not None
    assert await visitors.visitor(there.token) is None
    await enter(house, password=NEW)


async def test_a_password_is_not_guessed_from_inside(ada: Person, house: House) -> None:
    """A browser left open doesn't allow more tries than the door."""
    for _ in range(10):
        with pytest.raises(service.WrongPasswordError):
            await service.prove(ada.id, password=WRONG, house=house)
    with pytest.raises(TooManyError):
        await service.prove(ada.id, password=PASSWORD, house=house)


async def test_changing_the_address_needs_the_password_and_ends_links(
    ada: Person, house: House
) -> None:
    """A link that went to the old address doesn't work any more."""
    token = (await resets.link(ada.id, house=house)).rpartition("/")[2]
    with pytest.raises(service.WrongPasswordError):
        await service.change_email(
            ada.id,
            email="new@example.org",
            password=WRONG,
            house=house,
        )
    person = await service.change_email(
        ada.id, email="New@example.org", password=PASSWORD, house=house
    )
    assert person.email == "new@example.org"
    assert await resets.open_one(token, house=house) is None


async def test_whoever_runs_the_node_can_set_a_password(ada: Person, house: House) -> None:
    """Everybody is signed out."""
    await enter(house)
    await service.set_password(ada.id, password=NEW)
    assert not await Session.all().exists()
    assert isinstance(await enter(house, password=NEW), sessions.SignedIn)
