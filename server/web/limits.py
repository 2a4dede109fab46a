"""How often somebody may do something, with bounded memory."""

from collections import OrderedDict
from math import ceil

from federation.ports import Clock
from server.errors import TooManyError


class Limits:
    """Counts by name and key, with the generic cell rate algorithm (ITU-T I.371).

    One number is held for each key: the moment by which all that was taken is paid back. When
    `most` keys are held,
    the one that was quiet longest is forgotten, so hostile keys cost memory for nobody.
    """

    def __init__(self, clock: Clock, *, most: int = 20_000) -> None:
        """Tell the time by `clock` and hold at most `most` keys."""
        self._clock = clock
        self._most = most
        self._paid: OrderedDict[tuple[str, str], float] = OrderedDict()

    def __len__(self) -> int:
        """Return how many keys are held."""
        return len(self._paid)

    def take(self, name: str, key: str, *, times: int, seconds: float) -> None:
        """Count one. Raises TooManyError(retry_after=seconds) beyond `times` within `seconds`."""
        now = self._clock.now().timestamp()
        interval = seconds / times
        paid = max(now, self._paid.get((name, key), now))
        wait = paid + interval - now - seconds
        if wait > 1e-6:
            raise TooManyError(retry_after=ceil(wait))
        self._paid[name, key] = paid + interval
        self._paid.move_to_end((name, key))
        if len(self._paid) > self._most:
            self._paid.popitem(last=False)

    def forget(self, name: str, key: str) -> None:
        """Start again for a key, as after a sign-in that went well."""
        self._paid.pop((name, key), None)
