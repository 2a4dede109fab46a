"""Changing a password, by knowing the old one or by a link that came by e-mail."""

from server import db, jobs
from server.errors import RefusedError
from server.house import House
from server.people import rules
from server.people.rules import FieldRefusedError, Limit
from server.people.service import accounts, limits, passwords, tokens
from server.people.tables import PasswordReset, Person, Session

MAIL_JOB = "people.reset"


class ResetOverError(RefusedError):
    """This link has been used, or is too old. Ask for a new one."""


async def ask(*, account: str, address: str, house: House) -> None:
    """Have a link sent to whoever has the account, if it has an e-mail address. The answer never
    says so.

    Raises TooManyError.
    """
    folded = account.strip().removeprefix("@").lower()[: rules.EMAIL_LIMIT]
    await limits.count(Limit.RESET_ADDRESS, rules.countable(address), house=house)
    await limits.count(Limit.RESET_ACCOUNT, folded, house=house)
    person = await accounts.by_account(folded)
    if person is None or person.email is None or person.deactivated_at is not None:
        return
    if house.mailer is None:
        return
    async with db.transaction():
        await jobs.enqueue(
            MAIL_JOB, {"person": person.id}, key=f"{MAIL_JOB}:{person.id}", house=house
        )
    await house.ring()


async def link(person_id: int, *, house: House) -> str:
    """Make a link that lets its holder choose a new password once, within two hours."""
    token, now = tokens.minted(house), house.clock.now()
    row = PasswordReset(
        token_hash=house.vault.hash_token(token), person_id=person_id, created_at=now,
        expires_at=now + rules.RESET_LASTS,
    )  # fmt: skip
    await row.save()
    return house.uri(f"/reset/{token}")


async def open_one(token: str, *, house: House) -> PasswordReset | None:
    """Return what a link is for, None where it never was, is over or is used."""
    row = await PasswordReset.get_or_none(
        token_hash=house.vault.hash_token(token), used_at=None, expires_at__gt=house.clock.now()
    ).prefetch_related("person__actor")
    if row is None or row.person.deactivated_at is not None:
        return None
    return row


async def use(token: str, *, password: str, house: House) -> Person:
    """Set a new password by a link. Every session of the account ends, and its other links with it.

    Raises ResetOverError, FieldRefusedError.
    """
    row = await open_one(token, house=house)
    if row is None:
        raise ResetOverError
    rules.check_password(password, about=(row.person.name,))
    stored = await passwords.hashed(password)
    async with db.transaction():
        used = await PasswordReset.filter(id=row.id, used_at=None).update(used_at=house.clock.now())
        if not used:
            raise ResetOverError
        await _set(row.person, stored)
    return row.person


async def set_password(person_id: int, *, password: str) -> Person:
    """Set somebody's password, as whoever runs the node does. Their sessions end. Raises
    FieldRefusedError.
    """
    person = await accounts.by_id(person_id)
    rules.check_password(password, about=(person.name,))
    stored = await passwords.hashed(password)
    async with db.transaction():
        await _set(person, stored)
    return person


async def change_password(
    person_id: int, *, old: str, new: str, keep: int | None, house: House
) -> Person:
    """Change one's own password; all sessions but `keep` end. Raises FieldRefusedError,
    TooManyError.
    """
    person = await accounts.prove(person_id, password=old, house=house, field="old")
    try:
        rules.check_password(new, about=(person.name,))
    except FieldRefusedError as error:
        raise FieldRefusedError(field="new", reason=str(error)) from error
    stored = await passwords.hashed(new)
    async with db.transaction():
        await _set(person, stored, keep=keep)
    return person


async def change_email(person_id: int, *, email: str, password: str, house: House) -> Person:
    """Change where one's e-mail goes, or leave it empty. Raises FieldRefusedError, TooManyError."""
    address = rules.checked_email(email)
    person = await accounts.prove(person_id, password=password, house=house)
    async with db.transaction():
        if (
            address is not None
            and await Person.filter(email=address).exclude(id=person.id).exists()
        ):
            raise FieldRefusedError(
                field="email", reason="This e-mail address can't be used here. Use another one."
            )
        if address != person.email:
            person.email, person.email_confirmed = address, False
        await person.save(update_fields=["email", "email_confirmed"])
        await PasswordReset.filter(person_id=person.id).delete()
    return person


async def sweep(*, house: House) -> None:
    """Drop the links that are over."""
    await PasswordReset.filter(expires_at__lte=house.clock.now()).delete()


async def _set(person: Person, stored: str, *, keep: int | None = None) -> None:
    person.password_hash = stored
    await person.save(update_fields=["password_hash"])
    await PasswordReset.filter(person_id=person.id, used_at=None).delete()
    sessions = Session.filter(person_id=person.id)
    await (sessions if keep is None else sessions.exclude(id=keep)).delete()
