"""Strangers' files become clean pictures or are refused (security case 27)."""

import random
import subprocess
import sys
import time

import blurhash  # type: ignore[import-untyped]
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from server.errors import RefusedError
from server.media.images import cleaned
from server.media.rules import (
    BYTES_LIMIT,
    PIXELS_LIMIT,
    DamagedPictureError,
    NotAPictureError,
    PictureTooLargeError,
    Size,
    TooManyPixelsError,
    UnreadFormatError,
)
from tests.server.media.drawing import (
    BLUE,
    RED,
    SECRET,
    file_of,
    gif_header,
    grey_png,
    halves,
    is_like,
    noise,
    opened,
    png_header,
    swapped_profile,
    telling_exif,
    webp_header,
)

SOON = 2.0
"""Seconds within which a bomb has to be refused; decoding one takes longer, or all memory."""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_format_that_we_read_becomes_a_jpeg_in_three_sizes(kind: str) -> None:
    """No size is larger than the picture came, but the square is always 256 pixels."""
    made = cleaned(file_of(halves(2000, 1000), kind))
    assert made.media_type == "image/jpeg"
    assert (made.width, made.height) == (1600, 800)
    pictures = {size: opened(data) for size, data in made.files.items()}
    assert {size: picture.format for size, picture in pictures.items()} == dict.fromkeys(
        Size, "JPEG"
    )
    assert pictures[Size.LARGE].size == (1600, 800)
    assert pictures[Size.SMALL].size == (640, 320)
    assert pictures[Size.SQUARE].size == (256, 256)
    assert is_like(pictures[Size.LARGE].getpixel((100, 400)), RED)
    assert is_like(pictures[Size.SQUARE].getpixel((240, 128)), BLUE)


def test_a_small_picture_is_not_made_larger() -> None:
    """Its large and small size are as it came."""
    made = cleaned(file_of(halves(90, 60)))
    assert (made.width, made.height) == (90, 60)
    assert opened(made.files[Size.SMALL]).size == (90, 60)
    assert opened(made.files[Size.SQUARE]).size == (256, 256)


@pytest.mark.parametrize("measures", [(1, 1), (1, 5000), (5000, 1)])
def test_odd_shapes_are_kept(measures: tuple[int, int]) -> None:
    """A picture of a line stays a line of at least one pixel."""
    made = cleaned(file_of(halves(*measures), "PNG"))
    assert min(made.width, made.height) == 1


def test_a_picture_that_shines_through_becomes_webp() -> None:
    """Its transparency is kept."""
    picture = halves(100, 100, "RGBA")
    picture.putalpha(Image.linear_gradient("L").resize((100, 100)))
    made = cleaned(file_of(picture, "PNG"))
    assert made.media_type == "image/webp"
    large = opened(made.files[Size.LARGE])
    assert (large.format, large.mode) == ("WEBP", "RGBA")
    top, bottom = large.getpixel((50, 0)), large.getpixel((50, 99))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[3] < 20
    assert bottom[3] > 235


def test_transparency_that_nothing_uses_is_dropped() -> None:
    """An opaque picture with an alpha channel is a JPEG like any other."""
    assert cleaned(file_of(halves(50, 50, "RGBA"), "PNG")).media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    """Black and white, grey, palettes and print colours."""
    kind = "JPEG" if mode == "CMYK" else "PNG"
    made = cleaned(file_of(halves(60, 40).convert(mode), kind))
    assert opened(made.files[Size.LARGE]).mode == "RGB"


def test_grey_of_sixteen_bits_keeps_its_levels() -> None:
    """Scans come like that; read carelessly they are all white."""
    picture = opened(cleaned(grey_png([0, 0x4000, 0x8000, 0xFFFF])).files[Size.LARGE])
    found = [picture.convert("L").getpixel((across, 5)) for across in range(4)]
    for had, wanted in zip(found, [0, 64, 128, 255], strict=True):
        assert isinstance(had, int)
        assert abs(had - wanted) < 24


def test_a_transparent_palette_shines_through() -> None:
    """A GIF's see-through colour is no colour."""
    picture = Image.new("P", (20, 20), 1)
    picture.putpalette([0, 0, 0, 255, 255, 255])
    picture.paste(0, (0, 0, 10, 20))
    assert cleaned(file_of(picture, "GIF", transparency=0)).media_type == "image/webp"


def everything_telling() -> list[bytes]:
    """Return files that say more than they show, in each way that a format has for it."""
    profile = swapped_profile().replace(b"sRGB", b"7777") + SECRET
    exif, xmp = telling_exif(), b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    words = PngInfo()
    words.add_text("Author", SECRET.decode())
    words.add_itxt("Comment", SECRET.decode())
    picture, shining = halves(), halves(mode="RGBA")
    shining.putalpha(100)
    return [
        file_of(picture, exif=exif, icc_profile=profile, comment=SECRET, xmp=xmp),
        file_of(picture, "PNG", exif=exif, icc_profile=profile, pnginfo=words),
        file_of(shining, "PNG", exif=exif, icc_profile=profile, pnginfo=words),
        file_of(shining, "WEBP", exif=exif, icc_profile=profile, xmp=xmp),
        file_of(picture, "GIF", comment=SECRET),
    ]


@pytest.mark.parametrize("which", range(5))
def test_nothing_but_the_picture_is_kept(which: int) -> None:
    """Where and when it was taken, comments, profiles, thumbnails: all gone."""
    data = everything_telling()[which]
    assert SECRET in data or b"iTXt" in data
    for file in cleaned(data).files.values():
        picture = opened(file)
        assert SECRET not in file
        assert not picture.getexif()
        left = set(picture.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert left <= {"loop", "background", "timestamp", "duration"}
        for mark in (b"Exif", b"EXIF", b"GPS", b"ICC", b"xmp", b"XMP"):
            assert mark not in file


@pytest.mark.parametrize(
    ("orientation", "red_side"),
    [(1, "left"), (2, "right"), (3, "right"), (4, "left"),
     (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")],
)  # fmt: skip
def test_a_telephones_picture_is_turned_upright(orientation: int, red_side: str) -> None:
    """The note that says how it was held goes, so the pixels have to be turned."""
    made = cleaned(file_of(halves(400, 200), exif=telling_exif(orientation)))
    upright = orientation < 5
    assert (made.width, made.height) == ((400, 200) if upright else (200, 400))
    picture = opened(made.files[Size.LARGE])
    across, down = picture.width // 2, picture.height // 2
    corners = {
        "left": (4, down), "right": (picture.width - 5, down),
        "top": (across, 4), "bottom": (across, picture.height - 5),
    }  # fmt: skip
    for side, corner in corners.items():
        if side == red_side:
            assert is_like(picture.getpixel(corner), RED)


def test_a_colour_profile_is_applied() -> None:
    """With the primaries exchanged, what is written as red is meant as blue."""
    made = cleaned(file_of(halves(200, 100), icc_profile=swapped_profile()))
    left = opened(made.files[Size.LARGE]).getpixel((20, 50))
    assert isinstance(left, tuple)
    assert left[2] > left[0]


def test_a_broken_colour_profile_is_ignored() -> None:
    """The picture is shown as if it had none."""
    made = cleaned(file_of(halves(200, 100), icc_profile=b"not a profile" * 20))
    assert is_like(opened(made.files[Size.LARGE]).getpixel((20, 50)), RED)


@pytest.mark.parametrize(
    "metadata",
    [
        b"II*\0\xff\xff\xff\xff" + bytes(range(60)),
        b"no TIFF at all",
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x01six\0\0\0\0\0",
    ],
)
def test_broken_metadata_is_ignored(metadata: bytes) -> None:
    """A picture is not refused for what we would throw away."""
    assert cleaned(file_of(halves(), exif=b"Exif\0\0" + metadata)).width == 400


def test_a_bomb_in_the_words_of_a_png_is_refused() -> None:
    """A few kilobytes that become many megabytes of comment."""
    words = PngInfo()
    words.add_text("Comment", "x" * (64 << 20), zip=True)
    with pytest.raises(DamagedPictureError):
        cleaned(file_of(halves(), "PNG", pnginfo=words))


def test_of_an_animation_only_the_first_frame_is_kept() -> None:
    """However many there are: the others are not even decoded."""
    others = [Image.new("RGB", (400, 300), (0, 255 - n, n)) for n in range(80)]
    for kind in ("GIF", "WEBP", "PNG"):
        data = file_of(halves(), kind, save_all=True, append_images=others, duration=20)
        picture = opened(cleaned(data).files[Size.LARGE])
        assert getattr(picture, "n_frames", 1) == 1
        assert is_like(picture.getpixel((20, 150)), RED)


def test_a_gif_of_a_hundred_thousand_frames_costs_no_more() -> None:
    """They are not counted either."""
    frame = b"\x2c" + bytes(4) + b"\x01\0\x01\0\0\x02\x02\x44\x01\0"
    data = gif_header(50, 50)[:-1] + frame * 100_000 + b"\x3b"
    start = time.process_time()
    cleaned(data)
    assert time.process_time() - start < SOON


@pytest.mark.parametrize(
    "data",
    [
        png_header(50_000, 50_000),
        png_header(PIXELS_LIMIT // 1000 + 1, 1000),
        webp_header(16_383, 16_383),
        gif_header(65_535, 65_535),
    ],
)
def test_a_bomb_is_refused_by_its_header(data: bytes) -> None:
    """A few hundred bytes that would become gigabytes are never decoded."""
    start = time.process_time()
    with pytest.raises(TooManyPixelsError, match="million"):
        cleaned(data)
    assert time.process_time() - start < SOON


def test_a_jpeg_bomb_is_refused_by_its_header() -> None:
    """JPEG says its measures in the frame header."""
    data = bytearray(file_of(halves(64, 64)))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(TooManyPixelsError):
        cleaned(bytes(data))


def test_a_jpeg_of_a_thousand_passes_is_refused() -> None:
    """Each pass goes over the whole picture, and costs the sender a few bytes."""
    data = file_of(halves(64, 64), progressive=True)
    scan = data.index(b"\xff\xda", data.rindex(b"\xff\xc4"))
    body = data[scan:-2]
    with pytest.raises(DamagedPictureError):
        cleaned(data[:-2] + body * 1000 + data[-2:])


def test_a_file_beyond_the_limit_is_refused_with_its_size() -> None:
    """Before anything is looked at."""
    with pytest.raises(PictureTooLargeError, match="11 MB; we take at most 10 MB"):
        cleaned(b"\xff\xd8\xff" + bytes(BYTES_LIMIT))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_truncated_file_is_refused(kind: str) -> None:
    """Half a picture is not shown as if it were whole."""
    data = file_of(noise(200, 200), kind)
    with pytest.raises(DamagedPictureError, match="damaged"):
        cleaned(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><SVG/>', "SVG"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "HEIC"),
        (b"\0\0\0\x18ftypavif" + bytes(50), "AVIF"),
        (file_of(halves(9, 9), "TIFF"), "TIFF"),
        (file_of(halves(9, 9), "BMP"), "BMP"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_we_do_not_read_is_refused_by_name(data: bytes, says: str) -> None:
    """So that somebody knows what to do about it. SVG is a programme and never read."""
    with pytest.raises(UnreadFormatError, match=f"can't read {says} files"):
        cleaned(data)


@pytest.mark.parametrize("data", [b"", b"\xff", b"<html>", b"GIF", b"RIFF1234WEBP", bytes(5000)])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    """With words that say what would be one."""
    with pytest.raises(NotAPictureError):
        cleaned(data)


def test_what_is_hidden_behind_a_picture_is_lost() -> None:
    """A file that is a picture and a page and an archive at once comes out as a picture."""
    script = b"<html><script>alert(1)</script></html>"
    for data in (
        file_of(halves()) + script + b"PK\x03\x04",
        file_of(halves(), comment=script),
        file_of(halves(), "PNG") + script,
        file_of(halves(), "GIF") + script,
    ):
        for file in cleaned(data).files.values():
            assert b"<script" not in file
            assert b"PK\x03\x04" not in file


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_damaged_bytes_are_cleaned_or_refused(kind: str) -> None:
    """Whatever is wrong in a file, no other error comes of it."""
    chance = random.Random(kind)  # noqa: S311
    whole = file_of(halves(64, 48), kind)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            made = cleaned(bytes(data))
        except RefusedError:
            continue
        assert opened(made.files[Size.LARGE]).size == (made.width, made.height)


def test_the_noisiest_picture_can_be_written() -> None:
    """Pillow runs out of room for such a JPEG when told to optimise it."""
    made = cleaned(file_of(noise(1600, 1200), "PNG"))
    assert opened(made.files[Size.LARGE]).size == (1600, 1200)


def test_the_blur_shows_the_pictures_colours() -> None:
    """Red left, blue right; on white where something shines through."""
    rows = blurhash.decode(cleaned(file_of(halves())).blurhash, 8, 8)
    assert rows[4][0][0] > rows[4][0][2]
    assert rows[4][7][2] > rows[4][7][0]
    glass = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    glass.putpixel((0, 0), (0, 0, 0, 1))
    rows = blurhash.decode(cleaned(file_of(glass, "PNG")).blurhash, 4, 4)
    assert min(min(pixel) for row in rows for pixel in row) > 240


def test_a_node_at_rest_has_not_loaded_pillow() -> None:
    """It is some 12 MiB that many nodes rarely need."""
    code = "import sys, server.media.pages; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
