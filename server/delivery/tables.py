"""The tables of what leaves the node. Times are milliseconds since the epoch: workers compare them
in SQL.
"""

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
    body = fields.BinaryField()
    public = fields.BooleanField()
    """Whether anybody may read it at its id."""
    created_ms = fields.BigIntField()

    class Meta:
        """What happened to one object is found by its id."""

        table = "activities"
        indexes = (("object_uri",), ("actor_id", "id"))


class Lane(Model):
    """The way to one remote host."""

    host = fields.CharField(max_length=255, primary_key=True)
    due_ms = fields.BigIntField(null=True)
    """When there is something to try; null where nothing waits."""
    failures = fields.IntField(default=0)
    """Attempts that failed since the last that did not."""
    failing_since_ms = fields.BigIntField(null=True)
    leased_by = fields.CharField(max_length=64, null=True)
    lease_until_ms = fields.BigIntField(default=0)
    last_error = fields.CharField(max_length=500, null=True)
    last_success_ms = fields.BigIntField(null=True)
    tried_ms = fields.BigIntField(default=0)
    """When something was last tried: a sleeping lane is woken at most once a minute."""

    class Meta:
        """Workers look for what is due."""

        table = "lanes"
        indexes = (("due_ms",),)


class Delivery(Model):
    """One activity on its way to one inbox."""

    id = fields.BigIntField(primary_key=True)
    activity: fields.ForeignKeyRelation[OutgoingActivity] = fields.ForeignKeyField(
        "node.OutgoingActivity", related_name="deliveries", on_delete=fields.CASCADE
    )
    activity_id: int
    host = fields.CharField(max_length=255)
    inbox = fields.CharField(max_length=2048)
    order_key = fields.CharField(max_length=2048)
    """What must arrive in order: within a lane, rows with the same key are sent one after another.
    """
    state = fields.CharEnumField(DeliveryState, max_length=16, default=DeliveryState.WAITING)
    not_before_ms = fields.BigIntField()
    expires_ms = fields.BigIntField()
    attempts = fields.IntField(default=0)
    error = fields.CharField(max_length=500, null=True)
    created_ms = fields.BigIntField()
    done_ms = fields.BigIntField(null=True)

    class Meta:
        """A lane reads what waits in order; a post's page, and whoever deletes an activity, by
        activity; stewards read what failed by state.
        """

        table = "deliveries"
        indexes = (
            ("host", "state", "id"), ("state", "done_ms"), ("state", "id"), ("activity_id",)
        )  # fmt: skip
