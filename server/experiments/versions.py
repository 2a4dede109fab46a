"""What else than the post and what came of it is on an experiment's page, as numbers that change
whenever that does (server.web.shelf).
"""

from server import db
from server.posts.kinds import ENTRY
from server.posts.rules import Relation

OF_EXPERIMENT = (
    "WITH head AS (SELECT id FROM posts WHERE uri = ?) SELECT"  # noqa: S608 - ours
    " (SELECT count(*) FROM experiment_editors e JOIN head ON e.post_id = head.id"
    " WHERE e.accepted_at IS NOT NULL) AS editors,"
    " (SELECT sum(e.id) FROM experiment_editors e JOIN head ON e.post_id = head.id"
    " WHERE e.accepted_at IS NOT NULL) AS editor_ids,"
    " (SELECT count(*) FROM links l JOIN head ON l.post_id = head.id JOIN posts p"
    " ON p.uri = l.target_uri WHERE p.state = 'published') AS named,"
    " (SELECT sum(p.version) FROM links l JOIN head ON l.post_id = head.id JOIN posts p"
    " ON p.uri = l.target_uri) AS named_versions,"
    " (SELECT count(*) FROM links l JOIN boosts b ON b.post_id = l.post_id"
    " WHERE l.target_uri = ? AND l.relation = ?) AS acknowledged,"
    " (SELECT count(*) FROM boosts b JOIN head ON b.post_id = head.id) AS boosts,"
    " (SELECT sum(p.version) FROM posts p JOIN head ON p.root_id = head.id"
    f" WHERE p.kind = '{ENTRY}' AND p.state = 'published') AS entry_versions,"
    " (SELECT listed FROM experiment_adaptations d JOIN head ON d.post_id = head.id) AS listed"
)


async def of_experiment(uri: str) -> tuple[object, ...]:
    """Return the version of who looks after an experiment, of its log, of what it goes back to, and
    of who acknowledged that, or what was made of it. What was made of it is in the version of every
    post (`responses.versions`).
    """
    [found] = await db.rows(OF_EXPERIMENT, uri, uri, str(Relation.ADAPTED_FROM))
    return tuple(found.values())
