"""What accounts tell the features above them (server.house.Hooks)."""

from dataclasses import dataclass

from server.actors.tables import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Somebody closed their account for good: what they published has to go."""

    actor: Actor
