"""Pictures that people here put up."""

from dataclasses import dataclass

from server import db
from server.house import House
from server.media.rules import MEBIBYTE, NoRoomError, PictureMissingError
from server.media.service import files
from server.media.tables import Picture

FOLDER = "pictures"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a picture: rows of the person and of their actor."""

    person_id: int
    actor_id: int


@dataclass(slots=True)
class Showing:
    """A picture is asked for by somebody, or by anybody at all (`viewer` None).

    Whoever shows pictures listens (`house.hooks.on(Showing, …)`) and sets `allowed` where this
    viewer may see it. Until somebody does, only its owner sees it.
    """

    picture: Picture
    viewer: Viewer | None
    allowed: bool = False


async def keep(
    data: bytes, *, owner_id: int | None, house: House, open_to_all: bool = False,
    sharp: bool = False,
) -> Picture:  # fmt: skip
    """Keep a picture from a file that somebody chose: made anew, in all sizes, then written down;
    a `sharp` one, all lines and letters, as PNG.

    Call it before the transaction that will use the picture: it takes its time. What nothing uses
    is swept after a day, unless it is `open_to_all` (an avatar, a logo). Raises RefusedErrors that
    say what to do (`media.rules`), NoRoomError among them where the person's pictures fill what
    one person has; StoreError.
    """
    await _check_room(owner_id, 0, house=house)  # before any work is done for it
    made = await files.cleaned(data, sharp=sharp)
    key = files.new_key(house)
    async with db.transaction():
        await db.in_turn("pictures")  # two that come at once don't share what room is left
        await _check_room(owner_id, made.size_bytes, house=house)
        picture = await Picture.create(
            key=key, owner_id=owner_id, open_to_all=open_to_all, media_type=made.media_type,
            width=made.width, height=made.height, blurhash=made.blurhash,
            size_bytes=made.size_bytes, created_at=house.clock.now(),
        )  # fmt: skip
    try:
        await files.write(FOLDER, key, made, house=house)
    except BaseException:
        await picture.delete()
        raise
    return picture


async def _check_room(owner_id: int | None, size: int, *, house: House) -> None:
    if owner_id is None:
        return
    found = await db.rows(
        "SELECT coalesce(sum(size_bytes), 0) AS used FROM pictures WHERE owner_id = ?", owner_id
    )
    if int(found[0]["used"]) + max(size, 1) > house.picture_limit:
        raise NoRoomError(limit=house.picture_limit // MEBIBYTE)


async def delete(picture_id: int, *, house: House) -> None:
    """Take a picture away, from whatever shows it too; its files go when the transaction commits.

    Doing it twice is harmless.
    """
    async with db.transaction():
        picture = await Picture.get_or_none(id=picture_id)
        if picture is not None:
            await picture.delete()
            await files.remove_later(FOLDER, picture.key, house=house)


async def by_key(key: str) -> Picture:
    """Return the picture of a key. Raises PictureMissingError."""
    picture = await Picture.get_or_none(key=key)
    if picture is None:
        raise PictureMissingError
    return picture


async def is_public(picture: Picture, *, house: House) -> bool:
    """Say whether anybody who has its address may see a picture."""
    return picture.open_to_all or await _is_allowed(picture, None, house=house)


async def may_see(picture: Picture, viewer: Viewer, *, house: House) -> bool:
    """Say whether somebody may see a picture that is not public."""
    if picture.owner_id == viewer.person_id:
        return True
    return await _is_allowed(picture, viewer, house=house)


async def _is_allowed(picture: Picture, viewer: Viewer | None, *, house: House) -> bool:
    asked = Showing(picture, viewer)
    await house.hooks.tell(asked, house)
    return asked.allowed
