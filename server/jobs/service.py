"""Put jobs into the queue, inside the caller's transaction, and look after those that died."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from federation.vocab.types import JsonObject
from server import db
from server.errors import NotFoundError
from server.house import House
from server.jobs import queue

PAGE = 50
"""Dead jobs on a page."""
KEPT = timedelta(days=30)
"""How long a dead job waits for somebody to look at it."""
ROWS = 100
"""Jobs in one statement."""


class Later(Exception):  # noqa: N818 - not an error: a handler asks for another time
    """A handler asks to be called again after a while; this is not one of the job's tries."""

    def __init__(self, after: timedelta, reason: str = "") -> None:
        """Say after how long, and why, for the stewards."""
        super().__init__(reason)
        self.after, self.reason = after, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadJob:
    """A job that was given up."""

    id: int
    kind: str
    payload: JsonObject
    attempts: int
    error: str
    created_at: datetime
    died_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What is in the queue."""

    due: int
    """Could begin now."""
    later: int
    """Wait for their time."""
    running: int
    dead: int
    oldest_due: timedelta
    """How long the oldest that could begin has been waiting."""


def milliseconds(moment: datetime) -> int:
    """Return a moment as milliseconds since the epoch."""
    return int(moment.timestamp() * 1_000)


async def enqueue(
    kind: str,
    payload: JsonObject,
    *,
    house: House,
    due: datetime | None = None,
    key: str | None = None,
    order_key: str | None = None,
) -> bool:
    """Have something done once the caller's transaction commits: at `due`, or as soon as possible.

    `payload` holds ids, never secrets. While a job of the same `key` waits, this one is dropped
    and False returned; one that is being worked on does not count. Those that share an order key
    are done one after another, as with `enqueue_many`.
    """
    now = milliseconds(house.clock.now())
    added = await db.execute(
        "INSERT INTO jobs (kind, payload, key, waiting_key, order_key, due_ms, attempts,"
        " created_ms) VALUES (?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (waiting_key) DO NOTHING",
        kind, _written(payload), key, key, order_key, milliseconds(due) if due else now, now,
    )  # fmt: skip
    await house.ring()
    return added == 1


async def enqueue_many(
    kind: str,
    payloads: Sequence[JsonObject],
    *,
    house: House,
    order_keys: Sequence[str | None] = (),
) -> None:
    """Have many things of a kind done as soon as possible, a hundred to a statement.

    Those that share an order key (`order_keys` has one for each payload, or is empty) are done one
    after another in the order in which they were enqueued, whichever workers do them; one that
    has to wait has those after it wait too, and one that is set aside does not.
    """
    now = milliseconds(house.clock.now())
    keys = order_keys or [None] * len(payloads)
    rows = [
        (kind, _written(payload), key, now, 0, now)
        for payload, key in zip(payloads, keys, strict=True)
    ]
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        places = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(part))
        await db.execute(
            "INSERT INTO jobs (kind, payload, order_key, due_ms, attempts, created_ms)"  # noqa: S608
            f" VALUES {places}",
            *[value for row in part for value in row],
        )
    if payloads:
        await house.ring()


async def dead(span: db.Span = db.TOP) -> list[DeadJob]:
    """Return a page of dead jobs, the newest first, and one more to see if there are more; after a
    mark, the nearest to it first.
    """
    than, way = (">", "ASC") if span.after is not None else ("<", "DESC")
    mark = next((one for one in (span.after, span.before) if one is not None), 2**62)
    found = await db.rows(
        f"SELECT * FROM jobs WHERE due_ms IS NULL AND id {than} ? ORDER BY id {way} LIMIT ?",  # noqa: S608
        mark, PAGE + 1,
    )  # fmt: skip
    return [_dead(row) for row in found]


async def dead_one(job_id: int) -> DeadJob:
    """Return a dead job. Raises NotFoundError where there is none."""
    found = await db.rows("SELECT * FROM jobs WHERE id = ? AND due_ms IS NULL", job_id)
    if not found:
        raise NotFoundError
    return _dead(found[0])


def _dead(row: Mapping[str, Any]) -> DeadJob:
    return DeadJob(
        id=row["id"],
        kind=row["kind"],
        payload=orjson.loads(row["payload"]),
        attempts=row["attempts"],
        error=row["last_error"] or "",
        created_at=_moment(row["created_ms"]),
        died_at=_moment(row["dead_ms"]),
    )


async def sweep(*, house: House) -> int:
    """Forget jobs that died longer ago than they are kept; return how many."""
    before = milliseconds(house.clock.now() - KEPT)
    return await db.execute("DELETE FROM jobs WHERE due_ms IS NULL AND dead_ms < ?", before)


async def replay(job_id: int, *, house: House) -> None:
    """Let a dead job try again from the beginning. Raises NotFoundError where there is none."""
    async with db.transaction():
        found = await db.rows(
            "DELETE FROM jobs WHERE id = ? AND due_ms IS NULL"  # noqa: S608
            f" RETURNING {queue.COLUMNS}, last_error",
            job_id,
        )
        if not found:
            raise NotFoundError
        error = found[0].pop("last_error")
        now = milliseconds(house.clock.now())
        job = queue.TakenJob(**found[0])
        await queue.insert_again(queue.Again(job=job, due_ms=now, error=error, attempts=0))
        await house.ring()


async def counts(*, house: House) -> Counts:
    """Return how much is in the queue, for the stewards and for /metrics."""
    now = milliseconds(house.clock.now())
    [row] = await db.rows(
        "SELECT COUNT(*) AS everything, COUNT(leased_by) AS running, COUNT(dead_ms) AS dead,"
        " COUNT(CASE WHEN leased_by IS NULL AND due_ms <= ? THEN 1 END) AS due,"
        " MIN(CASE WHEN leased_by IS NULL THEN due_ms END) AS oldest FROM jobs",
        now,
    )
    return Counts(
        due=row["due"],
        later=row["everything"] - row["running"] - row["dead"] - row["due"],
        running=row["running"],
        dead=row["dead"],
        oldest_due=timedelta(milliseconds=now - min(now, row["oldest"] or now)),
    )


def _written(payload: JsonObject) -> str:
    return orjson.dumps(payload).decode()


def _moment(value: Any) -> datetime:
    return datetime.fromtimestamp(value / 1_000, UTC)
