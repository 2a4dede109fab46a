"""The table of follows."""

from tortoise import fields

from server.actors.tables import Actor
from server.db import Model
from server.follows.rules import FollowState


class Follow(Model):
    """`follower` follows `followed`, or has asked to."""

    id = fields.BigIntField(primary_key=True)
    follower: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="follows", on_delete=fields.CASCADE
    )
    follower_id: int
    followed: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="followed_by", on_delete=fields.CASCADE
    )
    followed_id: int
    state = fields.CharEnumField(FollowState, max_length=16)
    uri = fields.CharField(max_length=2048)
    """The id of the Follow activity, ours or theirs."""
    created_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    asked_again_at = fields.DatetimeField(null=True)
    """When a follow that the other side seems to have lost was last asked for anew."""

    class Meta:
        """One row a pair; read from both ends."""

        table = "follows"
        unique_together = (("follower", "followed"),)
        indexes = (("followed_id", "state", "id"), ("follower_id", "state", "id"), ("uri",))
