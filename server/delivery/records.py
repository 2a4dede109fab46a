"""What came of a round of one lane, written down: deliveries first, then the lane, in one
transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import orjson
import structlog

from server import db
from server.delivery.events import InboxGone
from server.delivery.rules import DeliveryState, backoff, lane_sleeps
from server.delivery.service import milliseconds
from server.delivery.tables import Delivery
from server.house import House

log = structlog.get_logger()

LONGEST_WAIT = timedelta(days=1)
"""What a host may ask us to wait at most."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt."""

    id: int
    order_key: str
    attempts: int
    """How often it was tried, this time included."""
    state: DeliveryState
    error: str | None = None
    again: bool = False
    """It has to be tried again."""
    host_trouble: bool = False
    """The host, not the inbox, is the trouble."""
    retry_after: timedelta | None = None


async def record(host: str, outcomes: Sequence[Outcome], *, worker: str, house: House) -> None:
    """Write down a round's outcomes, and when the lane is due next."""
    now, sleeps = milliseconds(house), lane_sleeps(outcomes)
    async with db.transaction():
        await _settle(outcomes, now)
        if not sleeps:
            await _set_aside(host, [one for one in outcomes if one.again], house=house)
        # Whoever sends to this host meanwhile has the lane's row, or waits for it: what is due is
        # read only then, or what they wrote would be overlooked for ever.
        await db.rows(f"SELECT host FROM lanes WHERE host = ? {_locked()}", host)  # noqa: S608 - a fixed clause
        if sleeps:
            await _back_off(host, outcomes, worker=worker, house=house)
        else:
            await _rest(host, now, worker=worker, succeeded=bool(outcomes))
        for one in outcomes:
            if one.state is DeliveryState.GONE:
                await _tell(one, house=house)
    for one in outcomes:
        if one.state is not DeliveryState.DELIVERED:
            log.info("delivery.failed", host=host, state=str(one.state), error=one.error)


def _locked() -> str:
    return "FOR UPDATE" if db.dialect() == "postgres" else ""


async def _settle(outcomes: Sequence[Outcome], now: int) -> None:
    await db.executemany(
        "UPDATE deliveries SET state = ?, error = ?, attempts = ?, done_ms = ? WHERE id = ?",
        [
            (
                one.state, one.error, one.attempts,
                None if one.state is DeliveryState.WAITING else now, one.id,
            )
            for one in outcomes
        ],
    )  # fmt: skip


async def _set_aside(host: str, failed: Sequence[Outcome], *, house: House) -> None:
    """Let one inbox wait though its host is well, and with it what must not overtake."""
    now = milliseconds(house)
    for one in failed:
        until = now + _ms(backoff(one.attempts, house.random))
        await db.execute(
            "UPDATE deliveries SET not_before_ms = ? WHERE host = ? AND state = 'waiting'"
            " AND order_key = ? AND id >= ? AND not_before_ms < ?",
            until, host, one.order_key, one.id, until,
        )  # fmt: skip


async def _rest(host: str, now: int, *, worker: str, succeeded: bool) -> None:
    """Clear the lane's failures and let it go until its next waiting delivery."""
    await db.execute(
        "UPDATE lanes SET due_ms = (SELECT min(not_before_ms) FROM deliveries"
        " WHERE host = lanes.host AND state = 'waiting'), lease_until_ms = 0, leased_by = NULL,"
        " failures = 0, failing_since_ms = NULL, last_error = NULL, tried_ms = ?,"
        " last_success_ms = CASE WHEN ? THEN ? ELSE last_success_ms END"
        " WHERE host = ? AND leased_by = ?",
        now, succeeded, now, host, worker,
    )  # fmt: skip


async def _back_off(host: str, outcomes: Sequence[Outcome], *, worker: str, house: House) -> None:
    """Let the lane sleep for as long as its failures, or the host itself, ask for; give up what
    has been tried for long enough.
    """
    now = milliseconds(house)
    [lane] = await db.rows("SELECT failures FROM lanes WHERE host = ?", host)
    answered = any(not one.again for one in outcomes)
    failures = 1 if answered else int(lane["failures"]) + 1
    wait = backoff(failures, house.random)
    asked = [one.retry_after for one in outcomes if one.retry_after is not None]
    wait = max(wait, min(max(asked, default=wait), LONGEST_WAIT))
    error = next(one.error for one in outcomes if one.again)
    await db.execute(
        "UPDATE lanes SET due_ms = ?, lease_until_ms = 0, leased_by = NULL, failures = ?,"
        " failing_since_ms = coalesce(failing_since_ms, ?), last_error = ?, tried_ms = ?"
        " WHERE host = ? AND leased_by = ?",
        now + _ms(wait), failures, now, error, now, host, worker,
    )  # fmt: skip
    dropped = await db.execute(
        "UPDATE deliveries SET state = 'dropped', done_ms = ?, error = coalesce(error, ?)"
        " WHERE host = ? AND state = 'waiting' AND expires_ms <= ?",
        now, error, host, now,
    )  # fmt: skip
    seconds = int(wait.total_seconds())
    log.info("delivery.lane_sleeps", host=host, failures=failures, seconds=seconds, dropped=dropped)


async def _tell(one: Outcome, *, house: House) -> None:
    row = await Delivery.get_or_none(id=one.id).select_related("activity__actor")
    if row is None:
        return  # its activity was withdrawn meanwhile
    document = orjson.loads(bytes(row.activity.body))
    spoken_to = frozenset((*document.get("to", ()), *document.get("cc", ())))
    event = InboxGone(
        delivery_id=row.id, inbox=row.inbox, by=row.activity.actor, spoken_to=spoken_to
    )
    await house.hooks.tell(event, house)


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
