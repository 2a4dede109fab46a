"""The places that posts are about, so that what belongs to one is found."""

from collections.abc import Iterable

from server import db
from server.posts.rules import PLACES, slug
from server.posts.tables import Place, Post


async def place(post: Post, names: Iterable[str]) -> None:
    """Keep the places that a post names, the first ones, instead of those that it named before."""
    await Place.filter(post_id=post.id).delete()
    named = {slug(name): name.strip()[:100] for name in reversed([*names][:PLACES])}
    await Place.bulk_create(
        Place(
            post_id=post.id, name=name, shown=shown,
            published_at=post.published_at or post.created_at,
        )
        for name, shown in reversed(named.items())
        if name
    )  # fmt: skip


async def places(post: Post) -> list[Place]:
    """Return the places that a post names."""
    return await db.read(Place, "SELECT * FROM places WHERE post_id = ? ORDER BY id", post.id)
