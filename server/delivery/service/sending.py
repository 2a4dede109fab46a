"""Write an activity and who gets it, in the transaction of whatever caused it."""

from collections.abc import Iterable
from datetime import timedelta

from federation import uris, vocab
from federation.audience import Inbox
from server import db
from server.actors.blocks import turn_away_new
from server.actors.proving import proven
from server.actors.tables import Actor
from server.delivery.ordering import PAIR
from server.delivery.reach import Reach
from server.delivery.rules import FULL, LONG_LIVED, QUEUE_LIMIT, UNREACHABLE, horizon
from server.delivery.tables import Delivery, OutgoingActivity
from server.house import House

AWAKE = timedelta(minutes=1)
"""How long a lane that was tried in vain is left alone, whatever comes in from its host, and
whatever is new for it.
"""
PROBES = timedelta(days=1)
"""How long between two probes of a host that is unreachable."""
CHANGES = frozenset({vocab.ActivityType.UPDATE, vocab.ActivityType.MOVE, vocab.ActivityType.DELETE})
"""What makes an activity about its own actor a barrier."""


def milliseconds(house: House) -> int:
    """Return the house's clock in milliseconds since the epoch."""
    return int(house.clock.now().timestamp() * 1000)


async def send(
    activity: vocab.Activity,
    *,
    by: Actor,
    inboxes: Reach | Iterable[Inbox],
    order_key: str,
    house: House,
    after: timedelta = timedelta(),
) -> int:
    """Write an activity once and a delivery for each inbox, inside the caller's transaction; return
    the activity's number.

    Activities with one `order_key` reach a host in the order they were sent. Inboxes of this node
    and of blocked hosts are left out: what happens here was done by the use case itself. For a host
    that is unreachable or has too much waiting, what does not have to arrive is written down as
    dropped.
    """
    await db.in_turn("lanes")  # so that activities are numbered in the order they are committed
    object_uri = vocab.id_of(activity.object) or ""
    row = await OutgoingActivity.create(
        uri=activity.id,
        actor_id=by.id,
        type=str(activity.type),
        object_uri=object_uri,
        order_key=order_key,
        barrier=object_uri == by.uri and activity.type in CHANGES,
        body=await written(activity, by=by.id, house=house),
        public=_is_public(activity),
        created_ms=milliseconds(house),
    )
    reach = inboxes if isinstance(inboxes, Reach) else Reach.of(inboxes)
    await _enqueue(row, reach, after=after, house=house)
    return int(row.id)


async def written(activity: vocab.Activity, *, by: int, house: House) -> bytes:
    """Return an activity of ours as it travels: with a proof where it is for everybody."""
    document = vocab.render(activity)
    if _is_public(activity):
        document = await proven(document, by=by, created=house.clock.now(), house=house)
    return vocab.dumps(document)


def _is_public(activity: vocab.Activity) -> bool:
    return vocab.PUBLIC in (*activity.to, *activity.cc)


def between(one: Actor, other: Actor) -> str:
    """Return the order key of what passes between two actors. An Accept under it goes before
    anything else to the same host.
    """
    return f"{PAIR}{one.id}:{other.id}"


async def send_instead(delivery_id: int, inboxes: Reach, *, house: House) -> None:
    """Send what a delivery carried to other inboxes, in its place in the lane, inside the caller's
    transaction.
    """
    former = await Delivery.get(id=delivery_id).select_related("activity")
    await db.in_turn("lanes")
    await _enqueue(former.activity, inboxes, after=timedelta(), house=house)


async def _enqueue(
    activity: OutgoingActivity, reach: Reach, *, after: timedelta, house: House
) -> None:
    await _know(reach, house=house)
    now = milliseconds(house)
    due, lasting = now + _ms(after), activity.type in LONG_LIVED
    expires = now + _ms(horizon(activity.type))
    # The inner SELECT says of each inbox why nothing may wait for it, if so.
    await db.execute(
        "INSERT INTO deliveries (activity_id, inbox_id, host, state, error, lasting,"  # noqa: S608 - marks
        " not_before_ms, expires_ms, attempts, done_ms)"
        " SELECT CAST(? AS BIGINT), way.id, way.host,"
        " CASE WHEN way.why IS NULL THEN 'waiting' ELSE 'dropped' END, way.why,"
        " CAST(? AS BOOLEAN), CAST(? AS BIGINT), CAST(? AS BIGINT), 0,"
        " CASE WHEN way.why IS NULL THEN NULL ELSE CAST(? AS BIGINT) END"
        f" FROM (SELECT i.id, i.host, {_WHY} AS why FROM inboxes i"
        " LEFT JOIN lanes l ON l.host = i.host"
        f" WHERE i.url IN ({reach.sql}) AND i.host <> ?"
        " AND i.host NOT IN (SELECT host FROM hosts WHERE turned_away)) AS way",
        activity.id, lasting, due, expires, now, lasting, UNREACHABLE, QUEUE_LIMIT - 1, FULL,
        *reach.arguments, house.host,
    )  # fmt: skip
    if await _open_lanes(activity, due=due):
        await house.ring()


_WAITING = "SELECT 1 FROM deliveries w WHERE w.host = i.host AND w.state = 'waiting' LIMIT 1"
_WHY = (
    # One thing is let through to an unreachable host for which nothing waits: the daily probe.
    f"CASE WHEN ? THEN NULL WHEN l.unreachable_since_ms IS NOT NULL AND ({_WAITING}) IS NOT NULL"
    f" THEN CAST(? AS TEXT) WHEN ({_WAITING} OFFSET ?) IS NOT NULL THEN CAST(? AS TEXT) END"
)


async def _know(reach: Reach, *, house: House) -> None:
    """Write down the inboxes that were never sent to."""
    missing = await db.rows(
        f"SELECT DISTINCT new.url AS url FROM ({reach.sql}) AS new"  # noqa: S608 - marks
        " LEFT JOIN inboxes i ON i.url = new.url WHERE i.id IS NULL",
        *reach.arguments,
    )
    found = [(row["url"], uris.host_of(row["url"])) for row in missing]
    await db.executemany(
        "INSERT INTO inboxes (url, host) VALUES (?, ?) ON CONFLICT (url) DO NOTHING",
        [(url, host) for url, host in found if host != house.host],
    )
    await turn_away_new({host for _, host in found})


async def _open_lanes(activity: OutgoingActivity, *, due: int) -> int:
    """Have the lanes that lead to an activity's inboxes be due. One that fails is not woken, but
    for a host that answers, if only with errors: what is new may be taken where the last was not.
    """
    return await db.execute(
        "INSERT INTO lanes (host, due_ms, failures, answering, lease_until_ms, tried_ms)"  # noqa: S608 - numbers of ours
        " SELECT DISTINCT host, CAST(? AS BIGINT), 0, CAST(? AS BOOLEAN), 0, 0 FROM deliveries"
        " WHERE activity_id = ? AND state = 'waiting'"
        " ON CONFLICT (host) DO UPDATE SET due_ms = CASE"
        " WHEN lanes.failures = 0 AND (lanes.due_ms IS NULL OR lanes.due_ms > excluded.due_ms)"
        " THEN excluded.due_ms"
        " WHEN lanes.failures > 0 AND lanes.answering AND lanes.due_ms > excluded.due_ms"
        f" AND lanes.due_ms > lanes.tried_ms + {_ms(AWAKE)} THEN {_after_try(AWAKE)}"
        " WHEN lanes.unreachable_since_ms IS NOT NULL AND lanes.due_ms IS NULL"
        f" THEN {_after_try(PROBES)}"
        " ELSE coalesce(lanes.due_ms, excluded.due_ms) END",
        due, False, activity.id,
    )  # fmt: skip


def _after_try(wait: timedelta) -> str:
    """Return the SQL of when a new delivery is due, but so long after the last try at least."""
    then = f"lanes.tried_ms + {_ms(wait)}"
    return f"CASE WHEN {then} > excluded.due_ms THEN {then} ELSE excluded.due_ms END"


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
