"""Write an activity and who gets it, in the transaction of whatever caused it; say how it fared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from federation import uris, vocab
from federation.audience import Inbox
from server import db
from server.actors.blocks import blocked_hosts
from server.actors.proving import proven
from server.actors.tables import Actor
from server.delivery.rules import DeliveryState, horizon
from server.delivery.tables import Delivery, OutgoingActivity
from server.house import House

KEPT = timedelta(days=30)
"""How long a finished delivery is remembered."""

OTHERS_KEPT = timedelta(days=365)
"""How long an activity stays to be read that is neither a Create nor an Announce."""

AWAKE = timedelta(minutes=1)
"""How long a lane that was tried in vain is left alone, whatever comes in from its host."""

HOSTS = 500
"""Hosts in one statement."""

PAIR = "pair:"

TROUBLED = (
    DeliveryState.REJECTED, DeliveryState.GONE, DeliveryState.DROPPED, DeliveryState.WAITING
)  # fmt: skip

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a thing fared on its way out, by distinct inbox."""

    total: int
    delivered: int
    waiting: int
    failed: int


def milliseconds(house: House) -> int:
    """Return the house's clock in milliseconds since the epoch."""
    return int(house.clock.now().timestamp() * 1000)


async def send(
    activity: vocab.Activity,
    *,
    by: Actor,
    inboxes: Iterable[Inbox],
    order_key: str,
    house: House,
    after: timedelta = timedelta(),
) -> None:
    """Write an activity once and a delivery for each inbox, inside the caller's transaction.

    Rows with one `order_key` reach a host in the order they were sent. Inboxes of this node are
    left out: what happens here was done by the use case itself.
    """
    now = milliseconds(house)
    row = await OutgoingActivity.create(
        uri=activity.id,
        actor_id=by.id,
        type=str(activity.type),
        object_uri=vocab.id_of(activity.object) or "",
        body=await written(activity, by=by.id, house=house),
        public=_is_public(activity),
        created_ms=now,
    )
    await _enqueue(row, await _elsewhere(inboxes, house), order_key, now + _ms(after), house=house)


async def written(activity: vocab.Activity, *, by: int, house: House) -> bytes:
    """Return an activity of ours as it travels: with a proof where it is for everybody."""
    document = vocab.render(activity)
    if _is_public(activity):
        document = await proven(document, by=by, created=house.clock.now(), house=house)
    return vocab.dumps(document)


def _is_public(activity: vocab.Activity) -> bool:
    return vocab.PUBLIC in (*activity.to, *activity.cc)


def between(one: Actor, other: Actor) -> str:
    """Return the order key of what passes between two actors. What is held back under such a key
    holds back all that goes to the same host after it: a first Accept goes before anything else.
    """
    return f"{PAIR}{one.id}:{other.id}"


async def send_instead(delivery_id: int, inboxes: Iterable[Inbox], *, house: House) -> None:
    """Send what a delivery carried to other inboxes, inside the caller's transaction."""
    former = await Delivery.get(id=delivery_id).select_related("activity")
    waiting = await _elsewhere(inboxes, house)
    await _enqueue(
        former.activity, waiting, former.order_key, milliseconds(house), house=house
    )  # fmt: skip


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


async def _elsewhere(inboxes: Iterable[Inbox], house: House) -> list[tuple[str, str]]:
    """Return the inboxes of other hosts, each once with its host; a blocked one is sent nothing."""
    distinct = dict.fromkeys(inbox.url for inbox in inboxes)
    found = [(host, url) for url in distinct if (host := uris.host_of(url)) != house.host]
    blocked = await blocked_hosts() if found else frozenset[str]()
    return [(host, url) for host, url in found if host not in blocked]


async def _enqueue(
    activity: OutgoingActivity, waiting: list[tuple[str, str]], order_key: str, due: int, *,
    house: House,
) -> None:  # fmt: skip
    if not waiting:
        return
    await db.in_turn("lanes")
    hosts = sorted({host for host, _ in waiting})
    held = await _held_back(hosts, order_key, due)
    now, expires = milliseconds(house), milliseconds(house) + _ms(horizon(activity.type))
    await db.executemany(
        "INSERT INTO deliveries (activity_id, host, inbox, order_key, not_before_ms, expires_ms,"
        " created_ms, state, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0)",
        [
            (activity.id, host, inbox, order_key, held.get(host, due), expires, now)
            for host, inbox in waiting
        ],
    )
    await db.executemany(
        "INSERT INTO lanes (host, due_ms, failures, lease_until_ms, tried_ms)"
        " VALUES (?, ?, 0, 0, 0) ON CONFLICT (host) DO UPDATE SET due_ms = CASE"
        " WHEN lanes.failures = 0 AND (lanes.due_ms IS NULL OR lanes.due_ms > excluded.due_ms)"
        " THEN excluded.due_ms ELSE coalesce(lanes.due_ms, excluded.due_ms) END",
        [(host, held.get(host, due)) for host in hosts],
    )
    await house.ring()


async def _held_back(hosts: list[str], order_key: str, due: int) -> dict[str, int]:
    """Return until when something waits for what goes before it, by host: nothing overtakes."""
    held: dict[str, int] = {}
    for start in range(0, len(hosts), HOSTS):
        part = hosts[start : start + HOSTS]
        found = await db.rows(
            "SELECT host, max(not_before_ms) AS until FROM deliveries"  # noqa: S608 - marks only
            f" WHERE host IN ({db.marks(len(part))}) AND state = 'waiting' AND not_before_ms > ?"
            " AND (order_key = ? OR (order_key LIKE ? AND attempts = 0)) GROUP BY host",
            *part, due, order_key, f"{PAIR}%",
        )  # fmt: skip
        held |= {row["host"]: row["until"] for row in found}
    return held


async def wake(host: str, *, house: House) -> None:
    """Try a sleeping lane now, since its host has just spoken to us; at most once a minute."""
    now = milliseconds(house)
    awake = now - _ms(AWAKE)
    if await db.rows(
        "SELECT 1 AS one FROM lanes WHERE host = ? AND failures > 0 AND due_ms > ?"
        " AND tried_ms < ?",
        host, now, awake,
    ):  # fmt: skip
        woken = await db.execute(
            "UPDATE lanes SET due_ms = ?, tried_ms = ? WHERE host = ? AND failures > 0"
            " AND due_ms > ? AND tried_ms < ?",
            now, now, host, now, awake,
        )  # fmt: skip
        if woken:
            await house.ring()


async def activity_at(uri: str) -> OutgoingActivity | None:
    """Return the public activity of that id."""
    return await OutgoingActivity.get_or_none(uri=uri, public=True)


async def status(object_uri: str) -> Status:
    """Say how the newest activity about an object fared."""
    found = await db.rows(
        "SELECT d.state AS state, count(*) AS n FROM deliveries d WHERE d.activity_id ="
        " (SELECT max(a.id) FROM activities a WHERE a.object_uri = ?) GROUP BY d.state",
        object_uri,
    )
    counts = {row["state"]: int(row["n"]) for row in found}
    delivered, waiting = counts.get("delivered", 0), counts.get("waiting", 0)
    total = sum(counts.values())
    return Status(
        total=total, delivered=delivered, waiting=waiting, failed=total - delivered - waiting
    )


async def troubled(span: db.Span = db.TOP) -> list[Delivery]:
    """Return a page of deliveries that failed or were tried in vain so far, newest first, and one
    more to see if there are more.
    """
    # By state, since each of them is in order: else all that was ever delivered would be read.
    than, way = (">", "ASC") if span.after is not None else ("<", "DESC")
    mark = span.after or span.before or 2**62
    part = (
        "SELECT id FROM (SELECT id FROM deliveries WHERE state = ? AND error IS NOT NULL"  # noqa: S608
        f" AND id {than} ? ORDER BY id {way} LIMIT ?) AS one"
    )
    found = await db.rows(
        " UNION ALL ".join([part] * len(TROUBLED)),
        *[argument for state in TROUBLED for argument in (str(state), mark, PAGE + 1)],
    )
    query = Delivery.filter(id__in=[row["id"] for row in found])
    return await span.of(query, PAGE + 1).prefetch_related("activity")


async def retry(delivery_id: int, *, house: House) -> None:
    """Try a delivery again now, and with it whatever else waits for its host."""
    now = milliseconds(house)
    async with db.transaction():
        row = await Delivery.get_or_none(id=delivery_id)
        if row is None or row.state is DeliveryState.DELIVERED:
            return
        row.state, row.not_before_ms, row.done_ms = DeliveryState.WAITING, now, None
        row.expires_ms = max(row.expires_ms, now + _ms(timedelta(days=1)))
        await row.save()
        await db.execute("UPDATE lanes SET due_ms = ? WHERE host = ?", now, row.host)
        await house.ring()


async def counts() -> dict[str, int]:
    """Return how many deliveries wait and how many hosts are failing, for `status` and
    `/metrics`.
    """
    waiting = await db.rows("SELECT count(*) AS n FROM deliveries WHERE state = 'waiting'")
    failing = await db.rows("SELECT count(*) AS n FROM lanes WHERE failures > 0")
    return {"waiting": int(waiting[0]["n"]), "failing_hosts": int(failing[0]["n"])}


async def sweep(*, house: House) -> int:
    """Forget deliveries that were finished long ago, and activities that nobody may read and
    nobody waits for; return how many.
    """
    now = milliseconds(house)
    gone = await db.execute(
        "DELETE FROM deliveries WHERE state != 'waiting' AND done_ms < ?", now - _ms(KEPT)
    )
    return gone + await db.execute(
        "DELETE FROM activities WHERE type NOT IN ('Create', 'Announce') AND created_ms <"
        " CASE WHEN public THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END"
        " AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.activity_id = activities.id)",
        now - _ms(OTHERS_KEPT), now - _ms(KEPT),
    )  # fmt: skip
