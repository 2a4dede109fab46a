"""What strangers are shown of lists of posts, as rows that change whenever that does
(server.web.shelf).
"""

from server import db

Version = tuple[object, ...]

LATEST = (
    "SELECT p.id, p.version, a.name, a.icon_url FROM posts p JOIN actors a ON a.id = p.author_id"
    " WHERE p.kind = ? AND p.local = ? AND p.state = 'published' AND p.visibility = 'public'"
    " ORDER BY p.published_at DESC, p.id DESC LIMIT ?"
)
BY = (
    "SELECT a.*, p.id AS post_id, p.version FROM actors a LEFT JOIN (SELECT id, version, author_id,"
    " published_at FROM posts WHERE author_id = (SELECT id FROM actors WHERE uri = ?)"
    " AND kind = ? AND state = 'published' AND visibility = 'public'"
    " ORDER BY published_at DESC, id DESC LIMIT ?) AS p ON p.author_id = a.id"
    " WHERE a.uri = ? ORDER BY p.published_at DESC, p.id DESC"
)


PINNED = (
    "SELECT n.id, p.version, p.visibility, w.name, w.icon_url"
    " FROM pins n JOIN actors a ON a.id = n.actor_id"
    " JOIN posts p ON p.id = n.post_id JOIN actors w ON w.id = p.author_id"
    " WHERE a.uri = ? AND p.state = 'published' ORDER BY n.id DESC"
)


async def of_pinned(uri: str) -> Version:
    """Return the version of what an actor shows first."""
    return tuple(tuple(row.values()) for row in await db.rows(PINNED, uri))


async def of_latest(kind: str, limit: int) -> Version:
    """Return the version of the hub's newest public posts of a kind."""
    found = await db.rows(LATEST, kind, True, limit)
    return tuple(tuple(row.values()) for row in found)


async def of_latest_by(uri: str, kind: str, limit: int) -> Version:
    """Return the version of an actor of ours, all that is known of it, and its newest public
    posts of a kind; empty where there is none.
    """
    found = await db.rows(BY, uri, kind, limit, uri)
    return tuple(tuple(row.values()) for row in found)
