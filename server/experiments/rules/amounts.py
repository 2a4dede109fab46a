"""Numbers as people write them. Pure."""

import re
from dataclasses import dataclass

LONGEST = 40
"""Letters of a number."""
BLANK = frozenset({"", "-", "–", "—", ".", "n/a", "na", "nil", "none", "null", "#n/a", "n.a.", "?"})
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f']")
_PLAIN = re.compile(r"\d+(?:\.\d*)?(?:e[+-]?\d{1,3})?$|\.\d+$", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?$")
_COMMA = re.compile(r"\d+,\d*$")
_CONTINENTAL = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+$")


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number, and how it was read."""

    value: float
    percent: bool = False
    comma: bool = False
    """Whether a comma was taken for a decimal point."""


def is_blank(words: str) -> bool:
    """Whether a cell says that there is no number."""
    return words.strip().lower() in BLANK


def number(words: str) -> ReadNumber | None:
    """Read one number: `1,204`, `42%`, `£3.50`, `(7)`, `12,5`; None where it is none.

    A comma before three figures is one of thousands, before others a decimal comma.
    """
    if len(words) > LONGEST:
        return None
    bare = _SPACES.sub("", words)
    percent = bare.endswith("%")
    bare = bare.removesuffix("%").strip("£€$")
    sign, bare = _signed(bare)
    comma = False
    if _THOUSANDS.match(bare):
        bare = bare.replace(",", "")
    elif _CONTINENTAL.match(bare) or _COMMA.match(bare):
        bare, comma = bare.replace(".", "").replace(",", "."), True
    if not _PLAIN.match(bare) or not bare.isascii():
        return None
    return ReadNumber(sign * float(bare), percent, comma)


def _signed(bare: str) -> tuple[int, str]:
    """Return the sign and the rest: a minus of either kind, and `(7)` as bookkeepers write it."""
    if bare.startswith("(") and bare.endswith(")"):
        return -1, bare[1:-1].strip("£€$")
    if bare.startswith(("-", "\u2212")):
        return -1, bare[1:].strip("£€$")
    return 1, bare.removeprefix("+")
