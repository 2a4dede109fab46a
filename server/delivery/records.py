"""What came of a round of one lane, written down: deliveries first, then the lane, in one
transaction.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import orjson
import structlog

from server import db
from server.delivery.events import InboxGone
from server.delivery.planning import Round
from server.delivery.rules import HORIZON, DeliveryState, backoff, lane_sleeps
from server.delivery.service import milliseconds
from server.delivery.tables import Delivery
from server.house import House

log = structlog.get_logger()

GATHER = 0.01
"""Seconds that rounds in which all went well wait for others, to be written with them."""
LONGEST_WAIT = timedelta(days=1)
"""What a host may ask us to wait at most."""
SOON = timedelta(minutes=1)
"""When a lane is looked at again in which, by another machine's clock, nothing may go yet."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt."""

    id: int
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
        self._waiting: list[tuple[Round, Sequence[Outcome], asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def record(self, round_: Round, outcomes: Sequence[Outcome]) -> None:
        """Write down a round's outcomes and when the lane is due next, before it returns."""
        if not all(one.state is DeliveryState.DELIVERED for one in outcomes):
            await record(round_.lane.host, outcomes, worker=self._worker, house=self._house)
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((round_, outcomes, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        while self._waiting:
            await asyncio.sleep(GATHER)
            batch, self._waiting = self._waiting, []
            try:
                await self._record_well([(round_, outcomes) for round_, outcomes, _ in batch])
            except BaseException as error:
                for _, _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                if not isinstance(error, Exception):
                    raise
            for _, _, done in batch:
                if not done.done():
                    done.set_result(None)

    async def _record_well(self, batch: Sequence[tuple[Round, Sequence[Outcome]]]) -> None:
        now = milliseconds(self._house)
        hosts = [round_.lane.host for round_, outcomes in batch if outcomes]
        async with db.transaction():
            await db.in_turn("lanes")
            await _arrived([one.id for _, outcomes in batch for one in outcomes], now)
            await _lock([round_.lane.host for round_, _ in batch])
            await _rest(hosts, now, worker=self._worker)
            await _give_back(
                [round_ for round_, outcomes in batch if not outcomes], now, worker=self._worker
            )


async def record(host: str, outcomes: Sequence[Outcome], *, worker: str, house: House) -> None:
    """Write down a round's outcomes, and when the lane is due next."""
    now, sleeps = milliseconds(house), lane_sleeps(outcomes)
    async with db.transaction():
        await db.in_turn("lanes")
        await _settle(outcomes, now)
        await _set_aside([one for one in outcomes if one.again and not one.host_trouble], house)
        # Whoever sends to this host meanwhile has the lane's row, or waits for it: what is due is
        # read only then, or what they wrote would be overlooked for ever.
        await _lock([host])
        if sleeps:
            await _back_off(host, outcomes, worker=worker, house=house)
        else:
            await _rest([host], now, worker=worker)
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


async def _arrived(deliveries: Sequence[int], now: int) -> None:
    if deliveries:
        await db.execute(
            "UPDATE deliveries SET state = 'delivered', error = NULL, attempts = attempts + 1,"  # noqa: S608 - marks
            f" done_ms = ? WHERE id IN ({db.marks(len(deliveries))})",
            now, *deliveries,
        )  # fmt: skip


async def _settle(outcomes: Sequence[Outcome], now: int) -> None:
    delivered = [one for one in outcomes if one.state is DeliveryState.DELIVERED]
    await _arrived([one.id for one in delivered], now)
    await db.executemany(
        "UPDATE deliveries SET state = ?, error = ?, attempts = ?, done_ms = ? WHERE id = ?",
        [
            (
                one.state, one.error, one.attempts,
                None if one.state is DeliveryState.WAITING else now, one.id,
            )
            for one in outcomes
            if one.state is not DeliveryState.DELIVERED
        ],
    )  # fmt: skip


async def _set_aside(failed: Sequence[Outcome], house: House) -> None:
    """Let what an inbox did not take wait by itself; what may not overtake it waits with it."""
    now = milliseconds(house)
    await db.executemany(
        "UPDATE deliveries SET not_before_ms = ? WHERE id = ?",
        [(now + _ms(backoff(one.attempts, house.random)), one.id) for one in failed],
    )


async def _rest(hosts: Sequence[str], now: int, *, worker: str) -> None:
    """Open lanes in which something arrived, or was answered: they go on at once where anything
    waits.
    """
    if hosts:
        await db.execute(
            "UPDATE lanes SET due_ms = CASE WHEN EXISTS (SELECT 1 FROM deliveries d"  # noqa: S608 - marks
            " WHERE d.host = lanes.host AND d.state = 'waiting') THEN CAST(? AS BIGINT) END,"
            " lease_until_ms = 0, leased_by = NULL, failures = 0, failing_since_ms = NULL,"
            " unreachable_since_ms = NULL, last_error = NULL, tried_ms = ?, last_success_ms = ?"
            f" WHERE leased_by = ? AND host IN ({db.marks(len(hosts))})",
            now, now, now, worker, *hosts,
        )  # fmt: skip


async def _give_back(rounds: Sequence[Round], now: int, *, worker: str) -> None:
    """Let go of lanes in which nothing was tried: until the first of what waits may go, unless
    something has come meanwhile, or the round was cut short.
    """
    await db.executemany(
        "UPDATE lanes SET lease_until_ms = 0, leased_by = NULL, due_ms = CASE WHEN EXISTS ("
        "SELECT 1 FROM deliveries d WHERE d.host = lanes.host AND d.state = 'waiting' AND d.id > ?)"
        " THEN CAST(? AS BIGINT) ELSE (SELECT min(CASE WHEN d.not_before_ms > ?"
        " THEN d.not_before_ms ELSE CAST(? AS BIGINT) END) FROM deliveries d"
        " WHERE d.host = lanes.host AND d.state = 'waiting') END WHERE leased_by = ? AND host = ?",
        [
            (
                0 if one.turns else one.seen, now, now, now + _ms(SOON), worker, one.lane.host,
            )
            for one in rounds
        ],
    )  # fmt: skip


async def _back_off(host: str, outcomes: Sequence[Outcome], *, worker: str, house: House) -> None:
    """Let the lane sleep for as long as its failures, or the host itself, ask for; give up what
    has been tried for long enough.
    """
    now = milliseconds(house)
    [lane] = await db.rows("SELECT failures, failing_since_ms FROM lanes WHERE host = ?", host)
    answered = any(not one.again for one in outcomes)
    failures = 1 if answered else int(lane["failures"]) + 1
    since = lane["failing_since_ms"] or now
    wait = backoff(failures, house.random)
    asked = [one.retry_after for one in outcomes if one.retry_after is not None]
    wait = max(wait, min(max(asked, default=wait), LONGEST_WAIT))
    error = next(one.error for one in outcomes if one.again)
    unreachable = now - since >= _ms(HORIZON)
    answering = not any(one.host_trouble for one in outcomes)
    await db.execute(
        "UPDATE lanes SET due_ms = ?, lease_until_ms = 0, leased_by = NULL, failures = ?,"
        " failing_since_ms = ?, answering = ?, last_error = ?, tried_ms = ?, unreachable_since_ms ="
        " CASE WHEN ? THEN coalesce(unreachable_since_ms, CAST(? AS BIGINT)) END"
        " WHERE host = ? AND leased_by = ?",
        now + _ms(wait), failures, since, answering, error, now, unreachable, now, host, worker,
    )  # fmt: skip
    dropped = await _drop(host, now=now, all_ordinary=unreachable, error=error)
    seconds = int(wait.total_seconds())
    log.info(
        "delivery.lane_sleeps", host=host, failures=failures, seconds=seconds, dropped=dropped,
        unreachable=unreachable,
    )  # fmt: skip


async def _drop(host: str, *, now: int, all_ordinary: bool, error: str | None) -> int:
    """Give up what is too old, and all that need not arrive where the host is unreachable."""
    ordinary = " OR NOT lasting" if all_ordinary else ""
    dropped = await db.execute(
        "UPDATE deliveries SET state = 'dropped', done_ms = ?, error = coalesce(error, ?)"  # noqa: S608 - fixed
        f" WHERE host = ? AND state = 'waiting' AND (expires_ms <= ?{ordinary})",
        now, error, host, now,
    )  # fmt: skip
    await db.execute(
        "UPDATE lanes SET due_ms = NULL WHERE host = ? AND NOT EXISTS"
        " (SELECT 1 FROM deliveries d WHERE d.host = lanes.host AND d.state = 'waiting')",
        host,
    )
    return dropped


async def _tell(one: Outcome, *, house: House) -> None:
    row = await Delivery.get_or_none(id=one.id).select_related("activity__actor", "inbox")
    if row is None:
        return  # its activity was withdrawn meanwhile
    document = orjson.loads(bytes(row.activity.body))
    spoken_to = frozenset((*document.get("to", ()), *document.get("cc", ())))
    event = InboxGone(
        delivery_id=row.id, inbox=row.inbox.url, by=row.activity.actor, spoken_to=spoken_to,
        withdrawal=row.activity.type == "Delete",
    )  # fmt: skip
    await house.hooks.tell(event, house)


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
