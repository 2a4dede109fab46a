"""What failed is remembered, but not for ever (security case 18)."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from federation.errors import (
    FetchError,
    GoneError,
    RefusedDocumentError,
    UnreachableError,
)
from federation.fetch import Fetcher, Memory, retry_after
from federation.testing import FixedClock
from tests.federation.fetched import NOTE, note
from tests.support.peer import Peer


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, GoneError),
        (410, GoneError),
        (400, RefusedDocumentError),
        (401, RefusedDocumentError),
        (403, RefusedDocumentError),
        (405, RefusedDocumentError),
        (204, RefusedDocumentError),
        (304, RefusedDocumentError),
        (408, UnreachableError),
        (429, UnreachableError),
        (500, UnreachableError),
        (503, UnreachableError),
    ],
)
async def test_a_status_says_whether_to_come_back(
    status: int, error: type[FetchError], there: Peer, fetcher: Fetcher
) -> None:
    """Gone, refused, or just not now."""
    there.answers(NOTE, status=status)
    with pytest.raises(error) as caught:
        await fetcher.document(NOTE)
    assert type(caught.value) is error
    assert caught.value.facts["status"] == status


async def test_a_failure_is_remembered_for_ten_minutes(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """1,000 requests for one thing that isn't there make one fetch (case 18)."""
    for _ in range(1000):
        with pytest.raises(GoneError):
            await fetcher.document(NOTE)
    assert len(there.requests) == 1
    clock.move(timedelta(minutes=10))
    there.publish(note())
    assert (await fetcher.document(NOTE))["id"] == NOTE


async def test_what_is_refused_for_what_it_holds_is_remembered_too(
    there: Peer, fetcher: Fetcher
) -> None:
    """A document of another id, of no id, or that isn't JSON costs one fetch as well."""
    there.answers("/a", body=note("https://there.test/b"))
    there.answers("/b", body=b"nonsense")
    for _ in range(10):
        with pytest.raises(RefusedDocumentError):
            await fetcher.document("https://there.test/a")
    assert len(there.requests) == 2


async def test_a_host_that_was_down_is_asked_again_after_a_minute(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """What passes is remembered more briefly."""
    there.publish(note())
    await there.stop()
    with pytest.raises(UnreachableError):
        await fetcher.document(NOTE)
    await there.start()
    with pytest.raises(UnreachableError):
        await fetcher.document(NOTE)
    clock.move(timedelta(minutes=1))
    assert (await fetcher.document(NOTE))["id"] == NOTE


async def test_a_person_may_insist(there: Peer, fetcher: Fetcher) -> None:
    """`fresh` asks although it failed a moment ago."""
    with pytest.raises(GoneError):
        await fetcher.document(NOTE)
    there.publish(note())
    assert (await fetcher.document(NOTE, fresh=True))["id"] == NOTE


async def test_a_thousand_who_ask_at_once_cause_one_request(there: Peer, fetcher: Fetcher) -> None:
    """Good or bad."""
    there.publish(note())
    found = await asyncio.gather(*(fetcher.document(NOTE) for _ in range(1000)))
    assert all(document["id"] == NOTE for document in found)
    missing = (fetcher.document("https://there.test/no") for _ in range(1000))
    failed = await asyncio.gather(*missing, return_exceptions=True)
    assert all(isinstance(one, GoneError) for one in failed)
    assert [one.path for one in there.requests] == ["/notes/1", "/no"]


async def test_one_who_gives_up_does_not_spoil_it_for_the_others(
    there: Peer, fetcher: Fetcher
) -> None:
    """A request that is shared outlives whoever began it."""
    begun, gate = asyncio.Event(), asyncio.Event()

    async def answer(_: web.Request) -> web.StreamResponse:
        begun.set()
        await gate.wait()
        body = json.dumps(note()).encode()
        return web.Response(body=body, content_type="application/activity+json")

    there.handles("/notes/1", answer)
    first = asyncio.create_task(fetcher.document(NOTE))
    await begun.wait()
    second = asyncio.create_task(fetcher.document(NOTE))
    await asyncio.sleep(0)
    first.cancel()
    gate.set()
    assert (await second)["id"] == NOTE
    assert first.cancelled()


async def test_what_one_caller_does_to_a_document_no_other_sees(
    there: Peer, fetcher: Fetcher
) -> None:
    """Each gets its own."""
    there.publish(note())
    one, other = await asyncio.gather(fetcher.document(NOTE), fetcher.document(NOTE))
    one["content"] = "changed"
    assert other["content"] == "Hello"


async def test_a_pause_that_a_host_asks_for_is_kept(
    there: Peer, fetcher: Fetcher, clock: FixedClock
) -> None:
    """`Retry-After` holds for the whole host, and not longer."""
    there.answers("/busy", status=429, headers={"Retry-After": "120"})
    there.publish(note())
    with pytest.raises(UnreachableError) as caught:
        await fetcher.get("https://there.test/busy")
    assert caught.value.facts["retry_after"] == timedelta(seconds=120)
    clock.move(timedelta(seconds=100))
    with pytest.raises(UnreachableError) as caught:
        await fetcher.document(NOTE)
    assert caught.value.facts["retry_after"] == timedelta(seconds=20)
    assert len(there.requests) == 1
    clock.move(timedelta(minutes=2))
    assert (await fetcher.document(NOTE))["id"] == NOTE


NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        ("Fri, 20 Nov 2026 09:13:00 GMT", timedelta(minutes=1)),
        ("Fri, 20 Nov 2026 09:13:00", timedelta(minutes=1)),
        ("Fri, 20 Nov 2026 09:00:00 GMT", timedelta(0)),
        ("Fri, 20 Nov 9999 09:00:00 GMT", timedelta(days=1)),
        ("9" * 10_000, timedelta(days=1)),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read(text: str, pause: timedelta | None) -> None:
    """Seconds or a date, within a day; nonsense is nothing."""
    assert retry_after({"Retry-After": text}, now=NOW) == pause


def test_memory_is_bounded_and_forgets() -> None:
    """The oldest makes room; what is over is gone."""
    clock = FixedClock()
    memory: Memory[int, str] = Memory(clock=clock, bound=3)
    for number in range(10):
        memory.keep(number, "x", lasts=timedelta(minutes=1))
    assert len(memory) == 3
    assert [number for number in range(10) if memory.get(number)] == [7, 8, 9]
    clock.move(timedelta(minutes=1))
    assert memory.get(9) is None
    assert len(memory) == 2


async def test_a_failure_that_is_remembered_reads_like_the_first(
    there: Peer, fetcher: Fetcher
) -> None:
    """Its kind and its facts are kept, not the error with all that hangs on it."""
    caught: list[GoneError] = []
    for _ in range(2):
        with pytest.raises(GoneError) as one:
            await fetcher.get(NOTE)
        caught.append(one.value)
    assert str(caught[0]) == str(caught[1])
    assert caught[0].facts == caught[1].facts
    assert caught[0] is not caught[1]
