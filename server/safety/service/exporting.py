"""The stewards' record of reports and decisions, whole, for whoever has to keep or check it."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from enum import StrEnum

import orjson

from server.people.tables import Person
from server.posts.tables import Post
from server.safety.tables import Report
from server.spreadsheets import csv_part, json_part

BATCH = 200
"""Reports that are read, and held in memory, at a time."""
COLUMNS = (
    "number", "state", "reported_at", "reported_by", "about", "about_address", "posts", "reason",
    "passed_on_at", "decision", "decided_by", "decided_at",
)  # fmt: skip

Entry = dict[str, object]


class Format(StrEnum):
    """How the record is written."""

    CSV = "csv"
    JSON = "json"


async def exported(form: Format) -> AsyncIterator[bytes]:
    """Return the record in parts, the oldest report first. As JSON it is a list of objects; as CSV
    (RFC 4180, UTF-8) the first line names the columns, and a cell that begins like a formula has an
    apostrophe before it. Who reported elsewhere is given by server, as on the page.
    """
    after, first = 0, True
    while True:
        rows = await (
            Report.filter(id__gt=after)
            .order_by("id")
            .limit(BATCH)
            .prefetch_related("reporter", "subject")
        )
        last = len(rows) < BATCH
        entries = await _entries(rows)
        if form is Format.JSON:
            yield json_part(entries, first=first, last=last)
        else:
            yield csv_part(COLUMNS, entries, first=first)
        if last:
            return
        after, first = rows[-1].id, False


async def _entries(rows: Sequence[Report]) -> list[Entry]:
    posts = {post for row in rows for post in orjson.loads(row.post_ids)}
    uris = {post.id: post.uri for post in await Post.filter(id__in=list(posts)).only("id", "uri")}
    deciders = {row.decided_by_id for row in rows if row.decided_by_id is not None}
    names = {one.id: one.name for one in await Person.filter(id__in=list(deciders))}
    return [_entry(row, uris, names) for row in rows]


def _entry(row: Report, uris: dict[int, str | None], names: dict[int, str]) -> Entry:
    by = row.reporter.handle if row.reporter.local else row.reporter.host
    about = [uri for post in orjson.loads(row.post_ids) if (uri := uris.get(post))]
    values = (
        row.id, str(row.state), _moment(row.created_at), by, row.subject.handle, row.subject.uri,
        about, row.reason, _moment(row.passed_on_at), row.decision,
        names.get(row.decided_by_id or 0), _moment(row.decided_at),
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
