"""Invitations: links that let somebody join."""

from dataclasses import dataclass

from tortoise.expressions import F

from server.house import House
from server.people import rules
from server.people.rules import FieldRefusedError
from server.people.service import tokens
from server.people.tables import Invitation


@dataclass(frozen=True, slots=True)
class Made:
    """An invitation and its link, which nobody can read again."""

    invitation: Invitation
    link: str


async def invite(made_by: int, *, note: str = "", uses: int = 1, house: House) -> Made:
    """Make a link that lets `uses` people join within two weeks. Raises FieldRefusedError."""
    if not 1 <= uses <= rules.INVITATION_MOST_USES:
        raise FieldRefusedError(
            field="uses", reason=f"An invitation is for 1 to {rules.INVITATION_MOST_USES} people."
        )
    if len(note) > rules.NOTE_LIMIT:
        raise FieldRefusedError(field="note", reason=f"Use at most {rules.NOTE_LIMIT} characters.")
    token, now = tokens.minted(house), house.clock.now()
    row = await Invitation.create(
        token_hash=house.vault.hash_token(token), made_by_id=made_by, note=note.strip(),
        uses_left=uses, created_at=now, expires_at=now + rules.INVITATION_LASTS,
    )  # fmt: skip
    return Made(row, house.uri(f"/join/{token}"))


async def open_one(token: str, *, house: House) -> Invitation | None:
    """Return the invitation that a link is for, None where it never was, is over or is used up."""
    return await Invitation.get_or_none(
        token_hash=house.vault.hash_token(token), uses_left__gt=0,
        expires_at__gt=house.clock.now(),
    )  # fmt: skip


async def take(token: str, *, house: House) -> bool:
    """Use an invitation once; say whether that was possible. Two at the same moment can't share
    the last use.
    """
    changed = await Invitation.filter(
        token_hash=house.vault.hash_token(token), uses_left__gt=0,
        expires_at__gt=house.clock.now(),
    ).update(uses_left=F("uses_left") - 1, used=F("used") + 1)  # fmt: skip
    return changed == 1


async def listed(*, house: House) -> list[Invitation]:
    """Return the invitations that can still be used, the newest first."""
    query = Invitation.filter(uses_left__gt=0, expires_at__gt=house.clock.now()).order_by("-id")
    return await query.prefetch_related("made_by__actor")


async def revoke(invitation_id: int) -> None:
    """Take an invitation back. Twice changes nothing."""
    await Invitation.filter(id=invitation_id).delete()
