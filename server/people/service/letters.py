"""The e-mail that people get: composed when it leaves, so that no job holds words or secrets."""

from federation.vocab.types import JsonObject
from server import mail
from server.actors.tables import Actor
from server.house import House, Mailer
from server.people.rules import MailPreference
from server.people.service import confirming, notifications, resets
from server.people.tables import Notification, Person

NOTIFICATIONS = "notifications"
"""The kind of letters that tell what happened (`server.mail.way_out`)."""


async def send_reset(payload: JsonObject, house: House) -> None:
    """Send a link for a new password; it is made now, and a repeated attempt makes another."""
    person = await Person.get_or_none(id=payload["person"], deactivated_at=None).prefetch_related(
        "actor"
    )
    if person is None or person.email is None or house.mailer is None:
        return
    letter = mail.written(
        "people/letters/reset", to=person.email, subject="Choose a new password",
        name=person.actor.shown_name, link=await resets.link(person.id, house=house), house=house,
    )  # fmt: skip
    await house.mailer.send(letter)


async def send_confirmation(payload: JsonObject, house: House) -> None:
    """Send a link that confirms somebody's address, the one that they have now."""
    person = await Person.get_or_none(id=payload["person"], deactivated_at=None).prefetch_related(
        "actor"
    )
    if person is None or person.email is None or house.mailer is None:
        return
    letter = mail.written(
        "people/letters/confirm", to=person.email, subject="Is this your address?",
        name=person.actor.shown_name, link=confirming.confirming_link(person, house=house),
        house=house,
    )  # fmt: skip
    await house.mailer.send(letter)


async def send_notification(payload: JsonObject, house: House) -> None:
    """Send one notification, unless it was read or sent in the meantime."""
    row = await Notification.get_or_none(id=payload["notification"]).prefetch_related(
        "person__actor", "actor"
    )
    if row is None or row.read_at is not None or row.mailed_at is not None:
        return
    if house.mailer is None or row.person.email is None or row.person.deactivated_at is not None:
        return
    await _send(house.mailer, row.person, [row], subject=_sentence(row), house=house)


async def send_digest(payload: JsonObject, house: House) -> None:
    """Send together what has gathered for somebody."""
    person = await Person.get_or_none(id=payload["person"], deactivated_at=None).prefetch_related(
        "actor"
    )
    if person is None or person.email is None or house.mailer is None:
        return
    rows = await notifications.waiting(person)
    if rows:
        many = "one thing" if len(rows) == 1 else f"{len(rows)} things"
        subject = f"{many[0].upper()}{many[1:]} happened on {house.host}"
        await _send(house.mailer, person, rows, subject=subject, house=house)
        await Person.filter(id=person.id).update(digest_at=house.clock.now())


async def _send(
    mailer: Mailer, person: Person, rows: list[Notification], *, subject: str, house: House
) -> None:
    if person.email is None:
        return
    letter = mail.written(
        "people/letters/notifications", to=person.email, subject=subject,
        way_out=mail.way_out(NOTIFICATIONS, person.id, house=house),
        name=person.actor.shown_name, lines=[_sentence(row) for row in rows], house=house,
    )  # fmt: skip
    await mailer.send(letter)
    ids = [row.id for row in rows]
    await Notification.filter(id__in=ids).update(mailed_at=house.clock.now())


def _sentence(row: Notification) -> str:
    """Return one line: nothing in it can break a header or begin another line."""
    who: Actor | None = row.actor
    text = f"{who.shown_name} ({who.handle}) {row.text}" if who is not None else row.text
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


async def on_ended(event: mail.Ended, _: House) -> None:
    """Send somebody no more of what happened, as their letter let them say."""
    if event.kind == NOTIFICATIONS:
        await notifications.set_mail_preference(event.row, MailPreference.NONE)
