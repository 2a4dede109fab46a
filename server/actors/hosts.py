"""What other hosts run: asked of themselves once they matter here, and at most once a week."""

import re
from contextlib import suppress
from datetime import datetime, timedelta

from federation.errors import FetchError, UnreachableError
from federation.nodeinfo import NodeInfo, nodeinfo
from federation.vocab import JsonObject
from server import db, jobs
from server.actors.blocks import met
from server.actors.tables import Host
from server.house import House
from server.jobs import Registry

JOB = "actors.ask_host"
ROUND_JOB = "actors.ask_hosts"

GOOD_FOR = timedelta(days=7)
"""How long an answer, or that there was none, is good for."""
AGAIN = timedelta(hours=6)
"""How long a host that can't be reached is left alone."""
TRIES = 4
"""Times that an unreachable host is asked before it counts as asked."""
ROUND = 200
"""Hosts whose answers are renewed in one go."""
OFTEN = timedelta(minutes=10)
"""How often it is written down at most that a host was heard."""
HEARD = 10_000
"""Hosts that a process remembers for that."""
SHORT = 64
"""Characters that are kept of a name or a version."""
KIND = re.compile("[a-z]{1,20}")
KINDS = 10
"""Kinds of things that are kept of a hub, and what each looks like."""


def register_jobs(registry: Registry) -> None:
    """Ask hosts, and renew what they answered once it is old."""
    registry.on(JOB, ask)
    registry.on(ROUND_JOB, ask_again)
    registry.every(ROUND_JOB, timedelta(hours=6))


async def ask_soon(host: str, *, house: House) -> None:
    """Have a host asked what it runs, unless that is known; inside the transaction of what makes it
    matter: somebody there follows us, or is followed from here.
    """
    if host == house.host:
        return
    await met(host)
    if await db.rows(
        "SELECT 1 AS one FROM hosts WHERE host = ? AND checked_at IS NULL AND NOT turned_away", host
    ):
        await _enqueue(host, tries=0, house=house)


async def _enqueue(host: str, *, tries: int, house: House) -> None:
    due = house.clock.now() + AGAIN * tries
    await jobs.enqueue(
        JOB, {"host": host, "tries": tries}, due=due, key=f"host:{host}"[:255], house=house
    )


async def ask(payload: JsonObject, house: House) -> None:
    """Ask a host for its NodeInfo, and write down what it runs. Twice asks once."""
    host, tries = str(payload["host"]), int(str(payload["tries"]))
    row = await Host.get_or_none(host=host)
    if row is None or not _is_due(row, house):
        return
    try:
        await _ask(row, house)
    except UnreachableError:
        if tries + 1 < TRIES:
            await _enqueue(host, tries=tries + 1, house=house)
        else:
            await _write_down(row, None, house)


class Ear:
    """Writes down when hosts that are known were last heard; one for each process."""

    def __init__(self) -> None:
        """Start with nobody heard."""
        self._heard: dict[str, datetime] = {}

    async def hear(self, *names: str, house: House) -> None:
        """Note that something came from hosts, which was verified."""
        now = house.clock.now()
        new = {one for one in names if one not in self._heard or now - self._heard[one] >= OFTEN}
        if not new:
            return
        if len(self._heard) >= HEARD:
            self._heard.clear()
        self._heard |= dict.fromkeys(new, now)
        sql = f"UPDATE hosts SET heard_at = ? WHERE host IN ({db.marks(len(new))})"  # noqa: S608
        await db.execute(sql, db.moment(now), *sorted(new))


async def closed_at(host: str) -> datetime | None:
    """Return when the hub of a host said goodbye that this one followed; None where it did not."""
    sql = "SELECT closed_at FROM hosts WHERE host = ? AND closed_at IS NOT NULL"
    found = await db.rows(sql, host)
    return db.as_moment(found[0]["closed_at"]) if found else None


async def look(host: str, *, house: House) -> Host:
    """Return what is known of a host, which is asked now where that is unknown or old and it can be
    reached. Never inside a transaction.
    """
    await met(host)
    row = await Host.get(host=host)
    if _is_due(row, house):
        with suppress(UnreachableError):
            await _ask(row, house)
    return row


def _is_due(row: Host, house: House) -> bool:
    asked = row.checked_at
    return not row.turned_away and (asked is None or house.clock.now() - asked >= GOOD_FOR)


async def _ask(row: Host, house: House) -> None:
    info: NodeInfo | None = None
    try:
        info = await nodeinfo(row.host, house.fetcher)
    except UnreachableError:
        raise
    except FetchError:
        pass
    await _write_down(row, info, house)


async def _write_down(row: Host, info: NodeInfo | None, house: House) -> None:
    """Note an answer. What a host ran is not forgotten because it can't be asked just now."""
    row.checked_at = house.clock.now()
    if info is not None:
        row.software, row.version = info.software[:SHORT], info.version[:SHORT]
        row.kinds = " ".join([kind for kind in info.kinds if KIND.fullmatch(kind)][:KINDS])
    await row.save(update_fields=["checked_at", "software", "version", "kinds"])


async def ask_again(_: JsonObject, house: House) -> None:
    """Have those hosts asked anew whose answers are oldest, and older than they are good for."""
    before = house.clock.now() - GOOD_FOR
    rows = Host.filter(checked_at__lt=before, turned_away=False).order_by("checked_at").limit(ROUND)
    for row in await rows:
        await _enqueue(row.host, tries=0, house=house)
