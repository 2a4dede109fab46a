"""Hubs that may be worth following, found without a registry: those that the hubs we follow know,
and those whose people have to do with ours. A few are looked up at a time.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from federation import uris, vocab
from federation.collections import Budget, pages
from federation.errors import FederationError
from federation.nodeinfo import nodeinfo
from federation.vocab import JsonObject
from server import db
from server.actors import hosts
from server.actors import service as actors
from server.actors.tables import Actor, Host
from server.errors import NotFoundError, RefusedError
from server.follows import service as follows
from server.house import House
from server.hub import service as hubs
from server.hub.rules import HUB_PATH
from server.jobs.service import milliseconds
from server.network.rules import finding as rules
from server.network.rules.finding import How
from server.network.rules.wording import SOFTWARE
from server.network.tables import Catalogue, Dismissed, Sighting
from server.posts.events import Arrived, Linked

MEET_JOB = "network.meet"
PATH = "/hub/neighbours"
PAGE = 50

MAY_BE_SHOWN = (
    "a.type = 'Organization' AND NOT a.local AND a.discoverable AND NOT a.gone AND NOT a.blocked"
    " AND a.moved_to IS NULL AND NOT h.turned_away"
)
FOLLOWED = "SELECT 1 FROM follows f WHERE f.follower_id = ? AND f.followed_id = a.id AND f.state"
KNOWN = (
    f"SELECT a.* FROM actors a JOIN hosts h ON h.host = a.host WHERE {MAY_BE_SHOWN}"  # noqa: S608
    f" AND (h.software = ? OR EXISTS ({FOLLOWED} = 'accepted'))"
    " AND a.id < ? ORDER BY a.id DESC LIMIT ?"
)
PROPOSED = (
    "SELECT a.id, count(DISTINCT CASE WHEN s.how = 'neighbour' THEN s.via END) AS known_by,"  # noqa: S608
    " max(CASE WHEN s.how = 'lineage' THEN 1 ELSE 0 END) AS lineage,"
    " max(CASE WHEN s.how = 'response' THEN 1 ELSE 0 END) AS answered,"
    " max(CASE WHEN s.how = 'list' THEN 1 ELSE 0 END) AS listed"
    " FROM sightings s JOIN hosts h ON h.host = s.host AND h.software = ?"
    f" JOIN actors a ON a.host = s.host WHERE {MAY_BE_SHOWN}"
    f" AND NOT EXISTS ({FOLLOWED} <> 'rejected')"
    " AND NOT EXISTS (SELECT 1 FROM dismissed_hubs d WHERE d.actor_id = a.id)"
    " GROUP BY a.id ORDER BY known_by DESC, count(*) DESC, a.id LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A hub that may be worth following, and why."""

    actor: Actor
    known_by: int
    """How many of the hubs that we follow know it."""
    lineage: bool
    """Whether ideas went from one to the other."""
    answered: bool
    """Whether somebody there answered something here."""
    listed: bool
    """Whether a list names it that this hub follows along with."""


async def on_arrived(event: Arrived, house: House) -> None:
    """Note where somebody is who answers something of ours."""
    if event.parent is not None and event.parent.local:
        await _sight([(event.author.host, "")], via=house.host, how=How.RESPONSE, house=house)


async def on_linked(event: Linked, house: House) -> None:
    """Note both ends of what goes back to something elsewhere."""
    author = await actors.by_id(event.post.author_id)
    if event.gone or author is None:
        return
    ends = (author.host, uris.host_of(event.target_uri))
    for here, there in (ends, ends[::-1]):
        if here != there:
            await _sight([(here, "")], via=there, how=How.LINEAGE, house=house)


async def _sight(
    found: Iterable[tuple[str, str]], *, via: str, how: How, house: House
) -> None:  # fmt: skip
    """Note that these hosts were seen, each with the id of its hub where that is known."""
    now = db.moment(house.clock.now())
    await db.executemany(
        "INSERT INTO sightings (host, via, how, uri, seen_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (host, via, how) DO UPDATE SET seen_at = excluded.seen_at",
        [(host, via, str(how), uri, now) for host, uri in found if host != house.host],
    )


async def meet(_: JsonObject, house: House) -> None:
    """Ask some of the hubs that we follow whom they know, and look up some that were seen. The word
    of one that is turned away by now counts no more.
    """
    before = milliseconds(house.clock.now() - rules.AGAIN)
    due = Catalogue.filter(met_ms__lt=before).order_by("met_ms", "id").limit(rules.ASKED)
    for row in await due.prefetch_related("actor"):
        await Catalogue.filter(id=row.id).update(met_ms=milliseconds(house.clock.now()))
        host = row.actor.host
        if await actors.is_blocked(host, row.actor.uri):
            await Sighting.filter(via=host).delete()
            continue
        with suppress(FederationError):
            await _ask(host, house=house)
    await _see_lists(house)
    for host, uri in await _unknown():
        await _look_up(host, uri, house=house)


async def _ask(host: str, *, house: House) -> None:
    """Keep whom a hub says it knows, in place of what it said before. Raises FetchErrors."""
    info = await nodeinfo(host, house.fetcher)
    where = info.metadata.get("neighbours") if info is not None else None
    known: dict[str, str] = {}
    if isinstance(where, str) and uris.is_web_uri(where) and uris.host_of(where) == host:
        budget = Budget(pages=rules.PAGES, items=rules.KNOWN, seconds=rules.SECONDS)
        async for page in pages(where, fetcher=house.fetcher, budget=budget, clock=house.clock):
            named = [vocab.id_of(item) for item in page.items]
            known |= {uris.host_of(uri): uri for uri in named if uri and len(uri) < 2_048}
    known.pop(host, None)
    async with db.transaction():
        await Sighting.filter(via=host, how=How.NEIGHBOUR).delete()
        await _sight(known.items(), via=host, how=How.NEIGHBOUR, house=house)


async def _see_lists(house: House) -> None:
    """Note whom lists name that the hub follows along with: some may not be followed."""
    found = await db.rows(
        # CROSS has SQLite begin with the lists, which are few.
        "SELECT a.host, a.uri, t.uri AS list FROM taken_lists t CROSS JOIN subscription_entries e"
        " JOIN actors a ON a.id = e.actor_id WHERE e.batch_id = t.batch_id LIMIT ?",
        rules.LISTED,
    )
    for row in found:
        via = uris.host_of(row["list"])
        await _sight([(row["host"], row["uri"])], via=via, how=How.LIST, house=house)


async def _unknown() -> Sequence[tuple[str, str]]:
    """Return some hosts that were seen and never asked what they are, those seen most first."""
    found = await db.rows(
        "SELECT s.host, max(s.uri) AS uri FROM sightings s LEFT JOIN hosts h ON h.host = s.host"
        " WHERE h.host IS NULL OR (h.checked_at IS NULL AND NOT h.turned_away)"
        " GROUP BY s.host ORDER BY count(*) DESC, s.host LIMIT ?",
        rules.MET,
    )
    return [(row["host"], row["uri"]) for row in found]


async def _look_up(host: str, uri: str, *, house: House) -> None:
    """Find out what a host runs, and its hub where that is Fettle; forget one that is not there,
    until it is seen again.
    """
    found: Host = await hosts.look(host, house=house)
    if found.checked_at is None:
        await Sighting.filter(host=host).delete()
    elif found.software == SOFTWARE:
        with suppress(FederationError, RefusedError):
            await actors.resolve(uri or f"https://{host}{HUB_PATH}", house=house)


async def proposed(*, house: House) -> list[Proposal]:
    """Return hubs that this one does not follow, those first that most of ours know; none that is
    turned away or does not want to be found.
    """
    hub = await hubs.hub_actor(house=house)
    if hub is None:
        return []
    found = await db.rows(PROPOSED, SOFTWARE, hub.id, rules.PROPOSED)
    rows = await db.read_by_id(Actor, [row["id"] for row in found])
    return [
        Proposal(
            rows[row["id"]],
            row["known_by"],
            bool(row["lineage"]),
            bool(row["answered"]),
            bool(row["listed"]),
        )
        for row in found
        if row["id"] in rows
    ]


async def accept(actor_id: int, *, house: House) -> Actor:
    """Have the hub follow one that was proposed. Raises NotFoundError, BlockedError."""
    hub, actor = await hubs.hub_actor(house=house), await actors.by_id(actor_id)
    if hub is None or actor is None or actor.local or actor.gone:
        raise NotFoundError
    await follows.follow(hub, actor, house=house)
    return actor


async def dismiss(actor_id: int, *, by: str, house: House) -> Actor:
    """Have a hub proposed no more; saying so twice is harmless. Raises NotFoundError."""
    actor = await actors.by_id(actor_id)
    if actor is None or actor.local:
        raise NotFoundError
    row = Dismissed(actor_id=actor.id, by=by[:200], at=house.clock.now())
    await db.add(row, unless="actor_id")
    return actor


async def propose_again(actor_id: int) -> None:
    """Have a hub proposed that was dismissed."""
    await Dismissed.filter(actor_id=actor_id).delete()


async def dismissed(span: db.Span = db.TOP) -> list[Dismissed]:
    """Return a page of the hubs that are proposed no more, the last first, and one more; with who
    they are.
    """
    return await span.of(Dismissed.all().prefetch_related("actor"), PAGE + 1)


async def known(*, before: int | None, house: House) -> list[Actor]:
    """Return a page of the hubs that this one follows or knows, as it tells others, and one more;
    none that does not want to be found. Raises NotFoundError where it tells nobody.
    """
    hub = await hubs.hub_actor(house=house)
    if hub is None or not (await hubs.settings()).shows_neighbours:
        raise NotFoundError
    mark = before if before is not None else 2**62
    return await db.read(Actor, KNOWN, SOFTWARE, hub.id, mark, PAGE + 1)


async def sweep(*, house: House) -> int:
    """Forget what was seen, and dismissed, long ago; return how much."""
    now = house.clock.now()
    seen = await Sighting.filter(seen_at__lt=now - rules.KEPT).delete()
    return seen + await Dismissed.filter(at__lt=now - rules.DISMISSED).delete()
