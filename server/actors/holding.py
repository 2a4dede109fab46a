"""The keys of our own actors: each has its own, or publishes another's under its own ids, so that a
channel costs no RSA key (federation.md §2).
"""

from server import db
from server.actors.tables import ActorKey

HELD = (
    "SELECT k.* FROM actors a JOIN actor_keys k ON k.actor_id = coalesce(a.keys_of_id, a.id)"
    " WHERE a.id = ?{only} ORDER BY k.id DESC"
)


async def keys_held(actor_id: int, *kinds: str) -> list[ActorKey]:
    """Return the keys of an actor of ours, the newest first, by the ids that it has them under;
    with `kinds`, only those.
    """
    only = f" AND k.kind IN ({db.marks(len(kinds))})" if kinds else ""
    found = await db.read(ActorKey, HELD.format(only=only), actor_id, *kinds)
    if found and found[0].actor_id != actor_id:
        [actor] = await db.rows("SELECT uri FROM actors WHERE id = ?", actor_id)
        for one in found:
            one.key_id = f"{actor['uri']}#{one.key_id.partition('#')[2]}"
    return found
