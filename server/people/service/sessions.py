"""Signing in, and the sessions that it starts."""

from dataclasses import dataclass

from server import db
from server.errors import NotFoundError, RefusedError
from server.house import House
from server.people import rules
from server.people.rules import Limit
from server.people.service import accounts, limits, passwords, tokens
from server.people.tables import Person, Session

VISITOR = (
    "SELECT s.id, s.created_at, s.used_at, s.expires_at, p.id AS person_id, p.name, p.is_steward,"
    " p.actor_id, a.name AS display_name, (SELECT count(*) FROM notifications n"
    " WHERE n.person_id = p.id AND n.read_at IS NULL) AS unread FROM sessions s"
    " JOIN people p ON p.id = s.person_id JOIN actors a ON a.id = p.actor_id"
    " WHERE s.token_hash = ? AND p.deactivated_at IS NULL"
)


class SignInRefusedError(RefusedError):
    """That name and password don't go together. Check both and try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who is signed in, as the pages know them."""

    id: int
    actor_id: int
    name: str
    display_name: str
    is_steward: bool
    session_id: int
    unread: int
    """Notifications that wait."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session begun: its token, for the cookie, and whose it is."""

    token: str
    person: Person
    session: Session


async def sign_in(
    *,
    account: str,
    password: str,
    address: str,
    user_agent: str,
    replaces: str | None,
    house: House,
) -> SignedIn:
    """Sign in with a name or e-mail address; the session with the token `replaces` ends.

    Raises SignInRefusedError, the same for a wrong password, an unknown account and a deactivated
    one, after the same work; TooManyError where an account or an address was tried too often.
    """
    folded = account.strip().removeprefix("@").lower()[: rules.EMAIL_LIMIT]
    await limits.count(Limit.SIGN_IN_ADDRESS, rules.countable(address), house=house)
    await limits.count(Limit.SIGN_IN_ACCOUNT, folded, house=house)
    person = await accounts.by_account(folded)
    stored = person.password_hash if person is not None else None
    right = await passwords.right(password[: rules.PASSWORD_MOST + 1], stored)
    if person is None or not right or person.deactivated_at is not None:
        raise SignInRefusedError
    await limits.forget(Limit.SIGN_IN_ACCOUNT, folded, house=house)
    if stored is not None and passwords.is_outdated(stored):
        person.password_hash = await passwords.hashed(password)
        await person.save(update_fields=["password_hash"])
    return await start(
        person, address=address, user_agent=user_agent, replaces=replaces, house=house
    )


async def start(
    person: Person, *, address: str, user_agent: str, replaces: str | None = None, house: House
) -> SignedIn:
    """Begin a session for somebody who has just proved who they are."""
    token, now = tokens.minted(house), house.clock.now()
    async with db.transaction():
        if replaces is not None:
            await Session.filter(token_hash=house.vault.hash_token(replaces)).delete()
        session = await Session.create(
            token_hash=house.vault.hash_token(token), person_id=person.id, created_at=now,
            used_at=now, expires_at=rules.session_ends(now, now),
            browser=rules.browser_words(user_agent), network=rules.network_of(address),
        )  # fmt: skip
    return SignedIn(token, person, session)


async def current(token: str, *, house: House) -> Session | None:
    """Return the session of a token."""
    return await Session.get_or_none(token_hash=house.vault.hash_token(token))


async def sign_out(token: str, *, house: House) -> None:
    """End the session of a token. Twice changes nothing."""
    await Session.filter(token_hash=house.vault.hash_token(token)).delete()


async def listed(person_id: int, *, house: House) -> list[Session]:
    """Return somebody's sessions, the last used first."""
    query = Session.filter(person_id=person_id, expires_at__gt=house.clock.now())
    return await query.order_by("-used_at", "-id")


async def end(session_id: int, *, person_id: int) -> None:
    """End one of somebody's own sessions. Raises NotFoundError where it isn't theirs."""
    if not await Session.filter(id=session_id, person_id=person_id).delete():
        raise NotFoundError


async def end_others(person_id: int, *, keep: int) -> int:
    """End all of somebody's sessions but the one they are using. Return how many."""
    return await Session.filter(person_id=person_id).exclude(id=keep).delete()


async def sweep(*, house: House) -> None:
    """Drop the sessions that are over."""
    await Session.filter(expires_at__lte=house.clock.now()).delete()


class Visitors:
    """Knows whose session a token opens: what `server.web` asks with every request that has one.

    One query and nothing remembered: a session that was ended is over at once, in every process.
    """

    def __init__(self, house: House) -> None:
        """Look into the house's database."""
        self._house = house

    async def visitor(self, token: str) -> Visitor | None:
        """Return who holds the session of `token`, or None where it never was, has ended or
        expired.
        """
        now = self._house.clock.now()
        found = await db.rows(VISITOR, self._house.vault.hash_token(token))
        if not found or db.as_moment(found[0]["expires_at"]) <= now:
            return None
        (row,) = found
        if now - db.as_moment(row["used_at"]) >= rules.SESSION_TOUCH:
            ends = rules.session_ends(db.as_moment(row["created_at"]), now)
            await Session.filter(id=row["id"]).update(used_at=now, expires_at=ends)
        return Visitor(
            id=row["person_id"], actor_id=row["actor_id"], name=row["name"],
            display_name=row["display_name"] or row["name"], is_steward=bool(row["is_steward"]),
            session_id=row["id"], unread=int(row["unread"]),
        )  # fmt: skip
