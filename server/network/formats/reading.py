"""What somebody pastes or hands over, line by line: addresses, and what is none, with the reason.

A list may be Mastodon's CSV, OPML, or plain text with a handle or an address anywhere in each line.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from federation import uris
from federation.errors import MalformedError
from server.errors import RefusedError
from server.network.formats import ADDRESS
from server.network.formats.opml import outlines
from server.spreadsheets import let_go

MOST_BYTES = 1024 * 1024
MOST_LINES = 2_000
"""Lines (of OPML: outlines) with something in them; as many addresses, and as many that are none:
one line may hold thousands.
"""
SHOWN = 200
"""Characters of a line that are shown back."""
_BETWEEN = re.compile(r"[\s,;|]+")
_OPML = re.compile(r"\s*<(?:\?xml|!|opml)", re.IGNORECASE)
_AROUND = "\"'()<>[]{}“”’"


class TooLongListError(RefusedError):
    """There is room for 2,000 addresses at once, and these are more. Give them in parts."""


class TooLargeListError(RefusedError):
    """The list is larger than 1 MB. Give it in parts."""


class UnreadableListError(RefusedError):
    """The list can’t be read: it is no text in UTF-8. Save it as CSV, OPML or plain text."""


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody to follow: a handle `@name@host`, or a web address."""

    number: int
    """The line that it stands in, from 1."""
    address: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A line, or a part of one, that can't be followed."""

    number: int
    text: str
    reason: str


@dataclass(slots=True)
class Reading:
    """What a list says, in its order."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _first: dict[str, int] = field(default_factory=dict)

    def take(self, number: int, address: str) -> None:
        """Add an address, unless it was given before. Raises TooLongListError."""
        key = address.lower() if address.startswith("@") else address
        if key in self._first:
            self.refuse(number, address, f"the same as in line {self._first[key]}")
        elif len(self.lines) == MOST_LINES:
            raise TooLongListError
        else:
            self._first[key] = number
            self.lines.append(Line(number, address))

    def refuse(self, number: int, text: str, reason: str) -> None:
        """Add what can't be followed. Raises TooLongListError."""
        if len(self.problems) == MOST_LINES:
            raise TooLongListError
        shown = " ".join(text.split())
        cut = shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"
        self.problems.append(Problem(number, cut, reason))


def decoded(data: bytes) -> str:
    """Return the text of a file. Raises TooLargeListError, UnreadableListError."""
    if len(data) > MOST_BYTES:
        raise TooLargeListError
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableListError from None


def read(text: str) -> Reading:
    """Return whom a list names. Every line that holds something is either taken or refused; remarks
    and the line that names the columns are neither.

    Raises TooLargeListError, TooLongListError, BrokenOutlineError.
    """
    if len(text) > MOST_BYTES:
        raise TooLargeListError
    reading = Reading()
    for taken, (number, cell) in enumerate(_cells(text)):
        if taken == MOST_LINES:
            raise TooLongListError
        _read(reading, number, cell)
    return reading


def _cells(text: str) -> Iterator[tuple[int, str]]:
    """Yield what each line says of whom it means, with the number of the line."""
    lines = text.splitlines()
    if _OPML.match(text):
        yield from outlines(text)
    elif lines and (column := _column(lines[0])) is not None:
        for number, row in _rows(lines):
            if any(row):
                yield number, let_go(row[column]) if column < len(row) else ""
    else:
        for number, line in enumerate(lines, 1):
            if line.strip() and not line.lstrip().startswith("#"):
                yield number, line


def _column(line: str) -> int | None:
    """Return which column holds the addresses, where a line names the columns as Mastodon does."""
    names = [name.strip().strip('"').lower() for name in line.split(",")]
    return names.index(ADDRESS.lower()) if ADDRESS.lower() in names else None


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV after its first line. A line that is no CSV is a row by itself."""
    for number, line in enumerate(lines, 1):
        if number > 1:
            try:
                yield number, next(csv.reader([line]), [])
            except csv.Error:
                yield number, [line]


def _read(reading: Reading, number: int, text: str) -> None:
    """Take the addresses out of a line."""
    words = [word.strip(_AROUND) for word in _BETWEEN.split(text)]
    words = [word for word in words if word]
    named = [word for word in words if "@" in word or "://" in word]
    if not named and len(words) == 1:
        named = words  # a line that is only the name of a host
    if not named:
        reading.refuse(number, text, "there is no address in this line")
    for word in named:
        address = address_in(word)
        if address is None:
            reading.refuse(number, word, "this is not a whole handle or address")
        else:
            reading.take(number, address)


def address_in(word: str) -> str | None:
    """Return the one spelling of a handle, a web address, or the name of a host (which is then the
    address of its first page); None where it is none of these.
    """
    try:
        if "://" in word:
            return uris.split(word)._replace(fragment="").geturl()
        if "@" in word:
            return str(uris.parse_handle(word))
        if "." not in word.strip("."):
            return None
        return f"https://{uris.normalise_host(word.rstrip('/'))}"
    except MalformedError:
        return None
