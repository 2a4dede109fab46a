"""OPML 2.0, both ways: an outline of whom to follow."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from server.errors import RefusedError

WHERE = ("url", "htmlUrl", "xmlUrl")
"""Where an outline may say whom it means, the likeliest first; else it is its text."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BrokenOutlineError(RefusedError):
    """The list can’t be read: it begins like OPML, but line {line} breaks its rules."""


@dataclass(slots=True)
class _Outline:
    line: int
    meant: str
    is_folder: bool = False


class _Reader:
    """Gathers outlines while they are parsed. Whatever defines types or entities is refused at
    once: a few lines of those can stand for gigabytes.
    """

    def __init__(self) -> None:
        self.found: list[_Outline] = []
        self._open: list[_Outline] = []
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _refuse(self, *_: object) -> None:
        raise BrokenOutlineError(line=self.parser.CurrentLineNumber)

    def _start(self, name: str, said: dict[str, str]) -> None:
        if name != "outline":
            return
        where = next((said[one] for one in WHERE if said.get(one, "").strip()), None)
        if self._open and self._open[-1].meant == "":
            self._open[-1].is_folder = True
        outline = _Outline(self.parser.CurrentLineNumber, where or "")
        self._open.append(outline)
        self.found.append(outline)
        if where is None and "@" in said.get("text", ""):
            outline.meant = said["text"]

    def _end(self, name: str) -> None:
        if name == "outline":
            self._open.pop()


def outlines(text: str) -> Iterator[tuple[int, str]]:
    """Yield whom each outline means, with its line; those that only hold others are left out.

    Raises BrokenOutlineError.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(text.lstrip(), True)
    except expat.ExpatError as error:
        raise BrokenOutlineError(line=error.lineno) from None
    for one in reader.found:
        if not one.is_folder:
            yield one.line, one.meant


def head(title: str, at: datetime) -> str:
    """Return how an outline begins."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n<head>'
        f"<title>{escape(_fit(title))}</title>"
        f"<dateCreated>{format_datetime(at)}</dateCreated></head>\n<body>\n"
    )


def outline(name: str, uri: str) -> str:
    """Return one link of an outline."""
    return f'<outline type="link" text={quoteattr(_fit(name))} url={quoteattr(_fit(uri))}/>\n'


FOOT = "</body>\n</opml>\n"


def _fit(text: str) -> str:
    """Return text without what XML can't hold at all."""
    return _NO_XML.sub("", text)
