"""What is taken as a picture, in which sizes it is kept, and when our copies are dropped. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from server.errors import NotFoundError, RefusedError

MEBIBYTE = 1024 * 1024
BYTES_LIMIT = 10 * MEBIBYTE
"""Of a file, ours or another's."""
PIXELS_LIMIT = 40_000_000
"""Of a picture, known from its header before anything is decoded: three times a usual photo."""
WEBP_PIXELS_LIMIT = 20_000_000
"""WebP is always decoded at full size, and libwebp holds several copies: 16 bytes a pixel."""
SCANS_LIMIT = 100
"""Passes over a progressive JPEG: usually about ten; thousands would take minutes to decode."""

UNUSED_LASTS = timedelta(days=1)
"""How long a picture stays that nothing shows: somebody may still be writing."""
TOUCH_EVERY = timedelta(hours=1)
"""`used_at` is no more exact than this, so that looking at a page writes little."""
ROOM_MADE = 0.9
"""Copies are dropped until they fill no more than this part of their limit."""
FAILURES_KEPT = timedelta(days=7)
"""How long a failure is remembered after it might have been tried again."""
FIRST_WAIT = timedelta(minutes=10)
LONGEST_WAIT = timedelta(days=1)


class Size(StrEnum):
    """The sizes that every picture is kept in."""

    LARGE = "large"
    """For reading; what other servers are given."""
    SMALL = "small"
    """For lists."""
    SQUARE = "square"
    """Its middle, for avatars and tiles."""


LONGEST_SIDE = {Size.LARGE: 1600, Size.SMALL: 640, Size.SQUARE: 256}
"""Pixels. Nothing is ever made larger than it came, except that a square is always square."""

EXTENSIONS = {"image/jpeg": "jpg", "image/webp": "webp", "image/png": "png"}
"""What we write: JPEG, WebP where something shines through, PNG of what we drew ourselves."""


class NotAPictureError(RefusedError):
    """This file can't be read as a picture. Please choose a JPEG, PNG, WebP or GIF file."""


class UnreadFormatError(NotAPictureError):
    """We can't read {format} files. Please save the picture as JPEG or PNG and choose it again."""


class DamagedPictureError(NotAPictureError):
    """This picture is damaged or not complete. Please try the original file, or another picture."""


class PictureTooLargeError(RefusedError):
    """This file has {megabytes} MB; we take at most {limit} MB. Please make the picture smaller."""


class TooManyPixelsError(PictureTooLargeError):
    """This picture has too many pixels: we take at most {limit} million. Please make it smaller."""


class NoRoomError(RefusedError):
    """Your pictures take up all the room that one person has here: {limit} MB. Take an old one out
    of a story or a draft first.
    """


class PictureMissingError(NotFoundError):
    """There is no picture here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A picture made anew from its pixels: upright, in sRGB, with nothing in it but the picture."""

    media_type: str
    """Of every file."""
    width: int
    height: int
    """Of the large size, in pixels."""
    blurhash: str
    files: dict[Size, bytes]

    @property
    def size_bytes(self) -> int:
        """How much all sizes take."""
        return sum(map(len, self.files.values()))


def fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    """Return the measures that fit within `longest` pixels a side: the same shape, never larger,
    and at least one pixel.
    """
    factor = min(1.0, longest / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))


def shard(key: str) -> str:
    """Return where the files of `key` are within their folder: no folder gets too full."""
    return f"{key[:2]}/{key}"


def wait_after(failures: int, *, lasting: bool) -> timedelta:
    """Return how long a URL is not asked again after so many failures in a row.

    One that won't get better (gone, refused, no picture) waits the longest time at once.
    """
    if lasting:
        return LONGEST_WAIT
    return min(LONGEST_WAIT, FIRST_WAIT * float(2 ** min(max(0, failures - 1), 10)))
