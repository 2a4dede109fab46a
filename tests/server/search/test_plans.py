"""What is found is found by index on both engines."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from server import db
from server.actors.events import Judged
from server.actors.tables import Actor
from server.db import fulltext, reading
from server.house import House
from server.posts import listeners
from server.posts import service as posts
from server.search import service
from server.search.rules.filter import Filter
from tests.server.channels.test_plans import read_whole
from tests.server.delivery.test_plans import asked
from tests.support.inhabitants import activity, following, hub, note, person, story, stranger

pytestmark = pytest.mark.usefixtures("database")


async def plan(sql: str, arguments: Sequence[object]) -> str:
    """Return how the engine goes about a statement, where it may not read a table whole."""
    if db.dialect() == "sqlite":
        rows = await db.rows(f"EXPLAIN QUERY PLAN {sql}", *arguments)
        return "\n".join(str(row["detail"]) for row in rows)
    async with db.transaction():
        await db.execute("SET LOCAL enable_seqscan = off")
        rows = await db.rows(f"EXPLAIN {sql}", *arguments)
    return "\n".join(str(row["QUERY PLAN"]) for row in rows)


def walks(sql: str) -> bool:
    """Say whether a statement looks through the rows next to a place one by one."""
    return sql.startswith("SELECT id FROM (")


async def test_a_page_and_a_count_ask_the_index_of_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite it gives them in their order; on PostgreSQL the newest are walked through, then its
    index is asked, whatever the planner takes the words for.
    """
    await hub(house)
    ida = await person(house, "ida")
    await story(house, ida)
    async with asked(monkeypatch) as seen:
        monkeypatch.setattr(fulltext, "rows", db.rows)
        monkeypatch.setattr(reading, "rows", db.rows)
        chosen = Filter(text="late knock*", kind="story")
        await service.find(chosen, viewer=await Actor.get(id=ida.actor_id), house=house)
        await service.find(chosen, after=0, house=house)
        await service.facets(chosen, house=house)
        await service.count(chosen, house=house)
    plans = [(sql, await plan(sql, given)) for sql, given in seen if "FROM card_words" in sql]
    assert plans
    for sql, steps in plans:
        if db.dialect() == "sqlite":
            assert "VIRTUAL TABLE INDEX" in steps
            assert "TEMP B-TREE" not in steps
        else:
            index = "card_words_pkey" if walks(sql) else "card_words_held"
            assert re.search(rf"Scan (Backward )?(on|using) {index}", steps), steps
    assert any(walks(sql) for sql, _ in plans) or db.dialect() == "sqlite"


async def test_what_things_bear_is_read_by_their_numbers(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand of them in one statement, by index, whatever the engine takes the list for."""
    await hub(house)
    await story(house, await person(house, "ida"))
    async with asked(monkeypatch) as seen:
        monkeypatch.setattr(reading, "rows", db.rows)
        await service.facets(Filter(), house=house)
    [(sql, given)] = [one for one in seen if "FROM cards" in one[0]]
    assert await read_whole(sql, given, "cards") == []


async def test_what_a_post_is_weighed_by_reads_no_table_whole(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor what an actor is gone over by."""
    await hub(house)
    ida = await person(house, "ida")
    async with asked(monkeypatch) as seen:
        await story(house, ida)
        await service.go_over_next({"actor": ida.actor_id, "host": None, "after": 0}, house)
        await service.on_judged(Judged(actor_id=ida.actor_id), house)
    own = [one for one in seen if "LEFT JOIN experiments" in one[0] or "FROM cards" in one[0]]
    assert own
    assert {sql: steps for sql, given in own if (steps := await read_whole(sql, given))} == {}


async def test_many_things_of_one_transaction_are_weighed_with_the_statements_of_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passed on or told, once each."""
    await hub(house)
    ann = await stranger(house, "ann", indexable=True)
    await following(await Actor.get(uri="https://hub.test/hub"), ann, house=house)
    await posts.keep(note(ann, "<p>Late</p>"), ann, house=house)  # her name is found from now on
    counts = []
    for number in (1, 20):
        async with asked(monkeypatch) as seen, db.transaction():
            for _ in range(number):
                told = note(ann, "<p>Late</p>")
                boost = activity(ann, "Announce", told)
                await listeners.on_announce(replace(boost, fetched=True), house)
        counts.append(sum("cards" in sql or "LEFT JOIN experiments" in sql for sql, _ in seen))
    assert counts == [4, 4]
    assert (await service.count(Filter(text="late"), house=house)).number == 22


async def test_what_is_passed_on_again_is_not_written_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is only looked whether it is still known."""
    await hub(house)
    ann = await stranger(house, "ann", indexable=True)
    await following(await Actor.get(uri="https://hub.test/hub"), ann, house=house)
    told = note(ann, "<p>Late</p>")
    await posts.keep(told, ann, house=house)
    async with asked(monkeypatch) as seen:
        for _ in range(2):
            await listeners.on_announce(activity(ann, "Announce", told.id), house)
    own = [sql.split()[0] for sql, _ in seen if "cards" in sql or "LEFT JOIN experiments" in sql]
    assert own == ["SELECT"] * 4
    assert (await service.count(Filter(text="late"), house=house)).number == 1
