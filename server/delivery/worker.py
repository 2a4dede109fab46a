"""The lanes at work: lease what is due, sign and send it in order, write down what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from tortoise.exceptions import DoesNotExist

from federation import delivery as courier
from federation.delivery import NO_HEADERS, Delivered, Gone, Headers, Rejected, Retry
from federation.keys import SigningKey
from server import db
from server.actors.directory import Ring
from server.actors.rotation import other_keys
from server.db import Bell
from server.delivery.records import Ledger, Outcome
from server.delivery.rules import DeliveryState, in_order
from server.delivery.service import milliseconds
from server.errors import NotYoursError
from server.house import House

log = structlog.get_logger()

LEASE_MS = 90_000
SHIFT = timedelta(seconds=50)
"""No request begins later in a lease than this: the courier takes 30 s at most, knocks and
redirects included.
"""
LANES = 64
"""Lanes that one worker works on at a time."""
BATCH = 40
"""Deliveries that a lane takes at once."""
IN_FLIGHT = 4
"""Requests under way to one host."""
IDLE = 5.0
"""Seconds between looks when nobody rings and nothing falls due."""
GATHER = 0.02
"""Seconds that a freed place waits for others while most are taken, to lease together."""
GRACE = 10.0
"""Seconds that requests under way get to finish when the worker stops."""
TROUBLE = 2.0
"""Seconds to wait when the database is away."""
UNPROVEN = frozenset({401, 403})
"""What a host answers that does not believe whose request it is."""
OVERLOADED = frozenset({429, 503})
"""What a host answers that is in trouble as a whole."""


Beside = Callable[[int, str, bytes], Awaitable[Headers]]
"""Returns what goes along with an activity: of the row of its actor, to an inbox, with a body."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery as the worker reads it."""

    id: int
    actor_id: int
    inbox: str
    order_key: str
    body: bytes
    expires_ms: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Shift:
    """One round of one lane: it ends at the first trouble, or in good time for the lease."""

    until: datetime
    slots: asyncio.Semaphore
    outcomes: list[Outcome]

    def over(self, now: datetime) -> bool:
        """Say whether no further request should begin."""
        return now >= self.until or any(one.again for one in self.outcomes)


class LaneWorker:
    """Works on lanes in one process; any number of processes may share the database."""

    def __init__(
        self, house: House, ring: Ring, *, name: str, bell: Bell | None = None,
        beside: Beside | None = None,
    ) -> None:  # fmt: skip
        """`name` tells this worker from all others that share the database. Without a bell it
        looks every few seconds; `run_due` needs none. `beside` says what header fields go along
        with an activity.
        """
        self._says_beside = beside
        self._house, self._ring, self._name = house, ring, name
        self._ledger = Ledger(name, house=house)
        self._running: dict[asyncio.Task[int], str] = {}
        self._woken = bell.ear() if bell else asyncio.Event()
        self._stopping = False

    async def run_due(self) -> int:
        """Work on the lanes that are due, once. Return how many deliveries were tried."""
        hosts = await self._lease(LANES)
        return sum(await asyncio.gather(*(self._work(host) for host in hosts)))

    async def run_for_ever(self) -> None:
        """Work until `stop` or until cancelled. Each lane that is done makes room for another at
        once: none waits for a slow one. What is under way at the end may finish, for a while.
        """
        try:
            while not self._stopping:
                try:
                    await self._step()
                except db.FAILURES as error:
                    log.warning("delivery.database_away", error=type(error).__name__)
                    await asyncio.sleep(TROUBLE)
            if self._running:
                await asyncio.wait(self._running, timeout=GRACE)
        finally:
            await self._let_go()

    def stop(self) -> None:
        """Begin nothing new; `run_for_ever` returns when what is under way is done, or its grace
        over.
        """
        self._stopping = True
        self._woken.set()

    async def _step(self) -> None:
        self._woken.clear()
        self._collect()
        room = LANES - len(self._running)
        for host in await self._lease(room) if room else []:
            task = asyncio.create_task(self._work(host))
            task.add_done_callback(lambda _: self._woken.set())
            self._running[task] = host
        await self._wait()

    async def _wait(self) -> None:
        """Wait until a lane is done, something is rung or falls due, or the next look."""
        patience = IDLE
        if len(self._running) < LANES:
            due = await self._next_due()
            if due is not None:
                patience = min(IDLE, max(GATHER, (due - milliseconds(self._house)) / 1000))
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._woken.wait()
        if len(self._running) > LANES // 2 and not self._stopping:
            await asyncio.sleep(GATHER)

    async def _next_due(self) -> int | None:
        found = await db.rows(
            "SELECT due_ms FROM lanes WHERE due_ms IS NOT NULL AND lease_until_ms <= ?"
            " ORDER BY due_ms LIMIT 1",
            milliseconds(self._house),
        )
        return int(found[0]["due_ms"]) if found else None

    def _collect(self) -> None:
        """Let go of what is done. A lane that broke keeps its lease, and so rests until that is
        over.
        """
        for task in [task for task in self._running if task.done()]:
            host = self._running.pop(task)
            error = None if task.cancelled() else task.exception()
            if error is not None:
                log.error("delivery.lane_broke", host=host, error=type(error).__name__)

    async def _let_go(self) -> None:
        """End what is under way, and give every lane back at once."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)
        self._collect()
        with suppress(*db.FAILURES):
            await db.execute(
                "UPDATE lanes SET lease_until_ms = 0, leased_by = NULL WHERE leased_by = ?",
                self._name,
            )

    async def _lease(self, limit: int) -> list[str]:
        """Take lanes that are due, but none that is being worked on here: its worker may have
        written down its round without having come to an end, and would leave the new lease idle.
        """
        now, busy = milliseconds(self._house), list(self._running.values())
        others = f" AND host NOT IN ({db.marks(len(busy))})" if busy else ""
        found = await db.rows(
            # In a WITH, since PostgreSQL may run a subquery of IN more than once and take too many.
            "WITH due AS (SELECT host AS due_host FROM lanes"  # noqa: S608 - fixed clauses, marks
            f" WHERE due_ms <= ? AND lease_until_ms <= ?{others} ORDER BY due_ms LIMIT ?"
            f" {db.skip_locked()})"
            " UPDATE lanes SET leased_by = ?, lease_until_ms = ? FROM due WHERE host = due_host"
            " RETURNING host",
            now, now, *busy, limit, self._name, now + LEASE_MS,
        )  # fmt: skip
        return [row["host"] for row in found]

    async def _work(self, host: str) -> int:
        shift = Shift(self._house.clock.now() + SHIFT, asyncio.Semaphore(IN_FLIGHT), [])
        queues = in_order(await self._waiting(host))
        try:
            await asyncio.gather(*(self._send_queue(queue, shift) for queue in queues))
        finally:  # also where it is cancelled: what arrived is not sent again
            await self._ledger.record(host, shift.outcomes)
        return len(shift.outcomes)

    async def _waiting(self, host: str) -> list[Waiting]:
        found = await db.rows(
            "SELECT d.id, d.inbox, d.order_key, d.expires_ms, d.attempts, a.actor_id, a.body"
            " FROM deliveries d JOIN activities a ON a.id = d.activity_id"
            " WHERE d.host = ? AND d.state = 'waiting' AND d.not_before_ms <= ?"
            " ORDER BY d.id LIMIT ?",
            host, milliseconds(self._house), BATCH,
        )  # fmt: skip
        return [Waiting(**row | {"body": bytes(row["body"])}) for row in found]

    async def _send_queue(self, queue: Sequence[Waiting], shift: Shift) -> None:
        """Send what shares an order key, one after another; stop where the lane has to wait."""
        for row in queue:
            async with shift.slots:
                if self._stopping or shift.over(self._house.clock.now()):
                    return
                shift.outcomes.append(await self._sent(row))

    async def _sent(self, row: Waiting) -> Outcome:
        try:
            key = await self._ring.key(row.actor_id, house=self._house)
        except (DoesNotExist, NotYoursError):
            return _outcome(row, DeliveryState.REJECTED, "its sender has no key any more")
        return self._judged(row, await self._send(row, key))

    async def _send(self, row: Waiting, key: SigningKey) -> courier.Outcome:
        """Deliver; where the sender is not believed, and its key was changed lately, knock with the
        other one too: the host may know the old one only, or this process may.
        """
        beside = NO_HEADERS
        if self._says_beside is not None:
            beside = await self._says_beside(row.actor_id, row.inbox, row.body)
        answer = await self._house.courier.deliver(row.inbox, row.body, key, also=beside)
        if not isinstance(answer, Rejected) or answer.status not in UNPROVEN:
            return answer
        for other in await other_keys(key, actor_id=row.actor_id, house=self._house):
            second = await self._house.courier.deliver(row.inbox, row.body, other, also=beside)
            if not isinstance(second, Rejected):
                return second
        return answer

    def _judged(self, row: Waiting, answer: courier.Outcome) -> Outcome:
        match answer:
            case Delivered():
                return _outcome(row, DeliveryState.DELIVERED, None)
            case Gone(status=status):
                return _outcome(row, DeliveryState.GONE, f"HTTP {status}")
            case Rejected(reason=reason):
                return _outcome(row, DeliveryState.REJECTED, reason)
            case Retry(reason=reason, after=after, status=status):
                expired = row.expires_ms <= milliseconds(self._house)
                return Outcome(
                    row.id, row.order_key, row.attempts + 1,
                    DeliveryState.DROPPED if expired else DeliveryState.WAITING, reason[:500],
                    again=True, retry_after=after,
                    host_trouble=status is None or status in OVERLOADED or after is not None,
                )  # fmt: skip


def _outcome(row: Waiting, state: DeliveryState, error: str | None) -> Outcome:
    return Outcome(row.id, row.order_key, row.attempts + 1, state, error[:500] if error else None)
