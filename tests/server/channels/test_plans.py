"""What is asked whenever something is published is found by index on both engines."""

import re
from typing import Any

import pytest

from server import db
from server.actors.tables import Actor
from server.db import reading
from server.experiments import service as experiments
from server.experiments.rules.updates import Update
from server.house import House
from server.posts import service as posts
from tests.server.delivery.test_plans import asked
from tests.support.inhabitants import experiment, following, hub, person, stranger

pytestmark = pytest.mark.usefixtures("database")

GROWING = "follows|actors|tags|places|posts|boosts|inboxes|deliveries|activities|sent|lanes"
"""The tables that grow, by which no statement may go row by row."""


async def read_whole(sql: str, arguments: list[Any], growing: str = GROWING) -> list[str]:
    """Return the steps of a statement's plan that read a growing table whole."""
    if db.dialect() == "sqlite":
        rows = await db.rows(f"EXPLAIN QUERY PLAN {sql}", *arguments)
        short = set(re.findall(rf"\b(?:FROM|JOIN) (?:{growing}) (\w+)", sql)) | {
            *growing.split("|")
        }
        return [
            step for row in rows if (step := row["detail"]).startswith("SCAN")
            and "USING" not in step and step.split()[1] in short
        ]  # fmt: skip
    async with db.transaction():
        # With so few rows it would rather read them all; this asks whether it could do otherwise.
        await db.execute("SET LOCAL enable_seqscan = off")
        rows = await db.rows(f"EXPLAIN {sql}", *arguments)
    return [
        step for row in rows if re.search(rf"Seq Scan on ({growing})\b", step := row["QUERY PLAN"])
    ]


async def test_what_runs_for_each_channel_reads_no_table_whole(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor what runs for each edit, and when something is taken back."""
    the_hub, ida = await hub(house), await person(house, "ida")
    tried = await experiment(house, ida, topics=("Sleep", "Night"), places=("Leith",))
    for name, host in (("ann", "a.test"), ("bo", "b.test")):
        follower = await stranger(house, name, host)
        for followed in (the_hub, await Actor.get(username="topic.sleep")):
            await following(follower, followed, house=house)
    async with asked(monkeypatch) as seen:
        monkeypatch.setattr(reading, "rows", db.rows)
        await experiments.record(tried, Update(text="It rang."), by=ida, house=house)
        await posts.withdraw(tried, house=house)
    by_channels = [
        (sql, given) for sql, given in seen
        if re.search(r"follows o|FROM tags|FROM places|uri IN|coalesce\(a.keys_of_id", sql)
        or "a.uri = ?" in sql
    ]  # fmt: skip
    assert len(by_channels) > 10
    assert await read_whole("SELECT * FROM follows f WHERE f.uri || '' = ?", ["x"])  # this one does
    assert {
        sql: whole for sql, given in by_channels if (whole := await read_whole(sql, given))
    } == {}
    passing = Actor.filter(boosts__post_id=tried.id, local=True).sql(params_inline=True)
    assert await read_whole(passing, []) == []
