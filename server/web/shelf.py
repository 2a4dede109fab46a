"""What is held of pages while what it shows stays the same: whole pages for strangers, and pieces
of pages for everybody.

What a page shows is told by its version: whatever a handler reads from the database, in one cheap
statement, that changes whenever the page does. It is read for every request and compared with that
of the page that is held, so a page is not shown once more after what it shows was taken back, in
whichever process that happened, and nobody has to be told.
"""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from federation.ports import Clock
from server.web.negotiation import etag_of

T = TypeVar("T")

FRESH_FOR = timedelta(seconds=30)
"""What is not in a version shows after this at the latest: "5 minutes ago", a name elsewhere."""
ROOM = 16 * 1024 * 1024
"""Bytes of pages that are held, at most; and of pieces as many again."""
OVERHEAD = 1_000
"""Bytes that one takes in memory beside its text, about."""


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page as it was made, ready to be sent."""

    body: bytes
    squeezed: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> "MadePage":
        """Squeeze a page, and give it its validator."""
        return cls(body, gzip.compress(body, 6, mtime=0), f"W/{etag_of(body)}")

    @property
    def size(self) -> int:
        """Bytes of both bodies."""
        return len(self.body) + len(self.squeezed)


@dataclass(frozen=True, slots=True)
class _Held(Generic[T]):
    thing: T
    version: Hashable
    until: datetime
    size: int


class Shelf(Generic[T]):
    """Holds what was asked for last, each thing by its name, up to `room` bytes in all."""

    def __init__(self, clock: Clock, *, room: int = ROOM) -> None:
        """Begin empty."""
        self._clock, self._room = clock, room
        self._held: OrderedDict[Hashable, _Held[T]] = OrderedDict()
        self._turns: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        self.size = 0

    def find(self, name: Hashable, version: Hashable) -> T | None:
        """Return the thing, where it is held in that version and not for too long."""
        held = self._held.get(name)
        if held is None or held.version != version or held.until <= self._clock.now():
            return None
        self._held.move_to_end(name)
        return held.thing

    def keep(self, name: Hashable, version: Hashable, thing: T, *, size: int) -> T:
        """Hold a thing of so many bytes; what nobody asked for longest makes room."""
        self._drop(name)
        until = self._clock.now() + FRESH_FOR
        self._held[name] = _Held(thing, version, until, size + OVERHEAD)
        self.size += size + OVERHEAD
        while self.size > self._room:
            self._drop(next(iter(self._held)))
        return thing

    def turn(self, name: Hashable) -> asyncio.Lock:
        """Return the lock of whoever makes a thing, so that of a thousand only one does."""
        return self._turns.setdefault(name, asyncio.Lock())

    def _drop(self, name: Hashable) -> None:
        held = self._held.pop(name, None)
        if held is not None:
            self.size -= held.size
