"""Lists of addresses: begun, wished something of, counted, shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import orjson

from server import db
from server.actors.tables import Actor, Host
from server.errors import NotFoundError
from server.follows.tables import Follow
from server.house import House
from server.hub import service as hub
from server.network.formats.reading import Line, Problem, Reading
from server.network.rules.subscribing import (
    BROUGHT,
    Act,
    EntryState,
    NobodyError,
    Wish,
    after,
    lane_of,
    step_for,
    waiting_under,
)
from server.network.service import stepping
from server.network.service.polling import forget_unlisted
from server.network.service.stepping import prime
from server.network.tables import Batch, Entry

PAGE = 20
"""Lists on a page."""
ENTRIES = 100
"""Addresses on a page."""
PROBLEMS = 100
"""Lines that could not be read, as many as are kept of a list; the others are counted."""
KEPT = timedelta(days=365)
"""How long a list is kept that nobody wishes anything of. What it followed stays followed."""
TITLE = 200


@dataclass(slots=True)
class Progress:
    """How far a list has come."""

    counts: dict[EntryState, int]
    waiting: int
    """Addresses for which a step is still to be taken; also while it is paused."""

    @property
    def total(self) -> int:
        """Addresses in all."""
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """Addresses that wait for nothing."""
        return self.total - self.waiting

    def of(self, *states: EntryState) -> int:
        """Return how many are in these states."""
        return sum(self.counts.get(state, 0) for state in states)


@dataclass(frozen=True, slots=True)
class Seen:
    """An address as it is shown: who was found there, and what their server runs."""

    entry: Entry
    actor: Actor | None
    software: str | None
    let_go: bool
    """Whether the list followed them, and somebody has stopped that by hand since."""


async def begin(
    reading: Reading, *, title: str, by: str, house: House, wish: Wish = Wish.LOOK
) -> Batch:
    """Begin to look up whom a list names; with the wish to follow, to follow those found too.

    Raises NobodyError where it names nobody.
    """
    if not reading.lines:
        raise NobodyError
    now = house.clock.now()
    problems = [[one.number, one.text, one.reason] for one in reading.problems[:PROBLEMS]]
    async with db.transaction():
        batch = await Batch.create(
            title=title[:TITLE], by=by[:TITLE], wish=wish, created_at=now, changed_at=now,
            problems=orjson.dumps(problems).decode(), problem_count=len(reading.problems),
        )  # fmt: skip
        await Entry.bulk_create([_entry(batch, line) for line in reading.lines], batch_size=200)
        await prime(house=house)
    return batch


def _entry(batch: Batch, line: Line) -> Entry:
    return Entry(
        batch=batch, line=line.number, address=line.address, lane=lane_of(_host(line.address))
    )


def _host(address: str) -> str:
    return address.rpartition("@")[2] if address.startswith("@") else urlsplit(address).netloc


def problems_of(batch: Batch) -> list[Problem]:
    """Return the lines that could not be read, the first so many."""
    return [Problem(*one) for one in orjson.loads(batch.problems)]


async def by_id(batch_id: int) -> Batch:
    """Return a list. Raises NotFoundError."""
    batch = await Batch.get_or_none(id=batch_id)
    if batch is None:
        raise NotFoundError
    return batch


async def wished(batch_id: int, wish: Wish, *, house: House) -> None:
    """Have something done with a whole list: follow those found, or take back what it followed."""
    async with db.transaction():
        batch = await _locked(batch_id)
        batch.wish, batch.paused = wish, False
        await _go_on(batch, house=house)


async def pause(batch_id: int, *, house: House) -> None:
    """Have nothing more done with a list until it is resumed; what is under way ends."""
    async with db.transaction():
        batch = await _locked(batch_id)
        batch.paused, batch.changed_at = True, house.clock.now()
        await batch.save(update_fields=["paused", "changed_at"])
        await Entry.filter(batch_id=batch.id, waiting=True).update(waiting=False)


async def resume(batch_id: int, *, house: House) -> None:
    """Go on with a list that was paused, where it stopped."""
    async with db.transaction():
        batch = await _locked(batch_id)
        batch.paused = False
        await _go_on(batch, house=house)


async def look_again(batch_id: int, *, house: House) -> None:
    """Look up once more those that could not be followed."""
    async with db.transaction():
        batch = await _locked(batch_id)
        await Entry.filter(batch_id=batch.id, state=EntryState.FAILED).update(
            state=after(EntryState.FAILED, Act.AGAIN), reason=""
        )
        batch.paused = False
        await _go_on(batch, house=house)


async def leave_out(batch_id: int, entry_id: int, act: Act, *, house: House) -> None:
    """Leave one address out of a list, and stop following if the list did; or take it in again.

    Raises NotFoundError.
    """
    us = await hub.hub_actor(house=house)
    async with db.transaction():
        batch = await _locked(batch_id)
        row = await Entry.get_or_none(id=entry_id, batch_id=batch.id)
        if row is None or us is None:
            raise NotFoundError
        if act is Act.LEAVE:
            await stepping.leave_out(row, us, house=house)
        else:
            row.state, row.reason = after(row.state, act), ""
        await row.save(update_fields=["state", "reason"])
        await _go_on(batch, house=house)


async def _locked(batch_id: int) -> Batch:
    """Return a list that nobody else changes meanwhile. Raises NotFoundError."""
    batch = await Batch.filter(id=batch_id).select_for_update().get_or_none()
    if batch is None:
        raise NotFoundError
    return batch


async def _go_on(batch: Batch, *, house: House) -> None:
    """Have those addresses wait for their next step that have one, and no others."""
    batch.changed_at = house.clock.now()
    await batch.save(update_fields=["wish", "paused", "changed_at"])
    await Entry.filter(batch_id=batch.id, waiting=True).update(waiting=False)
    for listed in (True, False) if not batch.paused else ():
        rows = Entry.filter(batch_id=batch.id, unlisted_at__isnull=listed)
        states = waiting_under(batch.wish, listed=listed)
        await rows.filter(state__in=states).update(waiting=True, tries=0)
    await prime(house=house)


async def listed(span: db.Span = db.TOP) -> list[Batch]:
    """Return a page of lists, newest first, and one more to see if there are more."""
    return await span.of(Batch.all(), PAGE + 1)


async def progress(batches: Sequence[Batch]) -> dict[int, Progress]:
    """Return how far each list has come, by its row."""
    if not batches:
        return {}
    found = await db.rows(
        "SELECT batch_id, state, unlisted_at IS NULL AS listed, COUNT(*) AS n"  # noqa: S608 - marks
        f" FROM subscription_entries WHERE batch_id IN ({db.marks(len(batches))})"
        " GROUP BY batch_id, state, unlisted_at IS NULL",
        *[batch.id for batch in batches],
    )
    made = {batch.id: Progress({}, 0) for batch in batches}
    wishes = {batch.id: batch.wish for batch in batches}
    for row in found:
        of, state, number = made[row["batch_id"]], EntryState(row["state"]), int(row["n"])
        of.counts[state] = of.counts.get(state, 0) + number
        if step_for(wishes[row["batch_id"]], state, listed=bool(row["listed"])):
            of.waiting += number
    return made


async def entries(
    batch: Batch, *, states: Collection[EntryState] = (), after_id: int = 0, limit: int = ENTRIES
) -> list[Seen]:
    """Return a page of a list's addresses, in its order, and one more to see if there are more."""
    query = Entry.filter(batch_id=batch.id, id__gt=after_id)
    if states:
        query = query.filter(state__in=list(states))
    rows = await query.order_by("id").limit(limit + 1)
    people = await db.read_by_id(Actor, [row.actor_id for row in rows if row.actor_id])
    names = {actor.host for actor in people.values()}
    hosts = {row.host: row.software for row in await Host.filter(host__in=list(names))}
    made = [row.follow_id for row in rows if row.state in BROUGHT and row.follow_id is not None]
    lost = set(made) - set(await db.read_by_id(Follow, made))
    return [
        Seen(row, actor, hosts.get(actor.host) if actor else None, row.follow_id in lost)
        for row in rows
        for actor in [people.get(row.actor_id or 0)]
    ]


async def sweep(*, house: House) -> None:
    """Forget lists that nobody has wished anything of for a year, unless they are elsewhere and
    followed along with.
    """
    await db.execute(
        "DELETE FROM subscription_batches WHERE changed_at < ? AND NOT EXISTS"
        " (SELECT 1 FROM taken_lists t WHERE t.batch_id = subscription_batches.id)",
        db.moment(house.clock.now() - KEPT),
    )
    await forget_unlisted(house=house)
