"""Where something goes, as SQL: thirty thousand inboxes are written to without being read first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from federation.audience import Inbox


@dataclass(frozen=True, slots=True)
class Reach:
    """A SELECT of the addresses of inboxes, in a column `url`; an address may come twice."""

    sql: str
    arguments: tuple[object, ...] = ()

    @classmethod
    def of(cls, inboxes: Iterable[Inbox]) -> Self:
        """Return the reach of these inboxes."""
        urls = tuple(dict.fromkeys(inbox.url for inbox in inboxes))
        if not urls:
            return cls("SELECT url FROM inboxes WHERE 1 = 0")
        values = ", ".join(["(?)"] * len(urls))
        return cls(f"SELECT column1 AS url FROM (VALUES {values}) AS given", urls)  # noqa: S608 - marks

    def __and__(self, other: "Reach") -> "Reach":
        """Return what both of the two reach."""
        return Reach(
            f"SELECT url FROM ({self.sql}) AS one WHERE url IN ({other.sql})",  # noqa: S608 - both ours
            (*self.arguments, *other.arguments),
        )

    def __or__(self, other: "Reach") -> "Reach":
        """Return all that either of the two reaches."""
        return Reach(f"{self.sql} UNION ALL {other.sql}", (*self.arguments, *other.arguments))
