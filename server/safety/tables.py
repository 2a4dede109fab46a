"""The table of reports."""

from datetime import datetime

from tortoise import fields

from server.actors.tables import Actor
from server.db import Model
from server.safety.rules import ReportState


class Report(Model):
    """Somebody, here or on another server, asks the stewards to look at something. For stewards
    only, on every path (security case 30).
    """

    id = fields.BigIntField(primary_key=True)
    reporter: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="reports_made", on_delete=fields.CASCADE
    )
    reporter_id: int
    """One of our people, or whoever speaks for another server."""
    subject: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "node.Actor", related_name="reports_of", on_delete=fields.CASCADE
    )
    subject_id: int
    """Whose doing it is about."""
    post_ids = fields.TextField(default="[]")
    """The posts it is about (posts.Post), as a JSON list."""
    reason = fields.TextField(default="")
    """Plain text."""
    state = fields.CharEnumField(ReportState, max_length=16, default=ReportState.OPEN)
    created_at = fields.DatetimeField()
    passed_on_at: datetime | None = fields.DatetimeField(null=True)
    """When it was passed on to the server that it comes from."""
    decision = fields.CharField(max_length=1000, default="")
    """What was decided, in a steward's words."""
    decided_by_id = fields.BigIntField(null=True)
    """people.Person"""
    decided_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        """Read by state, the newest first; a repeated report joins the one that is open."""

        table = "reports"
        indexes = (("state", "id"), ("reporter_id", "subject_id", "state"), ("decided_at",))
