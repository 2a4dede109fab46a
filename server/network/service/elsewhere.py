"""Lists elsewhere, as their servers give them."""

from dataclasses import dataclass

from federation import uris, vocab
from federation.collections import Budget, pages
from federation.errors import MalformedError
from federation.fetch import UNCHANGED
from server.house import House
from server.network import wire
from server.network.rules.sharing import MOST_NAMES, kept_etag

BUDGET = Budget(pages=20, items=MOST_NAMES, seconds=60.0, hosts=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A list as its server gives it."""

    uri: str
    title: str
    names: list[str]
    """Ids, each once, in its order."""
    is_whole: bool
    """Whether it was read to its end: only then is it told by a list who is not in it."""
    etag: str


async def read_list(uri: str, etag: str, house: House) -> Reading | None:
    """Read a list, None where it still bears `etag`. Raises FetchErrors, MalformedError."""
    answer = await house.fetcher.get(uri, etag=etag, fresh=True)
    if answer.status == UNCHANGED:
        return None
    found = vocab.parse_collection(vocab.load_json(answer.body))
    if found.id is None or not uris.same_origin(found.id, answer.url):
        raise MalformedError(term="id")
    names, is_whole = wire.names_in(found.items), found.first is None and found.next is None
    if not is_whole:
        names, is_whole = await _walked(found.id, house)
    once = list(dict.fromkeys(names))
    return Reading(
        uri=found.id, title=wire.title_of(found), names=once[:MOST_NAMES],
        is_whole=is_whole and len(once) <= MOST_NAMES,
        etag=kept_etag(answer.headers.get("ETag", "")),
    )  # fmt: skip


async def _walked(uri: str, house: House) -> tuple[list[str], bool]:
    """Return whom the pages of a list name, and whether these were all."""
    names: list[str] = []
    further: str | None = uri
    async for page in pages(uri, fetcher=house.fetcher, budget=BUDGET, clock=house.clock):
        names += wire.names_in(page.items)
        further = page.next
    return names, further is None
