"""What does not get through, in the shape that the stewards' pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from server.delivery.rules import DeliveryState
from server.delivery.tables import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that has not arrived at one host."""

    id: int
    host: str
    type: str
    """The type of its activity: `Create`, `Delete`."""
    object_uri: str
    since: datetime
    until: datetime | None
    """How long it is tried; None where that is over."""
    tries: int
    error: str
    state: DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A host that is being tried again, with what waits for it."""

    host: str
    troubles: Sequence[Trouble]

    @property
    def since(self) -> datetime:
        """When the oldest of it was first sent."""
        return min(one.since for one in self.troubles)

    @property
    def until(self) -> datetime:
        """How long the last of it is tried."""
        return max(one.until or one.since for one in self.troubles)

    @property
    def newest(self) -> Trouble:
        """What was sent last."""
        return self.troubles[0]

    @property
    def taken_back(self) -> int:
        """How many things wait there that their writers have taken back."""
        return sum(one.type == "Delete" for one in self.troubles)


def trouble(row: Delivery) -> Trouble:
    """Return a delivery, whose activity has been read with it."""
    return Trouble(
        id=row.id, host=row.host, type=row.activity.type, object_uri=row.activity.object_uri,
        since=_moment(row.created_ms),
        until=_moment(row.expires_ms) if row.state is DeliveryState.WAITING else None,
        tries=row.attempts, error=row.error or "", state=row.state,
    )  # fmt: skip


def silent(troubles: Sequence[Trouble]) -> list[Silent]:
    """Return the hosts that are being tried again, in the order of `troubles`."""
    by_host: dict[str, list[Trouble]] = {}
    for one in troubles:
        if one.until is not None:
            by_host.setdefault(one.host, []).append(one)
    return [Silent(host=host, troubles=some) for host, some in by_host.items()]


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1_000, UTC)
