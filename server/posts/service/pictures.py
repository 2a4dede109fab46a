"""Pictures of a draft, and of what is published."""

from dataclasses import dataclass

from server import db
from server.actors.blocks import TURNED_AWAY
from server.actors.tables import Actor
from server.errors import NotFoundError, RefusedError
from server.house import House
from server.media import service as media
from server.media.tables import Picture
from server.posts.rules import PICTURES, State
from server.posts.service.read import attachments, may_see
from server.posts.tables import Attachment, Post

_SHOWN = (
    "SELECT 1 AS one FROM attachments t JOIN posts p ON p.id = t.post_id"  # noqa: S608 - fixed
    f" WHERE t.remote_url = ? AND NOT {TURNED_AWAY.format(actor='p.author_id')}"
    " UNION ALL SELECT 1 FROM actors a WHERE a.icon_url = ? AND a.local = ? AND a.gone = ?"
    f" AND NOT {TURNED_AWAY.format(actor='a.id')} LIMIT 1"
)


class TooManyPicturesError(RefusedError):
    """There is room for four pictures. Take one out first."""


async def attach(post: Post, picture: Picture, *, alt: str, state: State = State.DRAFT) -> None:
    """Add a picture to a post that is in this state. Raises TooManyPicturesError; NotFoundError
    where it is in another by now.
    """
    async with db.transaction():
        # Two pictures that are added at once follow one another; none joins what was published
        # meanwhile without a word to anybody.
        await _locked(post, state)
        held = await Attachment.filter(post_id=post.id).order_by("position")
        if len(held) >= PICTURES:
            raise TooManyPicturesError
        position = held[-1].position + 1 if held else 0
        await Attachment.create(
            post_id=post.id, position=position, picture=picture, alt=alt,
            width=picture.width, height=picture.height, blurhash=picture.blurhash,
        )  # fmt: skip


async def _locked(post: Post, state: State) -> None:
    held = await Post.filter(id=post.id).select_for_update().get_or_none()
    if held is None or held.state is not state:
        raise NotFoundError


async def describe(post: Post, attachment_id: int, *, alt: str, state: State) -> None:
    """Say otherwise what a picture shows. Raises NotFoundError as `attach` does, and where there
    is no such picture.
    """
    async with db.transaction():
        await _locked(post, state)
        if not await Attachment.filter(id=attachment_id, post_id=post.id).update(alt=alt):
            raise NotFoundError


async def detach(
    post: Post, attachment_id: int, *, state: State = State.DRAFT, house: House
) -> None:
    """Take a picture out of a post, and delete it. Raises NotFoundError as `attach` does."""
    async with db.transaction():
        await _locked(post, state)
        row = await Attachment.get_or_none(id=attachment_id, post_id=post.id)
        if row is not None:
            await row.delete()
            if row.picture_id is not None:
                await media.delete(row.picture_id, house=house)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture as a page shows it: always from this node."""

    id: int
    src: str
    alt: str
    width: int
    height: int


async def shown_pictures(post: Post, *, house: House) -> list[Shown]:
    """Return a post's pictures in order; those from elsewhere by way of our own copies."""
    return [shown(row, house=house) for row in await attachments(post)]


def shown(row: Attachment, *, house: House) -> Shown:
    """Return one picture, which has been read with its row."""
    if row.picture is not None:
        src = row.picture.path()
    else:
        src = media.proxied(row.remote_url or "", house=house)
    return Shown(
        id=row.id, src=src, alt=row.alt, width=row.width or 1600, height=row.height or 1200
    )


async def on_showing(event: media.Showing, house: House) -> None:
    """Allow a picture of ours to whoever may read a post that shows it."""
    viewer = await Actor.get(id=event.viewer.actor_id) if event.viewer else None
    for one in await Attachment.filter(picture_id=event.picture.id).prefetch_related("post"):
        event.allowed = event.allowed or await may_see(one.post, viewer)


async def on_still_shown(event: media.StillShown, house: House) -> None:
    """Say whether a picture from elsewhere belongs to anything that is still known here, of
    anybody who is not turned away.
    """
    event.asked = True
    event.shown = event.shown or bool(await db.rows(_SHOWN, event.url, event.url, False, False))
