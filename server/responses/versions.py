"""What is shown of a post and of what came of it, as numbers that change whenever that does
(server.web.shelf).
"""

from dataclasses import dataclass

from server import db
from server.posts.kinds import ENTRY
from server.posts.rules import OPEN, State
from server.posts.service import CONVERSATION, SPOKEN_TO
from server.posts.service.read import OWN_ENTRY
from server.responses.service import FOR_IT, RECENT, THANKED

Version = tuple[object, ...]

# Sums rather than lists: the replies that are shown are the same where their number and the sums of
# their ids and of their versions are, since ids and versions only ever grow. Whoever is turned away
# is not shown: what stewards did last stands for that, so that no reply's author is looked at.
_PARTS = (
    "WITH head AS (SELECT p.id, p.uri, p.kind, p.state, p.visibility, p.version,"  # noqa: S608 - ours
    " p.author_id, p.written_by_id, a.name, a.icon_url, a.gone, a.moved_to"
    " FROM posts p JOIN actors a ON a.id = p.author_id WHERE p.uri = ?),"
    " said AS (SELECT count(*) AS replies, sum(id) AS reply_ids, sum(version) AS reply_versions"
    " FROM (SELECT id, version FROM posts p WHERE root_id = (SELECT id FROM head)"
    f" AND NOT ({OWN_ENTRY.format(author='(SELECT author_id FROM head)')})"
    " AND state = 'published' AND visibility IN ('public', 'unlisted')"
    f" ORDER BY published_at, id LIMIT {CONVERSATION}) AS shown),"
    " tried AS (SELECT p.id, p.version FROM links l JOIN posts p ON p.id = l.post_id"
    " WHERE l.target_uri = (SELECT uri FROM head) AND p.state = 'published'"
    " AND p.visibility IN ('public', 'unlisted')),"
    " logs AS (SELECT count(*) AS entries, sum(id) AS entry_ids, sum(version) AS entry_versions"
    " FROM (SELECT id, version FROM tried UNION ALL SELECT id, version FROM posts"
    f" WHERE kind = '{ENTRY}' AND state = 'published'"
    " AND root_id IN (SELECT id FROM tried)) AS entered),"
    " glad AS (SELECT count(*) AS thanks, sum(id) AS thanks_ids FROM (SELECT id FROM thanks"
    f" WHERE post_id = (SELECT id FROM head) AND {FOR_IT}"
    f" ORDER BY id DESC LIMIT {THANKED}) AS named),"
    " closed AS (SELECT (SELECT count(*) FROM hosts WHERE blocked = ?) AS hosts_away,"
    " (SELECT max(blocked_at) FROM hosts WHERE blocked = ?) AS host_away_at,"
    " (SELECT count(*) FROM actors WHERE blocked = ?) AS actors_away,"
    " (SELECT max(blocked_at) FROM actors WHERE blocked = ?) AS actor_away_at)"
)
AWAY = (True,) * 4
"""What is asked of who is turned away: given rather than written, so that the index is searched."""
POST = f"{_PARTS} SELECT * FROM head, said, logs, glad, closed"  # noqa: S608 - ours
MEMBER = (
    f"{_PARTS} SELECT head.*, said.*, logs.*, glad.*, closed.*,"  # noqa: S608 - ours
    " EXISTS (SELECT 1 FROM thanks t WHERE t.post_id = head.id AND t.actor_id = ?) AS thanked,"
    " head.written_by_id = ? OR EXISTS (SELECT 1 FROM posts p WHERE p.root_id = head.id"
    " AND p.state = 'published' AND (p.written_by_id = ?"
    f" OR (p.visibility NOT IN ('public', 'unlisted') AND ({SPOKEN_TO}))))"
    " OR EXISTS (SELECT 1 FROM blocks k WHERE k.blocker_id = ? OR k.blocked_id = ?) AS own"
    " FROM head, said, logs, glad, closed"
)


async def of_post(uri: str) -> Version | None:
    """Return the version of a post with its replies and thanks; None where it is not known."""
    found = await db.rows(POST, uri, *AWAY)
    return tuple(found[0].values()) if found else None


@dataclass(frozen=True, slots=True)
class Seen:
    """How a post stands with somebody who is signed in."""

    version: Version
    """Of all that its page shows to them and to others like them."""
    thanked: bool


async def for_member(uri: str, *, person_id: int, actor_id: int) -> Seen | None:
    """Return how a post stands with somebody; None where its page is theirs alone: it is not for
    everybody, they wrote it, something below it is theirs or was said to them, or a block stands
    between them and anybody.
    """
    found = await db.rows(MEMBER, uri, *AWAY, actor_id, person_id, person_id, *[actor_id] * 5)
    if not found or found[0]["own"]:
        return None
    if found[0]["state"] != State.PUBLISHED or found[0]["visibility"] not in OPEN:
        return None
    return Seen(tuple(found[0].values()), thanked=bool(found[0]["thanked"]))


async def of_thanks_to(uri: str, limit: int) -> Version:
    """Return the version of as many of the newest of those that somebody is thanked in."""
    whom = " AND t.whom_id = (SELECT id FROM actors WHERE uri = ?)"
    found = await db.rows(RECENT.format(whom=whom), True, uri, limit)
    return tuple(tuple(row.values()) for row in found)


async def of_recent_thanks(limit: int) -> Version:
    """Return the version of as many of the newest thank-yous that everybody may see."""
    found = await db.rows(RECENT.format(whom=""), True, limit)
    return tuple(tuple(row.values()) for row in found)
