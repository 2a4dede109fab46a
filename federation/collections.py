"""Walking through collections elsewhere, with an end to everything (security case 20)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from federation.errors import MalformedError, RefusedDocumentError
from federation.fetch import Fetcher
from federation.ports import Clock
from federation.uris import host_of, is_web_uri, same_origin
from federation.vocab import Activity, Collection, JsonObject, Note, Thing, parse_collection


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much one walk may cost."""

    pages: int = 20
    """Requests."""
    items: int = 1000
    seconds: float = 120.0
    hosts: int = 1
    """How many hosts may be asked: a collection lives on one, a thread on several."""


class Purse:
    """What is left of a `Budget` while walking. Each `take_*` says whether there was enough."""

    def __init__(self, budget: Budget, *, clock: Clock) -> None:
        """Start the clock of this walk."""
        self._left = budget
        self._clock = clock
        self._ends: datetime = clock.now() + timedelta(seconds=budget.seconds)
        self._hosts: set[str] = set()

    def take_page(self, uri: str) -> bool:
        """Take one request to the host of `uri`."""
        host = host_of(uri)
        known = host in self._hosts
        if self._left.pages < 1 or self._is_late() or not (known or self._left.hosts >= 1):
            return False
        self._hosts.add(host)
        left = self._left
        self._left = replace(
            left, pages=left.pages - 1, hosts=left.hosts if known else left.hosts - 1
        )
        return True

    def take_item(self) -> bool:
        """Take one item."""
        if self._left.items < 1 or self._is_late():
            return False
        self._left = replace(self._left, items=self._left.items - 1)
        return True

    def _is_late(self) -> bool:
        return self._clock.now() >= self._ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a collection, as far as the budget reached."""

    uri: str
    items: tuple[Thing, ...]
    """Things of the collection's own origin are whole; of all others only the id is taken."""
    next: str | None
    """Where the walk goes on: the cursor to save. None at the end of the collection."""
    total_items: int | None = None


async def walk(uri: str, *, fetcher: Fetcher, budget: Budget, clock: Clock) -> AsyncIterator[Thing]:
    """Yield what a collection holds, page by page, until its end or the end of the budget.

    What is of the collection's own origin comes whole, of everything else only its id. Raises
    `FetchError`s; what was yielded before stays good.
    """
    async for page in pages(uri, fetcher=fetcher, budget=budget, clock=clock):
        for item in page.items:
            yield item


async def pages(uri: str, *, fetcher: Fetcher, budget: Budget, clock: Clock) -> AsyncIterator[Page]:
    """Yield the pages of a collection; `uri` is the collection, or the cursor of an earlier walk.

    Stops where a page was seen before, lies on another origin, or the budget is used up: then
    the last page's `next` says where to go on (a page that was cut comes again, whole). Asks a
    host for one page at a time. Raises `FetchError`s.
    """
    purse = Purse(budget, clock=clock)
    seen: set[str] = set()
    here: str | None = uri
    while here is not None and here not in seen and purse.take_page(here):
        seen.add(here)
        async with fetcher.turn(host_of(here)):
            collection = await _fetched(here, fetcher)
        asked, here = here, None
        for part in _parts(collection):
            items, is_whole = _afforded(part, uri, purse)
            here = _onwards(part, uri) if is_whole else asked
            total = part.total_items if part.total_items is not None else collection.total_items
            yield Page(uri=part.id or asked, items=items, next=here, total_items=total)
            if not is_whole:
                return


def _afforded(part: Collection, uri: str, purse: Purse) -> tuple[tuple[Thing, ...], bool]:
    """Return the items that the budget allows for, and whether these are all."""
    items: list[Thing] = []
    for item in part.items:
        if not purse.take_item():
            return tuple(items), False
        thing = _trusted(item, uri)
        if thing is not None:
            items.append(thing)
    return tuple(items), True


def _parts(collection: Collection) -> list[Collection]:
    """Return the collection, and its first page too where that came along inside it."""
    first = collection.first
    if not isinstance(first, Collection):
        return [collection]
    return [collection, first] if collection.items else [first]


def _onwards(part: Collection, uri: str) -> str | None:
    """Return the next page, where it is one that may follow."""
    onwards = part.next if part.next is not None else part.first
    if isinstance(onwards, str) and is_web_uri(onwards) and same_origin(onwards, uri):
        return onwards
    return None


async def _fetched(uri: str, fetcher: Fetcher) -> Collection:
    """Fetch a collection or a page of one. It need not bear its exact address, but its origin.

    Pages are often asked for by queries that servers write differently in the id.
    """
    found, document = await fetcher.json(uri)
    if not same_origin(found, uri) or not _is_at_home(document, uri):
        raise RefusedDocumentError(url=uri, reason="it is not found at its own origin")
    try:
        return parse_collection(document)
    except MalformedError as error:
        raise RefusedDocumentError(url=uri, reason=str(error)) from error


def _is_at_home(document: JsonObject, uri: str) -> bool:
    named = document.get("id")
    return named is None or (
        isinstance(named, str) and is_web_uri(named) and same_origin(named, uri)
    )


def _trusted(item: Thing, uri: str) -> Thing | None:
    """Return `item` as far as a collection at `uri` may speak for it: whole, its id, or nothing."""
    named = item if isinstance(item, str) else item.id
    if named is None or not is_web_uri(named):
        return None
    if isinstance(item, str) or not same_origin(named, uri):
        return named
    if isinstance(item, Note) and not _is_of(item.attributed_to, uri):
        return named
    if isinstance(item, Activity):
        if not _is_of(item.actor, uri):
            return named
        things = [_trusted(thing, uri) for thing in (item.object, *item.others) if thing]
        inner, *others = things or [None]
        return replace(item, object=inner, others=tuple(thing for thing in others if thing))
    return item


def _is_of(somebody: str, uri: str) -> bool:
    return is_web_uri(somebody) and same_origin(somebody, uri)
