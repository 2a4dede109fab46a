"""Files of pictures, good and bad, made when a test wants them."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

SECRET = b"Kelderby Ward 7"
"""What a file says beside its pixels, and nobody may read."""
GPS, EXIF_IFD = 0x8825, 0x8769
RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """Draw a picture that is red on its left and blue on its right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    """Draw what compresses worst."""
    bands = [Image.effect_noise((width, height), 120) for _ in "rgb"]
    return Image.merge("RGB", bands)


def file_of(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """Return the picture as a file."""
    into = BytesIO()
    picture.save(into, kind, **options)
    return into.getvalue()


def telling_exif(orientation: int = 1) -> Image.Exif:
    """Return metadata as a telephone writes it: where, when, with what, by whom."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(EXIF_IFD)[0x9003] = "2026:11:20 09:12:00"
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 28.0, 38.0), 3: "W", 4: (0.0, 0.0, 5.0)})
    return exif


def swapped_profile() -> bytes:
    """Return sRGB's profile with the primaries of red and blue exchanged."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that promises more than it holds: a bomb with a few bytes of data."""
    pixels = zlib.compress(bytes(1000))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", pixels)
        + _chunk(b"IEND", b"")
    )


def grey_png(levels: list[int]) -> bytes:
    """Return a row of pixels of 16-bit grey, ten pixels high."""
    header = struct.pack(">IIBBBBB", len(levels), 10, 16, 0, 0, 0, 0)
    row = b"\0" + struct.pack(f">{len(levels)}H", *levels)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(row * 10))
        + _chunk(b"IEND", b"")
    )


def webp_header(width: int, height: int) -> bytes:
    """Return an extended WebP that promises a canvas, and one small frame."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    small = file_of(halves(8, 8), "WEBP", lossless=True)[12:]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + canvas + small
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_header(width: int, height: int) -> bytes:
    """Return a GIF with a screen of that size and a frame of one pixel."""
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", width, height, 0x80, 0, 0)
        + bytes(6)
        + b"\x2c"
        + struct.pack("<HHHHB", 0, 0, 1, 1, 0)
        + b"\x02\x02\x44\x01\x00\x3b"
    )


def opened(data: bytes) -> Image.Image:
    """Return a file as a picture, decoded."""
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def is_like(pixel: object, colour: tuple[int, int, int]) -> bool:
    """Tell whether a pixel is of a colour, as near as lossy compression comes."""
    assert isinstance(pixel, tuple)
    return all(abs(had - wanted) < 24 for had, wanted in zip(pixel, colour, strict=False))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
