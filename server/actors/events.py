"""What actors tell the features above them (server.house.Hooks)."""

from dataclasses import dataclass

from server.actors.tables import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiled:
    """What an actor may be found by is other than it was: its name, or whether it may be found."""

    actor: Actor
    words: bool
    """Whether what it publishes may now be found by its words, or no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A steward turned an actor, or a host with all under it, away, or let it in again."""

    actor_id: int | None = None
    host: str | None = None
