"""What lists ask for, again and again, is found by index on both engines."""

import pytest

from server import db
from server.db import reading
from server.follows.service import FollowAnswered
from server.house import House
from server.hub.service import check_address
from server.network import service
from server.network.formats.reading import read
from server.network.rules.subscribing import EntryState, Wish
from server.network.service import catalogues, finding, hubs, polling, stepping
from server.network.tables import Entry, TakenList
from tests.server.channels.test_plans import read_whole
from tests.server.delivery.test_plans import asked
from tests.support.inhabitants import following, hub, stranger

pytestmark = pytest.mark.usefixtures("database")

GROWING = "follows|actors|hosts|subscription_entries|subscription_batches|taken_lists|listed_hubs"


async def test_no_statement_reads_a_growing_table_whole(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next step in a lane, how far lists are, what is due and what is old, a shared list."""
    await hub(house)
    batch = await service.begin(read("a@b.test\nc@d.test"), title="", by="", house=house)
    await Entry.filter(batch_id=batch.id).update(state=EntryState.FAILED, waiting=False)
    await service.wished(batch.id, Wish.FOLLOW, house=house)
    now = house.clock.now()
    await TakenList.create(uri="https://b.test/lists/a", batch=batch, due_at=now, again_at=now)
    shared = await service.share("Hubs", "", house=house)
    await service.put_in(shared, [await stranger(house, "ann")], house=house)
    async with asked(monkeypatch) as seen:
        monkeypatch.setattr(reading, "rows", db.rows)
        await stepping.go_on({"lane": 0}, house)
        await stepping.prime_all({}, house)
        await polling.poll_due({}, house)
        await service.progress([batch])
        await service.hubs_of(shared)
        await service.sweep(house=house)
    tables = GROWING.split("|")
    mine = [(sql, given) for sql, given in seen if any(table in sql for table in tables)]
    assert len(mine) >= 6
    for sql, given in mine:
        assert await read_whole(sql, given, GROWING) == [], sql


async def test_nor_does_what_is_asked_of_catalogues_hubs_and_whom_they_know(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is due, who is shown and how they are, whom others are told of; what was seen is put
    together whole, and is swept.
    """
    me, ann = await hub(house), await stranger(house, "ann", type="Organization")
    follow = await following(me, ann, house=house)
    await catalogues.on_answered(FollowAnswered(follow), house)
    await check_address(house=house)  # which makes the row of the hub's settings
    async with asked(monkeypatch) as seen:
        monkeypatch.setattr(reading, "rows", db.rows)
        assert len(await hubs.listed(house=house)) == 1
        assert (await hubs.silent([ann.host], house=house)).quiet == []
        assert len(await finding.known(before=None, house=house)) == 1
        await finding.proposed(house=house)
        await finding.dismissed()
        await finding.sweep(house=house)
        await finding._unknown()
        await finding._see_lists(house)
    assert len(seen) >= 6
    growing = (
        "actors|hosts|catalogues|follows|boosts|posts|lanes|subscription_entries|dismissed_hubs"
    )
    for sql, given in seen:
        assert await read_whole(sql, given, growing) == [], sql
