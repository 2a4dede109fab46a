"""Lists of hubs that this hub shares: made, changed, shown."""

import asyncio
from collections.abc import Sequence

from federation.errors import FederationError
from server import db
from server.actors import hosts
from server.actors.blocks import TURNED_AWAY
from server.actors.tables import Actor, Host
from server.errors import NotFoundError, RefusedError
from server.house import House
from server.network.formats.reading import Line, Reading
from server.network.rules.sharing import (
    MOST_HUBS,
    MOST_LISTS,
    FullListError,
    TooManyListsError,
    UnlistedError,
    slug_of,
)
from server.network.rules.subscribing import REACHED
from server.network.service.looking import find
from server.network.tables import Batch, HubList, ListedHub

PAGE = 100
"""Of a list, on a page."""
AT_ONCE = 50
SECONDS = 25.0
"""That finding them may take, while somebody waits for the page."""
SHOWN = (
    "SELECT a.* FROM listed_hubs l JOIN actors a ON a.id = l.actor_id"  # noqa: S608 - fixed
    " WHERE l.list_id = ? AND NOT a.gone AND a.discoverable"
    f" AND NOT {TURNED_AWAY.format(actor='a.id')} ORDER BY lower(a.name), a.id"
)


class UnfoundError(RefusedError):
    """Line {line}: {reason}"""


class TooManyAtOnceError(RefusedError):
    """There is room for 50 at once. Give them in parts."""


class SlowError(RefusedError):
    """Asking their servers takes too long. Give fewer at once."""


async def share(title: str, words: str, *, house: House) -> HubList:
    """Make an empty list. Its address comes from its title, and stays. Raises TooManyListsError."""
    now, slug = house.clock.now(), slug_of(title)
    async with db.transaction():
        await db.in_turn("network.share")
        taken = {row.slug for row in await HubList.all()}
        if len(taken) >= MOST_LISTS:
            raise TooManyListsError
        free = next(one for one in _spellings(slug) if one not in taken)
        return await HubList.create(
            slug=free, title=title, words=words, created_at=now, changed_at=now
        )


def _spellings(slug: str) -> list[str]:
    return [slug, *(f"{slug}-{number}" for number in range(2, MOST_LISTS + 2))]


async def by_slug(slug: str) -> HubList:
    """Return a list of ours. Raises NotFoundError."""
    shared = await HubList.get_or_none(slug=slug)
    if shared is None:
        raise NotFoundError
    return shared


async def all_shared() -> list[tuple[HubList, int]]:
    """Return the lists of ours by their titles, each with how many it names."""
    found = await db.rows("SELECT list_id, COUNT(*) AS n FROM listed_hubs GROUP BY list_id")
    counts = {row["list_id"]: int(row["n"]) for row in found}
    return [(row, counts.get(row.id, 0)) for row in await HubList.all().order_by("title", "id")]


async def hubs_of(shared: HubList) -> list[Actor]:
    """Return whom a list names, by name. Whoever is gone, is blocked by a steward or asks not to be
    found is left out.
    """
    return await db.read(Actor, SHOWN, shared.id)


def part_of(hubs: Sequence[Actor], after: str | None) -> tuple[Sequence[Actor], str | None]:
    """Return a page of whom a list names, those after a row of theirs, and the mark of the next."""
    ids = [one.id for one in hubs]
    start = ids.index(int(after)) + 1 if after and int(after) in ids else 0
    part = hubs[start : start + PAGE]
    return part, str(part[-1].id) if start + PAGE < len(hubs) else None


async def software_of(hubs: Sequence[Actor]) -> dict[str, str | None]:
    """Return what the hosts of hubs run, as far as that is known."""
    rows = await Host.filter(host__in=list({one.host for one in hubs}))
    return {row.host: row.software for row in rows}


async def reword(shared: HubList, *, title: str, words: str, house: House) -> None:
    """Call a list otherwise; its address stays."""
    shared.title, shared.words, shared.changed_at = title, words, house.clock.now()
    await shared.save(update_fields=["title", "words", "changed_at"])


async def put_in(shared: HubList, found: Sequence[Actor], *, house: House) -> int:
    """Put hubs into a list, and return how many were not in it.

    Raises FullListError, UnlistedError.
    """
    for actor in found:
        if not actor.discoverable:
            raise UnlistedError(name=actor.shown_name)
    now, new = house.clock.now(), 0
    async with db.transaction():
        await HubList.filter(id=shared.id).select_for_update().get()
        for actor in found:
            row = ListedHub(list_id=shared.id, actor_id=actor.id, added_at=now)
            new += await db.add(row, unless="list_id, actor_id")
        if await ListedHub.filter(list_id=shared.id).count() > MOST_HUBS:
            raise FullListError
        await HubList.filter(id=shared.id).update(changed_at=now)
    return new


async def find_all(reading: Reading, *, house: House) -> list[Actor]:
    """Return everybody whom a list names, asking their servers if need be.

    Raises UnfoundError, SlowError, TooManyAtOnceError.
    """
    if len(reading.lines) > AT_ONCE:
        raise TooManyAtOnceError
    found = []
    try:
        async with asyncio.timeout(SECONDS):
            for line in reading.lines:
                found.append(await _find(line, house))
    except TimeoutError:
        raise SlowError from None
    return found


async def _find(line: Line, house: House) -> Actor:
    try:
        actor = await find(line.address, house=house)
    except RefusedError as error:
        raise UnfoundError(line=line.number, reason=str(error)) from error
    except FederationError as error:
        reason = f"their server could not be asked: {error}"
        raise UnfoundError(line=line.number, reason=reason) from error
    if not actor.local:
        await hosts.look(actor.host, house=house)
    return actor


async def put_in_reached(shared: HubList, batch: Batch, *, house: House) -> int:
    """Put everybody whom a batch reached into a list, but for those who ask not to be listed;
    return how many were not in it. Raises FullListError.
    """
    found = await db.read(
        Actor,
        "SELECT a.* FROM subscription_entries e JOIN actors a ON a.id = e.actor_id"  # noqa: S608
        f" WHERE e.batch_id = ? AND e.state IN ({db.marks(len(REACHED))})"
        " AND e.unlisted_at IS NULL AND a.discoverable AND NOT a.gone",
        batch.id, *sorted(REACHED),
    )  # fmt: skip
    return await put_in(shared, found, house=house)


async def take_out(shared: HubList, actor_id: int, *, house: House) -> None:
    """Take somebody out of a list: those who subscribe to it stop following them."""
    async with db.transaction():
        await ListedHub.filter(list_id=shared.id, actor_id=actor_id).delete()
        await HubList.filter(id=shared.id).update(changed_at=house.clock.now())


async def unshare(shared: HubList) -> None:
    """Take a list away. Those who subscribe to it keep whom they follow."""
    await shared.delete()
