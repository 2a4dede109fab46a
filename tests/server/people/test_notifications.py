"""Telling people what happened, on a page and by e-mail."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from federation.vocab.types import ActorType
from server import mail
from server.actors import service as actors
from server.actors.tables import Actor
from server.follows import service as follows
from server.house import House
from server.jobs import Registry, Worker
from server.people import service
from server.people.rules import MailPreference
from server.people.service import notifications
from server.people.tables import Notification, Person
from tests.server.people.conftest import PASSWORD, LetterBox
from tests.support.clock import MovableClock


@pytest.fixture
def worker(house: House) -> Worker:
    registry = Registry()
    service.register_jobs(registry)
    return Worker(registry, house)


@dataclass(frozen=True)
class Office:
    """Where letters are written, and the clock on its wall."""

    house: House
    worker: Worker
    box: LetterBox
    clock: MovableClock

    async def day_goes_by(self, days: float) -> None:
        """Write the letters that are due, then let so many days pass."""
        await notifications.enqueue_digests(house=self.house)
        await self.worker.run_due()
        self.clock.move(timedelta(days=days))


@pytest.fixture
def office(house: House, worker: Worker, letter_box: LetterBox, clock: MovableClock) -> Office:
    return Office(house, worker, letter_box, clock)


@pytest.fixture
async def bob(ada: Person, house: House) -> Actor:
    """Somebody who does things that Ada hears of."""
    person = await service.add_person(
        name="bob", display_name="Bob", password=PASSWORD, house=house
    )
    return await Actor.get(id=person.actor_id)


async def thank(ada: Person, bob: Actor, house: House, *, post_id: int = 7) -> None:
    await service.notify(ada.actor_id, kind="thanks", actor=bob, post_id=post_id, house=house)


async def test_the_same_thing_is_told_once(ada: Person, bob: Actor, house: House) -> None:
    """Receiving twice is harmless."""
    await thank(ada, bob, house)
    await thank(ada, bob, house)
    (row,) = await notifications.listed(ada.id)
    assert (row.kind, row.text, row.actor_id, row.post_id) == ("thanks", "thanked you", bob.id, 7)
    assert await notifications.unread(ada.id) == 1


async def test_nobody_is_told_what_they_did_themselves(ada: Person, house: House) -> None:
    """Nor are actors elsewhere, whoever they are."""
    own = await Actor.get(id=ada.actor_id)
    await service.notify(ada.actor_id, kind="thanks", actor=own, post_id=1, house=house)
    await service.notify_person(ada.id, kind="thanks", actor=own, post_id=1, house=house)
    await service.notify(12_345, kind="thanks", actor=own, post_id=1, house=house)
    assert not await Notification.all().exists()


async def test_the_stewards_hear_what_is_said_to_the_hub(
    ada: Person, bob: Actor, house: House
) -> None:
    """And nobody else does."""
    hub = await actors.create_local(
        path="/hub", type=ActorType.ORGANIZATION, username="hub", name="Hub",
        pairs=await actors.new_pairs(), house=house,
    )  # fmt: skip
    await service.notify(hub.id, kind="mention", actor=bob, post_id=1, house=house)
    assert [row.person_id for row in await Notification.all()] == [ada.id]


async def test_what_was_undone_is_forgotten(ada: Person, bob: Actor, house: House) -> None:
    """So is what was said of a post that is gone."""
    await thank(ada, bob, house, post_id=7)
    await thank(ada, bob, house, post_id=8)
    await service.take_back(ada.actor_id, kind="thanks", actor=bob, post_id=7)
    assert [row.post_id for row in await Notification.all()] == [8]
    await thank(ada, bob, house, post_id=9)
    await service.take_back(None, kind="thanks", actor=bob, post_id=9)
    assert [row.post_id for row in await Notification.all()] == [8]
    await service.forget_post(8)
    assert not await Notification.all().exists()


async def test_only_what_was_seen_is_marked_as_read(ada: Person, bob: Actor, house: House) -> None:
    """What came meanwhile stays new."""
    await thank(ada, bob, house, post_id=1)
    (seen,) = await notifications.listed(ada.id)
    await thank(ada, bob, house, post_id=2)
    await notifications.mark_read(ada.id, up_to=seen.id, house=house)
    assert await notifications.unread(ada.id) == 1


async def test_a_new_follower_is_told_once_and_a_request_is_one(
    ada: Person, bob: Actor, house: House
) -> None:
    """By the hook in follows."""
    service.register_hooks(house.hooks)
    adas = await Actor.get(id=ada.actor_id)
    await follows.follow(bob, adas, house=house)
    await follows.follow(bob, adas, house=house)
    bobs = await service.by_actor(bob.id)
    assert bobs is not None
    bob.manually_approves = True
    await bob.save()
    await follows.follow(adas, bob, house=house)
    assert [row.kind for row in await notifications.listed(ada.id)] == ["follower"]
    assert [row.kind for row in await notifications.listed(bobs.id)] == ["request"]


async def test_a_letter_leaves_as_it_happens(
    ada: Person, bob: Actor, house: House, worker: Worker, letter_box: LetterBox
) -> None:
    """One letter; nobody's name can add a header to it, or markup to its HTML."""
    bob.name = "Bob\r\nBcc: <b>all</b>"
    await bob.save()
    await thank(ada, bob, house)
    await worker.run_due()
    await worker.run_due()
    (letter,) = letter_box.letters
    assert letter.to == "ada@example.org"
    assert letter.subject == "Bob Bcc: <b>all</b> (@bob@hub.test) thanked you"
    assert letter.text.startswith("Hello Ada Low,\n")
    assert f"- {letter.subject}\n" in letter.text
    assert "https://hub.test/notifications" in letter.text
    assert "<li>Bob Bcc: &lt;b&gt;all&lt;/b&gt; (@bob@hub.test) thanked you</li>" in letter.html


async def test_one_click_in_a_letter_ends_them(
    ada: Person, bob: Actor, house: House, worker: Worker, letter_box: LetterBox
) -> None:
    """Of whoever it was sent to, and of nobody else; a letter of another kind ends others."""
    service.register_hooks(house.hooks)
    await thank(ada, bob, house)
    await worker.run_due()
    (letter,) = letter_box.letters
    assert letter.way_out == mail.way_out("notifications", ada.id, house=house)
    assert letter.way_out in letter.text
    assert letter.way_out in letter.html
    for kind, row in (("notifications", ada.id + 1), ("other", ada.id)):
        await mail.end(kind, row, house=house)
        assert (await service.by_id(ada.id)).mail_preference is MailPreference.IMMEDIATE
    await mail.end("notifications", ada.id, house=house)
    assert (await service.by_id(ada.id)).mail_preference is MailPreference.NONE


async def test_what_was_read_already_is_not_sent(
    ada: Person, bob: Actor, house: House, worker: Worker, letter_box: LetterBox
) -> None:
    """Nor what was undone."""
    await thank(ada, bob, house, post_id=1)
    await thank(ada, bob, house, post_id=2)
    (newer, older) = await notifications.listed(ada.id)
    await notifications.mark_read(ada.id, up_to=older.id, house=house)
    await Notification.filter(id=newer.id).delete()
    await worker.run_due()
    assert letter_box.letters == []


async def test_nobody_gets_letters_they_do_not_want(
    ada: Person, bob: Actor, house: House, worker: Worker, letter_box: LetterBox
) -> None:
    """Never means never."""
    await service.set_mail_preference(ada.id, MailPreference.NONE)
    await thank(ada, bob, house)
    await worker.run_due()
    await notifications.enqueue_digests(house=house)
    await worker.run_due()
    assert letter_box.letters == []


@pytest.mark.parametrize(
    ("preference", "days"), [(MailPreference.DAILY, 1), (MailPreference.WEEKLY, 7)]
)
async def test_letters_come_together_once_a_day_or_week(
    ada: Person, bob: Actor, office: Office, preference: MailPreference, days: int
) -> None:
    """One letter with all of it, and none where nothing happened."""
    await service.set_mail_preference(ada.id, preference)
    await thank(ada, bob, office.house, post_id=1)
    await thank(ada, bob, office.house, post_id=2)
    for _ in range(3):
        await office.day_goes_by(days / 3)
        assert office.box.letters == []
    for _ in range(3):
        await office.day_goes_by(days)
    (letter,) = office.box.letters
    assert letter.subject == "2 things happened on hub.test"
    assert letter.text.count("thanked you") == 2


async def test_old_notifications_are_swept(
    ada: Person, bob: Actor, house: House, clock: MovableClock
) -> None:
    """After half a year."""
    await thank(ada, bob, house)
    clock.move(timedelta(days=181))
    await notifications.sweep(house=house)
    assert not await Notification.all().exists()
