"""Signing in (security case 28), and what it starts."""

import asyncio
from datetime import timedelta

import pytest

from server.errors import NotFoundError, TooManyError
from server.house import House
from server.people import service
from server.people.rules import Limit
from server.people.service import limits, passwords, sessions
from server.people.tables import Attempt, Person, Session
from tests.server.people.conftest import PASSWORD, WRONG
from tests.support.clock import MovableClock

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


async def enter(
    house: House, *, account: str = "ada", password: str = PASSWORD, address: str = "192.0.2.1",
    replaces: str | None = None,
) -> sessions.SignedIn:  # fmt: skip
    return await service.sign_in(
        account=account, password=password, address=address, user_agent=FIREFOX,
        replaces=replaces, house=house,
    )  # fmt: skip


@pytest.mark.parametrize("account", ["ada", " @ADA", "ada@example.org", "ADA@Example.org"])
async def test_people_sign_in_with_their_name_or_address(
    ada: Person, house: House, account: str
) -> None:
    """However they write it."""
    signed_in = await enter(house, account=account)
    visitor = await service.Visitors(house).visitor(signed_in.token)
    assert visitor is not None
    assert (visitor.id, visitor.name, visitor.display_name) == (ada.id, "ada", "Ada Low")
    assert visitor.is_steward


async def test_only_the_hash_of_a_session_is_stored(ada: Person, house: House) -> None:
    """A stolen database opens nothing; the address is stored roughly."""
    signed_in = await enter(house)
    (row,) = await Session.all().values()
    assert signed_in.token not in str(row)
    assert (row["browser"], row["network"]) == ("Firefox on Linux", "192.0.2.0/24")


async def test_a_wrong_password_and_an_unknown_account_look_the_same(
    ada: Person, house: House
) -> None:
    """The same words, and no session."""
    with pytest.raises(service.SignInRefusedError) as wrong:
        await enter(house, password=WRONG)
    with pytest.raises(service.SignInRefusedError) as unknown:
        await enter(house, account="nobody")
    assert str(wrong.value) == str(unknown.value)
    assert not await Session.all().exists()


@pytest.mark.usefixtures("real_passwords")
async def test_one_hash_is_computed_either_way(
    ada: Person, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that time tells nothing either."""
    computed: list[str | None] = []
    real = passwords._right

    def counted(password: str, stored: str | None) -> bool:
        computed.append(stored)
        return real(password, stored)

    monkeypatch.setattr(passwords, "_right", counted)
    for account in ("ada", "nobody"):
        with pytest.raises(service.SignInRefusedError):
            await enter(house, account=account, password=WRONG)
    assert computed == [ada.password_hash, None]
    assert passwords._HASHER.check_needs_rehash(passwords.NOBODYS) is False


async def test_nobodys_hash_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even for somebody who knows what it was made from."""
    monkeypatch.setattr(passwords, "NOBODYS", await passwords.hashed(PASSWORD))
    assert await passwords.right(PASSWORD, None) is False


async def test_an_account_is_not_tried_for_ever(
    ada: Person, house: House, clock: MovableClock
) -> None:
    """Ten times a quarter of an hour, from wherever; then the right password won't help."""
    for turn in range(10):
        with pytest.raises(service.SignInRefusedError):
            await enter(house, password=WRONG, address=f"192.0.2.{turn}")
    with pytest.raises(TooManyError) as caught:
        await enter(house, address="198.51.100.7")
    assert 0 < int(str(caught.value.facts["retry_after"])) <= 900
    clock.move(timedelta(minutes=15, seconds=1))
    await enter(house)


async def test_an_address_does_not_try_accounts_for_ever(house: House) -> None:
    """Sixty times, whatever the account."""
    await Attempt.create(
        key=house.vault.tag("sign-in-address:192.0.2.1", purpose="attempts"), tries=60,
        until_ms=int(house.clock.now().timestamp() * 1000) + 1_000,
    )  # fmt: skip
    with pytest.raises(TooManyError):
        await enter(house, account="nobody")


async def test_many_tries_at_once_do_not_slip_through(ada: Person, house: House) -> None:
    """Each is counted before it is made."""
    tries = [enter(house, password=WRONG) for _ in range(14)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds.count("SignInRefusedError") == 10
    assert kinds.count("TooManyError") == 4


async def test_coming_in_forgets_the_tries_before(ada: Person, house: House) -> None:
    """Somebody who mistypes now and then is never shut out."""
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(service.SignInRefusedError):
                await enter(house, password=WRONG)
        await enter(house)


async def test_what_is_counted_names_nobody(ada: Person, house: House) -> None:
    """Neither names nor addresses can be read from the table, and old counts are swept."""
    await enter(house, account="ada@example.org", address="192.0.2.1")
    stored = str(await Attempt.all().values())
    assert "ada" not in stored
    assert "192.0.2" not in stored


async def test_old_counts_are_swept(house: House, clock: MovableClock) -> None:
    """When they are over."""
    await limits.count(Limit.JOIN_ADDRESS, "192.0.2.1", house=house)
    await limits.sweep(house=house)
    assert await Attempt.all().count() == 1
    clock.move(timedelta(hours=2))
    await limits.sweep(house=house)
    assert await Attempt.all().count() == 0


async def test_signing_in_ends_the_session_before(ada: Person, house: House) -> None:
    """A session is never carried over."""
    first = await enter(house)
    second = await enter(house, replaces=first.token)
    visitors = service.Visitors(house)
    assert first.token != second.token
    assert await visitors.visitor(first.token) is None
    assert await visitors.visitor(second.token) is not None


async def test_an_unused_session_ends_and_a_used_one_lasts(
    ada: Person, house: House, clock: MovableClock
) -> None:
    """Thirty days without a visit; half a year in all."""
    visitors = service.Visitors(house)
    used, unused = await enter(house), await enter(house)
    for _ in range(8):
        clock.move(timedelta(days=20))
        assert await visitors.visitor(used.token) is not None
    assert await visitors.visitor(unused.token) is None
    clock.move(timedelta(days=21))
    assert await visitors.visitor(used.token) is None
    await sessions.sweep(house=house)
    assert not await Session.all().exists()


async def test_people_see_and_end_their_own_sessions(ada: Person, house: House) -> None:
    """And nobody else's."""
    bob = await service.add_person(name="bob", password=PASSWORD, house=house)
    here, there = await enter(house), await enter(house)
    assert len(await sessions.listed(ada.id, house=house)) == 2
    with pytest.raises(NotFoundError):
        await sessions.end(there.session.id, person_id=bob.id)
    assert await sessions.end_others(ada.id, keep=here.session.id) == 1
    assert [row.id for row in await sessions.listed(ada.id, house=house)] == [here.session.id]
    await sessions.sign_out(here.token, house=house)
    assert await service.Visitors(house).visitor(here.token) is None


async def test_a_made_up_token_opens_nothing(ada: Person, house: House) -> None:
    """Nor does an empty one."""
    for token in ("", "x", "é" * 500):
        assert await service.Visitors(house).visitor(token) is None
