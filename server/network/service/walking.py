"""One stretch of a walk through somebody's outbox, the newest first: what is of its own origin is
taken in as it stands there, what it passed on of others is asked of these. Nothing else counts.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import orjson
import structlog

from federation import uris, vocab
from federation.collections import Budget, Page, pages
from federation.errors import FederationError
from federation.inbox import VerifiedActivity, found
from server import db
from server.actors import service as actors
from server.actors.tables import Actor
from server.errors import RefusedError
from server.house import House
from server.inbox.registry import Listeners
from server.network.rules.walking import CHUNK, LOOKED_UP, MOST, NEWEST, PAGES, SECONDS
from server.network.tables import Catalogue
from server.posts import service as posts

log = structlog.get_logger()

ITEMS = 10_000
"""Of one page: as many as are read of any."""
CIRCLE = "Its pages lead in a circle, so we stopped there."
ENDLESS = f"It has more than {MOST:,} things. We took in the newest of them."
WHOLE = frozenset({vocab.ActivityType.CREATE, vocab.ActivityType.UPDATE})
THINGS = frozenset({vocab.ActivityType.CREATE, vocab.ActivityType.ANNOUNCE})
TAKEN = WHOLE | THINGS | {vocab.ActivityType.DELETE}
"""What in an outbox means something here."""


class EnoughError(Exception):
    """This stretch may ask for nothing more."""


class StoppedError(Exception):
    """A steward stopped it meanwhile, or it is gone."""


@dataclass(slots=True)
class Stretch:
    """What one stretch has to do with, and how much it may still ask for."""

    row: Catalogue
    actor: Actor
    listeners: Listeners
    house: House
    ends: datetime
    left: int = LOOKED_UP
    over: bool = False
    """Whether the walk has come to its end."""

    @property
    def is_late(self) -> bool:
        """Whether its time is over."""
        return self.house.clock.now() >= self.ends

    async def ask(self, uri: str, fetch: Callable[[], Awaitable[object]]) -> bool:
        """Ask for one thing more, and say whether it was to be had. Raises EnoughError."""
        if self.left < 1 or self.is_late:
            raise EnoughError
        self.left -= 1
        try:
            async with self.house.fetcher.turn(uris.host_of(uri)):
                return await fetch() is not None
        except (FederationError, RefusedError):
            return False


@dataclass(slots=True)
class Ready:
    """Things of a page that can be taken in without asking anybody more."""

    activities: list[VerifiedActivity] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """The posts among what they are about that were here before."""
    looked_at: int = 0
    """How many things of the page these were made of, those of no use among them."""


async def walk(row: Catalogue, actor: Actor, *, listeners: Listeners, house: House) -> bool:
    """Walk on from where a catalogue stands, as far as one stretch goes. Return whether that was
    its end. How far it came is saved with what came in, so it may break off anywhere.

    Raises FetchError children, StoppedError.
    """
    ends = house.clock.now() + timedelta(seconds=SECONDS)
    stretch = Stretch(row, actor, listeners, house, ends)
    here: str | None = row.cursor or actor.outbox or ""
    turned = {here}
    budget = Budget(pages=PAGES, items=PAGES * ITEMS, seconds=2 * SECONDS)
    async for page in pages(here or "", fetcher=house.fetcher, budget=budget, clock=house.clock):
        if not await _through(page, stretch):
            return stretch.over
        here = page.next
        if here in turned:
            row.problem = CIRCLE
            return True
        turned.add(here)
        if stretch.is_late:
            break
    return here is None


async def _through(page: Page, stretch: Stretch) -> bool:
    """Take in what a page holds; say whether the next page comes next."""
    row, items = stretch.row, page.items[stretch.row.position :]
    while items:
        some = _before(row.ends_at, items[:CHUNK])
        met = len(some) < min(CHUNK, len(items))
        ready = await _prepared(some, stretch)
        items = items[ready.looked_at :]
        await _take_in(ready, some[: ready.looked_at], stretch, page if not items else None)
        if ready.looked_at < len(some):
            return False
        if met or row.seen >= MOST:
            row.problem, stretch.over = "" if met else ENDLESS, True
            return False
    row.total = row.total if page.total_items is None else page.total_items
    row.cursor, row.position = page.next or row.cursor, 0 if page.next else row.position
    return True


def _before(known: Collection[str], items: Sequence[vocab.Thing]) -> Sequence[vocab.Thing]:
    """Return those that come before the first that is known."""
    met = (n for n, one in enumerate(items) if vocab.id_of(one) in known)
    return items[: next(met, len(items))]


async def _prepared(some: Sequence[vocab.Thing], stretch: Stretch) -> Ready:
    """Find what of these can be taken in, and have at hand whom and what it is about: as many as
    this stretch may still ask for. Goes to the network.
    """
    read = [_read(one, stretch.actor) for one in some]
    activities = [one for one in read if one is not None]
    ready = Ready(known=await _kept("posts", [_subject(one) for one in activities]))
    people = await _kept("actors", [who for one in activities for who in _people(one)])
    for activity in read:
        try:
            if activity is not None and await _is_ready(activity, ready.known, people, stretch):
                ready.activities.append(found(activity, at=stretch.actor.outbox or ""))
        except EnoughError:
            break
        except FederationError as error:
            log.info("network.not_theirs", actor=stretch.actor.uri, reason=str(error))
        ready.looked_at += 1
    return ready


def _read(thing: vocab.Thing, owner: Actor) -> vocab.Activity | None:
    """Return what a thing in an outbox means, where that is for everybody; None for all else."""
    if isinstance(thing, vocab.Note):  # some list what they wrote, without a word around it
        thing = vocab.Activity(
            id=None, type=vocab.ActivityType.CREATE, actor=thing.attributed_to, object=thing
        )
    if not isinstance(thing, vocab.Activity) or thing.type not in TAKEN:
        return None
    said: vocab.Activity | vocab.Note = thing
    if thing.type in WHOLE:
        if not isinstance(thing.object, vocab.Note) or vocab.is_vote(thing.object):
            return None
        said = thing.object
    elif thing.type is vocab.ActivityType.ANNOUNCE and thing.actor != owner.uri:
        return None
    return thing if vocab.PUBLIC in {*said.to, *said.cc} and _subject(thing) else None


def _subject(activity: vocab.Activity) -> str:
    return vocab.id_of(activity.object) or ""


def _people(activity: vocab.Activity) -> list[str]:
    note = activity.object
    return [activity.actor, *([note.attributed_to] if isinstance(note, vocab.Note) else [])]


async def _kept(table: str, ids: Collection[str]) -> set[str]:
    """Return those of these ids that there is a row for."""
    if not ids:
        return set()
    sql = f"SELECT uri FROM {table} WHERE uri IN ({db.marks(len(set(ids)))})"  # noqa: S608 - ours
    return {row["uri"] for row in await db.rows(sql, *set(ids))}


async def _is_ready(
    activity: vocab.Activity, known: set[str], people: set[str], stretch: Stretch
) -> bool:
    """Say whether an activity has any effect here, once who and what it is about are at hand."""
    house, subject = stretch.house, _subject(activity)
    if subject not in known and (
        activity.type is vocab.ActivityType.DELETE
        or (activity.type in WHOLE and activity.actor != stretch.actor.uri)
    ):
        return False
    for who in _people(activity):
        if who not in people:
            if not await stretch.ask(who, partial(actors.resolve, who, house=house)):
                return False
            people.add(who)
    if subject in known or isinstance(activity.object, vocab.Note):
        return True
    return await stretch.ask(subject, partial(posts.fetch, subject, house=house))


async def _take_in(
    ready: Ready, some: Sequence[vocab.Thing], stretch: Stretch, done: Page | None
) -> None:
    """Hand these activities to those who claim them, and save how far the walk has come; `done` is
    their page where nothing of it is left. Raises StoppedError.
    """
    row = stretch.row
    async with db.transaction():
        undone = await _undone(ready.activities)
        for activity in ready.activities:
            if activity.activity.id not in undone:
                await _tell(activity, stretch)
        row.taken += await _count_new(ready)
        _move_on(row, some, done, house=stretch.house)
        await _save(row)


async def _tell(activity: VerifiedActivity, stretch: Stretch) -> None:
    """Hand one of them over. What was before the hub followed is no news to anybody, nor is what
    says that it is from the future.
    """
    house, at = stretch.house, _published(activity.activity)
    is_news = at is not None and stretch.row.followed_at <= at <= house.clock.now()
    if activity.activity.type in THINGS and not is_news:
        house = replace(house, quiet=True)
    try:
        await stretch.listeners.tell(activity, house)
    except (FederationError, RefusedError) as error:
        log.info("network.no_effect", actor=activity.actor, reason=str(error))


def _published(activity: vocab.Activity) -> datetime | None:
    note = activity.object
    return activity.published or (note.published if isinstance(note, vocab.Note) else None)


async def _undone(activities: Sequence[VerifiedActivity]) -> set[str]:
    """Return the ids of those that were taken back while their page was on its way."""
    ids = [one.activity.id for one in activities if one.activity.id]
    if not ids:
        return set()
    by = {one.actor for one in activities}
    return {
        row["undoes"]
        for row in await db.rows(
            f"SELECT undoes FROM received WHERE actor_uri IN ({db.marks(len(by))})"  # noqa: S608
            f" AND undoes IN ({db.marks(len(ids))})",
            *by, *ids,
        )
    }  # fmt: skip


async def _count_new(ready: Ready) -> int:
    """Return how many of the things came in that were not here before."""
    things = {_subject(one.activity) for one in ready.activities if one.activity.type in THINGS}
    return len(await _kept("posts", things - ready.known))


def _move_on(
    row: Catalogue, some: Sequence[vocab.Thing], done: Page | None, *, house: House
) -> None:
    """Note how far a walk has come by these things."""
    row.seen += len(some)
    row.heard_at = house.clock.now()
    newest = orjson.loads(row.newest)
    newest += filter(None, (vocab.id_of(one) for one in some[: NEWEST - len(newest)]))
    row.newest = orjson.dumps(newest).decode()
    times = [_published(one) for one in some if isinstance(one, vocab.Activity)]
    row.oldest_at = min([row.heard_at, *filter(None, (row.oldest_at, *times))])
    if done is not None and done.next is not None:
        row.cursor, row.position = done.next, 0
    else:
        row.position += len(some)


async def _save(row: Catalogue) -> None:
    names = ("cursor", "position", "newest", "seen", "taken", "total", "oldest_at", "heard_at")
    held = Catalogue.filter(id=row.id, standing=row.standing)
    if not await held.update(**{name: getattr(row, name) for name in names}):
        raise StoppedError
