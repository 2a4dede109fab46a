"""Which feature claims which activity."""

from collections.abc import Awaitable, Callable

from federation import vocab
from federation.inbox import VerifiedActivity
from server.house import House

Listener = Callable[[VerifiedActivity, House], Awaitable[None]]


class Listeners:
    """A table of activity types and those who listen; an activity that nobody claims has no
    effect.
    """

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._listeners: dict[vocab.ActivityType, list[Listener]] = {}

    def on(self, type: vocab.ActivityType, listener: Listener) -> None:  # noqa: A002
        """Have `listener` called with every verified activity of that type."""
        self._listeners.setdefault(type, []).append(listener)

    async def tell(self, activity: VerifiedActivity, house: House) -> None:
        """Call those who claim the activity, one after another."""
        for listener in self._listeners.get(activity.activity.type, []):
            await listener(activity, house)
