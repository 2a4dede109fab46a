"""How the hub is: status, doctor."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import typer

from federation import uris, webfinger
from federation.errors import FederationError
from server import db, jobs
from server.cli.app import Json, answer, command, opened
from server.config import load
from server.delivery import service as delivery
from server.follows import service as follows
from server.hub import service as hub
from server.node import Node
from server.people import service as people
from server.posts import service as posts

CLOCK_LIMIT = 60
"""Seconds that the clock may be off: signatures live for an hour, but peers differ."""
CLOCKS = 3
"""Servers that are asked for the time."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor looked at."""

    name: str
    well: bool
    words: str


@command("status")
async def status(as_json: Json = False) -> None:
    """Say how much there is, and what waits."""
    async with opened() as node:
        house = node.house
        actor = await hub.hub_actor(house=house)
        followers, following = await follows.counts(actor) if actor else (0, 0)
        counted, queue = await posts.counts(house), await delivery.counts(house=house)
        waiting = await jobs.counts(house=house)
        data: dict[str, object] = {
            "address": house.address, "set_up": actor is not None,
            "handle": actor.handle if actor else None, "people": await people.counted(),
            "posts": counted, "followers": followers, "following": following,
            "deliveries_waiting": queue["waiting"], "hosts_failing": queue["failing_hosts"],
            "jobs_waiting": waiting.due + waiting.later, "jobs_dead": waiting.dead,
        }  # fmt: skip
    shown = data | {
        "set_up": "yes" if actor else "no",
        "posts": ", ".join(f"{count} {kind}" for kind, count in counted.items()) or "none",
        "handle": actor.handle if actor else "none yet",
    }
    lines = [f"{name.replace('_', ' ')}: {value}" for name, value in shown.items()]
    answer("\n".join(lines), data, as_json=as_json)


@command("doctor")
async def doctor(as_json: Json = False) -> None:
    """Check settings, database, clock, queue, and that others can find this hub."""
    load()
    async with opened() as node:
        findings = [
            Finding("settings", True, f"read; the address is {node.house.address}"),
            await _database(node),
            await _set_up(node),
            await _queue(node),
            await _reachable(node),
            await _clock(node),
        ]
    well = all(one.well for one in findings)
    lines = [f"{'well' if one.well else 'BAD '}  {one.name}: {one.words}" for one in findings]
    found = [{"name": one.name, "well": one.well, "words": one.words} for one in findings]
    answer("\n".join(lines), {"well": well, "findings": found}, as_json=as_json)
    if not well:
        raise typer.Exit(1)


async def _database(node: Node) -> Finding:
    missing = await db.pending()
    words = f"it lacks {', '.join(missing)}: run `fettle migrate`" if missing else "up to date"
    return Finding("database", not missing, f"{node.database.dialect}, {words}")


async def _set_up(node: Node) -> Finding:
    actor = await hub.hub_actor(house=node.house)
    if actor is None:
        return Finding("set-up", False, "not yet: run `fettle setup`, or open the set-up link")
    return Finding("set-up", True, f"people follow {actor.handle}")


async def _queue(node: Node) -> Finding:
    waiting = await jobs.counts(house=node.house)
    queue = await delivery.counts(house=node.house)
    words = (
        f"{waiting.due + waiting.later} jobs wait, {waiting.dead} were given up;"
        f" {queue['waiting']} deliveries wait, {queue['failing_hosts']} servers do not answer"
    )
    return Finding("queue", waiting.dead == 0, words)


async def _reachable(node: Node) -> Finding:
    """Ask for our own WebFinger as others do."""
    house = node.house
    actor = await hub.hub_actor(house=house)
    name = actor.username if actor else house.host.partition(":")[0]
    try:
        found = await webfinger.lookup(uris.Handle(name, house.host), house.fetcher)
    except FederationError as error:
        return Finding("reachable", False, f"is the server running, and known by name? {error}")
    return Finding("reachable", True, f"WebFinger answers with {found.actor_uri}")


async def _clock(node: Node) -> Finding:
    """Compare the clock with others': of who follows the hub, of whom it follows, and of our own
    server, where a proxy in front tells its own time. The one that agrees best counts.
    """
    found = [moment for host in await _acquainted(node) if (moment := await _time_at(host, node))]
    now = node.house.clock.now()
    if not found:
        return Finding("clock", now.year >= 2026, f"it is {now.year}; nobody to compare it with")
    off, host = min((abs((now - said).total_seconds()), host) for host, said in found)
    return Finding("clock", off <= CLOCK_LIMIT, f"{off:.0f} s apart from that of {host}")


async def _acquainted(node: Node) -> list[str]:
    """Return a few servers that may be asked for the time, or else our own."""
    actor = await hub.hub_actor(house=node.house)
    if actor is None:
        return [node.house.host]
    others = [row.followed for row in await follows.following(actor)]
    others += [row.follower for row in await follows.followers(actor)]
    hosts = dict.fromkeys(one.host for one in others if not one.local)
    return list(hosts)[:CLOCKS] or [node.house.host]


async def _time_at(host: str, node: Node) -> tuple[str, datetime] | None:
    """Return what time it is at a server, None where it does not say.

    The question is not signed: with a wrong clock, no signature of ours is believed.
    """
    url = f"{node.house.address.partition(':')[0]}://{host}/.well-known/nodeinfo"
    try:
        given = await node.house.fetcher.get(url, accept="application/json", signed=False)
        return host, parsedate_to_datetime(given.headers["Date"]).replace(tzinfo=UTC)
    except (FederationError, KeyError, ValueError):
        return None
