"""Rounds of lanes that were leased: what each sends next, with the bodies, in a few statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server import db
from server.delivery.ordering import Arrangement, Turn, Waiting

BATCH = 40
"""Deliveries that a lane takes at once."""
PAGE = 200
"""Rows of one lane that are read at a time."""
TOGETHER = 2_000
"""Rows of all lanes that are read at once."""
COLUMNS = (
    "SELECT d.id, d.activity_id, d.host, i.url AS inbox, a.actor_id, a.order_key, a.type,"
    " a.barrier, d.not_before_ms, d.expires_ms, d.attempts FROM deliveries d"
    " JOIN activities a ON a.id = d.activity_id JOIN inboxes i ON i.id = d.inbox_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """A lane that a worker has taken."""

    host: str
    failing: bool
    until_ms: int
    """When the lease ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a lane sends next."""

    lane: Leased
    turns: Sequence[Turn]
    bodies: Mapping[int, bytes]
    """By activity; one that was withdrawn meanwhile has none."""
    seen: int
    """The newest delivery that was looked at."""


async def rounds(lanes: Collection[Leased], *, now_ms: int) -> list[Round]:
    """Return the next round of each lane.

    A lane that works well sends what may go; one that fails sends one thing, to see.
    """
    read = await _read([one.host for one in lanes if not one.failing])
    arranged = [(lane, *await _arrange(lane, read.get(lane.host), now_ms)) for lane in lanes]
    bodies = await _bodies({turn.row.activity_id for _, turns, _ in arranged for turn in turns})
    return [
        Round(lane=lane, turns=turns, bodies=bodies, seen=seen) for lane, turns, seen in arranged
    ]


async def _arrange(
    lane: Leased, rows: "_Rows | None", now_ms: int
) -> tuple[Sequence[Turn], int]:  # fmt: skip
    most = PAGE if lane.failing else BATCH
    arrangement = Arrangement(now_ms=now_ms, most=most, probing=lane.failing)
    rows, seen = rows or await _page(lane.host), 0
    while rows.found:
        arrangement.take(rows.found)
        seen = max(seen, *(row.id for row in rows.found))
        if arrangement.full or rows.last or lane.failing:
            break
        rows = await _page(lane.host, after=rows.found[-1])
    if lane.failing:
        arrangement.probe()
    return arrangement.turns, seen


@dataclass(frozen=True, slots=True)
class _Rows:
    """The next rows of a lane."""

    found: Sequence[Waiting]
    last: bool
    """There are no more."""


async def _read(hosts: Sequence[str]) -> dict[str, _Rows]:
    """Read the heads of several lanes at once; those that nothing was read of are missing."""
    if not hosts:
        return {}
    found = await db.rows(
        f"{COLUMNS} WHERE d.host IN ({db.marks(len(hosts))}) AND d.state = 'waiting'"
        " ORDER BY d.activity_id, d.id LIMIT ?",
        *hosts, TOGETHER,
    )  # fmt: skip
    lanes: dict[str, list[Waiting]] = {}
    for row in found:
        lanes.setdefault(row["host"], []).append(_waiting(row))
    whole = len(found) < TOGETHER
    nothing = dict.fromkeys(hosts, _Rows([], True)) if whole else {}
    return nothing | {host: _Rows(rows, whole) for host, rows in lanes.items()}


async def _page(host: str, *, after: Waiting | None = None) -> _Rows:
    found = await db.rows(
        f"{COLUMNS} WHERE d.host = ? AND d.state = 'waiting'"
        " AND (d.activity_id, d.id) > (?, ?) ORDER BY d.activity_id, d.id LIMIT ?",
        host, after.activity_id if after else 0, after.id if after else 0, PAGE,
    )  # fmt: skip
    return _Rows([_waiting(row) for row in found], len(found) < PAGE)


def _waiting(row: Mapping[str, Any]) -> Waiting:
    return Waiting(**row)


async def _bodies(activities: Collection[int]) -> dict[int, bytes]:
    if not activities:
        return {}
    found = await db.rows(
        f"SELECT id, body FROM activities WHERE id IN ({db.marks(len(activities))})",  # noqa: S608 - marks
        *activities,
    )
    return {row["id"]: bytes(row["body"]) for row in found}
