"""From a stranger's bytes to pictures that are safe to show. Pure and slow: run it outside the
event loop.

Only the first frame of an animation is ever decoded. Pillow is imported when the first picture
comes, so that a node at rest does without it.
"""

import struct
import threading
import warnings
import zlib
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from typing import TYPE_CHECKING, Any

from server.media.rules import (
    BYTES_LIMIT,
    LONGEST_SIDE,
    MEBIBYTE,
    PIXELS_LIMIT,
    SCANS_LIMIT,
    WEBP_PIXELS_LIMIT,
    Cleaned,
    DamagedPictureError,
    NotAPictureError,
    PictureTooLargeError,
    Size,
    TooManyPixelsError,
    UnreadFormatError,
    fitted,
)

if TYPE_CHECKING:
    from PIL.Image import Image

JPEG, PNG, WEBP, GIF = "JPEG", "PNG", "WEBP", "GIF"
# Never `optimize`: Pillow then keeps a byte a pixel for the outcome, and a noisy picture fails.
_OPTIONS = {JPEG: {"quality": 82}, WEBP: {"quality": 82, "method": 4}, PNG: {"compress_level": 6}}
_EDGES = {"quality": 90, "subsampling": 0}
"""Of a JPEG made from a lossless file: drawings and screenshots have edges."""
LARGEST_PROFILE = 2 * MEBIBYTE
"""Bytes of an ICC profile that is read; with a larger one the colours stay as they are."""
HASHED_SIDE = 32
"""Pixels a side that a blurhash is made from; more would not change it."""
ORIENTATION = 0x0112
"""The one EXIF tag that is heeded (CIPA DC-008 §4.6.4)."""
GIANT_PIXELS = 10_000_000

_GIANTS = threading.Lock()  # one giant at a time: decoded whole, it takes up to 16 bytes a pixel

# What Pillow raises at broken files, as its own fuzzers and bug reports show. A fault of ours in
# here would look like a damaged picture; the tests of good pictures would notice.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    AttributeError,
    MemoryError,
    RuntimeError,
    struct.error,
    zlib.error,
)

_READ = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
_UNREAD = (
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
    (b"%PDF", "PDF"),
)


def cleaned(data: bytes, *, sharp: bool = False) -> Cleaned:
    """Make a picture anew from a file that anybody may have written, in all sizes; `sharp` as PNG,
    for what is all lines and letters.

    JPEG, PNG, WebP and GIF are read, whatever the file is called; a few others are refused by their
    name. Raises PictureTooLargeError, TooManyPixelsError, NotAPictureError and its children.
    """
    if len(data) > BYTES_LIMIT:
        megabytes = -(-len(data) // MEBIBYTE)
        raise PictureTooLargeError(megabytes=megabytes, limit=BYTES_LIMIT // MEBIBYTE)
    kind = recognised(data)
    if kind == WEBP:
        _check_pixels(*_webp_canvas(data), limit=WEBP_PIXELS_LIMIT)
    if kind == JPEG and data.count(b"\xff\xda") > SCANS_LIMIT:
        raise DamagedPictureError
    picture = _decoded(data, kind)
    made = PNG if sharp else WEBP if picture.mode == "RGBA" else JPEG
    options = _OPTIONS[made] | (_EDGES if made == JPEG and kind in {PNG, GIF} else {})
    files = {size: _encoded(_cut(picture, size), made, options) for size in Size}
    return Cleaned(
        media_type=f"image/{made.lower()}",
        width=picture.width,
        height=picture.height,
        blurhash=_blurhash(picture),
        files=files,
    )


def recognised(data: bytes) -> str:
    """Return the format by the file's first bytes, whatever it is called.

    Raises UnreadFormatError for some others that people have, else NotAPictureError.
    """
    for prefix, kind in _READ:
        if data.startswith(prefix):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == WEBP.encode():
        return WEBP
    raise UnreadFormatError(format=unread) if (unread := _unread(data)) else NotAPictureError()


def _unread(data: bytes) -> str | None:
    if data[4:8] == b"ftyp":
        return "AVIF" if data[8:12] == b"avif" else "HEIC"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<") and b"<svg" in start:
        return "SVG"
    return next((name for prefix, name in _UNREAD if data.startswith(prefix)), None)


def _webp_canvas(data: bytes) -> tuple[int, int]:
    """Read the measures from a WebP's first chunk (RFC 9649 §2.5-2.7): libwebp makes room for them
    as soon as it opens the file.
    """
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise DamagedPictureError
    if chunk == b"VP8X":
        return (
            1 + int.from_bytes(body[4:7], "little"),
            1 + int.from_bytes(body[7:10], "little"),
        )
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise DamagedPictureError


def _check_pixels(width: int, height: int, *, limit: int = PIXELS_LIMIT) -> None:
    if width * height > limit:
        raise TooManyPixelsError(limit=limit // 1_000_000)


def _decoded(data: bytes, kind: str) -> "Image":
    """Return the picture in its large size: upright, RGB or RGBA in sRGB, with nothing attached."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # ours is smaller, and it refuses instead of warning
    # What is wrong with a stranger's metadata is no concern of ours. (Adding the same filter again
    # changes nothing; `catch_warnings` would not be safe in threads.)
    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        with Image.open(BytesIO(data), formats=(kind,)) as image:
            _check_pixels(*image.size)
            with _room_for(image.width * image.height):
                return _bare(_upright(_reduced(image), _orientation(image)))
    except _BROKEN as error:
        raise DamagedPictureError from error


def _room_for(pixels: int) -> AbstractContextManager[Any]:
    return _GIANTS if pixels > GIANT_PIXELS else nullcontext()


def _reduced(image: "Image") -> "Image":
    """Decode, and shrink before anything else is done, since everything else then costs less."""
    from PIL.Image import Resampling

    profile = image.info.get("icc_profile")
    large = LONGEST_SIDE[Size.LARGE]
    image.draft(None, (large, large))  # a large JPEG is decoded at half its size or less
    image.load()
    _check_pixels(*image.size)
    plain = _in_plain_mode(image)
    measures = fitted(*plain.size, large)
    if measures != plain.size:
        plain = plain.resize(measures, Resampling.LANCZOS, reducing_gap=3.0)
    return _in_srgb(plain, profile)


def _in_plain_mode(image: "Image") -> "Image":
    """Return RGB, RGBA or CMYK (whose profile is still needed)."""
    if image.mode in {"RGB", "RGBA", "CMYK"} and "transparency" not in image.info:
        return image
    if image.mode.startswith("I"):  # sixteen bits of grey, which Pillow would cut off at 255
        return image.point(lambda level: level * (1 / 256)).convert("L").convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(image: "Image", profile: object) -> "Image":
    """Apply the colour profile, so that it can be left out; where it is broken, do without."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if isinstance(profile, bytes) and 0 < len(profile) <= LARGEST_PROFILE:
        from PIL import ImageCms

        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            ours = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, given, ours, outputMode=mode)
        except (ImageCms.PyCMSError, *_BROKEN):
            turned = None
        if turned is not None:
            return turned
    return image if image.mode == mode else image.convert(mode)


def _orientation(image: "Image") -> int:
    value = image.getexif().get(ORIENTATION)
    return value if isinstance(value, int) else 1


def _upright(image: "Image", orientation: int) -> "Image":
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _bare(image: "Image") -> "Image":
    """Return the pixels alone, in a picture that never knew the file."""
    from PIL import Image

    lowest = image.getchannel("A").getextrema()[0] if image.mode == "RGBA" else 255
    bare = Image.new("RGB" if lowest == 255 else "RGBA", image.size)
    bare.paste(image.convert(bare.mode))
    return bare


def _cut(picture: "Image", size: Size) -> "Image":
    from PIL import ImageOps
    from PIL.Image import Resampling

    longest = LONGEST_SIDE[size]
    if size is Size.SQUARE:
        return ImageOps.fit(picture, (longest, longest), Resampling.LANCZOS)
    measures = fitted(*picture.size, longest)
    return picture if measures == picture.size else picture.resize(measures, Resampling.LANCZOS)


def _encoded(picture: "Image", made: str, options: Mapping[str, int]) -> bytes:
    into = BytesIO()
    picture.save(into, made, **options)
    return into.getvalue()


def _blurhash(picture: "Image") -> str:
    """Return a blur to show until the picture is there (blurha.sh), on white where something
    shines through.
    """
    import blurhash  # type: ignore[import-untyped]
    from PIL import Image

    tiny = picture.resize(fitted(*picture.size, HASHED_SIDE), Image.Resampling.BOX)
    if tiny.mode == "RGBA":
        white = Image.new("RGBA", tiny.size, "white")
        tiny = Image.alpha_composite(white, tiny).convert("RGB")
    rows = [
        [tiny.getpixel((across, down)) for across in range(tiny.width)]
        for down in range(tiny.height)
    ]
    across, down = (4, 3) if tiny.width >= tiny.height else (3, 4)
    return str(blurhash.encode(rows, components_x=across, components_y=down))
