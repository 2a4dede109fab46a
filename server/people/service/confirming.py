"""Whether letters arrive at the address that somebody gave: a link in one of them proves it."""

from server import db, jobs
from server.errors import RefusedError
from server.house import House
from server.people.rules import Limit
from server.people.service import accounts, limits
from server.people.tables import Person

JOB = "people.confirm"
PURPOSE = "confirm-email"


class OtherAddressError(RefusedError):
    """This link is for another e-mail address than the one you have here now. Ask for a new one."""


async def ask_to_confirm(person_id: int, *, house: House) -> None:
    """Have a link sent that confirms somebody's address. Raises TooManyError."""
    await limits.count(Limit.CONFIRM_PERSON, str(person_id), house=house)
    async with db.transaction():
        await jobs.enqueue(JOB, {"person": person_id}, key=f"{JOB}:{person_id}", house=house)
    await house.ring()


def confirming_link(person: Person, *, house: House) -> str:
    """Return the address that confirms somebody's present e-mail address; no other one."""
    tag = house.vault.tag(_said(person), purpose=PURPOSE)
    return house.uri(f"/settings/e-mail/confirm/{tag}")


async def confirm(person_id: int, tag: str, *, house: House) -> None:
    """Take somebody's address for theirs, by the link that was sent there. Raises
    OtherAddressError.
    """
    async with db.transaction():
        person = await accounts.by_id(person_id)
        if not house.vault.same_tag(_said(person), tag, purpose=PURPOSE):
            raise OtherAddressError
        person.email_confirmed = True
        await person.save(update_fields=["email_confirmed"])


def _said(person: Person) -> str:
    return f"{person.id}:{person.email or ''}"
