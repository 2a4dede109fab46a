"""Whom an actor follows, whole, to be taken elsewhere or handed on."""

from collections.abc import AsyncIterator

from server.actors.tables import Actor
from server.follows.rules import FollowState
from server.follows.tables import Follow
from server.house import House
from server.network.formats import Format, writing
from server.network.formats.writing import Listed

BATCH = 500
"""Follows that are read, and held in memory, at a time."""


async def exported(follower: Actor, form: Format, *, house: House) -> AsyncIterator[bytes]:
    """Return in parts whom an actor follows or has asked to, the first followed first."""
    title = f"Whom {follower.shown_name} follows"
    yield writing.head(form, title, house.clock.now()).encode()
    after = 0
    while rows := await _followed(follower, after=after):
        lines = [writing.line(form, one) for _, one in rows]
        yield "".join(lines).encode("utf-8", "replace")
        after = rows[-1][0]
    yield writing.foot(form).encode()


async def _followed(follower: Actor, *, after: int) -> list[tuple[int, Listed]]:
    rows = Follow.filter(follower_id=follower.id, id__gt=after).exclude(state=FollowState.REJECTED)
    found = await rows.order_by("id").limit(BATCH).prefetch_related("followed")
    return [(row.id, Listed.of(row.followed)) for row in found]
