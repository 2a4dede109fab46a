"""What a round, an enqueuing and the stewards' pages ask for is found by index on both engines."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from federation.audience import Inbox
from server import db
from server.actors.tables import Actor
from server.db import database
from server.delivery import planning, service
from server.delivery.reach import Reach
from server.delivery.service import Fate
from server.house import House
from tests.server.delivery.sending import send, worker
from tests.server.delivery.test_worker import THERE, ida

__all__ = ["ida"]

TABLES = ("deliveries", "lanes", "activities", "inboxes", "queue_drops")


@asynccontextmanager
async def asked(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[tuple[str, list[object]]]]:
    """Write down every statement that is run."""
    seen: list[tuple[str, list[object]]] = []

    def noting(run: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        async def noted(sql: str, *arguments: object) -> object:
            seen.append((sql, list(arguments)))
            return await run(sql, *arguments)

        return noted

    with monkeypatch.context() as patched:
        patched.setattr(db, "rows", noting(database.rows))
        patched.setattr(db, "execute", noting(database.execute))
        yield seen


async def scans(sql: str, arguments: list[object]) -> list[str]:
    """Return the steps of a statement's plan that read one of our tables whole."""
    if db.dialect() == "sqlite":
        plan = [row["detail"] for row in await db.rows(f"EXPLAIN QUERY PLAN {sql}", *arguments)]
        return [
            step for step in plan if step.startswith("SCAN") and "USING" not in step
            and step.split()[1] in ("d", "l", "a", "i", "w", *TABLES)
        ]  # fmt: skip
    async with db.transaction():
        # With so few rows it would rather read them all; this asks whether it could do otherwise.
        await db.execute("SET LOCAL enable_seqscan = off")
        plan = [row["QUERY PLAN"] for row in await db.rows(f"EXPLAIN {sql}", *arguments)]
    return [
        step for step in plan if "Seq Scan on" in step and any(f"on {t}" in step for t in TABLES)
    ]


async def test_no_statement_of_a_round_reads_a_table_whole(
    house: House, ida: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one of what is enqueued, or shown."""
    async with asked(monkeypatch) as seen:
        await send(ida, THERE, "https://b.test/inbox", house=house, about=THERE)
        await send(ida, THERE, house=house, kind="Delete", about=THERE)
        await worker(house).run_due()
        await worker(house)._next_due()
        await planning._page("there.test")
        await service.wake("there.test", house=house)
        await service.try_now("there.test", house=house)
        await service.failing(house=house)
        await service.under_way(house=house)
        await service.lane("there.test", house=house)
        await service.waiting_for("there.test")
        await service.lost()
        await service.status(THERE)
        await service.receipts(THERE, Fate.WAITING)
        await service.drop("there.test", by="sam", reason="x", withdrawals=False, house=house)
    statements = [one for one in seen if "pg_advisory" not in one[0]]
    assert len(statements) > 20
    assert await scans("SELECT id FROM deliveries WHERE error = ?", ["x"])  # this one does
    assert {sql: found for sql, given in statements if (found := await scans(sql, given))} == {}


async def test_thirty_thousand_cost_as_many_statements_as_one(
    house: House, ida: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is enqueued is not read first, nor written row by row."""
    counts = []
    for number in (1, 300):
        urls = [f"https://h{number}-{index}.test/inbox" for index in range(number)]
        async with asked(monkeypatch) as seen:
            await send(ida, *urls, house=house)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert await db.rows(Reach.of([Inbox(THERE)]).sql, THERE) == [{"url": THERE}]
