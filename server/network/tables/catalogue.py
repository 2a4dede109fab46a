"""The tables of back catalogues: how far each has come in."""

from datetime import UTC, datetime

import orjson
from tortoise import fields

from server.actors.tables import Actor
from server.db import Model
from server.network.rules.walking import Standing


class Catalogue(Model):
    """What somebody whom the hub follows had published, on its way in."""

    id = fields.BigIntField(primary_key=True)
    actor: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "node.Actor", related_name="catalogue", on_delete=fields.CASCADE
    )
    actor_id: int
    lane = fields.SmallIntField()
    """Which of the walks that go on side by side this one belongs to."""
    standing = fields.CharEnumField(Standing, max_length=16)
    followed_at = fields.DatetimeField()
    """What is older than this is no news to anybody here."""
    due_ms = fields.BigIntField(null=True)
    """When it goes on; null where it doesn't by itself."""
    cursor = fields.CharField(max_length=2048, null=True)
    """The page where it goes on; null: at the top of the outbox."""
    position = fields.IntField(default=0)
    """How many things of that page are here already."""
    newest = fields.TextField(default="[]")
    """The ids where this walk began, as a JSON list."""
    known = fields.TextField(default="[]")
    """The same of the last walk that came to its end: this one ends at the first of these."""
    seen = fields.IntField(default=0)
    """Things that this walk has looked at."""
    taken = fields.IntField(default=0)
    """Things that came in by any walk and were not here before."""
    total = fields.IntField(null=True)
    """How many there are, as the other side counts."""
    oldest_at = fields.DatetimeField(null=True)
    """When the oldest of what this walk looked at was published."""
    heard_at = fields.DatetimeField(null=True)
    """When a page came last."""
    finished_at = fields.DatetimeField(null=True)
    """When a walk last came to its end: nothing older is missing here."""
    failures = fields.IntField(default=0)
    """Stretches that failed since the last that did not."""
    problem = fields.CharField(max_length=500, default="")
    """What went wrong, as it is told to a steward."""
    met_ms = fields.BigIntField(default=0)
    """When its hub was last asked which others it knows."""

    class Meta:
        """One an actor; the next one of a lane is found by its time."""

        table = "catalogues"
        indexes = (("lane", "due_ms"), ("met_ms",))

    @property
    def due_at(self) -> datetime | None:
        """When it goes on."""
        return None if self.due_ms is None else datetime.fromtimestamp(self.due_ms / 1_000, UTC)

    @property
    def ends_at(self) -> frozenset[str]:
        """The ids in `known`."""
        return frozenset(orjson.loads(self.known))


class Beat(Model):
    """When this node last looked what is due: who was away finds out by it. One row, 1."""

    id = fields.IntField(primary_key=True)
    at_ms = fields.BigIntField()

    class Meta:
        """The one row."""

        table = "network_beat"
