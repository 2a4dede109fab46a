"""The tables of actors, their keys and their hosts."""

import orjson
from tortoise import fields

from server.db import Model


class Host(Model):
    """A server that was met: what it runs, and whether it is spoken to at all."""

    host = fields.CharField(max_length=255, primary_key=True)
    """Normalised authority, with its port where it isn't the usual one."""
    software = fields.CharField(max_length=64, null=True)
    version = fields.CharField(max_length=64, null=True)
    kinds = fields.CharField(max_length=255, default="")
    """What a Fettle hub says that it publishes, with spaces between."""
    checked_at = fields.DatetimeField(null=True)
    """When NodeInfo was last asked."""
    heard_at = fields.DatetimeField(null=True)
    """When something last came from it that was verified; to about ten minutes."""
    closed_at = fields.DatetimeField(null=True)
    """When its hub, which this one followed, said goodbye: what its people told and did not take
    back stays known here.
    """
    blocked = fields.BooleanField(default=False, db_index=True)
    """A steward turned this very name away, and so all names under it."""
    block_reason = fields.CharField(max_length=500, default="")
    """Why it is blocked, in a steward's words."""
    blocked_at = fields.DatetimeField(null=True)
    turned_away = fields.BooleanField(default=False, db_index=True)
    """Whether this name, or one that it is under, is blocked: what queries ask."""

    class Meta:
        """One row a host."""

        table = "hosts"


class Actor(Model):
    """Somebody who acts: a person, a hub, a channel, a node; here or elsewhere."""

    id = fields.BigIntField(primary_key=True)
    uri = fields.CharField(max_length=2048, unique=True)
    host = fields.CharField(max_length=255, db_index=True)
    local = fields.BooleanField(default=False)
    type = fields.CharField(max_length=16)
    """An Activity Vocabulary actor type."""
    username = fields.CharField(max_length=255, default="")
    name = fields.CharField(max_length=500, default="")
    summary = fields.TextField(default="")
    """Clean HTML."""
    url = fields.CharField(max_length=2048)
    inbox = fields.CharField(max_length=2048)
    shared_inbox = fields.CharField(max_length=2048, null=True)
    outbox = fields.CharField(max_length=2048, null=True)
    followers = fields.CharField(max_length=2048, null=True)
    following = fields.CharField(max_length=2048, null=True)
    featured = fields.CharField(max_length=2048, null=True)
    icon_url = fields.CharField(max_length=2048, null=True)
    """Where the picture is: a path of our own for local actors, theirs for others (never shown as
    it is).
    """
    fields_json = fields.TextField(default="[]")
    """Lines of the profile as [[name, value], ...], values clean HTML."""
    manually_approves = fields.BooleanField(default=False)
    discoverable = fields.BooleanField(default=True)
    indexable = fields.BooleanField(default=True)
    moved_to = fields.CharField(max_length=2048, null=True)
    also_known_as = fields.TextField(default="[]")
    """Ids of the same somebody elsewhere, as a JSON list."""
    blocked = fields.BooleanField(default=False, db_index=True)
    block_reason = fields.CharField(max_length=500, default="")
    """Why it is blocked, in a steward's words."""
    blocked_at = fields.DatetimeField(null=True)
    gone = fields.BooleanField(default=False)
    keys_of_id = fields.BigIntField(null=True)
    """The actor of ours, by its row, whose keys this one publishes as its own; null where it has
    keys itself.
    """
    created_at = fields.DatetimeField()
    fetched_at = fields.DatetimeField()
    """When its document was last read; for ours, last changed."""

    class Meta:
        """Handles are looked up by name and host, audiences by followers, pictures by address;
        hubs are found among all others by their type.
        """

        table = "actors"
        indexes = (
            ("username", "host"), ("followers",), ("icon_url",), ("inbox",), ("shared_inbox",),
            ("type", "id"),
        )  # fmt: skip

    @property
    def aliases(self) -> tuple[str, ...]:
        """The ids in `also_known_as`."""
        return tuple(orjson.loads(self.also_known_as))

    @property
    def handle(self) -> str:
        """`@name@host`, as people write it."""
        return f"@{self.username}@{self.host}"

    @property
    def shown_name(self) -> str:
        """What to call the actor on a page."""
        return self.name or self.username or self.host


class Block(Model):
    """`blocker` wants nothing to do with `blocked`: neither is shown the other on this node."""

    id = fields.BigIntField(primary_key=True)
    blocker: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="blocks", on_delete=fields.CASCADE
    )
    blocker_id: int
    blocked: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="blocked_by", on_delete=fields.CASCADE
    )
    blocked_id: int
    uri = fields.CharField(max_length=2048, db_index=True)
    """The id of the Block activity, ours or theirs."""
    created_at = fields.DatetimeField()

    class Meta:
        """One row a pair and way; asked from both ends."""

        table = "blocks"
        unique_together = (("blocker", "blocked"),)
        indexes = (("blocked_id",),)


class ActorKey(Model):
    """A public key of an actor, and for ours the private one, sealed with the node's key."""

    id = fields.BigIntField(primary_key=True)
    key_id = fields.CharField(max_length=2048, unique=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="keys", on_delete=fields.CASCADE
    )
    actor_id: int
    kind = fields.CharField(max_length=16)
    """`rsa` (PEM) or `ed25519` (Multikey)."""
    public = fields.TextField()
    sealed = fields.BinaryField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        """An actor has one or two."""

        table = "actor_keys"
        indexes = (("actor_id",),)
