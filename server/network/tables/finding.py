"""The tables of hubs that were seen, and of those that are not to be proposed."""

from tortoise import fields

from server.actors.tables import Actor
from server.db import Model
from server.network.rules.finding import How


class Sighting(Model):
    """A host was seen, where a hub may be to follow."""

    id = fields.BigIntField(primary_key=True)
    host = fields.CharField(max_length=255)
    via = fields.CharField(max_length=255)
    """The host by whose word, or beside whose things."""
    how = fields.CharEnumField(How, max_length=16)
    uri = fields.CharField(max_length=2048, default="")
    """The id of the hub's actor, where that was said."""
    seen_at = fields.DatetimeField()

    class Meta:
        """Once a way; counted by host, renewed by who said it, swept by age."""

        table = "sightings"
        unique_together = (("host", "via", "how"),)
        indexes = (("via", "how"), ("seen_at",))


class Dismissed(Model):
    """A steward said that a hub is not for this one: it is proposed no more, for a year."""

    id = fields.BigIntField(primary_key=True)
    actor: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "node.Actor", related_name=False, on_delete=fields.CASCADE
    )
    actor_id: int
    by = fields.CharField(max_length=200)
    """Which steward."""
    at = fields.DatetimeField(db_index=True)

    class Meta:
        """One a hub; swept by age."""

        table = "dismissed_hubs"
