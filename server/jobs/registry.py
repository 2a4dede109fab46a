"""Which kind of job is done by whom, and what comes again and again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from federation.vocab.types import JsonObject
from server.house import House
from server.jobs.rules import TRIES

Handler = Callable[[JsonObject, House], Awaitable[None]]
Ending = Callable[[Sequence[JsonObject], House], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Trade:
    """How jobs of a kind are done."""

    handler: Handler
    tries: int
    ended: Ending | None


class Registry:
    """Filled at start by every feature, in its `register_jobs`."""

    def __init__(self) -> None:
        """Begin empty."""
        self._trades: dict[str, Trade] = {}
        self._schedules: dict[str, timedelta] = {}

    def on(
        self, kind: str, handler: Handler, *, tries: int = TRIES, ended: Ending | None = None
    ) -> None:
        """Have jobs of a kind done by `handler`, which may be called twice for the same job.

        After so many `tries` that failed it is set aside. `ended` is called with the payloads of
        several that were done, inside the transaction that removes them. Raises ValueError where
        the kind is taken.
        """
        if kind in self._trades:
            message = f"two handlers for jobs of the kind {kind}"
            raise ValueError(message)
        self._trades[kind] = Trade(handler, tries, ended)

    def every(self, kind: str, period: timedelta) -> None:
        """Have a job of this kind, with an empty payload, made once in each period by one process.

        The first comes a period after the node first ran.
        """
        self._schedules[kind] = period

    def handler(self, kind: str) -> Handler:
        """Return who does it. Raises LookupError where nobody does."""
        try:
            return self._trades[kind].handler
        except KeyError:
            message = f"nobody does jobs of the kind {kind}"
            raise LookupError(message) from None

    def tries(self, kind: str) -> int:
        """Return after how many failed tries a job of a kind is set aside."""
        trade = self._trades.get(kind)
        return TRIES if trade is None else trade.tries

    def ending(self, kind: str) -> Ending | None:
        """Return what is called when jobs of a kind were done."""
        trade = self._trades.get(kind)
        return None if trade is None else trade.ended

    @property
    def schedules(self) -> dict[str, timedelta]:
        """The period of each kind of scheduled work."""
        return self._schedules
