"""Links between things: what goes back to what, ours or others'."""

from collections.abc import Iterable

from server import db
from server.actors.blocks import APART, TURNED_AWAY
from server.actors.tables import Actor
from server.house import House
from server.posts import kinds
from server.posts.events import Linked
from server.posts.kinds import Moment
from server.posts.rules import OPEN, Relation, State
from server.posts.tables import Link, Post

LINKED = 50
"""Things going back to one other that are shown."""


async def link(post: Post, relation: Relation, uris: Iterable[str], *, house: House) -> None:
    """Keep what a post goes back to, in place of what it said before; what is not for everybody
    goes back to nothing that anybody sees. Tells of each that is new or gone.
    """
    said = set(uris) if post.visibility in OPEN and post.state is State.PUBLISHED else set()
    rows = await Link.filter(post_id=post.id, relation=relation)
    held = {row.target_uri: row for row in rows}
    for uri in sorted(held.keys() - said):
        await held[uri].delete()
        await _tell(post, relation, uri, gone=True, house=house)
    for uri in sorted(said - held.keys()):
        if await db.add(
            Link(post_id=post.id, relation=relation, target_uri=uri),
            unless="post_id, relation, target_uri",
        ):
            await _tell(post, relation, uri, gone=False, house=house)


async def _tell(post: Post, relation: Relation, uri: str, *, gone: bool, house: House) -> None:
    event = Linked(post=post, relation=relation, target_uri=uri, gone=gone)
    await house.hooks.tell(event, house)


async def unlink(post: Post, *, house: House) -> None:
    """Forget what a post went back to that is taken back."""
    for relation in Relation:
        await link(post, relation, (), house=house)


async def linked_to(
    target: Post, relation: Relation, viewer: Actor | None = None, *, limit: int = LINKED
) -> list[Post]:
    """Return what goes back to a post and anybody may read, oldest first, with authors; nothing of
    those whom its author or the viewer blocks, or who block them.
    """
    apart = [target.author_id, *([viewer.id] if viewer else [])]
    kept = f" AND NOT {APART.format(actor='p.author_id')}" * len(apart)
    found = await db.read(
        Post,
        "SELECT p.* FROM links l JOIN posts p ON p.id = l.post_id WHERE l.target_uri = ?"  # noqa: S608
        " AND l.relation = ? AND p.state = 'published' AND p.visibility IN ('public', 'unlisted')"
        f" AND NOT {TURNED_AWAY.format(actor='p.author_id')}{kept}"
        " ORDER BY p.published_at, p.id LIMIT ?",
        target.uri, str(relation), *[one for one in apart for _ in range(2)], limit,
    )  # fmt: skip
    authors = await db.read_by_id(Actor, [post.author_id for post in found])
    for post in found:
        post.author = authors[post.author_id]
    return found


async def came_of(target: Post, viewer: Actor | None = None) -> list[Moment]:
    """Return what came of a post, in the order that it happened."""
    by_kind: dict[str, list[Post]] = {}
    for post in await linked_to(target, Relation.INSPIRED_BY, viewer):
        by_kind.setdefault(post.kind, []).append(post)
    found: list[Moment] = []
    for name, some in by_kind.items():
        kind = kinds.find(name)
        if kind is not None and kind.moments is not None:
            found += await kind.moments(some)
    return sorted(found, key=lambda moment: moment.at)


async def links_of(post: Post, relation: Relation) -> list[str]:
    """Return the ids of what a post goes back to."""
    found = await db.rows(
        "SELECT target_uri FROM links WHERE post_id = ? AND relation = ? ORDER BY id",
        post.id, str(relation),
    )  # fmt: skip
    return [str(row["target_uri"]) for row in found]
