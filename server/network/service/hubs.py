"""Those whom the hub follows, and whether they are alive: for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server import db
from server.actors.tables import Actor, Host
from server.delivery import service as delivery
from server.delivery.service import LaneState, LaneView
from server.house import House
from server.network.rules.alive import Life, Signs, latest, life
from server.network.tables import Catalogue

PAGE = 20

NEWEST = (
    "SELECT a.id, (SELECT max(p.published_at) FROM posts p WHERE p.author_id = a.id"
    " AND p.state = 'published') AS told, (SELECT max(b.created_at) FROM boosts b"
    " WHERE b.actor_id = a.id) AS passed_on FROM actors a WHERE a.id IN ({marks})"
)
SHOWN = (
    "SELECT c.* FROM catalogues c JOIN actors a ON a.id = c.actor_id WHERE NOT a.blocked"
    " AND NOT EXISTS (SELECT 1 FROM hosts h WHERE h.host = a.host AND h.turned_away)"
    " AND c.id {than} ? ORDER BY c.id {way} LIMIT ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One of those whom the hub follows."""

    actor: Actor
    catalogue: Catalogue
    host: Host | None
    lane: LaneView | None
    life: Life
    heard_at: datetime | None
    """When something of theirs came last."""

    @property
    def kinds(self) -> list[str]:
        """What they publish, as they say."""
        return self.host.kinds.split() if self.host else []

    @property
    def mark(self) -> str:
        """Its place in the list."""
        return str(self.catalogue.id)


async def listed(span: db.Span = db.TOP, *, house: House) -> list[Neighbour]:
    """Return a page of those whom the hub follows and who said yes, and of those whom it followed
    until they were gone; the last first, and one more. Whoever is turned away is not among them.
    """
    than, way = (">", "ASC") if span.after is not None else ("<", "DESC")
    mark = next((one for one in (span.after, span.before) if one is not None), 2**62)
    rows = await db.read(Catalogue, SHOWN.format(than=than, way=way), mark, PAGE + 1)
    actors = await db.read_by_id(Actor, [row.actor_id for row in rows])
    hosts = {one.host for one in actors.values()}
    known = {row.host: row for row in await Host.filter(host__in=list(hosts))}
    lanes = await delivery.lanes_to(hosts, house=house)
    heard = await _heard(rows)
    return [
        _neighbour(row, actor, known.get(actor.host), lanes.get(actor.host), heard)
        for row in rows
        if (actor := actors.get(row.actor_id)) is not None
    ]


def _neighbour(
    row: Catalogue, actor: Actor, host: Host | None, lane: LaneView | None,
    heard: Mapping[int, datetime | None],
) -> Neighbour:  # fmt: skip
    state = lane.state if lane is not None else LaneState.OPEN
    if lane and lane.tried and row.heard_at and row.heard_at >= lane.tried:
        state = LaneState.OPEN  # it has answered since
    signs = Signs(
        gone=actor.gone, moved=actor.moved_to is not None,
        unreachable=state is LaneState.UNREACHABLE,
        failing=state is LaneState.FAILING or row.failures > 1,
    )  # fmt: skip
    return Neighbour(
        actor=actor, catalogue=row, host=host, lane=lane, life=life(signs),
        heard_at=latest(row.heard_at, heard.get(actor.id), lane.last_success if lane else None),
    )  # fmt: skip


async def _heard(rows: Sequence[Catalogue]) -> dict[int, datetime | None]:
    """Return when the newest things of actors were told or passed on."""
    ids = [row.actor_id for row in rows]
    if not ids:
        return {}
    found = await db.rows(NEWEST.format(marks=db.marks(len(ids))), *ids)
    return {
        row["id"]: latest(*(db.as_moment(at) for at in (row["told"], row["passed_on"]) if at))
        for row in found
    }
