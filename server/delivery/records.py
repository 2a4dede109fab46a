"""What came of a round of one lane, written down: deliveries first, then the lane, in one
transaction.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
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

GATHER = 0.01
"""Seconds that rounds in which all went well wait for others, to be written with them."""
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


class Ledger:
    """Writes down what came of rounds, for one worker.

    Rounds in which all went well, as in nearly all, are written together with others that end in
    the same moment: a commit costs as much as a delivery.
    """

    def __init__(self, worker: str, *, house: House) -> None:
        """Hold nothing yet."""
        self._worker, self._house = worker, house
        self._waiting: list[tuple[str, Sequence[Outcome], asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def record(self, host: str, outcomes: Sequence[Outcome]) -> None:
        """Write down a round's outcomes and when the lane is due next, before it returns."""
        if not all(one.state is DeliveryState.DELIVERED for one in outcomes):
            await record(host, outcomes, worker=self._worker, house=self._house)
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((host, outcomes, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        while self._waiting:
            await asyncio.sleep(GATHER)
            batch, self._waiting = self._waiting, []
            try:
                await _record_well(
                    {host: outcomes for host, outcomes, _ in batch},
                    worker=self._worker, house=self._house,
                )  # fmt: skip
            except BaseException as error:
                for _, _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                if not isinstance(error, Exception):
                    raise
            for _, _, done in batch:
                if not done.done():
                    done.set_result(None)


async def _record_well(
    rounds: Mapping[str, Sequence[Outcome]], *, worker: str, house: House
) -> None:
    now = milliseconds(house)
    async with db.transaction():
        await _settle([one for outcomes in rounds.values() for one in outcomes], now)
        await db.in_turn("lanes")
        await _lock(rounds)
        await _rest(rounds, now, worker=worker)


async def record(host: str, outcomes: Sequence[Outcome], *, worker: str, house: House) -> None:
    """Write down a round's outcomes, and when the lane is due next."""
    now, sleeps = milliseconds(house), lane_sleeps(outcomes)
    async with db.transaction():
        await _settle(outcomes, now)
        if not sleeps:
            await _set_aside(host, [one for one in outcomes if one.again], house=house)
        # Whoever sends to this host meanwhile has the lane's row, or waits for it: what is due is
        # read only then, or what they wrote would be overlooked for ever.
        await _lock([host])
        if sleeps:
            await _back_off(host, outcomes, worker=worker, house=house)
        else:
            await _rest({host: outcomes}, now, worker=worker)
        for one in outcomes:
            if one.state is DeliveryState.GONE:
                await _tell(one, house=house)
    for one in outcomes:
        if one.state is not DeliveryState.DELIVERED:
            log.info("delivery.failed", host=host, state=str(one.state), error=one.error)


async def _lock(hosts: Collection[str]) -> None:
    """Hold the rows of lanes until the transaction ends; on SQLite nobody else writes anyhow."""
    if db.dialect() == "postgres":
        await db.rows(
            f"SELECT host FROM lanes WHERE host IN ({db.marks(len(hosts))})"  # noqa: S608 - marks
            " ORDER BY host FOR UPDATE",
            *hosts,
        )  # fmt: skip


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


async def _rest(rounds: Mapping[str, Sequence[Outcome]], now: int, *, worker: str) -> None:
    """Clear the lanes' failures and let each go until its next waiting delivery."""
    await db.executemany(
        "UPDATE lanes SET due_ms = (SELECT min(not_before_ms) FROM deliveries"
        " WHERE host = lanes.host AND state = 'waiting'), lease_until_ms = 0, leased_by = NULL,"
        " failures = 0, failing_since_ms = NULL, last_error = NULL, tried_ms = ?,"
        " last_success_ms = CASE WHEN ? THEN ? ELSE last_success_ms END"
        " WHERE host = ? AND leased_by = ?",
        [(now, bool(outcomes), now, host, worker) for host, outcomes in rounds.items()],
    )


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
