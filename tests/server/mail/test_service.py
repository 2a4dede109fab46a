"""Letters are queued as ids and written when they are sent."""

from collections.abc import AsyncIterator

import pytest

from federation.vocab.types import JsonObject
from server import db, jobs
from server.db import Database
from server.house import House
from server.jobs import Registry, Worker
from server.mail import Composers, Letter, register_jobs, send_later
from tests.support.clock import MovableClock
from tests.support.quiet_house import quiet_house


class Pigeon:
    """A mailer that keeps what it was given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.tired = False

    async def send(self, to: str, *, subject: str, text: str) -> None:
        if self.tired:
            message = "tired"
            raise OSError(message)
        self.sent.append((to, subject, text))


@pytest.fixture
def pigeon() -> Pigeon:
    return Pigeon()


@pytest.fixture
async def house(database: Database, pigeon: Pigeon) -> AsyncIterator[House]:
    async with quiet_house(MovableClock(), mailer=pigeon) as house:
        yield house


@pytest.fixture
def composers() -> Composers:
    """Writers of two kinds of letter."""
    composers = Composers()

    async def hello(about: JsonObject, house: House) -> Letter | None:
        if about["person"] == 404:
            return None
        return Letter(to="ada@b.test", subject="Hello", text=f"{about['person']} at {house.host}")

    composers.on("hello", hello)
    return composers


@pytest.fixture
def worker(composers: Composers, house: House) -> Worker:
    registry = Registry()
    register_jobs(registry, composers)
    return Worker(registry, house)


async def test_a_letter_is_written_when_it_is_sent(
    worker: Worker, house: House, pigeon: Pigeon
) -> None:
    """The queue holds no word of it."""
    async with db.transaction():
        assert await send_later("hello", {"person": 7}, house=house)
    [row] = await db.rows("SELECT payload FROM jobs")
    assert row["payload"] == '{"kind":"hello","about":{"person":7}}'
    assert await worker.run_due() == 1
    assert pigeon.sent == [("ada@b.test", "Hello", "7 at hub.test")]


async def test_a_letter_that_nobody_needs_any_more_is_not_sent(
    worker: Worker, house: House, pigeon: Pigeon
) -> None:
    """Its person is gone, say."""
    await send_later("hello", {"person": 404}, house=house)
    assert await worker.run_due() == 1
    assert pigeon.sent == []
    assert (await jobs.counts(house=house)).later == 0


async def test_a_letter_is_tried_again(worker: Worker, house: House, pigeon: Pigeon) -> None:
    """The mail server is away for a while."""
    pigeon.tired = True
    await send_later("hello", {"person": 7}, house=house, key="hello:7")
    assert await worker.run_due() == 1
    assert (await jobs.counts(house=house)).later == 1
    assert not await send_later("hello", {"person": 7}, house=house, key="hello:7")


async def test_without_a_mail_server_nothing_is_queued(database: Database) -> None:
    """It could never leave."""
    async with quiet_house(MovableClock()) as house:
        assert not await send_later("hello", {"person": 7}, house=house)
        assert (await jobs.counts(house=house)).due == 0


async def test_a_kind_of_letter_has_one_writer(composers: Composers, house: House) -> None:
    """And an unknown one says so."""

    async def another(about: JsonObject, house: House) -> Letter | None:
        return None

    with pytest.raises(ValueError, match="two composers"):
        composers.on("hello", another)
    with pytest.raises(LookupError, match="nobody writes letters of the kind goodbye"):
        await composers.write("goodbye", {}, house=house)
