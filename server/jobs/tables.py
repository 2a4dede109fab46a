"""The queue. Raw SQL in `service.py` reads and writes it; the models say what it looks like."""

from tortoise import fields

from server.db import Model


class Job(Model):
    """Something to do. Times are milliseconds since the epoch."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=64)
    payload = fields.TextField()
    """A JSON object of ids, never of secrets."""
    key = fields.CharField(max_length=255, null=True)
    """What it is about: while one job of a key waits, another is not taken in."""
    waiting_key = fields.CharField(max_length=255, null=True, unique=True)
    """The key as long as the job waits; empty while somebody works on it and when it is dead."""
    order_key = fields.CharField(max_length=64, null=True)
    """What must be done in order: of one such key only the oldest job that lives may be taken."""
    due_ms = fields.BigIntField(null=True, db_index=True)
    """When it may be taken; while somebody works on it, the end of the lease. Empty when dead."""
    attempts = fields.IntField(default=0)
    """How often it was taken."""
    leased_by = fields.CharField(max_length=128, null=True)
    """The worker that has it."""
    dead_ms = fields.BigIntField(null=True)
    last_error = fields.TextField(null=True)
    created_ms = fields.BigIntField()

    class Meta:
        """One index serves taking, expired leases (they are due again) and the dead (due never);
        the other finds what goes before a job.
        """

        table = "jobs"
        indexes = (("order_key", "due_ms"),)


class Schedule(Model):
    """When work that comes again is due next; whoever moves the time on enqueues the job."""

    kind = fields.CharField(max_length=64, primary_key=True)
    next_ms = fields.BigIntField()

    class Meta:
        """One row a kind."""

        table = "job_schedules"
