"""How a published thing fares on its way out, and its withdrawal, by server."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from server import db
from server.delivery.service.lanes import PAGE, moment

_FARED = (
    # By host over all activities about the thing: waiting where anything waits, else by the newest.
    "SELECT d.host AS host, max(d.done_ms) AS done_ms, CASE"
    " WHEN max(CASE WHEN d.state = 'waiting' THEN 1 ELSE 0 END) = 1 THEN 'waiting'"
    " WHEN max(d.activity_id * 2 + CASE WHEN d.state = 'delivered' THEN 1 ELSE 0 END) % 2 = 1"
    " THEN 'arrived' ELSE 'failed' END AS fate"
    " FROM activities a JOIN deliveries d ON d.activity_id = a.id WHERE a.object_uri = ?"
)


class Fate(StrEnum):
    """What became of a thing at one server."""

    WAITING = "waiting"
    ARRIVED = "arrived"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a thing fared on its way out, by server."""

    total: int
    delivered: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What one server did with a thing."""

    host: str
    fate: Fate
    at: datetime | None
    """When it arrived, or was refused."""
    error: str
    """Why it waits or failed."""
    unreachable: bool
    since: datetime | None
    """Since when the host does not take anything."""
    next_attempt: datetime | None


async def status(object_uri: str) -> Status:
    """Say how all that was sent about an object fared, by server."""
    found = await db.rows(
        f"SELECT fate, count(*) AS n FROM ({_FARED} GROUP BY d.host) AS fared GROUP BY fate",  # noqa: S608 - fixed
        object_uri,
    )
    counts = {row["fate"]: int(row["n"]) for row in found}
    return Status(
        total=sum(counts.values()), delivered=counts.get("arrived", 0),
        waiting=counts.get("waiting", 0), failed=counts.get("failed", 0),
    )  # fmt: skip


async def receipts(
    object_uri: str, fate: Fate, *, after: str = "", limit: int = PAGE + 1
) -> list[Receipt]:
    """Return a page of the servers where a thing fared so, by name; `after` is the last one of the
    page before.
    """
    found = await db.rows(
        f"SELECT host, done_ms FROM ({_FARED} AND d.host > ? GROUP BY d.host) AS fared"  # noqa: S608 - fixed
        " WHERE fate = ? ORDER BY host LIMIT ?",
        object_uri, after, str(fate), limit,
    )  # fmt: skip
    if not found:
        return []
    hosts = [row["host"] for row in found]
    why = await _why(object_uri, hosts)
    return [_receipt(row, fate, why[row["host"]]) for row in found]


async def _why(object_uri: str, hosts: list[str]) -> dict[str, dict[str, Any]]:
    """Return for each host its lane, and what the last activity about the thing met with there."""
    found = await db.rows(
        "SELECT d.host, d.state, d.error, d.not_before_ms, l.due_ms, l.failures, l.last_error,"  # noqa: S608 - marks
        " l.failing_since_ms, l.unreachable_since_ms FROM activities a"
        " JOIN deliveries d ON d.activity_id = a.id LEFT JOIN lanes l ON l.host = d.host"
        f" WHERE a.object_uri = ? AND d.host IN ({db.marks(len(hosts))}) ORDER BY d.id",
        object_uri, *hosts,
    )  # fmt: skip
    rows = sorted(found, key=lambda row: row["state"] == "waiting")  # so that what waits says why
    return {row["host"]: row for row in rows}


def _receipt(row: dict[str, Any], fate: Fate, why: dict[str, Any]) -> Receipt:
    waits, fails = fate is Fate.WAITING, bool(why["failures"])
    error = (why["last_error"] if waits and fails else None) or why["error"] or ""
    due = why["due_ms"] if fails else max(why["due_ms"] or 0, why["not_before_ms"])
    return Receipt(
        host=row["host"], fate=fate, error="" if fate is Fate.ARRIVED else error,
        at=moment(row["done_ms"]) if row["done_ms"] and not waits else None,
        unreachable=why["unreachable_since_ms"] is not None,
        since=moment(why["failing_since_ms"]) if why["failing_since_ms"] else None,
        next_attempt=moment(due) if waits and due else None,
    )  # fmt: skip
