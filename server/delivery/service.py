"""Write an activity and who gets it, in the transaction of whatever caused it; say how it fared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from federation.audience import Inbox

from federation import uris, vocab
from server import db
from server.actors.tables import Actor
from server.delivery.rules import DeliveryState, horizon
from server.delivery.tables import Delivery, OutgoingActivity
from server.house import House

KEPT = timedelta(days=30)
"""How long a finished delivery is remembered."""

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
        body=vocab.dumps(vocab.render(activity)),
        public=vocab.PUBLIC in (*activity.to, *activity.cc),
        created_ms=now,
    )
    waiting = [
        (row.id, host, inbox, order_key, now + _ms(after), now + _ms(horizon(row.type)), now)
        for host, inbox in _elsewhere(inboxes, house)
    ]
    if waiting:
        await _enqueue(waiting, due=now + _ms(after))
        await house.ring()


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


def _elsewhere(inboxes: Iterable[Inbox], house: House) -> list[tuple[str, str]]:
    distinct = dict.fromkeys(inbox.url for inbox in inboxes)
    return [(host, url) for url in distinct if (host := uris.host_of(url)) != house.host]


async def _enqueue(waiting: list[tuple[int, str, str, str, int, int, int]], *, due: int) -> None:
    await db.executemany(
        "INSERT INTO deliveries (activity_id, host, inbox, order_key, not_before_ms, expires_ms,"
        " created_ms, state, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0)",
        waiting,
    )
    hosts = dict.fromkeys(host for _, host, *_ in waiting)
    await db.executemany(
        "INSERT INTO lanes (host, due_ms, failures, lease_until_ms) VALUES (?, ?, 0, 0)"
        " ON CONFLICT (host) DO UPDATE SET due_ms = CASE"
        " WHEN lanes.failures = 0 AND (lanes.due_ms IS NULL OR lanes.due_ms > excluded.due_ms)"
        " THEN excluded.due_ms ELSE coalesce(lanes.due_ms, excluded.due_ms) END",
        [(host, due) for host in hosts],
    )


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


async def troubled(*, before: int | None = None) -> list[Delivery]:
    """Return a page of deliveries that failed or were tried in vain so far, newest first, and one
    more to see if there are more.
    """
    query = Delivery.filter(
        state__in=[
            DeliveryState.REJECTED, DeliveryState.GONE, DeliveryState.DROPPED, DeliveryState.WAITING
        ],
        error__isnull=False,
    )  # fmt: skip
    if before is not None:
        query = query.filter(id__lt=before)
    return await query.order_by("-id").limit(PAGE + 1).prefetch_related("activity")


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
    """Forget deliveries that were finished long ago; return how many."""
    before = milliseconds(house) - _ms(KEPT)
    return await db.execute(
        "DELETE FROM deliveries WHERE state != 'waiting' AND done_ms < ?", before
    )
