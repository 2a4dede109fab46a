"""What else than the post and what came of it is on an experiment's page, as numbers that change
whenever that does (server.web.shelf).
"""

from server import db
from server.posts.rules import Relation

OF_EXPERIMENT = (
    "WITH head AS (SELECT id FROM posts WHERE uri = ?) SELECT"
    " (SELECT count(*) FROM experiment_editors e JOIN head ON e.post_id = head.id"
    " WHERE e.accepted_at IS NOT NULL) AS editors,"
    " (SELECT sum(e.id) FROM experiment_editors e JOIN head ON e.post_id = head.id"
    " WHERE e.accepted_at IS NOT NULL) AS editor_ids,"
    " (SELECT count(*) FROM links l JOIN head ON l.post_id = head.id JOIN posts p"
    " ON p.uri = l.target_uri WHERE l.relation = ? AND p.state = 'published') AS stories,"
    " (SELECT sum(p.version) FROM links l JOIN head ON l.post_id = head.id JOIN posts p"
    " ON p.uri = l.target_uri WHERE l.relation = ?) AS story_versions"
)


async def of_experiment(uri: str) -> tuple[object, ...]:
    """Return the version of who looks after an experiment, and of the stories it began with."""
    relation = str(Relation.INSPIRED_BY)
    [found] = await db.rows(OF_EXPERIMENT, uri, relation, relation)
    return tuple(found.values())
