"""Arithmetic of colours: whether a hub's two colours can be read by everybody.

Contrast is that of WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of the relative luminances.
"""

import re
from collections.abc import Callable

WHITE = "#ffffff"
ON_BRIGHT = "#241c08"
"""The ink that is set on a hub's bright colour; the same as `--on-warm` in tokens.css."""
DEFAULT_DEEP = "#6a2450"
DEFAULT_BRIGHT = "#e6a91f"
ENOUGH = 7.0
"""WCAG's enhanced contrast (AAA), so that a hub's own colours never bring a page below AA."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 64


def is_colour(text: str) -> bool:
    """Return whether `text` is written `#rrggbb`, the only way of writing that is read here."""
    return _COLOUR.fullmatch(text) is not None


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0 to 255) of `#rrggbb`. Raises ValueError for anything else."""
    if not is_colour(colour):
        raise ValueError(colour)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 (black) to 1 (white) (WCAG 2.2)."""
    red, green, blue = (_linear(value / 255) for value in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """Return the contrast of two colours `#rrggbb`, 1 (none) to 21 (black on white) (WCAG 2.2)."""
    darker, lighter = sorted((luminance(a), luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


def deep_enough(colour: str) -> bool:
    """Return whether white words, and links on white, can be read with this as the deep colour."""
    return contrast(colour, WHITE) >= ENOUGH


def bright_enough(colour: str) -> bool:
    """Return whether dark words can be read on this as a hub's bright colour."""
    return contrast(colour, ON_BRIGHT) >= ENOUGH


def deepened(colour: str) -> str:
    """Return `colour`, mixed with just so much black that it is deep enough."""
    return _mixed_until(colour, "#000000", deep_enough)


def brightened(colour: str) -> str:
    """Return `colour`, mixed with just so much white that it is bright enough."""
    return _mixed_until(colour, WHITE, bright_enough)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _mixed_until(colour: str, other: str, passes: Callable[[str], bool]) -> str:
    for step in range(_STEPS + 1):
        mixed = _mixed(colour, other, step / _STEPS)
        if passes(mixed):
            return mixed
    return other


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
