"""Which feature claims which activity."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from federation import vocab
from federation.inbox import VerifiedActivity
from server.house import House

Listener = Callable[[VerifiedActivity, House], Awaitable[None]]


class Turns:
    """Has what is about the same thing done one after another, in the order in which it begins."""

    def __init__(self) -> None:
        """Nothing is under way."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, thing: str) -> AsyncIterator[None]:
        """Wait for the turn; whoever comes next waits for the end of this one."""
        lock = self._locks.get(thing)
        if lock is None:
            lock = self._locks[thing] = asyncio.Lock()
        async with lock:
            yield


class Listeners:
    """A table of activity types and those who listen; an activity that nobody claims has no
    effect.
    """

    def __init__(self) -> None:
        """Start with nobody listening."""
        self.turns = Turns()
        self._listeners: dict[vocab.ActivityType, list[Listener]] = {}

    def on(self, type: vocab.ActivityType, listener: Listener) -> None:  # noqa: A002
        """Have `listener` called with every verified activity of that type."""
        self._listeners.setdefault(type, []).append(listener)

    async def tell(self, activity: VerifiedActivity, house: House) -> None:
        """Call those who claim the activity, one after another."""
        for listener in self._listeners.get(activity.activity.type, []):
            await listener(activity, house)
