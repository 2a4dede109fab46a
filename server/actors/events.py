"""What actors tell the features above them (server.house.Hooks)."""

from dataclasses import dataclass

from server.actors.tables import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """Whether what an actor publishes may be found by its words is other than it was
    (`actor.indexable`).
    """

    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A steward turned an actor, or a host with all under it, away, or let it in again."""

    actor_id: int | None = None
    host: str | None = None
