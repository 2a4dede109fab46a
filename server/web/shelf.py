"""Pages for strangers, kept as bytes for as long as what they show stays the same.

What a page shows is told by its version: whatever a handler reads from the database, in one cheap
statement, that changes whenever the page does. It is read for every request and compared with that
of the page that is held, so a page is not shown once more after what it shows was taken back, in
whichever process that happened, and nobody has to be told.

Only pages that are the same for everybody are kept: nobody signed in, nothing said from the page
before, no form with a token, no cookie set.
"""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from federation.ports import Clock
from server.web.negotiation import etag_of

FRESH_FOR = timedelta(seconds=30)
"""What is not in a version shows after this at the latest: "5 minutes ago", a name elsewhere."""
ROOM = 16 * 1024 * 1024
"""Bytes of pages that are held, at most."""
OVERHEAD = 1_000
"""Bytes that a page takes in memory beside its bodies, about."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was made."""

    version: Hashable
    until: datetime
    body: bytes
    squeezed: bytes
    etag: str

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.body) + len(self.squeezed) + OVERHEAD


class Shelf:
    """Holds the pages that were asked for last, each by its path, up to `room` bytes."""

    def __init__(self, clock: Clock, *, room: int = ROOM) -> None:
        """Begin empty."""
        self._clock, self._room = clock, room
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.size = 0

    def find(self, path: str, version: Hashable) -> Kept | None:
        """Return the page, where it is held in that version and not for too long."""
        page = self._pages.get(path)
        if page is None or page.version != version or page.until <= self._clock.now():
            return None
        self._pages.move_to_end(path)
        return page

    def keep(self, path: str, version: Hashable, body: bytes) -> Kept:
        """Hold a page; those that nobody asked for longest make room."""
        page = Kept(
            version, self._clock.now() + FRESH_FOR, body, gzip.compress(body, 6, mtime=0),
            f"W/{etag_of(body)}",
        )  # fmt: skip
        self._drop(path)
        self._pages[path] = page
        self.size += page.size
        while self.size > self._room:
            self._drop(next(iter(self._pages)))
        return page

    def turn(self, path: str) -> asyncio.Lock:
        """Return the lock of whoever makes a page, so that of a thousand only one does."""
        return self._turns.setdefault(path, asyncio.Lock())

    def _drop(self, path: str) -> None:
        page = self._pages.pop(path, None)
        if page is not None:
            self.size -= page.size
