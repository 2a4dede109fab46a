"""A post that shows a picture, as the rooms above this one would write it."""

from server.actors.tables import Actor
from server.house import House
from server.media.tables import Picture
from server.posts.rules import State, Visibility
from server.posts.tables import Attachment, Post


async def attach(picture: Picture, *, house: House) -> Post:
    """Write a draft by somebody, with the picture attached."""
    now = house.clock.now()
    author = await Actor.create(
        uri=house.uri("/people/ida"), host=house.host, local=True, type="Person", username="ida",
        url=house.uri("/people/ida"), inbox=house.uri("/people/ida/inbox"),
        created_at=now, fetched_at=now,
    )  # fmt: skip
    post = await Post.create(
        kind="note", author=author, local=True, state=State.DRAFT,
        visibility=Visibility.PUBLIC, created_at=now,
    )  # fmt: skip
    await Attachment.create(post=post, position=0, picture=picture, alt="Halves")
    return post
