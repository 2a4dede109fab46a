"""Pictures that people here put up: files and row together, or neither."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from server import db
from server.house import House
from server.jobs import Worker
from server.media import service
from server.media.rules import (
    BYTES_LIMIT,
    NoRoomError,
    NotAPictureError,
    PictureTooLargeError,
    Size,
)
from server.media.service import tidying
from server.media.service.own import Showing, Viewer
from server.media.tables import Picture
from tests.server.media.conftest import files
from tests.server.media.drawing import file_of, halves
from tests.server.media.posting import attach
from tests.support.network import Network

DAY = timedelta(days=1)
IDA, TOM = Viewer(person_id=1, actor_id=11), Viewer(person_id=2, actor_id=12)


class UndoneError(Exception):
    """The transaction comes to nothing."""


async def test_a_picture_is_kept_in_three_files_and_a_row(house: House) -> None:
    """The row tells what the files are."""
    picture = await service.keep(file_of(halves(2000, 1000)), owner_id=1, house=house)
    row = await Picture.get(key=picture.key)
    assert (row.width, row.height, row.media_type) == (1600, 800, "image/jpeg")
    assert (row.owner_id, row.open_to_all) == (1, False)
    assert row.created_at == house.clock.now()
    assert await files(house) == sorted(picture.file(size) for size in Size)
    stored = [await house.store.get(picture.file(size)) for size in Size]
    assert row.size_bytes == sum(len(data or b"") for data in stored)
    assert row.path("small") == f"/media/{row.key}/small.jpg"


async def test_two_pictures_have_nothing_in_common(house: House) -> None:
    """Not even the same file put up twice: who knows one address knows no other."""
    data = file_of(halves())
    one = await service.keep(data, owner_id=1, house=house)
    two = await service.keep(data, owner_id=1, house=house)
    assert one.key != two.key
    assert len(one.key) == 40


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"<svg/>", NotAPictureError), (bytes(BYTES_LIMIT + 1), PictureTooLargeError)],
)
async def test_what_is_refused_leaves_nothing(
    house: House, data: bytes, error: type[Exception]
) -> None:
    """No row, no file."""
    with pytest.raises(error):
        await service.keep(data, owner_id=1, house=house)
    assert await files(house) == []
    assert not await Picture.exists()


async def test_deleting_takes_row_and_files(house: House, worker: Worker) -> None:
    """The files by a job, once the transaction has committed. Twice is harmless."""
    picture = await service.keep(file_of(halves()), owner_id=1, house=house)
    await service.delete(picture.id, house=house)
    await service.delete(picture.id, house=house)
    assert not await Picture.exists()
    await worker.run_due()
    assert await files(house) == []


async def test_a_deletion_that_is_undone_leaves_the_picture(house: House, worker: Worker) -> None:
    """Row and files."""
    picture = await service.keep(file_of(halves()), owner_id=1, house=house)

    async def delete_and_undo() -> None:
        async with db.transaction():
            await service.delete(picture.id, house=house)
            raise UndoneError

    with pytest.raises(UndoneError):
        await delete_and_undo()
    await worker.run_due()
    assert await Picture.exists()
    assert len(await files(house)) == 3


async def test_until_somebody_says_so_only_the_owner_sees_a_picture(house: House) -> None:
    """A draft's pictures are private."""
    picture = await service.keep(file_of(halves()), owner_id=IDA.person_id, house=house)
    assert not await service.is_public(picture, house=house)
    assert await service.may_see(picture, IDA, house=house)
    assert not await service.may_see(picture, TOM, house=house)


async def test_an_avatar_is_public_from_the_start(house: House) -> None:
    """Nobody has to be asked."""
    picture = await service.keep(file_of(halves()), owner_id=1, house=house, open_to_all=True)
    assert await service.is_public(picture, house=house)


async def test_whoever_shows_a_picture_says_who_may_see_it(house: House) -> None:
    """By a hook that is asked for anybody, and for one viewer."""
    picture = await service.keep(file_of(halves()), owner_id=1, house=house)

    async def to_tom(asked: Showing, _: House) -> None:
        assert asked.picture.id == picture.id
        asked.allowed = asked.viewer == TOM

    house.hooks.on(Showing, to_tom)
    assert not await service.is_public(picture, house=house)
    assert await service.may_see(picture, TOM, house=house)
    assert await service.may_see(picture, IDA, house=house)


async def test_a_picture_that_nothing_shows_goes_after_a_day(
    house: House, worker: Worker, network: Network
) -> None:
    """One in use stays, and so does an avatar, and one that was put up just now."""
    data = file_of(halves())
    unused = await service.keep(data, owner_id=1, house=house)
    used = await service.keep(data, owner_id=1, house=house)
    avatar = await service.keep(data, owner_id=1, house=house, open_to_all=True)
    await attach(used, house=house)
    network.clock.move(DAY + timedelta(minutes=1))
    new = await service.keep(data, owner_id=1, house=house)

    await tidying.sweep({}, house)
    await worker.run_due()

    left = {picture.id for picture in await Picture.all()}
    assert left == {used.id, avatar.id, new.id}
    assert not any(unused.key in path for path in await files(house))
    assert len(await files(house)) == 9


async def test_files_without_a_row_are_swept(house: House, network: Network) -> None:
    """They are what a killed process leaves, or a transaction that was undone."""
    kept = await service.keep(file_of(halves()), owner_id=1, house=house)
    for folder in ("pictures", "remote"):
        await house.store.put(f"{folder}/ab/{'ab' * 20}/large.jpg", b"x")
    network.clock.move(timedelta(days=-365))
    await tidying.sweep_files({}, house)
    assert len(await files(house)) == 5  # all of them are younger than a day by that clock
    network.clock.move(timedelta(days=3650))
    await tidying.sweep_files({}, house)
    assert await files(house) == sorted(kept.file(size) for size in Size)


async def test_sweeping_is_scheduled(worker: Worker) -> None:
    """Pictures hourly, files daily."""
    await worker.run_due()
    kinds = await db.rows("SELECT kind FROM job_schedules ORDER BY kind")
    assert [row["kind"] for row in kinds] == ["media.sweep", "media.sweep_files"]


async def test_one_person_has_so_much_room_and_no_more(house: House) -> None:
    """What is over the limit leaves nothing, and says what to do; others have their own room, and
    so has the hub.
    """
    data = file_of(halves())
    first = await service.keep(data, owner_id=1, house=house)
    narrow = replace(house, picture_limit=first.size_bytes * 2)
    await service.keep(data, owner_id=1, house=narrow)
    kept = await files(house)
    with pytest.raises(NoRoomError, match="Take an old one out"):
        await service.keep(data, owner_id=1, house=narrow)
    assert await files(house) == kept
    await service.keep(data, owner_id=2, house=narrow)
    await service.keep(data, owner_id=None, house=narrow)

    await service.delete(first.id, house=house)
    await service.keep(data, owner_id=1, house=narrow)


async def test_pictures_that_come_at_once_do_not_share_what_room_is_left(house: House) -> None:
    """Of five, where there is room for two more, two are kept."""
    data = file_of(halves())
    first = await service.keep(data, owner_id=1, house=house)
    narrow = replace(house, picture_limit=first.size_bytes * 3)
    at_once = (service.keep(data, owner_id=1, house=narrow) for _ in range(5))
    found = await asyncio.gather(*at_once, return_exceptions=True)
    assert sum(isinstance(one, NoRoomError) for one in found) == 3
    assert await Picture.filter(owner_id=1).count() == 3
    assert len(await files(house)) == 3 * len(Size)
