"""What strangers are shown of what is known, as rows that change whenever that does
(server.web.shelf).
"""

from server import db

NEWEST = (
    "SELECT c.number, p.version, a.name, a.icon_url FROM cards c JOIN posts p ON p.id = c.post_id"
    " JOIN actors a ON a.id = c.author_id ORDER BY c.number DESC LIMIT ?"
)


async def of_newest(limit: int) -> tuple[object, ...]:
    """Return the version of the newest things of all."""
    return tuple(tuple(row.values()) for row in await db.rows(NEWEST, limit))
