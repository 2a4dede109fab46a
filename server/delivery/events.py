"""What deliveries tell the features above them (server.house.Hooks)."""

from dataclasses import dataclass

from server.actors.tables import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxGone:
    """There is no such inbox any more: what was to go there has to go elsewhere, or nowhere."""

    delivery_id: int
    inbox: str
    by: Actor
    """Whose activity it was."""
    spoken_to: frozenset[str]
    """The activity's `to` and `cc`."""
    withdrawal: bool
    """Whether it takes something back, and so must reach whoever may have a copy."""
