"""The places that posts are about, so that what belongs to one is found."""

from collections.abc import Iterable

from server import db
from server.posts.rules import PLACES, slug
from server.posts.tables import Place, Post


async def place(post: Post, names: Iterable[str]) -> None:
    """Keep the places that a post names, the first ones, instead of those that it named before."""
    await db.execute("DELETE FROM places WHERE post_id = ?", post.id)
    named = {slug(name): name.strip()[:100] for name in reversed([*names][:PLACES])}
    at = db.moment(post.published_at or post.created_at)
    rows = [(post.id, name, shown, at) for name, shown in reversed(named.items()) if name]
    await db.executemany(
        "INSERT INTO places (post_id, name, shown, published_at) VALUES (?, ?, ?, ?)", rows
    )


async def places(post: Post) -> list[Place]:
    """Return the places that a post names."""
    return await db.read(Place, "SELECT * FROM places WHERE post_id = ? ORDER BY id", post.id)
