"""The tables of what leaves the node. Times are milliseconds since the epoch: workers compare them
in SQL.
"""

from datetime import UTC, datetime

from tortoise import fields

from server.actors.tables import Actor
from server.db import Model
from server.delivery.rules import DeliveryState


class OutgoingActivity(Model):
    """An activity of ours: its exact bytes, once, however many it goes to."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="activities", on_delete=fields.CASCADE
    )
    actor_id: int
    type = fields.CharField(max_length=16)
    object_uri = fields.CharField(max_length=2048)
    order_key = fields.CharField(max_length=2048)
    """What must arrive in order: within a lane, activities with the same key go one after another.
    """
    barrier = fields.BooleanField(default=False)
    """It changes its actor: nothing of that actor overtakes it, and it overtakes nothing of it."""
    body = fields.BinaryField()
    public = fields.BooleanField()
    """Whether anybody may read it at its id."""
    created_ms = fields.BigIntField()

    class Meta:
        """What happened to one object is found by its id."""

        table = "activities"
        indexes = (("object_uri",), ("actor_id", "id"))


class KnownInbox(Model):
    """An inbox elsewhere that was sent to, so that all who point to it hold a number."""

    id = fields.BigIntField(primary_key=True)
    url = fields.CharField(max_length=2048, unique=True)
    host = fields.CharField(max_length=255)
    """Whose lane leads there."""

    class Meta:
        """Found by its address."""

        table = "inboxes"


class Lane(Model):
    """The way to one remote host."""

    host = fields.CharField(max_length=255, primary_key=True)
    due_ms = fields.BigIntField(null=True)
    """When there is something to try; null where nothing waits."""
    failures = fields.IntField(default=0)
    """Attempts that failed since the last that did not. Above 0, an attempt is one probe."""
    failing_since_ms = fields.BigIntField(null=True)
    answering = fields.BooleanField(default=False)
    """While it fails: whether it answers, if only with errors."""
    unreachable_since_ms = fields.BigIntField(null=True)
    """Set once it has failed for as long as ordinary things are tried."""
    leased_by = fields.CharField(max_length=64, null=True)
    lease_until_ms = fields.BigIntField(default=0)
    last_error = fields.CharField(max_length=500, null=True)
    last_success_ms = fields.BigIntField(null=True)
    tried_ms = fields.BigIntField(default=0)
    """When something was last tried: a sleeping lane is woken at most once a minute."""

    class Meta:
        """Workers look for what is due, stewards for what fails, the longest first."""

        table = "lanes"
        indexes = (("due_ms",), ("failing_since_ms", "host"))


class Delivery(Model):
    """One activity on its way to one inbox."""

    id = fields.BigIntField(primary_key=True)
    activity: fields.ForeignKeyRelation[OutgoingActivity] = fields.ForeignKeyField(
        "node.OutgoingActivity", related_name="deliveries", on_delete=fields.CASCADE
    )
    activity_id: int
    inbox: fields.ForeignKeyRelation[KnownInbox] = fields.ForeignKeyField(
        "node.KnownInbox", related_name="deliveries", on_delete=fields.CASCADE
    )
    inbox_id: int
    host = fields.CharField(max_length=255)
    state = fields.CharEnumField(DeliveryState, max_length=16, default=DeliveryState.WAITING)
    lasting = fields.BooleanField(default=False)
    """Whether it goes on waiting for a host that is unreachable."""
    not_before_ms = fields.BigIntField()
    expires_ms = fields.BigIntField()
    attempts = fields.IntField(default=0)
    error = fields.CharField(max_length=500, null=True)
    done_ms = fields.BigIntField(null=True)

    class Meta:
        """A lane reads what waits in the order of the activities; a post's page, and whoever
        deletes an activity, by activity; stewards and the sweep what is over by when.
        """

        table = "deliveries"
        indexes = (("host", "state", "activity_id"), ("activity_id", "host"), ("state", "done_ms"))


class QueueDrop(Model):
    """A steward gave up what waited for a host, and said why."""

    id = fields.BigIntField(primary_key=True)
    host = fields.CharField(max_length=255)
    at_ms = fields.BigIntField()
    by = fields.CharField(max_length=255)
    """The steward's name, or `command line`."""
    reason = fields.CharField(max_length=500)
    number = fields.IntField()
    """How many deliveries."""

    @property
    def at(self) -> datetime:
        """When it was."""
        return datetime.fromtimestamp(self.at_ms / 1000, UTC)

    class Meta:
        """Shown with its host, the newest first."""

        table = "queue_drops"
        indexes = (("host", "id"), ("at_ms",))
