"""Who may be on the other side of a request. The feature `people` fulfils these."""

from dataclasses import dataclass
from typing import Protocol


class Visitor(Protocol):
    """Somebody who is signed in."""

    @property
    def id(self) -> int:
        """The person's row."""
        ...

    @property
    def actor_id(self) -> int:
        """The row of the actor they publish as."""
        ...

    @property
    def name(self) -> str:
        """Their name in addresses, `ida`."""
        ...

    @property
    def display_name(self) -> str:
        """What they are called on pages."""
        ...

    @property
    def is_steward(self) -> bool:
        """Whether they look after this node."""
        ...


@dataclass(frozen=True, slots=True)
class AnyMember:
    """Stands for everybody who is signed in, looks after nothing, and has nothing of their own on
    a page: its draft is the same for all of them.
    """

    id: int = 0
    actor_id: int = 0
    name: str = ""
    display_name: str = ""
    is_steward: bool = False


class Visitors(Protocol):
    """Knows whose session a token opens."""

    async def visitor(self, token: str) -> Visitor | None:
        """Return who holds the session of `token`, or None where it never was, has ended or
        expired.
        """
        ...


class NoVisitors:
    """Nobody can sign in (before accounts exist, and in tests)."""

    async def visitor(self, token: str) -> Visitor | None:
        """Return None."""
        return None
