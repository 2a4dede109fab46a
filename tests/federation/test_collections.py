"""Every walk has an end, and brings only what its origin may speak for (security case 20)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from federation.collections import Budget, Page, Purse, pages, walk
from federation.errors import FetchError, RefusedDocumentError, UnreachableError
from federation.fetch import Fetcher
from federation.testing import FixedClock
from federation.vocab import Activity, Actor, Note, Thing
from tests.support.network import Network
from tests.support.peer import Peer, collection
from tests.support.resident import CONTEXT, Document, Resident

OUTBOX = "https://there.test/people/ann/outbox"
ENOUGH = Budget()


@pytest.fixture
def ann(there: Peer) -> Resident:
    """Somebody who lives there."""
    return there.actor("ann")


def page(number: int, *items: Any, **terms: Any) -> Document:
    """The page of that number, which is the last unless `next` is among `terms`."""
    made = {"@context": CONTEXT, "id": at(number), "type": "OrderedCollectionPage"}
    return {**made, "partOf": OUTBOX, "orderedItems": list(items), **terms}


def at(number: int) -> str:
    """Where a page is."""
    return f"{OUTBOX}?page={number}"


def item(number: int) -> str:
    """The id of something."""
    return f"https://there.test/notes/{number}"


def outbox(there: Peer, *made: Document, first: Any = None) -> None:
    """Let the peer serve an outbox of these pages."""
    whole = {"@context": CONTEXT, "id": OUTBOX, "type": "OrderedCollection", "totalItems": 7}
    there.publish({**whole, "first": first or at(1)})
    for one in made:
        there.publish(one)


async def walked(fetcher: Fetcher, clock: FixedClock, budget: Budget = ENOUGH) -> list[Thing]:
    """Walk the outbox to its end, or the budget's."""
    found = walk(OUTBOX, fetcher=fetcher, budget=budget, clock=clock)
    return [thing async for thing in found]


async def paged(
    fetcher: Fetcher, clock: FixedClock, budget: Budget = ENOUGH, *, start: str = OUTBOX
) -> list[Page]:
    """The same, page by page."""
    return [one async for one in pages(start, fetcher=fetcher, budget=budget, clock=clock)]


async def test_a_collection_is_walked_page_by_page(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """In the order in which it comes, each page once."""
    outbox(there, page(1, item(1), item(2), next=at(2)), page(2, item(3)))
    assert await walked(fetcher, clock) == [item(1), item(2), item(3)]
    assert len(there.requests) == 3
    assert there.requests[0].scheme is not None


async def test_a_collection_without_pages_is_walked(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """Small ones hold everything themselves."""
    there.publish(collection(OUTBOX, [item(1), item(2)]))
    assert await walked(fetcher, clock) == [item(1), item(2)]


async def test_a_first_page_that_came_along_is_not_fetched(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """WordPress and others embed it."""
    outbox(there, page(2, item(2)), first=page(1, item(1), next=at(2)))
    assert await walked(fetcher, clock) == [item(1), item(2)]
    assert [one.path for one in there.requests] == [OUTBOX[18:], at(2)[18:]]


async def test_an_empty_page_in_the_middle_is_no_end(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """What is on it may be hidden from us."""
    outbox(there, page(1, next=at(2)), page(2, item(1)))
    assert await walked(fetcher, clock) == [item(1)]


async def test_a_page_says_where_to_go_on(there: Peer, fetcher: Fetcher, clock: FixedClock) -> None:
    """The cursor is saved, and a later walk begins there."""
    outbox(there, page(1, item(1), next=at(2)), page(2, item(2), next=at(3)), page(3, item(3)))
    first = await paged(fetcher, clock, Budget(pages=2))
    assert [(one.items, one.next) for one in first] == [((), at(1)), ((item(1),), at(2))]
    assert first[0].total_items == 7
    assert first[1].next is not None
    later = await paged(fetcher, clock, start=first[1].next)
    assert [one.items for one in later] == [(item(2),), (item(3),)]
    assert later[-1].next is None


# What ends a walk


async def test_a_collection_without_end_stops_with_the_pages(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """However many there are."""
    outbox(there, *(page(number, item(number), next=at(number + 1)) for number in range(1, 50)))
    assert len(await walked(fetcher, clock, Budget(pages=5))) == 4
    assert len(there.requests) == 5


async def test_a_long_page_stops_with_the_items_and_comes_again(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """What was cut off is not lost: the cursor still points at this page."""
    outbox(there, page(1, *map(item, range(10)), next=at(2)))
    found = await paged(fetcher, clock, Budget(items=4))
    assert found[-1].items == tuple(map(item, range(4)))
    assert found[-1].next == at(1)
    assert len(there.requests) == 2


async def test_a_slow_collection_stops_with_the_seconds(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """By the injected clock."""
    outbox(there, *(page(number, item(number), next=at(number + 1)) for number in range(1, 9)))
    found = []
    budget = Budget(seconds=25)
    async for one in pages(OUTBOX, fetcher=fetcher, budget=budget, clock=clock):
        found.append(one)
        clock.move(timedelta(seconds=10))
    assert len(found) == 3
    assert found[-1].next == at(3)


@pytest.mark.parametrize("following", [OUTBOX, at(1), at(2)])
async def test_a_collection_that_points_back_stops(
    following: str, there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """To itself, to the page before, to the beginning."""
    outbox(there, page(1, item(1), next=at(2)), page(2, item(2), next=following))
    assert await walked(fetcher, clock) == [item(1), item(2)]
    assert len(there.requests) == 3


@pytest.mark.parametrize(
    "following",
    [
        "https://other.test/page",
        "http://there.test/page",
        "https://there.test:8443/page",
        "https://there.test.evil.test/page",
        "javascript:alert(1)",
        "",
    ],
)
async def test_a_page_elsewhere_is_not_walked_to(
    following: str, network: Network, there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """A collection lives on one origin."""
    other = await Peer.at(network, "other.test")
    other.answers("/page", body=page(1, item(9)) | {"id": "https://other.test/page"})
    outbox(there, page(1, item(1), next=following))
    found = await paged(fetcher, clock)
    assert found[-1].items == (item(1),)
    assert found[-1].next is None
    assert other.requests == []


async def test_a_page_that_redirects_elsewhere_is_refused(
    network: Network, there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """That would be another host's collection."""
    other = await Peer.at(network, "other.test")
    other.answers("/page", body=page(1, item(9)))
    outbox(there)
    there.redirects(at(1), "https://other.test/page")
    with pytest.raises(RefusedDocumentError):
        await walked(fetcher, clock)


async def test_a_page_with_the_id_of_another_host_is_refused(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """It says itself that it doesn't belong here."""
    outbox(there, page(1, item(1)))
    there.answers(at(1), body=page(1, item(1)) | {"id": "https://other.test/page"})
    with pytest.raises(RefusedDocumentError):
        await walked(fetcher, clock)


@pytest.mark.parametrize("body", [{"id": OUTBOX, "type": "Note"}, {"type": "Collection"}, {}])
async def test_what_is_no_collection_is_refused(
    body: Document, there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """Or it is an empty one; never an accident."""
    there.answers(OUTBOX, body=body)
    try:
        assert await walked(fetcher, clock) == []
    except FetchError as error:
        assert isinstance(error, RefusedDocumentError)  # noqa: PT017 - either will do


async def test_what_was_found_before_a_failure_stays(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """The failure comes when its page is reached."""
    outbox(there, page(1, item(1), next=at(2)))
    there.answers(at(2), status=503)
    walking = walk(OUTBOX, fetcher=fetcher, budget=ENOUGH, clock=clock)
    assert await anext(walking) == item(1)
    with pytest.raises(UnreachableError):
        await anext(walking)


# Whom a collection may speak for


async def test_what_is_of_the_same_origin_comes_whole(
    there: Peer, fetcher: Fetcher, clock: FixedClock, ann: Resident
) -> None:
    """Federation.md §8: a catalogue then needs no fetch for each item."""
    create = ann.create(ann.note("<p>One</p>"))
    outbox(there, page(1, create, ann.note("<p>Two</p>")))
    first, second = await walked(fetcher, clock)
    assert isinstance(first, Activity)
    assert isinstance(first.object, Note)
    assert first.object.content == "<p>One</p>"
    assert isinstance(second, Note)


async def test_of_what_is_of_another_origin_only_the_id_comes(
    there: Peer, fetcher: Fetcher, clock: FixedClock, ann: Resident
) -> None:
    """A copy proves nothing (case 10): an Announce keeps only the id of what it is about."""
    foreign = {
        "id": "https://other.test/1",
        "type": "Note",
        "attributedTo": "https://other.test/bob",
        "content": "forged",
    }
    announce = ann.activity("Announce", foreign)
    outbox(there, page(1, foreign, announce))
    first, second = await walked(fetcher, clock)
    assert first == "https://other.test/1"
    assert isinstance(second, Activity)
    assert second.object == "https://other.test/1"


async def test_an_actor_of_another_origin_comes_as_its_id(
    network: Network, there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """Who somebody is, and which key is theirs, only their own host says."""
    bob = (await Peer.at(network, "other.test")).actor("bob")
    outbox(there, page(1, bob.document, there.actor("ann").document))
    first, second = await walked(fetcher, clock)
    assert first == bob.uri
    assert isinstance(second, Actor)


async def test_what_speaks_in_the_name_of_another_host_comes_as_its_id(
    there: Peer, fetcher: Fetcher, clock: FixedClock, ann: Resident
) -> None:
    """A Note here by somebody there, an activity here of somebody there."""
    bob = "https://other.test/bob"
    outbox(
        there,
        page(
            1,
            {"id": item(1), "type": "Note", "attributedTo": bob, "content": "forged"},
            {"id": item(2), "type": "Like", "actor": bob, "object": item(3)},
        ),
    )
    assert await walked(fetcher, clock) == [item(1), item(2)]


async def test_what_has_no_good_id_is_left_out(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """There would be nothing to look it up by."""
    nameless = {"type": "Note", "attributedTo": OUTBOX, "content": "x"}
    outbox(there, page(1, nameless, "nonsense", "acct:a@b.test", 7, None, [], item(1)))
    assert await walked(fetcher, clock) == [item(1)]


# Manners


async def test_a_host_is_walked_by_one_request_at_a_time(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """Several back catalogues of one host wait for each other."""
    running: list[int] = []
    now = 0
    collections = [f"https://there.test/c/{number}" for number in range(5)]

    def slowly(uri: str) -> Any:
        async def answer(_: Any) -> Any:
            nonlocal now
            now += 1
            running.append(now)
            await asyncio.sleep(0.01)
            now -= 1
            return there.json(collection(uri, [item(1)]))

        return answer

    for uri in collections:
        there.handles(uri, slowly(uri))

    async def one(uri: str) -> int:
        budget = Budget(pages=1)
        return len([x async for x in walk(uri, fetcher=fetcher, budget=budget, clock=clock)])

    assert await asyncio.gather(*map(one, collections)) == [1] * 5
    assert running == [1] * 5


def test_a_purse_counts_hosts() -> None:
    """A thread lives on several, but not on any number."""
    purse = Purse(Budget(hosts=2, pages=10), clock=FixedClock())
    hosts = ["https://a.test/1", "https://a.test/2", "https://b.test/", "https://c.test/"]
    assert [purse.take_page(uri) for uri in hosts] == [True, True, True, False]
    assert purse.take_page("https://A.test:443/3")


def test_an_empty_purse_buys_nothing() -> None:
    """Neither pages nor items, nor anything when the time is over."""
    clock = FixedClock()
    assert not Purse(Budget(pages=0), clock=clock).take_page("https://a.test/")
    assert not Purse(Budget(items=0), clock=clock).take_item()
    purse = Purse(Budget(seconds=1), clock=clock)
    assert purse.take_item()
    clock.move(timedelta(seconds=1))
    assert not purse.take_item()
    assert not purse.take_page("https://a.test/")
