"""All that is in a view, as files: slice by slice, so that no more of it is held than one."""

from collections.abc import AsyncIterator
from enum import StrEnum

from server.actors.tables import Actor
from server.house import House
from server.search.rules.filter import Filter
from server.spreadsheets import csv_part, json_part
from server.views.rules.columns import COLUMNS
from server.views.service.reading import part
from server.views.service.telling import told

SLICE = 100
"""Things that are read, and held in memory, at a time."""


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    JSON = "json"


async def exported(
    chosen: Filter, form: Format, *, viewer: Actor | None, house: House
) -> AsyncIterator[bytes]:
    """Return what was chosen in parts, the newest first, for a viewer: as CSV with a line of names,
    or as a JSON list of objects.
    """
    before: int | None = None
    first, last = True, False
    while not last:
        now = await part(chosen, before=before, size=SLICE, viewer=viewer, house=house)
        before, last = now.older, now.older is None
        rows = await told([one.post for one in now.found])
        if form is Format.JSON:
            yield json_part(rows, first=first, last=last)
        else:
            yield csv_part(COLUMNS, rows, first=first, between="; ")
        first = False
