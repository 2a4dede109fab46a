"""Read views: one, a list of them, and what is in one."""

from dataclasses import dataclass

from server.actors.tables import Actor
from server.house import House
from server.search import service as search
from server.search.rules.filter import Filter
from server.search.service import PAGE, Found
from server.views.tables import SavedView

LISTED = 50
"""Views on a page of the list."""


@dataclass(frozen=True, slots=True)
class Part:
    """A page of what is in a view, the newest first."""

    found: list[Found]
    older: int | None
    """Before which number it goes on; None at the end."""


async def by_slug(slug: str) -> SavedView | None:
    """Return a view by its name in an address, with who saved it."""
    return await SavedView.get_or_none(slug=slug).prefetch_related("made_by__actor")


async def listed(*, for_all: bool, before: int | None = None) -> list[SavedView]:
    """Return a page of the views and one more, the newest first, with who saved them: those for
    everybody, or (not `for_all`) those that are only for people here, too.
    """
    query = SavedView.filter(is_public=True) if for_all else SavedView.all()
    if before is not None:
        query = query.filter(id__lt=before)
    return await query.order_by("-id").limit(LISTED + 1).prefetch_related("made_by__actor")


async def part(
    chosen: Filter, *, before: int | None = None, size: int = PAGE, viewer: Actor | None = None,
    house: House,
) -> Part:  # fmt: skip
    """Return a page of what was chosen, for a viewer."""
    found = await search.find(chosen, before=before, limit=size + 1, viewer=viewer, house=house)
    older = found[size - 1].number if len(found) > size else None
    return Part(found[:size], older)
