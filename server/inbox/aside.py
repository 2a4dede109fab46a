"""What was set aside: jobs that were given up, and the activities that some were to take in."""

from collections.abc import Sequence
from dataclasses import dataclass

from server import db, jobs
from server.inbox.service import JOB
from server.inbox.tables import Received
from server.jobs import DeadJob


@dataclass(frozen=True, slots=True)
class SetAside:
    """A job that was given up, and the activity where it was to take one in that is still kept."""

    job: DeadJob
    activity: Received | None


async def listed(span: db.Span = db.TOP) -> list[SetAside]:
    """Return a page of what was set aside, the newest first, and one more to see if there are more
    (after a mark: the nearest to it first).
    """
    return await _with_activities(await jobs.dead(span))


async def one(job_id: int) -> SetAside:
    """Return one of them. Raises NotFoundError."""
    [found] = await _with_activities([await jobs.dead_one(job_id)])
    return found


async def _with_activities(dead: Sequence[DeadJob]) -> list[SetAside]:
    ids = {
        job.id: int(str(job.payload["id"]))
        for job in dead
        if job.kind == JOB and "id" in job.payload
    }
    rows = await db.read_by_id(Received, ids.values())
    return [SetAside(job, rows.get(ids.get(job.id, -1))) for job in dead]
