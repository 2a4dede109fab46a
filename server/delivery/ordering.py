"""What may be sent now without overtaking anything. Pure: no clock, no database, no network.

Within a lane, deliveries stand in the order of their activities. One waits for another before it
where both have the same key, where one of them is a barrier for the actor of both, and where the
other is a first Accept, which goes before anything else (federation.md §6).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

PAIR = "pair:"
"""How the keys begin of what passes between two actors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A delivery as it stands in its lane."""

    id: int
    activity_id: int
    host: str
    inbox: str
    actor_id: int
    order_key: str
    type: str
    barrier: bool
    not_before_ms: int
    expires_ms: int
    attempts: int

    @property
    def goes_first(self) -> bool:
        """Say whether it is an Accept of a Follow that was not tried yet."""
        return self.type == "Accept" and not self.attempts and self.order_key.startswith(PAIR)


@dataclass(frozen=True, slots=True)
class Turn:
    """A delivery that may go once those of its round that it names are done."""

    row: Waiting
    after: frozenset[int] = frozenset()
    """Where in the round they are."""


@dataclass(slots=True)
class _Wait:
    """What has to be over: places in the round, or something that may not go in this round."""

    held: bool = False
    places: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Gate:
    """Where activities go one after another; deliveries of the same one do not wait for each
    other.
    """

    activity_id: int = 0
    before: _Wait = field(default_factory=_Wait)
    now: _Wait = field(default_factory=_Wait)

    def reached(self, activity_id: int) -> _Wait:
        """Return what an activity waits for here."""
        if activity_id != self.activity_id:
            self.activity_id, self.before, self.now = activity_id, self.now, _Wait()
        return self.before


@dataclass(slots=True)
class _Actor:
    """What an actor sent so far: its last barrier, and everything since."""

    barrier: _Gate = field(default_factory=_Gate)
    since: _Wait = field(default_factory=_Wait)


class Arrangement:
    """A round of one lane as it is put together: give it the lane's rows in their order."""

    def __init__(self, *, now_ms: int, most: int, probing: bool = False) -> None:
        """Hold `most` turns. While `probing`, what waits because it failed may be tried too."""
        self.turns: list[Turn] = []
        self._now_ms, self._most, self._probing = now_ms, most, probing
        self._keys: dict[str, _Gate] = {}
        self._actors: dict[int, _Actor] = {}
        self._first = _Wait()

    @property
    def full(self) -> bool:
        """Say whether it takes no more."""
        return len(self.turns) >= self._most

    def take(self, rows: Iterable[Waiting]) -> None:
        """Add as many of these as may go, in their order."""
        for row in rows:
            if self.full:
                return
            self._take(row)

    def probe(self) -> None:
        """Keep one turn alone: the one that was tried least, so that nothing that always fails
        keeps a lane asleep.
        """
        free = [turn for turn in self.turns if not turn.after]
        self.turns = sorted(free, key=lambda turn: turn.row.attempts)[:1]

    def _take(self, row: Waiting) -> None:
        gate = self._keys.setdefault(row.order_key, _Gate())
        actor = self._actors.setdefault(row.actor_id, _Actor())
        waits = [gate.reached(row.activity_id), self._of(actor, row)]
        if not row.goes_first:
            waits.append(self._first)
        held = self._is_early(row) or any(wait.held for wait in waits)
        place = set() if held else {len(self.turns)}
        if not held:
            self.turns.append(Turn(row, frozenset().union(*(wait.places for wait in waits))))
        joined = [gate.now, actor.since]
        joined += [actor.barrier.now] if row.barrier else []
        joined += [self._first] if row.goes_first else []
        for wait in joined:
            wait.held = wait.held or held
            wait.places |= place

    @staticmethod
    def _of(actor: _Actor, row: Waiting) -> _Wait:
        """Return what a row waits for among those of its actor."""
        if not row.barrier:
            return actor.barrier.now
        if actor.barrier.activity_id != row.activity_id:
            actor.barrier = _Gate(row.activity_id, before=actor.since)
            actor.since = _Wait()
        return actor.barrier.before

    def _is_early(self, row: Waiting) -> bool:
        return row.not_before_ms > self._now_ms and not (self._probing and row.attempts)
