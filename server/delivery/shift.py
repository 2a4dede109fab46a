"""One round of one lane at work: sign and send what may go, in order, while the lease lasts."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from federation import delivery as courier
from federation.delivery import NO_HEADERS, Delivered, Gone, Headers, Rejected, Retry
from federation.keys import SigningKey
from server.actors.directory import Ring
from server.actors.rotation import other_keys
from server.delivery.ordering import Turn, Waiting
from server.delivery.planning import Round
from server.delivery.records import Outcome
from server.delivery.rules import DeliveryState
from server.delivery.service import milliseconds
from server.errors import NotYoursError
from server.house import House

LEASE_MS = 90_000
RENEW_MS = 30_000
"""After so long a lease is renewed, where a request is to begin."""
LEFT_MS = 35_000
"""No request begins with less of the lease left: the courier takes 30 s at most, knocks and
redirects included.
"""
IN_FLIGHT = 4
"""Requests under way to one host."""
UNPROVEN = frozenset({401, 403})
"""What a host answers that does not believe whose request it is."""
OVERLOADED = frozenset({429, 503})
"""What a host answers that is in trouble as a whole."""

Beside = Callable[[int, str, bytes], Awaitable[Headers]]
"""Returns what goes along with an activity: of the row of its actor, to an inbox, with a body."""
Renew = Callable[[str], Awaitable[int]]
"""Renews the lease of a host's lane; returns when it ends now, 0 where it is lost."""


@dataclass(frozen=True, slots=True)
class Post:
    """What every shift of a worker needs to send anything."""

    house: House
    ring: Ring
    beside: Beside | None = None


class Shift:
    """Works through a round; it ends at the first trouble, or where the lease is lost."""

    def __init__(
        self, round_: Round, *, post: Post, renew: Renew, stopping: Callable[[], bool]
    ) -> None:
        """Send nothing yet."""
        self.round = round_
        self.outcomes: list[Outcome] = []
        self._post, self._house, self._stopping = post, post.house, stopping
        self._renew, self._renewing = renew, asyncio.Lock()
        self._until_ms = round_.lane.until_ms
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._done = [asyncio.Event() for _ in round_.turns]
        self._troubled = False

    async def work(self) -> None:
        """Send what the round holds. What was sent stands in `outcomes`, also where this breaks."""
        turns = self.round.turns
        if len(turns) == 1:  # as nearly always
            await self._take(0, turns[0])
        elif turns:
            await asyncio.gather(*(self._take(place, turn) for place, turn in enumerate(turns)))

    async def _take(self, place: int, turn: Turn) -> None:
        try:
            for earlier in turn.after:
                await self._done[earlier].wait()
            async with self._slots:
                body = self.round.bodies.get(turn.row.activity_id)
                if body is not None and await self._may_begin():
                    await self._send(turn.row, body)
        finally:
            self._done[place].set()

    async def _may_begin(self) -> bool:
        """Say whether a request may begin, and renew the lease where it is time."""
        if self._troubled or self._stopping():
            return False
        if self._until_ms - milliseconds(self._house) <= LEASE_MS - RENEW_MS:
            async with self._renewing:
                if self._until_ms - milliseconds(self._house) <= LEASE_MS - RENEW_MS:
                    self._until_ms = await self._renew(self.round.lane.host)
        return self._until_ms - milliseconds(self._house) >= LEFT_MS

    async def _send(self, row: Waiting, body: bytes) -> None:
        try:
            key = await self._post.ring.key(row.actor_id, house=self._house)
        except NotYoursError:
            outcome = _over(row, DeliveryState.REJECTED, "its sender has no key any more")
        else:
            answer = await self._knock(row, body, key)
            outcome = judged(row, answer, now_ms=milliseconds(self._house))
        self._troubled = self._troubled or outcome.again
        self.outcomes.append(outcome)

    async def _knock(self, row: Waiting, body: bytes, key: SigningKey) -> courier.Outcome:
        """Deliver; where the sender is not believed, and its key was changed lately, knock with the
        other one too: the host may know the old one only, or this process may.
        """
        beside = NO_HEADERS
        if self._post.beside is not None:
            beside = await self._post.beside(row.actor_id, row.inbox, body)
        answer = await self._house.courier.deliver(row.inbox, body, key, also=beside)
        if not isinstance(answer, Rejected) or answer.status not in UNPROVEN:
            return answer
        for other in await other_keys(key, actor_id=row.actor_id, house=self._house):
            if not await self._may_begin():
                return Retry("its lane was lost before the other key was tried")
            second = await self._house.courier.deliver(row.inbox, body, other, also=beside)
            if not isinstance(second, Rejected):
                return second
        return answer


def judged(row: Waiting, answer: courier.Outcome, *, now_ms: int) -> Outcome:
    """Return what an answer means for a delivery (federation.md §6)."""
    match answer:
        case Delivered():
            return _over(row, DeliveryState.DELIVERED, None)
        case Gone(status=status):
            return _over(row, DeliveryState.GONE, f"it answered {status}: nobody is there")
        case Rejected(reason=reason):
            return _over(row, DeliveryState.REJECTED, reason)
        case Retry(reason=reason, after=after, status=status):
            expired = row.expires_ms <= now_ms
            return Outcome(
                row.id, row.attempts + 1,
                DeliveryState.DROPPED if expired else DeliveryState.WAITING, reason[:500],
                again=True, retry_after=after,
                host_trouble=status is None or status in OVERLOADED or after is not None,
            )  # fmt: skip


def _over(row: Waiting, state: DeliveryState, error: str | None) -> Outcome:
    return Outcome(row.id, row.attempts + 1, state, error[:500] if error else None)
