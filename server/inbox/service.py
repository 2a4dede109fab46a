"""Store what was verified, many at a time; later hand each to the feature that claims it."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import structlog

from federation import uris, vocab
from federation.errors import FederationError, UnreachableError
from federation.inbox import VerifiedActivity
from server import db, jobs
from server.actors.hosts import Ear
from server.delivery import service as delivery
from server.errors import RefusedError
from server.house import House
from server.inbox import order
from server.inbox.order import Proven, bounded
from server.inbox.origin import asked
from server.inbox.recent import Arrival, Recent
from server.inbox.registry import Listeners
from server.inbox.tables import Received

log = structlog.get_logger()

JOB = "inbox.process"
TRIES = 5
"""What fails so often for no reason that is known here (some five minutes) is set aside."""
KEPT = timedelta(days=7)
"""How long an activity is remembered, and so not taken twice."""
REPEATABLE = timedelta(hours=2)
"""A Follow that comes again under its old id is answered again after this: longer than any
signature lives.
"""
BATCH = 100
"""Activities committed together at most."""
PATIENCE = timedelta(minutes=2)
"""How long a host that can't be asked is left alone, at first."""
UNDOABLE = frozenset(
    {
        vocab.ActivityType.FOLLOW, vocab.ActivityType.LIKE, vocab.ActivityType.EMOJI_REACT,
        vocab.ActivityType.ANNOUNCE, vocab.ActivityType.BLOCK,
    }
)  # fmt: skip


@dataclass(slots=True)
class Intake:
    """Gathers what several requests bring and commits it together (design: engines.md, commits).

    One for each process. `store` returns when its activity is safely in the database.
    """

    house: House
    recent: Recent = field(default_factory=Recent)
    ear: Ear = field(default_factory=Ear)
    _waiting: list[tuple[Proven, asyncio.Future[None]]] = field(default_factory=list)
    _writer: asyncio.Task[None] | None = None

    async def store(self, activity: Proven) -> None:
        """Store an activity and the job that will process it, in one transaction with its
        neighbours.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((activity, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            error: BaseException | None = None
            try:
                await self._commit([activity for activity, _ in batch])
            except BaseException as caught:  # noqa: BLE001 - whoever brought it is told, not we
                error = caught
            for _, done in batch:
                if not done.done():
                    done.set_result(None) if error is None else done.set_exception(error)
            if error is not None and not isinstance(error, Exception):
                raise error

    async def _commit(self, activities: Sequence[Proven]) -> None:
        stored = await write(activities, house=self.house)
        for row_id, arrival in stored.items():
            self.recent.keep(row_id, arrival)
        await self.ear.hear(*{uris.host_of(one.key_id) for one in activities}, house=self.house)


async def write(activities: Sequence[Proven], *, house: House) -> dict[int, Arrival]:
    """Store activities and their jobs in one transaction; those known already are left as they are,
    but what was known at second hand only counts anew. Whoever sent them is awake, and so are the
    lanes to their hosts. Return those that will be processed, by their rows.

    One of a type that is not read here is kept as long as any other, and has no effect.
    """
    now = int(house.clock.now().timestamp() * 1000)
    distinct = {(one.actor, _id(one)): one for one in activities}
    values: list[object] = []
    for (actor, activity_id), one in distinct.items():
        processed = None if isinstance(one, VerifiedActivity) else now
        values += [actor, activity_id, uris.host_of(one.key_id), one.key_id, _type(one)]
        values += [one.raw, now, processed, _undoes(one), _is_second_hand(one)]
    rows = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(distinct))
    async with db.transaction():
        stored = await db.rows(
            "INSERT INTO received (actor_uri, activity_uri, host, key_id, type, body,"  # noqa: S608
            f" received_ms, processed_ms, undoes, second_hand) VALUES {rows}"
            " ON CONFLICT (actor_uri, activity_uri) DO UPDATE"
            " SET received_ms = excluded.received_ms, processed_ms = NULL,"
            " key_id = excluded.key_id, body = excluded.body, second_hand = excluded.second_hand"
            " WHERE received.second_hand AND NOT excluded.second_hand"
            " OR received.type = 'Follow' AND received.received_ms < excluded.received_ms - ?"
            " RETURNING id, actor_uri, activity_uri, processed_ms",
            *values, int(REPEATABLE.total_seconds() * 1000),
        )  # fmt: skip
        due = {
            (row["actor_uri"], row["activity_uri"]): int(row["id"])
            for row in stored
            if row["processed_ms"] is None
        }
        if due:
            keys = await order.keys({who: distinct[who] for who in distinct if who in due})
            await jobs.enqueue_many(
                JOB, [{"id": due[who]} for who in keys], order_keys=list(keys.values()), house=house
            )
    await delivery.wake(*{uris.host_of(one.key_id) for one in activities}, house=house)
    return {
        due[who]: Arrival(one, who[1], now)
        for who, one in distinct.items()
        if who in due and isinstance(one, VerifiedActivity)
    }


def _undoes(proven: Proven) -> str | None:
    if not isinstance(proven, VerifiedActivity):
        return None
    if proven.activity.type is not vocab.ActivityType.UNDO:
        return None
    undone = vocab.id_of(proven.activity.object)
    return bounded(undone) if undone else None


def _is_second_hand(proven: Proven) -> bool:
    return isinstance(proven, VerifiedActivity) and proven.second_hand


def _type(proven: Proven) -> str:
    found = proven.activity.type if isinstance(proven, VerifiedActivity) else proven.type
    return str(found or "")[:32]


def _id(proven: Proven) -> str:
    """Return the activity's id; one without an id (a bare Like) is told apart by its bytes."""
    named = proven.activity.id if isinstance(proven, VerifiedActivity) else proven.id
    return bounded(named) if named else "urn:sha256:" + hashlib.sha256(proven.raw).hexdigest()


async def process(
    payload: vocab.JsonObject, *, listeners: Listeners, house: House, recent: Recent | None = None
) -> None:
    """Hand a stored activity to those who claim it. Safe to run twice; tried again where a host
    can't be reached, ever more rarely and as long as the activity is remembered.
    """
    row_id = int(str(payload["id"]))
    held = recent.take(row_id) if recent is not None else None
    arrival = held or await _stored(row_id)
    if arrival is None:
        return
    told: dict[str, object] = {
        "type": str(arrival.activity.activity.type), "actor": arrival.activity.actor
    }  # fmt: skip
    try:
        await _hand_over(arrival, listeners, house=house)
    except UnreachableError as error:
        age = _age(arrival, house)
        if age < KEPT:
            raise jobs.Later(after=max(PATIENCE, age / 2), reason=str(error)) from error
        log.info("inbox.given_up", **told, reason=str(error))
    except (FederationError, RefusedError) as error:
        log.info("inbox.no_effect", **told, reason=str(error))


async def _stored(row_id: int) -> Arrival | None:
    row = await db.read_one(Received, "SELECT * FROM received WHERE id = ?", row_id)
    if row is None:
        return None
    raw = bytes(row.body)
    activity = VerifiedActivity(
        activity=vocab.parse_activity(vocab.load_json(raw)), actor=row.actor_uri,
        key_id=row.key_id, raw=raw, second_hand=row.second_hand,
    )  # fmt: skip
    return Arrival(activity, row.activity_uri, row.received_ms)


def _age(arrival: Arrival, house: House) -> timedelta:
    return house.clock.now() - datetime.fromtimestamp(arrival.received_ms / 1000, UTC)


async def processed(payloads: Sequence[vocab.JsonObject], house: House) -> None:
    """Note that stored activities were handed over, in the transaction that ends their jobs."""
    now = int(house.clock.now().timestamp() * 1000)
    await db.execute(
        f"UPDATE received SET processed_ms = ? WHERE id IN ({db.marks(len(payloads))})",  # noqa: S608
        now, *[int(str(one["id"])) for one in payloads],
    )  # fmt: skip


async def _hand_over(arrival: Arrival, listeners: Listeners, *, house: House) -> None:
    verified = arrival.activity
    if verified.activity.type in UNDOABLE and await _was_undone(arrival):
        log.info("inbox.undone_already", type=verified.activity.type, actor=verified.actor)
        return
    if verified.second_hand:
        bearer, age = uris.host_of(verified.key_id), _age(arrival, house)
        found = await asked(verified.activity, bearer=bearer, age=age, house=house)
        verified = replace(verified, activity=found)
    await listeners.tell(verified, house)


async def _was_undone(arrival: Arrival) -> bool:
    """Say whether an Undo of this activity has come already: a job that had to wait may be later
    than what takes it back. A Follow that comes again after its Undo is a new one.
    """
    found = await db.rows(
        "SELECT 1 AS one FROM received WHERE actor_uri = ? AND undoes = ? AND received_ms >= ?",
        arrival.activity.actor, arrival.activity_uri, arrival.received_ms,
    )  # fmt: skip
    return bool(found)


async def sweep(*, house: House) -> int:
    """Forget what came in longer ago than it is remembered; return how many. What was set aside
    stays as long as its job does.
    """
    now = house.clock.now()
    before, aside = (int((now - span).timestamp() * 1000) for span in (KEPT, KEPT + jobs.KEPT))
    return await db.execute(
        "DELETE FROM received WHERE received_ms < ? AND (processed_ms IS NOT NULL"
        " OR received_ms < ?)",
        before, aside,
    )  # fmt: skip
