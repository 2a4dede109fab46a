"""Accounts: made, found, closed; and who looks after the node."""

from dataclasses import dataclass, field

from tortoise.exceptions import IntegrityError

from federation.vocab.types import ActorType
from server import db
from server.actors import service as actors
from server.actors.service import Pairs
from server.actors.tables import Actor
from server.errors import NotFoundError, RefusedError
from server.house import House
from server.media import service as media
from server.people import rules
from server.people.events import Closed
from server.people.rules import FieldRefusedError, Limit, SignUps
from server.people.service import invitations, limits, passwords
from server.people.tables import Admission, Notification, PasswordReset, Person, Session

PAGE = 100
ADMISSION = 1
"""The id of the one row."""


class JoiningClosedError(RefusedError):
    """Nobody new can join this hub just now."""


class InvitationNeededError(RefusedError):
    """You need an invitation to join this hub. Ask somebody who looks after it."""


class LastStewardError(RefusedError):
    """This is the only account that looks after the hub. Make somebody else a steward first."""


class WrongPasswordError(FieldRefusedError):
    """{reason}"""

    def __init__(self, field: str = "password") -> None:
        """Say so at the field."""
        super().__init__(field, "That isn't your password. Check it and try again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What is known of somebody before they have an account: checked, and the password hashed."""

    name: str
    display_name: str
    email: str | None
    password_hash: str | None
    pairs: Pairs = field(repr=False)


async def add_person(
    *, name: str, display_name: str = "", email: str = "", password: str | None, house: House,
    steward: bool = False,
) -> Person:  # fmt: skip
    """Make an account and its actor. Without a password nobody can sign in to it yet.

    Raises FieldRefusedError, which names the field, where something can't be as it was given or is
    taken.
    """
    newcomer = await prepared(
        name=name, display_name=display_name, email=email, password=password, house=house
    )
    return await enrol(newcomer, house=house, steward=steward)


async def prepared(
    *, name: str, display_name: str, email: str, password: str | None, house: House
) -> Newcomer:
    """Check who wants an account, hash the password and make the keys: too slow for a transaction.

    Raises FieldRefusedError.
    """
    name, address = rules.checked_name(name), rules.checked_email(email)
    shown = rules.checked_display_name(display_name) or name
    if password is not None:
        rules.check_password(password, about=(name, shown))
    await _refuse_taken(name, address, house=house)
    stored = await passwords.hashed(password) if password is not None else None
    return Newcomer(
        name=name, display_name=shown, email=address, password_hash=stored,
        pairs=await actors.new_pairs(),
    )  # fmt: skip


async def enrol(newcomer: Newcomer, *, house: House, steward: bool = False) -> Person:
    """Write down an account that was prepared, with its actor. Raises FieldRefusedError if
    somebody was quicker.
    """
    try:
        async with db.transaction():
            actor = await actors.create_local(
                path=f"/people/{newcomer.name}", type=ActorType.PERSON,
                username=newcomer.name, name=newcomer.display_name, pairs=newcomer.pairs,
                house=house,
            )  # fmt: skip
            return await Person.create(
                actor=actor, name=newcomer.name, email=newcomer.email,
                password_hash=newcomer.password_hash, is_steward=steward,
                created_at=house.clock.now(),
            )  # fmt: skip
    except IntegrityError:
        await _refuse_taken(newcomer.name, newcomer.email, house=house)
        raise


async def _refuse_taken(name: str, email: str | None, *, house: House) -> None:
    taken = await Person.exists(name=name) or await actors.local(name, house=house) is not None
    if taken:
        raise FieldRefusedError(
            field="name", reason=f"The name {name} is taken. Choose another one."
        )
    if email is not None and await Person.exists(email=email):
        raise FieldRefusedError(
            field="email",
            reason="This e-mail address can't be used here. Leave it empty, or use another one.",
        )


async def join(
    *, name: str, display_name: str, email: str, password: str, token: str | None, house: House
) -> Person:
    """Make an account for somebody who came by themselves, as far as the hub allows that.

    Raises JoiningClosedError, InvitationNeededError, FieldRefusedError. An invitation is used up
    only if it worked.
    """
    mode = await sign_ups()
    if mode is SignUps.CLOSED:
        raise JoiningClosedError
    if mode is SignUps.INVITATION and not await invitations.open_one(token or "", house=house):
        raise InvitationNeededError
    newcomer = await prepared(
        name=name, display_name=display_name, email=email, password=password, house=house
    )
    async with db.transaction():
        if mode is SignUps.INVITATION and not await invitations.take(token or "", house=house):
            raise InvitationNeededError
        return await enrol(newcomer, house=house)


async def sign_ups() -> SignUps:
    """Return who may join."""
    row = await Admission.get_or_none(id=ADMISSION)
    return row.sign_ups if row is not None else SignUps.INVITATION


async def set_sign_ups(mode: SignUps) -> None:
    """Choose who may join."""
    await Admission.update_or_create(id=ADMISSION, defaults={"sign_ups": mode})


async def by_id(person_id: int) -> Person:
    """Return the account with its actor. Raises NotFoundError."""
    person = await Person.get_or_none(id=person_id).prefetch_related("actor")
    if person is None:
        raise NotFoundError
    return person


async def by_name(name: str) -> Person | None:
    """Return the account of that name with its actor, whatever its case; None once it is closed."""
    folded = name.strip().removeprefix("@").lower()
    return await Person.get_or_none(name=folded, closed_at=None).prefetch_related("actor")


async def by_actor(actor_id: int) -> Person | None:
    """Return whose actor it is, None for a hub's and for actors elsewhere."""
    return await Person.get_or_none(actor_id=actor_id, closed_at=None).prefetch_related("actor")


async def by_account(text: str) -> Person | None:
    """Return the account that somebody means who signs in with a name or an e-mail address."""
    text = text.strip().lower()
    if "@" in text.removeprefix("@"):
        return await Person.get_or_none(email=text).prefetch_related("actor")
    return await by_name(text)


async def stewards() -> list[Person]:
    """Return those who look after the node and can sign in."""
    return await Person.filter(is_steward=True, deactivated_at=None).prefetch_related("actor")


async def listed(*, after: int = 0) -> list[Person]:
    """Return a page of the accounts that aren't closed, the oldest first."""
    query = Person.filter(closed_at=None, id__gt=after).order_by("id").limit(PAGE)
    return await query.prefetch_related("actor")


async def counted() -> int:
    """Return how many accounts can be signed in to."""
    return await Person.filter(deactivated_at=None).count()


async def make_steward(person_id: int, *, steward: bool = True) -> Person:
    """Have somebody look after the node, or no longer. Raises NotFoundError, LastStewardError."""
    async with db.transaction():
        person = await by_id(person_id)
        if not steward:
            await _refuse_last(person)
        person.is_steward = steward
        await person.save(update_fields=["is_steward"])
    return person


async def deactivate(person_id: int, *, house: House) -> Person:
    """Keep somebody from signing in. What they published stays. Raises NotFoundError,
    LastStewardError.
    """
    async with db.transaction():
        person = await by_id(person_id)
        await _refuse_last(person)
        person.deactivated_at = house.clock.now()
        await person.save(update_fields=["deactivated_at"])
        await Session.filter(person_id=person.id).delete()
        await PasswordReset.filter(person_id=person.id).delete()
    return person


async def reactivate(person_id: int) -> Person:
    """Let somebody sign in again. Raises NotFoundError, also for an account that its person
    closed.
    """
    async with db.transaction():
        person = await by_id(person_id)
        if person.closed_at is not None:
            raise NotFoundError
        person.deactivated_at = None
        await person.save(update_fields=["deactivated_at"])
    return person


async def close(person_id: int, *, password: str, house: House) -> Person:
    """Close one's own account for good: its address and password are erased, its name is never
    given out again, and what it published is taken back.

    Raises WrongPasswordError, LastStewardError, TooManyError.
    """
    person = await prove(person_id, password=password, house=house)
    async with db.transaction():
        await _refuse_last(person)
        now = house.clock.now()
        person.deactivated_at = person.closed_at = now
        person.email = person.password_hash = None
        person.is_steward = False
        person.summary_source, person.fields_source, person.picture_alt = "", "[]", ""
        picture_id, person.picture_id = person.picture_id, None
        await person.save()
        await Session.filter(person_id=person.id).delete()
        await PasswordReset.filter(person_id=person.id).delete()
        await Notification.filter(person_id=person.id).delete()
        await Actor.filter(id=person.actor_id).update(
            gone=True,
            fetched_at=now,
            name="",
            summary="",
            icon_url=None,
            fields_json="[]",
            also_known_as="[]",
        )
        if picture_id is not None:
            await media.delete(picture_id, house=house)
        await house.hooks.tell(Closed(actor=person.actor), house)
    return person


async def prove(person_id: int, *, password: str, house: House, field: str = "password") -> Person:
    """Return the account once its password is given again, as dangerous acts ask for.

    Raises WrongPasswordError at `field`, TooManyError.
    """
    await limits.count(Limit.PASSWORD_PERSON, str(person_id), house=house)
    person = await by_id(person_id)
    if not await passwords.right(password, person.password_hash):
        raise WrongPasswordError(field)
    await limits.forget(Limit.PASSWORD_PERSON, str(person_id), house=house)
    return person


async def _refuse_last(person: Person) -> None:
    if not person.is_steward or person.deactivated_at is not None:
        return
    others = Person.filter(is_steward=True, deactivated_at=None).exclude(id=person.id)
    if not await others.exists():
        raise LastStewardError
