"""What strangers are shown of what is known, as rows that change whenever that does
(server.web.shelf).
"""

from server import db

NEWEST = (  # the marks say where an experiment stands
    "SELECT c.number, c.marks, p.version, a.name, a.icon_url,"
    " (SELECT count(*) FROM posts r WHERE r.root_id = p.id AND r.state = 'published'"
    " AND r.visibility IN ('public', 'unlisted')) AS replies,"
    " (SELECT count(*) FROM thanks t WHERE t.post_id = p.id) AS thanks"
    " FROM cards c JOIN posts p ON p.id = c.post_id"
    " JOIN actors a ON a.id = c.author_id ORDER BY c.number DESC LIMIT ?"
)


async def of_newest(limit: int) -> tuple[object, ...]:
    """Return the version of the newest things of all."""
    return tuple(tuple(row.values()) for row in await db.rows(NEWEST, limit))
