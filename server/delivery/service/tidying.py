"""What leaves the node, counted; what nobody needs any more, forgotten."""

from datetime import timedelta

from server import db
from server.delivery.service.sending import milliseconds
from server.delivery.tables import OutgoingActivity
from server.house import House

KEPT = timedelta(days=30)
"""How long a finished delivery is remembered."""
UNTRIED_KEPT = timedelta(days=7)
"""How long one is remembered that was dropped untried, since its host was out of reach or its queue
full: there is one for each of these hosts whenever anything is published.
"""
OTHERS_KEPT = timedelta(days=365)
"""How long an activity stays to be read that is neither a Create nor an Announce, how long a
withdrawal's receipts stay, and why a steward gave something up.
"""


GAUGES = {
    "waiting": ("fettle_deliveries_waiting", "Deliveries that wait."),
    "lanes_waiting": ("fettle_lanes_waiting", "Hosts for which something waits."),
    "failing_hosts": ("fettle_lanes_failing", "Hosts that do not take what is sent."),
    "unreachable_hosts": ("fettle_lanes_unreachable", "Hosts out of reach for a week."),
    "oldest_seconds": ("fettle_oldest_delivery_seconds", "Age of the oldest that waits."),
}
"""What `counts` is called in `/metrics`."""


async def activity_at(uri: str) -> OutgoingActivity | None:
    """Return the public activity of that id."""
    return await OutgoingActivity.get_or_none(uri=uri, public=True)


async def counts(*, house: House) -> dict[str, int]:
    """Return how much waits, in how many lanes, how many of those fail, and for how many seconds
    the oldest has waited; for `status` and `/metrics`.
    """
    [found] = await db.rows(
        "SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting') AS waiting,"
        " (SELECT count(*) FROM lanes WHERE due_ms IS NOT NULL) AS lanes_waiting,"
        " (SELECT count(*) FROM lanes WHERE failing_since_ms IS NOT NULL) AS failing_hosts,"
        " (SELECT count(*) FROM lanes WHERE failing_since_ms IS NOT NULL"
        " AND unreachable_since_ms IS NOT NULL) AS unreachable_hosts,"
        " (SELECT min(a.created_ms) FROM activities a WHERE a.id ="
        " (SELECT min(activity_id) FROM deliveries WHERE state = 'waiting')) AS oldest_ms"
    )
    oldest = found.pop("oldest_ms")
    age = max(0, milliseconds(house) - oldest) // 1000 if oldest is not None else 0
    return {**{name: int(value) for name, value in found.items()}, "oldest_seconds": int(age)}


async def sweep(*, house: House) -> int:
    """Forget deliveries that were finished long ago, and activities that nobody may read and
    nobody waits for; return how many.
    """
    now = milliseconds(house)
    kept, others = (
        now - int(KEPT.total_seconds() * 1000),
        now - int(OTHERS_KEPT.total_seconds() * 1000),
    )
    gone = 0
    for state in ("delivered", "rejected", "gone", "dropped"):
        gone += await db.execute(
            "DELETE FROM deliveries WHERE state = ? AND done_ms < ? AND (done_ms < ? OR NOT EXISTS"
            " (SELECT 1 FROM activities a WHERE a.id = activity_id AND a.type = 'Delete'))",
            state, kept, others,
        )  # fmt: skip
    gone += await db.execute(
        "DELETE FROM deliveries WHERE state = 'dropped' AND done_ms < ? AND attempts = 0"
        " AND NOT lasting",
        now - int(UNTRIED_KEPT.total_seconds() * 1000),
    )
    await db.execute("DELETE FROM queue_drops WHERE at_ms < ?", others)
    return gone + await db.execute(
        "DELETE FROM activities WHERE type NOT IN ('Create', 'Announce') AND created_ms <"
        " CASE WHEN public THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END"
        " AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.activity_id = activities.id)",
        others, kept,
    )  # fmt: skip
