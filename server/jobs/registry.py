"""Which kind of job is done by whom, and what comes again and again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from federation.vocab.types import JsonObject
from server.house import House

Handler = Callable[[JsonObject, House], Awaitable[None]]


class Registry:
    """Filled at start by every feature, in its `register_jobs`."""

    def __init__(self) -> None:
        """Begin empty."""
        self._handlers: dict[str, Handler] = {}
        self._schedules: dict[str, timedelta] = {}

    def on(self, kind: str, handler: Handler) -> None:
        """Have jobs of a kind done by `handler`, which may be called twice for the same job.

        Raises ValueError where the kind is taken.
        """
        if kind in self._handlers:
            message = f"two handlers for jobs of the kind {kind}"
            raise ValueError(message)
        self._handlers[kind] = handler

    def every(self, kind: str, period: timedelta) -> None:
        """Have a job of this kind, with an empty payload, made once in each period by one process.

        The first comes a period after the node first ran.
        """
        self._schedules[kind] = period

    def handler(self, kind: str) -> Handler:
        """Return who does it. Raises LookupError where nobody does."""
        try:
            return self._handlers[kind]
        except KeyError:
            message = f"nobody does jobs of the kind {kind}"
            raise LookupError(message) from None

    @property
    def schedules(self) -> dict[str, timedelta]:
        """The period of each kind of scheduled work."""
        return self._schedules
