"""Whom an actor follows, whole, to be taken elsewhere or handed on."""

from collections.abc import AsyncIterator

from server import db
from server.actors.tables import Actor
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
    found = await db.rows(
        "SELECT f.id, a.name, a.username, a.host, a.uri FROM follows f"
        " JOIN actors a ON a.id = f.followed_id"
        " WHERE f.follower_id = ? AND f.state <> 'rejected' AND f.id > ? ORDER BY f.id LIMIT ?",
        follower.id, after, BATCH,
    )  # fmt: skip
    return [
        (
            row["id"],
            Listed(
                row["name"] or row["username"] or row["host"], row["username"], row["host"],
                row["uri"],
            ),
        )
        for row in found
    ]  # fmt: skip
