"""What strangers are shown of a post and of what came of it, as numbers that change whenever that
does (server.web.shelf).
"""

from server import db
from server.posts.service import CONVERSATION
from server.responses.service import THANKED

Version = tuple[object, ...]

# Sums rather than lists: the replies that are shown are the same where their number and the sums of
# their ids and of their versions are, since ids and versions only ever grow.
POST = (
    "WITH head AS (SELECT p.id, p.kind, p.state, p.visibility, p.version,"  # noqa: S608 - ours
    " a.name, a.icon_url, a.gone, a.moved_to"
    " FROM posts p JOIN actors a ON a.id = p.author_id WHERE p.uri = ?),"
    " said AS (SELECT count(*) AS replies, sum(id) AS reply_ids, sum(version) AS reply_versions"
    " FROM (SELECT id, version FROM posts WHERE root_id = (SELECT id FROM head)"
    " AND state = 'published' AND visibility IN ('public', 'unlisted')"
    f" ORDER BY published_at, id LIMIT {CONVERSATION}) AS shown),"
    " glad AS (SELECT count(*) AS thanks, sum(id) AS thanks_ids FROM (SELECT id FROM thanks"
    f" WHERE post_id = (SELECT id FROM head) ORDER BY id DESC LIMIT {THANKED}) AS named)"
    " SELECT * FROM head, said, glad"
)
THANKS = (
    "SELECT t.id, p.version FROM thanks t JOIN posts p ON p.id = t.post_id"
    " WHERE p.local = ? AND p.state = 'published' AND p.visibility = 'public'"
    " ORDER BY t.created_at DESC LIMIT ?"
)


async def of_post(uri: str) -> Version | None:
    """Return the version of a post with its replies and thanks; None where it is not known."""
    found = await db.rows(POST, uri)
    return tuple(found[0].values()) if found else None


async def of_recent_thanks(limit: int) -> Version:
    """Return the version of as many of the newest thank-yous for public posts of ours."""
    found = await db.rows(THANKS, True, limit)
    return tuple(tuple(row.values()) for row in found)
