"""Those whom the hub follows, and whether they are alive: for everybody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from server import db
from server.actors.tables import Actor, Host
from server.delivery import service as delivery
from server.delivery.service import LaneState, LaneView
from server.follows.rules import FollowState
from server.follows.service import FollowAnswered
from server.house import House
from server.network.rules.alive import Life, Signs, latest, life, quiet_since
from server.network.rules.walking import Standing
from server.network.rules.wording import SOFTWARE
from server.network.tables import Catalogue
from server.posts.events import AuthorGone

HUB = "Organization"
"""What the actor of a hub is."""
PAGE = 20
LOOKED_AT = 500
"""Hubs that are looked at for those that are silent: those followed last."""

NEWEST = (
    "SELECT a.id, (SELECT max(p.published_at) FROM posts p WHERE p.author_id = a.id"
    " AND p.state = 'published') AS told, (SELECT max(b.created_at) FROM boosts b"
    " WHERE b.actor_id = a.id) AS passed_on FROM actors a WHERE a.id IN ({marks})"
)
SHOWN = (
    "SELECT c.* FROM catalogues c JOIN actors a ON a.id = c.actor_id WHERE NOT a.blocked"
    " AND NOT EXISTS (SELECT 1 FROM hosts h WHERE h.host = a.host AND h.turned_away)"
)
PART = f"{SHOWN} AND c.id {{than}} ? ORDER BY c.id {{way}} LIMIT ?"
STAYING = f"{SHOWN} AND NOT a.gone AND a.moved_to IS NULL {{there}} ORDER BY c.id DESC LIMIT ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One of those whom the hub follows."""

    actor: Actor
    catalogue: Catalogue
    host: Host | None
    lane: LaneView | None
    life: Life
    failing_since: datetime | None
    """Since when they do not take what they are sent, or do not answer."""
    told_at: datetime | None
    """When they last told something new, or passed it on."""
    heard_at: datetime | None
    """When anything last came from where they are."""

    @property
    def kinds(self) -> list[str]:
        """What they publish, as they say."""
        return self.host.kinds.split() if self.host else []

    @property
    def mark(self) -> str:
        """Its place in the list."""
        return str(self.catalogue.id)


async def on_gone(event: AuthorGone, house: House) -> None:
    """Note that a hub that was followed is gone, and that what its people told stays."""
    gone = event.author
    if gone.type == HUB and await Catalogue.exists(actor_id=gone.id):
        host = Host.filter(host=gone.host, software=SOFTWARE)
        await host.update(closed_at=house.clock.now())


async def on_answered(event: FollowAnswered, _: House) -> None:
    """Note that a hub is back that was gone."""
    followed = await Actor.get(id=event.follow.followed_id)
    if followed.type == HUB and event.follow.state is FollowState.ACCEPTED:
        await Host.filter(host=followed.host, closed_at__not_isnull=True).update(closed_at=None)


async def listed(span: db.Span = db.TOP, *, house: House) -> list[Neighbour]:
    """Return a page of those whom the hub follows and who said yes, and of those whom it followed
    until they were gone; the last first, and one more. Whoever is turned away is not among them.
    """
    than, way = (">", "ASC") if span.after is not None else ("<", "DESC")
    mark = next((one for one in (span.after, span.before) if one is not None), 2**62)
    rows = await db.read(Catalogue, PART.format(than=than, way=way), mark, PAGE + 1)
    return await _neighbours(rows, house=house)


@dataclass(frozen=True, slots=True)
class Silence:
    """Those of whom nothing comes, among some whom the hub follows; the longest first."""

    quiet: list[tuple[datetime, Neighbour]]
    """Who is not lost and has told nothing new, since when."""
    lost: list[tuple[datetime, Neighbour]]
    """Who can't be reached, since when."""
    more: bool
    """Whether more are followed than were looked at."""


async def silent(hosts: Collection[str] | None, *, house: House) -> Silence:
    """Return who is silent of those at some hosts whom the hub follows, or of all (None). Whoever
    said goodbye or moved is not silent.
    """
    if hosts is not None and not hosts:
        return Silence([], [], more=False)
    there = "" if hosts is None else f"AND a.host IN ({db.marks(len(hosts))})"
    rows = await db.read(Catalogue, STAYING.format(there=there), *(hosts or ()), LOOKED_AT + 1)
    found, now = await _neighbours(rows[:LOOKED_AT], house=house), house.clock.now()
    lost = [(one.failing_since, one) for one in found if one.life is Life.LOST]
    quiet = [
        (quiet_since(one.told_at, followed=one.catalogue.followed_at, now=now), one)
        for one in found
        if one.life is not Life.LOST
    ]
    return Silence(_longest(quiet), _longest(lost), more=len(rows) > LOOKED_AT)


def _longest(
    found: Sequence[tuple[datetime | None, Neighbour]]
) -> list[tuple[datetime, Neighbour]]:  # fmt: skip
    known = [(since, one) for since, one in found if since is not None]
    return sorted(known, key=lambda pair: pair[0])


async def _neighbours(rows: Sequence[Catalogue], *, house: House) -> list[Neighbour]:
    actors = await db.read_by_id(Actor, [row.actor_id for row in rows])
    hosts = {one.host for one in actors.values()}
    known = {row.host: row for row in await Host.filter(host__in=list(hosts))}
    lanes = await delivery.lanes_to(hosts, house=house)
    told, now = await _told(rows), house.clock.now()
    return [
        _neighbour(
            row, actor, known.get(actor.host), lanes.get(actor.host), told.get(actor.id), now
        )
        for row in rows
        if (actor := actors.get(row.actor_id)) is not None
    ]


def _neighbour(
    row: Catalogue, actor: Actor, host: Host | None, lane: LaneView | None,
    told: datetime | None, now: datetime,
) -> Neighbour:  # fmt: skip
    heard = latest(
        row.heard_at, host.heard_at if host else None, lane.last_success if lane else None
    )  # fmt: skip
    failing = _failing_since(row, lane)
    signs = Signs(
        gone=actor.gone, moved=actor.moved_to is not None, failing_since=failing, heard_at=heard
    )  # fmt: skip
    return Neighbour(
        actor=actor, catalogue=row, host=host, lane=lane, life=life(signs, now=now),
        failing_since=failing, told_at=told, heard_at=latest(heard, told),
    )  # fmt: skip


def _failing_since(row: Catalogue, lane: LaneView | None) -> datetime | None:
    answered = lane and lane.tried and row.heard_at and row.heard_at >= lane.tried
    if lane and lane.state is not LaneState.OPEN and not answered:
        return lane.since
    if row.failures > 1 and row.standing is not Standing.STOPPED:
        return row.heard_at or row.followed_at
    return None


async def _told(rows: Sequence[Catalogue]) -> dict[int, datetime | None]:
    """Return when the newest things of actors were told or passed on."""
    ids = [row.actor_id for row in rows]
    if not ids:
        return {}
    found = await db.rows(NEWEST.format(marks=db.marks(len(ids))), *ids)
    return {
        row["id"]: latest(*(db.as_moment(at) for at in (row["told"], row["passed_on"]) if at))
        for row in found
    }
