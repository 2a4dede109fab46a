"""What is remembered about other servers: for a while, and never without a bound."""

from datetime import datetime, timedelta
from typing import Generic, TypeVar

from yarl import URL

from federation.ports import Clock
from federation.signatures import Scheme

SCHEMES_KEPT = 10_000
SCHEME_LASTS = timedelta(days=1)

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Keeps each thing until its time is over, and never more than `bound` of them."""

    def __init__(self, *, clock: Clock, bound: int) -> None:
        """Remember nothing yet."""
        self._clock = clock
        self._bound = bound
        self._kept: dict[K, tuple[datetime, V]] = {}

    def get(self, key: K) -> V | None:
        """Return what is remembered of `key`, or None."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept[0] <= self._clock.now():
            del self._kept[key]
            return None
        return kept[1]

    def keep(self, key: K, value: V, *, lasts: timedelta) -> None:
        """Remember `value` of `key` for as long as it `lasts`; the oldest makes room."""
        self._kept.pop(key, None)
        while len(self._kept) >= self._bound:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (self._clock.now() + lasts, value)

    def forget(self, key: K) -> None:
        """Remember nothing more of `key`."""
        self._kept.pop(key, None)

    def clear(self) -> None:
        """Remember nothing more."""
        self._kept.clear()

    def __len__(self) -> int:
        """Count what is held, whether its time is over or not."""
        return len(self._kept)


class SchemeMemory:
    """Which signature scheme each host took, for a day (double knock, federation.md §4).

    draft-cavage-12 goes first everywhere else: a peer that doesn't know RFC 9421 may answer 200
    and drop what it got.
    """

    def __init__(self, clock: Clock) -> None:
        """Know nothing of any host yet."""
        self._known: Memory[str, Scheme] = Memory(clock=clock, bound=SCHEMES_KEPT)

    def first_for(self, url: URL) -> Scheme:
        """Return the scheme to knock with first."""
        return self._known.get(url.raw_authority) or Scheme.CAVAGE

    def worked(self, url: URL, scheme: Scheme) -> None:
        """Remember that the second knock was answered."""
        self._known.keep(url.raw_authority, scheme, lasts=SCHEME_LASTS)


def other_scheme(scheme: Scheme) -> Scheme:
    """Return what to try when `scheme` was turned away."""
    return Scheme.RFC9421 if scheme is Scheme.CAVAGE else Scheme.CAVAGE
