"""What came in a moment ago, as it was read at the door: where its job is done in the same process,
it is not read from the database and parsed once more.
"""

from collections import OrderedDict
from dataclasses import dataclass

from federation.inbox import VerifiedActivity

HELD = 400
"""Activities that are held at most: those that came last."""
SIZE = 8_192
"""Bytes of an activity that is held; what is read from it takes several times as much."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An activity that came in, and what else is remembered of it."""

    activity: VerifiedActivity
    activity_uri: str
    """Its id as it is stored."""
    received_ms: int


class Recent:
    """The latest arrivals by their rows. One for each process; whoever takes one takes it away."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._held: OrderedDict[int, Arrival] = OrderedDict()

    def keep(self, row_id: int, arrival: Arrival) -> None:
        """Hold one that was stored, unless it is large; the oldest makes room."""
        self._held.pop(row_id, None)
        if len(arrival.activity.raw) <= SIZE:
            self._held[row_id] = arrival
            if len(self._held) > HELD:
                self._held.popitem(last=False)

    def take(self, row_id: int) -> Arrival | None:
        """Return one that is still held."""
        return self._held.pop(row_id, None)

    def __len__(self) -> int:
        """Count what is held."""
        return len(self._held)
