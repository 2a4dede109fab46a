"""The lanes as stewards see and work them: what fails, what waits, try now, give up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from server import db
from server.delivery.rules import DeliveryState
from server.delivery.service.sending import AWAKE, milliseconds
from server.delivery.tables import Delivery, Lane, QueueDrop
from server.errors import NotFoundError, RefusedError
from server.house import House

PAGE = 50
REASON = 400
"""Characters of a reason."""
MORE_TIME = timedelta(days=1)
"""What is tried again by hand is tried for so long at least."""


class NoReasonError(RefusedError):
    """Say in a few words why what waits for {host} is given up: it is kept and shown."""


class LaneState(StrEnum):
    """How a lane is."""

    OPEN = "open"
    """What is for it goes out."""
    FAILING = "failing"
    UNREACHABLE = "unreachable"
    """It has failed for a week: only what has to arrive waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneView:
    """A lane, and what waits in it."""

    host: str
    state: LaneState
    under_way: bool
    """Something is being sent, or tried, just now."""
    waiting: int
    taken_back: int
    """Of those, withdrawals."""
    oldest: datetime | None
    """When the oldest of them was sent."""
    failures: int
    since: datetime | None
    """Since when it fails."""
    next_attempt: datetime | None
    tried: datetime | None
    last_success: datetime | None
    last_error: str

    @property
    def mark(self) -> str:
        """Where it stands among those that fail."""
        return f"{_ms(self.since)}-{self.host}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One activity's way to one inbox, or as far as it got."""

    id: int
    activity_id: int
    host: str
    inbox: str
    type: str
    object_uri: str
    state: DeliveryState
    sent: datetime
    tries: int
    error: str
    next_attempt: datetime | None
    """Not before then, if it waits."""
    done: datetime | None
    """When it was refused or given up, if so."""

    @property
    def mark(self) -> str:
        """Where it stands: among what waits for its host, or among what was lost."""
        return f"{_ms(self.done) if self.done else self.activity_id}-{self.id}"


_VIEW = (
    "SELECT l.*, (SELECT count(*) FROM deliveries d WHERE d.host = l.host AND d.state = 'waiting')"
    " AS waiting, (SELECT count(*) FROM deliveries d JOIN activities a ON a.id = d.activity_id"
    " WHERE d.host = l.host AND d.state = 'waiting' AND d.lasting AND a.type = 'Delete')"
    " AS taken_back, (SELECT a.created_ms FROM deliveries d JOIN activities a"
    " ON a.id = d.activity_id WHERE d.host = l.host AND d.state = 'waiting'"
    " ORDER BY d.activity_id LIMIT 1) AS oldest_ms FROM lanes l"
)
_PASSAGE = (
    "SELECT d.id, d.activity_id, d.host, i.url AS inbox, a.type, a.object_uri, d.state,"
    " a.created_ms, d.attempts, d.error, d.not_before_ms, d.done_ms FROM deliveries d"
    " JOIN activities a ON a.id = d.activity_id JOIN inboxes i ON i.id = d.inbox_id"
)


async def failing(*, after: str = "", limit: int = PAGE + 1, house: House) -> list[LaneView]:
    """Return a page of the lanes that fail, the longest first; `after` is the mark of the last one
    of the page before.
    """
    since, host = marked(after)
    found = await db.rows(
        f"{_VIEW} WHERE l.failing_since_ms IS NOT NULL AND (l.failing_since_ms, l.host) > (?, ?)"
        " ORDER BY l.failing_since_ms, l.host LIMIT ?",
        since, host, limit,
    )  # fmt: skip
    return [_view(row, house) for row in found]


async def under_way(*, limit: int = PAGE, house: House) -> list[LaneView]:
    """Return the lanes that are well and for which something waits, the next to go first."""
    found = await db.rows(
        f"{_VIEW} WHERE l.due_ms IS NOT NULL AND l.failing_since_ms IS NULL"
        " ORDER BY l.due_ms, l.host LIMIT ?",
        limit,
    )
    return [_view(row, house) for row in found]


async def lane(host: str, *, house: House) -> LaneView:
    """Return one lane. Raises NotFoundError where nothing was ever sent to that host."""
    found = await db.rows(f"{_VIEW} WHERE l.host = ?", host)
    if not found:
        raise NotFoundError
    return _view(found[0], house)


async def lanes_to(hosts: Collection[str], *, house: House) -> dict[str, LaneView]:
    """Return the lanes to these hosts, by host; none where nothing was ever sent."""
    if not hosts:
        return {}
    sql = f"{_VIEW} WHERE l.host IN ({db.marks(len(hosts))})"
    return {row["host"]: _view(row, house) for row in await db.rows(sql, *hosts)}


def marked(mark: str) -> tuple[int, str]:
    """Return what a mark says; of one that is made up, the beginning."""
    number, _, rest = mark.partition("-")
    return (int(number), rest) if _is_number(number) else (0, "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


async def waiting_for(host: str, *, after: str = "", limit: int = PAGE + 1) -> list[Passage]:
    """Return a page of what waits for a host, in the order in which it goes; `after` is the mark of
    the last one of the page before.
    """
    activity, row = marked(after)
    found = await db.rows(
        f"{_PASSAGE} WHERE d.host = ? AND d.state = 'waiting' AND (d.activity_id, d.id) > (?, ?)"
        " ORDER BY d.activity_id, d.id LIMIT ?",
        host, activity, int(row) if _is_number(row) else 0, limit,
    )  # fmt: skip
    return [passage(row) for row in found]


async def lost(*, before: str = "", limit: int = PAGE + 1) -> list[Passage]:
    """Return a page of what was refused or given up, the last first; `before` is the mark of the
    last one of the page before.
    """
    done, number = marked(before)
    mark = (done, int(number)) if _is_number(number) else (2**62, 2**62)
    # State by state, since each of them is in order: else all that ever arrived would be read.
    part = (
        "SELECT id FROM (SELECT id FROM deliveries WHERE state = ? AND (done_ms, id) < (?, ?)"
        " ORDER BY done_ms DESC, id DESC LIMIT ?) AS one"
    )
    states = (DeliveryState.REJECTED, DeliveryState.GONE, DeliveryState.DROPPED)
    found = await db.rows(
        f"{_PASSAGE} WHERE d.id IN ({' UNION ALL '.join([part] * len(states))})"
        " ORDER BY d.done_ms DESC, d.id DESC LIMIT ?",
        *[argument for state in states for argument in (str(state), *mark, limit)], limit,
    )  # fmt: skip
    return [passage(row) for row in found]


async def drops(host: str) -> Sequence[QueueDrop]:
    """Return what stewards gave up for a host, the last first."""
    return await QueueDrop.filter(host=host).order_by("-id").limit(PAGE)


async def try_now(host: str, *, house: House) -> None:
    """Have a lane tried now: one probe where it fails, else also what waits by itself. Raises
    NotFoundError.
    """
    now = milliseconds(house)
    async with db.transaction():
        if not await Lane.exists(host=host):
            raise NotFoundError
        await db.execute(
            "UPDATE deliveries SET not_before_ms = ? WHERE host = ? AND state = 'waiting'"
            " AND attempts > 0 AND not_before_ms > ?",
            now, host, now,
        )  # fmt: skip
        await db.execute(
            "UPDATE lanes SET due_ms = ? WHERE host = ? AND due_ms > ?", now, host, now
        )
        await house.ring()


async def retry(delivery_id: int, *, house: House) -> None:
    """Try a delivery again now, and with it whatever else waits for its host."""
    now = milliseconds(house)
    async with db.transaction():
        await db.in_turn("lanes")
        row = await Delivery.get_or_none(id=delivery_id)
        if row is None or row.state is DeliveryState.DELIVERED:
            return
        row.state, row.not_before_ms, row.done_ms = DeliveryState.WAITING, now, None
        row.expires_ms = max(row.expires_ms, now + int(MORE_TIME.total_seconds() * 1000))
        await row.save()
        await db.execute("UPDATE lanes SET due_ms = ? WHERE host = ?", now, row.host)
        await house.ring()


async def drop(host: str, *, by: str, reason: str, withdrawals: bool, house: House) -> int:
    """Give up what waits for a host, and keep who said so and why; return how much it was.

    What its writers have taken back goes on waiting unless `withdrawals` says otherwise. Raises
    NoReasonError, NotFoundError.
    """
    reason = " ".join(reason.split())[:REASON]
    if not reason:
        raise NoReasonError(host=host)
    now = milliseconds(house)
    kept = "" if withdrawals else (
        " AND activity_id NOT IN (SELECT a.id FROM deliveries w JOIN activities a"
        " ON a.id = w.activity_id WHERE w.host = ? AND w.state = 'waiting' AND a.type = 'Delete')"
    )  # fmt: skip
    async with db.transaction():
        await db.in_turn("lanes")
        if not await Lane.exists(host=host):
            raise NotFoundError
        number = await db.execute(
            "UPDATE deliveries SET state = 'dropped', done_ms = ?, error = ?"  # noqa: S608 - fixed
            f" WHERE host = ? AND state = 'waiting'{kept}",
            now, f"given up by a steward: {reason}", host, *(() if withdrawals else (host,)),
        )  # fmt: skip
        await QueueDrop.create(host=host, at_ms=now, by=by, reason=reason, number=number)
        await db.execute(
            "UPDATE lanes SET due_ms = NULL WHERE host = ? AND NOT EXISTS (SELECT 1 FROM"
            " deliveries d WHERE d.host = lanes.host AND d.state = 'waiting')",
            host,
        )
    return number


async def wake(*hosts: str, house: House) -> None:
    """Try sleeping lanes now, since their hosts have just spoken to us; each at most once a minute.

    Where nothing waits in it, what comes next is tried at once.
    """
    now = milliseconds(house)
    awake = now - int(AWAKE.total_seconds() * 1000)
    asleep = (
        f"host IN ({db.marks(len(hosts))}) AND failures > 0 AND (due_ms > ? OR due_ms IS NULL)"
        " AND tried_ms <= ?"
    )
    sql = f"SELECT 1 AS one FROM lanes WHERE {asleep} LIMIT 1"  # noqa: S608 - marks only
    if await db.rows(sql, *hosts, now, awake):
        woken = await db.execute(
            "UPDATE lanes SET tried_ms = ?, unreachable_since_ms ="  # noqa: S608 - marks only
            " CASE WHEN due_ms IS NULL THEN NULL ELSE unreachable_since_ms END,"
            " due_ms = CASE WHEN due_ms IS NULL THEN NULL ELSE CAST(? AS BIGINT) END"
            f" WHERE {asleep}",
            now, now, *hosts, now, awake,
        )  # fmt: skip
        if woken:
            await house.ring()


def passage(row: dict[str, Any]) -> Passage:
    """Return a row of `_PASSAGE` as what it is."""
    waits = row["state"] == DeliveryState.WAITING
    return Passage(
        id=row["id"], activity_id=row["activity_id"], host=row["host"], inbox=row["inbox"],
        type=row["type"],
        object_uri=row["object_uri"], state=DeliveryState(row["state"]),
        sent=moment(row["created_ms"]), tries=row["attempts"], error=row["error"] or "",
        next_attempt=moment(row["not_before_ms"]) if waits else None, done=_moment(row["done_ms"]),
    )  # fmt: skip


def moment(ms: int) -> datetime:
    """Return milliseconds since the epoch as a moment."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def _ms(at: datetime | None) -> int:
    return (at - moment(0)) // timedelta(milliseconds=1) if at else 0


def _moment(ms: int | None) -> datetime | None:
    return moment(ms) if ms else None


def _view(row: dict[str, Any], house: House) -> LaneView:
    return LaneView(
        host=row["host"], state=_state(row), waiting=row["waiting"], taken_back=row["taken_back"],
        under_way=row["lease_until_ms"] > milliseconds(house), oldest=_moment(row["oldest_ms"]),
        failures=row["failures"], since=_moment(row["failing_since_ms"]),
        next_attempt=_moment(row["due_ms"]), tried=_moment(row["tried_ms"]),
        last_success=_moment(row["last_success_ms"]), last_error=row["last_error"] or "",
    )  # fmt: skip


def _state(row: dict[str, Any]) -> LaneState:
    if row["unreachable_since_ms"] is not None:
        return LaneState.UNREACHABLE
    return LaneState.FAILING if row["failures"] else LaneState.OPEN
