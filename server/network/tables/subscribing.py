"""The tables of whom the hub is to follow: lists as they were given, and each address of them."""

from tortoise import fields

from server.actors.tables import Actor
from server.db import Model
from server.network.rules.subscribing import REASON_LIMIT, EntryState, Wish


class Batch(Model):
    """Addresses that were given together."""

    id = fields.BigIntField(primary_key=True)
    title = fields.CharField(max_length=200)
    """What it is called: its file, or how much was pasted."""
    by = fields.CharField(max_length=200)
    """Who gave it."""
    wish = fields.CharEnumField(Wish, max_length=8)
    paused = fields.BooleanField(default=False)
    problems = fields.TextField(default="[]")
    """The lines that could not be read, as JSON: [line, text, reason] of the first so many."""
    problem_count = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()
    """When somebody last wished something of it."""

    class Meta:
        """Listed by id."""

        table = "subscription_batches"
        indexes = (("changed_at",),)


class Entry(Model):
    """One address of a batch, and what came of it."""

    id = fields.BigIntField(primary_key=True)
    batch: fields.ForeignKeyRelation[Batch] = fields.ForeignKeyField(
        "node.Batch", related_name="entries", on_delete=fields.CASCADE
    )
    batch_id: int
    line = fields.IntField()
    address = fields.CharField(max_length=2048)
    """A handle, or a web address."""
    lane = fields.SmallIntField()
    waiting = fields.BooleanField(default=True)
    """Whether a step is to be taken, which its batch's wish and its own state say."""
    tries = fields.SmallIntField(default=0)
    """How often the next step was begun."""
    state = fields.CharEnumField(EntryState, max_length=16, default=EntryState.LOOKING)
    reason = fields.CharField(max_length=REASON_LIMIT, default="")
    actor: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    actor_id: int | None
    follow_id = fields.BigIntField(null=True)
    """The row of the follow that this entry made: what undoing it takes back, and nothing else."""
    unlisted_at = fields.DatetimeField(null=True)
    """Since when a list elsewhere, which the batch follows along with, no longer names it."""

    class Meta:
        """Counted and listed by batch; taken by lane, what was tried least first; found by who
        answers.
        """

        table = "subscription_entries"
        unique_together = (("batch", "address"),)
        indexes = (
            ("batch_id", "state", "id"),
            ("lane", "waiting", "tries", "id"),
            ("actor_id",),
            ("unlisted_at",),
        )
