"""The queue's SQL: take, keep, settle. A worker's side; everybody else's is `service.py`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from server import db
from server.jobs.rules import ERROR_LIMIT

COLUMNS = "id, kind, payload, key, order_key, attempts, created_ms"
NOTHING_BEFORE = (
    "(j.order_key IS NULL OR NOT EXISTS (SELECT 1 FROM jobs e WHERE e.order_key = j.order_key"
    " AND e.due_ms >= 0 AND e.id <> j.id"
    " AND (e.id < j.id OR (e.leased_by IS NOT NULL AND e.due_ms > ?))))"
)
"""A job may be taken: of its order key nothing that is older lives, and nothing is being done. The
dead, whose time is empty, hold nobody up. Its argument is the present moment.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenJob:
    """A job that a worker has a lease on."""

    id: int
    kind: str
    payload: str
    key: str | None
    order_key: str | None
    attempts: int
    """How often it was taken, this time included."""
    created_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A job that goes back into the queue."""

    job: TakenJob
    due_ms: int
    error: str | None
    attempts: int


async def take(worker: str, *, limit: int, now: int, lease: int) -> list[TakenJob]:
    """Lease up to `limit` jobs that are due, or whose lease is over. Times in milliseconds.

    No two of an order key are ever leased at once, nor a later one before an earlier one.
    """
    async with db.transaction():
        # One worker looks at a time: else two could take jobs of one key, when the older of them
        # was committed after the newer.
        await db.in_turn("jobs.take")
        found = await db.rows(
            # In a WITH, since PostgreSQL may run a subquery of IN more than once.
            "WITH due AS (SELECT id AS due_id FROM jobs j WHERE due_ms <= ?"  # noqa: S608
            f" AND {NOTHING_BEFORE} ORDER BY due_ms, id LIMIT ?"
            f" {db.skip_locked()})"
            " UPDATE jobs SET leased_by = ?, due_ms = ?, attempts = attempts + 1,"
            f" waiting_key = NULL FROM due WHERE id = due_id RETURNING {COLUMNS}",
            now, now, limit, worker, now + lease,
        )  # fmt: skip
    return sorted((TakenJob(**row) for row in found), key=lambda job: job.id)


async def keep(worker: str, ids: Collection[int], *, now: int, lease: int) -> None:
    """Renew the lease on jobs that are still being worked on."""
    await db.execute(
        f"UPDATE jobs SET due_ms = ? WHERE leased_by = ? AND id IN ({db.marks(len(ids))})",  # noqa: S608
        now + lease, worker, *ids,
    )  # fmt: skip


async def finish(worker: str, ids: Collection[int]) -> None:
    """Remove jobs that are done, all at once; not those that another worker has taken since."""
    await db.execute(
        f"DELETE FROM jobs WHERE leased_by = ? AND id IN ({db.marks(len(ids))})",  # noqa: S608
        worker, *ids,
    )  # fmt: skip


async def bury(worker: str, job: TakenJob, *, error: str, now: int) -> None:
    """Give a job up; it stays for the stewards to see."""
    await db.execute(
        "UPDATE jobs SET dead_ms = ?, due_ms = NULL, leased_by = NULL, last_error = ?"
        " WHERE id = ? AND leased_by = ?",
        now, error[:ERROR_LIMIT], job.id, worker,
    )  # fmt: skip


async def put_back(worker: str, jobs: Sequence[Again]) -> None:
    """Let jobs wait again; where a key waits already, that job does this one's work too."""
    for again in jobs:
        job = again.job
        async with db.transaction():
            removed = await db.execute(
                "DELETE FROM jobs WHERE id = ? AND leased_by = ?", job.id, worker
            )
            if removed:
                await insert_again(again)


async def insert_again(again: Again) -> None:
    """Insert a job under its old id, unless its key waits already."""
    job = again.job
    error = again.error[:ERROR_LIMIT] if again.error else None
    await db.execute(
        "INSERT INTO jobs (id, kind, payload, key, waiting_key, order_key, due_ms, attempts,"
        " last_error, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (waiting_key) DO NOTHING",
        job.id, job.kind, job.payload, job.key, job.key, job.order_key, again.due_ms,
        again.attempts, error, job.created_ms,
    )  # fmt: skip


async def next_due(*, now: int) -> int | None:
    """Return when the next job that waits for nothing else is due, in milliseconds; None where
    there is none.
    """
    found = await db.rows(
        f"SELECT due_ms FROM jobs j WHERE due_ms >= 0 AND {NOTHING_BEFORE}"  # noqa: S608
        " ORDER BY due_ms, id LIMIT 1",
        now,
    )
    return int(found[0]["due_ms"]) if found else None


async def scheduled() -> dict[str, int]:
    """Return when each kind of scheduled work is due next, in milliseconds."""
    return {row["kind"]: row["next_ms"] for row in await db.rows("SELECT * FROM job_schedules")}


async def begin_schedule(kind: str, *, due: int) -> None:
    """Set when a kind is due for the first time, unless another process just did."""
    await db.execute(
        "INSERT INTO job_schedules (kind, next_ms) VALUES (?, ?) ON CONFLICT (kind) DO NOTHING",
        kind, due,
    )  # fmt: skip


async def move_schedule(kind: str, *, since: int, to: int) -> bool:
    """Move a kind on to its next time; False where another process has already done so."""
    moved = await db.execute(
        "UPDATE job_schedules SET next_ms = ? WHERE kind = ? AND next_ms = ?", to, kind, since
    )
    return moved == 1
