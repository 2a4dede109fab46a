"""Parts of long lists: newest first, by what comes before or after a row, never by counting."""

from dataclasses import dataclass
from typing import Self, TypeVar

from tortoise.models import Model
from tortoise.queryset import QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a list that is ordered by id a part begins; at its top where neither is given."""

    before: int | None = None
    after: int | None = None

    @classmethod
    def read(cls, before: str | None, after: str | None) -> Self:
        """Return the span between two marks, which are digits."""
        return cls(int(before) if before else None, int(after) if after else None)

    def of(self, query: QuerySet[M], limit: int) -> QuerySet[M]:
        """Return up to `limit` rows, newest first; those after a mark begin with the one next to
        it.
        """
        if self.after is not None:
            return query.filter(id__gt=self.after).order_by("id").limit(limit)
        if self.before is not None:
            query = query.filter(id__lt=self.before)
        return query.order_by("-id").limit(limit)

    def sql(self, column: str) -> tuple[str, list[object]]:
        """Return what goes on a condition for the same rows in the same order, by their ids in a
        column; and what is given to it.
        """
        if self.after is not None:
            return f" AND {column} > ? ORDER BY {column}", [self.after]
        if self.before is not None:
            return f" AND {column} < ? ORDER BY {column} DESC", [self.before]
        return f" ORDER BY {column} DESC", []


TOP = Span()
