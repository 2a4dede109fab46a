"""What responses tell the features above them (server.house.Hooks)."""

from dataclasses import dataclass

from server.actors.tables import Actor
from server.posts.tables import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class ThankedFor:
    """Somebody thanked for a post of ours, whose writer has been told: others may have had a part
    in it.
    """

    post: Post
    by: Actor
    text: str
    """What they are told, after the name of who thanked."""
