"""The lanes at work: lease what is due, sign and send it in order, write down what came of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from federation import delivery as courier
from federation.delivery import Delivered, Gone, Rejected, Retry
from federation.keys import SigningKey
from server import db
from server.actors.directory import Ring
from server.delivery.rules import DeliveryState, backoff, in_order
from server.delivery.service import milliseconds
from server.house import House

log = structlog.get_logger()

LEASE_MS = 90_000
SHIFT = timedelta(seconds=50)
"""No request begins later in a lease than this: a request takes 30 s at most, and a second knock
the same again.
"""
LANES = 64
"""Lanes that one worker works on at a time."""
BATCH = 40
"""Deliveries that a lane takes at once."""
IN_FLIGHT = 4
"""Requests under way to one host."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery as the worker reads it."""

    id: int
    actor_id: int
    inbox: str
    order_key: str
    body: bytes
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt."""

    id: int
    state: DeliveryState
    error: str | None = None
    again: bool = False
    """The host, not the delivery, is the trouble: the lane sleeps."""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """One round of one lane: it ends at the first sign that the host is in trouble, or in good time
    for the lease.
    """

    until: datetime
    slots: asyncio.Semaphore
    outcomes: list[Outcome]

    def over(self, now: datetime) -> bool:
        """Say whether no further request should begin."""
        return now >= self.until or any(one.again for one in self.outcomes)


class LaneWorker:
    """Works on lanes in one process; any number of processes may share the database."""

    def __init__(self, house: House, ring: Ring, *, name: str) -> None:
        """`name` tells this worker from all others that share the database."""
        self._house, self._ring, self._name = house, ring, name

    async def run_due(self) -> int:
        """Work on the lanes that are due, once. Return how many deliveries were tried."""
        hosts = await self._lease()
        if not hosts:
            return 0
        return sum(await asyncio.gather(*(self._work(host) for host in hosts)))

    async def _lease(self) -> list[str]:
        now = milliseconds(self._house)
        found = await db.rows(
            "UPDATE lanes SET leased_by = ?, lease_until_ms = ? WHERE host IN (SELECT host FROM"  # noqa: S608 - a fixed clause
            " lanes WHERE due_ms <= ? AND lease_until_ms <= ? ORDER BY due_ms LIMIT ?"
            f" {db.skip_locked()}) RETURNING host",
            self._name, now + LEASE_MS, now, now, LANES,
        )  # fmt: skip
        return [row["host"] for row in found]

    async def _work(self, host: str) -> int:
        shift = Shift(self._house.clock.now() + SHIFT, asyncio.Semaphore(IN_FLIGHT), [])
        queues = in_order(await self._waiting(host))
        await asyncio.gather(*(self._send_queue(queue, shift) for queue in queues))
        await self._record(host, shift.outcomes)
        return len(shift.outcomes)

    async def _waiting(self, host: str) -> list[Waiting]:
        found = await db.rows(
            "SELECT d.id, d.inbox, d.order_key, d.expires_ms, a.actor_id, a.body FROM deliveries d"
            " JOIN activities a ON a.id = d.activity_id WHERE d.host = ? AND d.state = 'waiting'"
            " AND d.not_before_ms <= ? ORDER BY d.id LIMIT ?",
            host, milliseconds(self._house), BATCH,
        )  # fmt: skip
        return [
            Waiting(
                id=row["id"], actor_id=row["actor_id"], inbox=row["inbox"],
                order_key=row["order_key"], body=bytes(row["body"]), expires_ms=row["expires_ms"],
            )
            for row in found
        ]  # fmt: skip

    async def _send_queue(self, queue: Sequence[Waiting], shift: Shift) -> None:
        """Send what shares an order key, one after another; stop where the lane has to wait."""
        for row in queue:
            async with shift.slots:
                if shift.over(self._house.clock.now()):
                    return
                key = await self._ring.key(row.actor_id, house=self._house)
                shift.outcomes.append(await self._send(row, key))

    async def _send(self, row: Waiting, key: SigningKey) -> Outcome:
        answer: courier.Outcome = await self._house.courier.deliver(row.inbox, row.body, key)
        match answer:
            case Delivered():
                return Outcome(row.id, DeliveryState.DELIVERED)
            case Gone(status=status):
                return Outcome(row.id, DeliveryState.GONE, f"HTTP {status}")
            case Rejected(reason=reason):
                return Outcome(row.id, DeliveryState.REJECTED, reason[:500])
            case Retry(reason=reason, after=after):
                expired = row.expires_ms <= milliseconds(self._house)
                state = DeliveryState.DROPPED if expired else DeliveryState.WAITING
                return Outcome(row.id, state, reason[:500], again=True, retry_after=after)

    async def _record(self, host: str, outcomes: Sequence[Outcome]) -> None:
        """Write down a round's outcomes and when the lane is due next, in one transaction."""
        now = milliseconds(self._house)
        async with db.transaction():
            await db.executemany(
                "UPDATE deliveries SET state = ?, error = ?, attempts = attempts + 1, done_ms = ?"
                " WHERE id = ?",
                [
                    (
                        one.state,
                        one.error,
                        None if one.state is DeliveryState.WAITING else now,
                        one.id,
                    )
                    for one in outcomes
                ],
            )
            failed = next((one for one in outcomes if one.again), None)
            if failed is None:
                await self._rest(host, now, succeeded=bool(outcomes))
            else:
                await self._back_off(host, now, failed)
        for one in outcomes:
            if one.state is not DeliveryState.DELIVERED:
                log.info("delivery.failed", host=host, state=str(one.state), error=one.error)

    async def _rest(self, host: str, now: int, *, succeeded: bool) -> None:
        """Clear the lane's failures and let it go until its next waiting delivery."""
        await db.execute(
            "UPDATE lanes SET due_ms = (SELECT min(not_before_ms) FROM deliveries"
            " WHERE host = lanes.host AND state = 'waiting'), lease_until_ms = 0, leased_by = NULL,"
            " failures = 0, failing_since_ms = NULL, last_error = NULL,"
            " last_success_ms = CASE WHEN ? THEN ? ELSE last_success_ms END WHERE host = ?",
            succeeded, now, host,
        )  # fmt: skip

    async def _back_off(self, host: str, now: int, failed: Outcome) -> None:
        """Let the lane sleep for as long as its failures, or the host itself, ask for."""
        found = await db.rows("SELECT failures FROM lanes WHERE host = ?", host)
        failures = int(found[0]["failures"]) + 1 if found else 1
        wait = backoff(failures, self._house.random)
        if failed.retry_after is not None:
            wait = max(wait, min(failed.retry_after, timedelta(days=1)))
        await db.execute(
            "UPDATE lanes SET due_ms = ?, lease_until_ms = 0, leased_by = NULL, failures = ?,"
            " failing_since_ms = coalesce(failing_since_ms, ?), last_error = ? WHERE host = ?",
            now + int(wait.total_seconds() * 1000), failures, now, failed.error, host,
        )  # fmt: skip
        log.info(
            "delivery.lane_sleeps", host=host, failures=failures, seconds=int(wait.total_seconds())
        )
