"""The tables of shared lists: ours, and those elsewhere that this hub takes up."""

from tortoise import fields

from server.actors.tables import Actor
from server.db import Model
from server.network.rules.sharing import ETAG_LIMIT, SLUG_LIMIT, TITLE_LIMIT
from server.network.rules.subscribing import REASON_LIMIT
from server.network.tables.subscribing import Batch


class HubList(Model):
    """A list of hubs that this hub shares, at `/lists/{slug}`."""

    id = fields.BigIntField(primary_key=True)
    slug = fields.CharField(max_length=SLUG_LIMIT + 4, unique=True)
    """Never changed: others subscribe to the address."""
    title = fields.CharField(max_length=TITLE_LIMIT)
    words = fields.TextField(default="")
    """Markdown."""
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()

    class Meta:
        """There are few."""

        table = "hub_lists"


class ListedHub(Model):
    """Somebody in a list of ours."""

    id = fields.BigIntField(primary_key=True)
    list: fields.ForeignKeyRelation[HubList] = fields.ForeignKeyField(
        "node.HubList", related_name="hubs", on_delete=fields.CASCADE
    )
    list_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name=False, on_delete=fields.CASCADE
    )
    actor_id: int
    added_at = fields.DatetimeField()

    class Meta:
        """Once in a list."""

        table = "listed_hubs"
        unique_together = (("list", "actor"),)


class TakenList(Model):
    """A list elsewhere whom this hub follows along: a batch whose addresses come and go."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    batch: fields.OneToOneRelation[Batch] = fields.OneToOneField(
        "node.Batch", related_name="taken", on_delete=fields.CASCADE
    )
    batch_id: int
    etag = fields.CharField(max_length=ETAG_LIMIT, default="")
    """What it bore when it was last read whole."""
    read_at = fields.DatetimeField(null=True)
    """When it last answered, changed or not."""
    due_at = fields.DatetimeField(db_index=True)
    again_at = fields.DatetimeField()
    """When those are next looked up again who are in it and could not be followed."""
    failures = fields.IntField(default=0)
    error = fields.CharField(max_length=REASON_LIMIT, default="")
    """Why it could not be read last time, in words for people."""

    class Meta:
        """Taken by when they are due."""

        table = "taken_lists"
