"""What other hosts run: asked of themselves once they matter here, and at most once a week."""

from datetime import timedelta

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
SHORT = 64
"""Characters that are kept of a name or a version."""


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
    now = house.clock.now()
    if row is None or row.turned_away:
        return
    if row.checked_at is not None and now - row.checked_at < GOOD_FOR:
        return
    info: NodeInfo | None = None
    try:
        info = await nodeinfo(host, house.fetcher)
    except UnreachableError:
        if tries + 1 < TRIES:
            await _enqueue(host, tries=tries + 1, house=house)
            return
    except FetchError:
        pass
    # What a host ran is not forgotten because it can't be asked just now.
    said = {"software": info.software[:SHORT], "version": info.version[:SHORT]} if info else {}
    await Host.filter(host=host).update(checked_at=now, **said)


async def ask_again(_: JsonObject, house: House) -> None:
    """Have those hosts asked anew whose answers are oldest, and older than they are good for."""
    before = house.clock.now() - GOOD_FOR
    rows = Host.filter(checked_at__lt=before, turned_away=False).order_by("checked_at").limit(ROUND)
    for row in await rows:
        await _enqueue(row.host, tries=0, house=house)
