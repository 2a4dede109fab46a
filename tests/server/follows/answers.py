"""What was put into the queue."""

import json

from server.actors import hosts
from server.jobs.tables import Job


async def asked() -> list[str]:
    """Return the hosts that will be asked what they run."""
    return [json.loads(job.payload)["host"] for job in await Job.filter(kind=hosts.JOB)]
