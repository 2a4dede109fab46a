"""Whom here what happened to a post is news to."""

from dataclasses import dataclass

from server.actors.tables import Actor
from server.house import House
from server.people import service as people
from server.posts.tables import Post


@dataclass(frozen=True, slots=True)
class Happened:
    """What a notification says."""

    kind: str
    actor: Actor
    post_id: int
    text: str


async def tell_writer(post: Post, what: Happened, *, house: House) -> None:
    """Tell whoever wrote a post of ours here; the stewards where the hub speaks for itself."""
    if post.written_by_id is None:
        await people.notify_stewards(
            kind=what.kind, actor=what.actor, post_id=what.post_id, text=what.text, house=house
        )
    else:
        await people.notify_person(
            post.written_by_id, kind=what.kind, actor=what.actor, post_id=what.post_id,
            text=what.text, house=house,
        )  # fmt: skip


def called(post: Post) -> str:
    """Return what a post of ours is called to whoever wrote it."""
    return f"“{post.title}”" if post.title else "what you wrote"
