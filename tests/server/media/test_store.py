"""The store: whole files, in a folder or elsewhere."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.errors import ConfigurationError
from server.media.store import ObjectFiles, StoreError, open_store


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectFiles:
    return open_store(
        str(tmp_path / "new" / "media") if request.param == "folder" else "memory:///"
    )


async def test_what_was_put_is_got(store: ObjectFiles) -> None:
    """The last that was put counts."""
    await store.put("pictures/ab/abc/large.jpg", b"one")
    await store.put("pictures/ab/abc/large.jpg", b"two")
    assert await store.get("pictures/ab/abc/large.jpg") == b"two"
    assert await store.get("pictures/ab/abc/small.jpg") is None


async def test_deleting_twice_is_harmless(store: ObjectFiles) -> None:
    """What is gone is gone."""
    await store.put("a/b.jpg", b"x")
    await store.delete("a/b.jpg")
    await store.delete("a/b.jpg")
    assert await store.get("a/b.jpg") is None


async def test_a_folder_is_listed_with_all_below_it(store: ObjectFiles) -> None:
    """With sizes and times; a folder whose name only begins alike is another one."""
    for path in ("pictures/ab/abc/large.jpg", "pictures/cd/cde/small.webp", "pictures2/x.jpg"):
        await store.put(path, b"1234")
    found = [one async for one in store.listed("pictures")]
    assert sorted(one.path for one in found) == [
        "pictures/ab/abc/large.jpg",
        "pictures/cd/cde/small.webp",
    ]
    assert {one.size for one in found} == {4}
    assert abs(found[0].stored_at - datetime.now(UTC)) < timedelta(minutes=1)  # noqa: TID251
    assert [one async for one in store.listed("nothing")] == []


async def test_a_path_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    """Whatever a key may be one day."""
    (tmp_path / "secret").write_text("x")
    store = open_store(str(tmp_path / "media"))
    with pytest.raises(StoreError):
        await store.get("../secret")


async def test_an_emptied_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    """A million pictures that came and went leave no million folders."""
    store = open_store(str(tmp_path / "media"))
    await store.put("pictures/ab/abc/large.jpg", b"x")
    await store.delete("pictures/ab/abc/large.jpg")
    assert list((tmp_path / "media").iterdir()) == []


@pytest.mark.parametrize("place", ["ftp://pictures.test/", "s3://"])
def test_a_place_that_is_none_stops_the_start(place: str) -> None:
    """With the name of the setting."""
    with pytest.raises(ConfigurationError, match="media_url"):
        open_store(place)


def test_a_file_in_the_way_of_the_folder_stops_the_start(tmp_path: Path) -> None:
    """It cannot be made."""
    (tmp_path / "media").write_text("in the way")
    with pytest.raises(ConfigurationError, match="media_url"):
        open_store(str(tmp_path / "media"))


def test_a_bucket_is_opened_by_its_url() -> None:
    """Nothing is asked of it yet; keys come from the environment."""
    assert isinstance(open_store("s3://pictures/of/the-hub"), ObjectFiles)
