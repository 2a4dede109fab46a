"""What people type, cleaned of what no keyboard makes."""

import re
from unicodedata import normalize

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_SPACE = re.compile(r"[\t \u00a0]+")


def one_line(text: str) -> str:
    """Return one line: NFC, no control characters, runs of blanks as one, none at its ends."""
    return _SPACE.sub(" ", _clean(text).replace("\n", " ")).strip()


def many_lines(text: str) -> str:
    """Return lines that end in `\\n`: NFC, no control characters, no blank lines at either end."""
    return _clean(text).strip()


def _clean(text: str) -> str:
    unified = normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", unified.encode("utf-8", "replace").decode("utf-8"))
