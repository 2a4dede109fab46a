"""Store what was verified, many at a time; later hand each to the feature that claims it."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from federation import vocab
from federation.errors import FederationError, UnreachableError
from federation.inbox import UnreadActivity, VerifiedActivity
from server import db, jobs
from server.house import House
from server.inbox.registry import Listeners
from server.inbox.tables import Received

log = structlog.get_logger()

Proven = VerifiedActivity | UnreadActivity

JOB = "inbox.process"
KEPT = timedelta(days=7)
"""How long an activity is remembered, and so not taken twice."""
REPEATABLE = timedelta(hours=2)
"""A Follow that comes again under its old id is answered again after this: longer than any
signature lives.
"""
BATCH = 100
"""Activities committed together at most."""
LONGEST_KEY = 500
"""Characters of an id that is kept as it is."""


@dataclass(slots=True)
class Intake:
    """Gathers what several requests bring and commits it together (design: engines.md, commits).

    One for each process. `store` returns when its activity is safely in the database.
    """

    house: House
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
            try:
                await write([activity for activity, _ in batch], house=self.house)
            except BaseException as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                if not isinstance(error, Exception):
                    raise
            for _, done in batch:
                if not done.done():
                    done.set_result(None)


async def write(activities: list[Proven], *, house: House) -> None:
    """Store activities and their jobs in one transaction; those known already are left as they are.

    One of a type that is not read here is kept as long as any other, and has no effect.
    """
    now = int(house.clock.now().timestamp() * 1000)
    values: list[object] = []
    distinct = {(one.actor, _id(one)): one for one in activities}
    for (actor, activity_id), one in distinct.items():
        processed = None if isinstance(one, VerifiedActivity) else now
        values += [actor, activity_id, one.key_id, _type(one), one.raw, now, processed]
    rows = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(distinct))
    async with db.transaction():
        stored = await db.rows(
            "INSERT INTO received"  # noqa: S608 - marks only
            " (actor_uri, activity_uri, key_id, type, body, received_ms, processed_ms)"
            f" VALUES {rows} ON CONFLICT (actor_uri, activity_uri) DO UPDATE"
            " SET received_ms = excluded.received_ms"
            " WHERE received.type = 'Follow' AND received.received_ms < excluded.received_ms - ?"
            " RETURNING id, processed_ms",
            *values, int(REPEATABLE.total_seconds() * 1000),
        )  # fmt: skip
        due = [{"id": row["id"]} for row in stored if row["processed_ms"] != now]
        if due:
            await jobs.enqueue_many(JOB, due, house=house)


def _type(proven: Proven) -> str:
    found = proven.activity.type if isinstance(proven, VerifiedActivity) else proven.type
    return str(found or "")[:32]


def _id(proven: Proven) -> str:
    """Return the activity's id; one without an id (a bare Like) is told apart by its bytes."""
    named = proven.activity.id if isinstance(proven, VerifiedActivity) else proven.id
    return bounded(named) if named else "urn:sha256:" + hashlib.sha256(proven.raw).hexdigest()


def bounded(uri: str) -> str:
    """Return an id as it is looked up beside its actor's: a very long one by its hash, since a row
    of an index in PostgreSQL holds 2,704 bytes in all.
    """
    if len(uri) <= LONGEST_KEY and uri.isascii():
        return uri
    return "urn:sha256:" + hashlib.sha256(uri.encode()).hexdigest()


async def process(received_id: int, *, listeners: Listeners, house: House) -> None:
    """Hand a stored activity to those who claim it. Safe to run twice; tried again where a host
    can't be reached.
    """
    row = await Received.get_or_none(id=received_id)
    if row is None:
        return
    try:
        activity = vocab.parse_activity(vocab.load_json(bytes(row.body)))
        verified = VerifiedActivity(
            activity=activity, actor=row.actor_uri, key_id=row.key_id, raw=bytes(row.body)
        )
        await listeners.tell(verified, house)
    except UnreachableError as error:
        raise jobs.Later(after=timedelta(minutes=2), reason=str(error)) from error
    except FederationError as error:
        log.info("inbox.no_effect", type=row.type, actor=row.actor_uri, reason=str(error))
    row.processed_ms = int(house.clock.now().timestamp() * 1000)
    await row.save(update_fields=["processed_ms"])


async def sweep(*, house: House) -> int:
    """Forget what came in longer ago than it is remembered; return how many."""
    before = int((house.clock.now() - KEPT).timestamp() * 1000)
    return await db.execute(
        "DELETE FROM received WHERE received_ms < ? AND processed_ms IS NOT NULL", before
    )
