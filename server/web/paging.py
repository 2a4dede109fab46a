"""Long lists in pages, by what comes before or after a row and never by counting: nothing is shown
twice or skipped.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiohttp import web

T = TypeVar("T")
NUMBER = re.compile("[0-9]{1,18}")
"""A mark in a list by number: no more than what a column of a table can be compared with."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where in a list, newest first, a page begins: older than `before`, or newer than `after`, or
    at its top.
    """

    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, newest first, with the marks of its neighbours."""

    items: Sequence[T]
    older: str | None = None
    """`?before=` this leads on; None at the end."""
    newer: str | None = None
    """`?after=` this leads back; None at the top."""


def cursor(request: web.Request, like: re.Pattern[str] = NUMBER) -> Cursor:
    """Return where to begin, from the address; `like` is what the marks of the list look like.

    What is no mark is ignored: such an address shows the top.
    """
    before, after = (_mark(request.query.get(name), like) for name in ("before", "after"))
    return Cursor(before=before, after=None if before else after)


def page(rows: Sequence[T], at: Cursor, *, size: int, mark: Callable[[T], str]) -> Page[T]:
    """Return a page of up to `size` of `rows`: one more than `size` is to be asked for, to see
    whether there are more.

    With `at.after`, rows come oldest first (the nearest to the mark), and are turned round here.
    """
    more, items = len(rows) > size, list(rows[:size])
    if at.after is not None:
        items.reverse()
        return Page(items, older=_last(items, mark), newer=mark(items[0]) if more else None)
    newer = mark(items[0]) if items and at.before is not None else None
    return Page(items, older=_last(items, mark) if more else None, newer=newer)


def _last(items: Sequence[T], mark: Callable[[T], str]) -> str | None:
    return mark(items[-1]) if items else None


def _mark(text: str | None, like: re.Pattern[str]) -> str | None:
    return text if text is not None and like.fullmatch(text) else None
