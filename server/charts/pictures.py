"""Charts as PNG: drawn once, in a process of their own, and held by what they show."""

import asyncio
import subprocess
import sys
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

from server.charts.drawing import picture_svg
from server.charts.model import Chart

WIDTH, HEIGHT = 1200, 675
MEDIA_TYPE = "image/png"
ROOM = 8 * 1024 * 1024
"""Bytes of pictures that are held, at most."""
PATIENCE = 60.0
"""Seconds that a drawing may take on a busy machine."""
PROGRAM = Path(__file__).with_name("press.py")
STYLE = Path(__file__).with_name("picture.css")
WEIGHTS = ("Regular", "Semibold", "Bold")
"""Of Source Sans Pro, which words are drawn in whatever fonts the machine has."""

_HELD: OrderedDict[bytes, bytes] = OrderedDict()  # touched by the one thread below, no other


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart to be sent along."""

    data: bytes
    """PNG, 1200 by 675."""
    alternative: str
    """What stands for it where it is not seen: sentence and last value."""


async def picture(chart: Chart) -> Picture:
    """Draw a chart outside the event loop; one that was drawn lately is not drawn again.

    Raises subprocess.SubprocessError where it can't be drawn.
    """
    source = picture_svg(chart).encode()
    loop = asyncio.get_running_loop()
    data = await loop.run_in_executor(_one_at_a_time(), _drawn, source)
    return Picture(data, chart.alternative)


@cache
def _one_at_a_time() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="fettle-charts")


def _drawn(source: bytes) -> bytes:
    name = blake2b(source, digest_size=16).digest()
    if name not in _HELD:
        _HELD[name] = _pressed(source)
    _HELD.move_to_end(name)
    while sum(map(len, _HELD.values())) > ROOM:
        _HELD.popitem(last=False)
    return _HELD[name]


@cache
def _press() -> list[str]:
    fonts = files("font_source_sans_pro") / "files"
    letters = [str(fonts / f"SourceSansPro-{weight}.ttf") for weight in WEIGHTS]
    return [sys.executable, "-I", str(PROGRAM), STYLE.read_text(), *letters]


def _pressed(source: bytes) -> bytes:
    done = subprocess.run(  # noqa: S603 - our own program
        _press(), input=source, capture_output=True, check=True, timeout=PATIENCE
    )
    return done.stdout
