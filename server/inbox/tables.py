"""The table of what came in."""

from tortoise import fields

from server.db import Model


class Received(Model):
    """An activity as it came, after its sender was proved."""

    id = fields.BigIntField(primary_key=True)
    actor_uri = fields.CharField(max_length=2048)
    activity_uri = fields.CharField(max_length=2048)
    host = fields.CharField(max_length=255)
    """Of the key that proved who sent it."""
    key_id = fields.CharField(max_length=2048)
    type = fields.CharField(max_length=32)
    body = fields.BinaryField()
    received_ms = fields.BigIntField()
    processed_ms = fields.BigIntField(null=True)
    undoes = fields.CharField(max_length=2048, null=True)
    """The id of the activity that an Undo takes back."""
    second_hand = fields.BooleanField(default=False)
    """Somebody else brought it, with a proof: its origin is asked before it has any effect."""

    class Meta:
        """The same activity of the same actor is stored once; old ones are swept; what was undone
        is known before it is done; what waits is counted by host.
        """

        table = "received"
        unique_together = (("actor_uri", "activity_uri"),)
        indexes = (("received_ms",), ("actor_uri", "undoes"), ("processed_ms", "host"))
