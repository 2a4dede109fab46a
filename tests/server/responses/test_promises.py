"""Promises: kept, not kept, or overdue; and who is asked how it is going."""

from datetime import date, timedelta
from typing import Any

import pytest

from server import db
from server.house import House
from server.people.tables import Notification, Person
from server.posts import service as posts
from server.posts.rules import Visibility
from server.posts.tables import Post
from server.responses import service
from server.responses.rules import Response, ResponseKind
from server.responses.service import promises
from server.responses.tables import ResponseRow
from tests.support.clock import MovableClock
from tests.support.inhabitants import note, person, story, stranger

pytestmark = pytest.mark.usefixtures("database")

Kind = ResponseKind


@pytest.fixture
async def ida(house: House) -> Person:
    return await person(house, "ida")


@pytest.fixture
async def told(house: House, ida: Person) -> Post:
    return await story(house, ida)


@pytest.fixture
async def una(house: House) -> Person:
    return await person(house, "una")


def planned(house: House, days: int = 5) -> Response:
    """Return a promise for so many days from now."""
    due = house.clock.now().date() + timedelta(days=days)
    return Response(text="", kind=Kind.CHANGE_PLANNED, change="A list by the phone.", when=due)


def meant(**terms: Any) -> dict[str, Any]:
    """Return what a Note bears that says what it means."""
    context = ["https://www.w3.org/ns/activitystreams", {"fettle": "https://w3id.org/fettle#"}]
    return {"@context": context, "fettle:response": terms}


async def listed(house: House) -> list[str]:
    """Return what the desk lists."""
    found = await promises.overdue(house.clock.now().date())
    return [one.what for one in found]


async def test_a_promise_is_overdue_once_its_day_has_passed(
    house: House, clock: MovableClock, told: Post, una: Person
) -> None:
    """Not on the day itself."""
    await service.respond(told, planned(house), by=una, house=house)
    clock.move(timedelta(days=5))
    assert await listed(house) == []
    clock.move(timedelta(days=1))
    assert await listed(house) == ["A list by the phone."]


@pytest.mark.parametrize("kind", [Kind.CHANGE_MADE, Kind.NO_CHANGE_BECAUSE])
async def test_an_answer_to_a_promise_settles_it(
    house: House, clock: MovableClock, told: Post, una: Person, kind: ResponseKind
) -> None:
    """By a steward too; its page shows what became of it, until that is taken back."""
    promise = await service.respond(told, planned(house), by=una, house=house)
    clock.move(timedelta(days=6))
    done = Response(text="So it went.", kind=kind, change="It hangs there.")
    sam = await person(house, "sam", steward=True)
    answer = await service.respond(promise, done, by=sam, house=house)
    await Person.filter(id=sam.id).update(is_steward=False)
    assert await listed(house) == []
    assert [one.settled for one in await service.said_under(told, None)] == [kind, None]
    await service.withdraw(answer, by=sam, house=house)
    assert await listed(house) != []
    assert [one.settled for one in await service.said_under(told, None)] == [None]


async def test_nobody_settles_the_promise_of_another(
    house: House, clock: MovableClock, told: Post, una: Person, ida: Person
) -> None:
    """Not even whoever it was made to, where they are no steward; it is a reply like any other."""
    promise = await service.respond(told, planned(house), by=una, house=house)
    clock.move(timedelta(days=6))
    made = Response(text="", kind=Kind.CHANGE_MADE, change="It hangs there.")
    await service.respond(promise, made, by=ida, house=house)
    assert await listed(house) == ["A list by the phone."]
    assert [one.settled for one in await service.said_under(told, None)] == [None, None]
    await service.respond(promise, made, by=una, house=house)
    assert await listed(house) == []


async def test_nobody_elsewhere_settles_our_promise(
    house: House, clock: MovableClock, told: Post, una: Person
) -> None:
    """Nor does a change that answers something else, nor a word in private."""
    promise = await service.respond(told, planned(house), by=una, house=house)
    clock.move(timedelta(days=6))
    ann = await stranger(house, "ann")
    terms: dict[str, Any] = {"kind": "change-made", "change": {"what": "All of it."}}
    said = note(ann, inReplyTo=promise.uri, **meant(**terms))
    assert await posts.keep(said, ann, house=house)
    made = Response(text="", kind=Kind.CHANGE_MADE, change="Another thing.")
    await service.respond(told, made, by=una, house=house)
    await service.respond(promise, made, by=una, visibility=Visibility.DIRECT, house=house)
    assert await listed(house) == ["A list by the phone."]


async def test_a_promise_elsewhere_is_settled_there_and_never_on_our_desk(
    house: House, clock: MovableClock, told: Post
) -> None:
    """By its hub or its author; others of the same host are anybody."""
    ann = await stranger(house, "ann")
    due: dict[str, Any] = {
        "kind": "change-planned",
        "change": {"what": "A list.", "due": "2024-02-29"},
    }
    promise = note(ann, inReplyTo=told.uri, **meant(**due))
    assert await posts.keep(promise, ann, house=house)
    assert await listed(house) == []
    [said] = await service.said_under(told, None)
    assert (said.response.when, said.settled) == (date(2024, 2, 29), None)
    bob, hub = await stranger(house, "bob"), await stranger(house, "hub", type="Organization")
    done: dict[str, Any] = {"kind": "change-made", "change": {"what": "It hangs there."}}
    for by, how in ((bob, None), (hub, Kind.CHANGE_MADE)):
        answer = note(by, inReplyTo=promise.id, **meant(**done))
        assert await posts.keep(answer, by, house=house)
        first, *_ = await service.said_under(told, None)
        assert first.settled is how


async def test_what_was_promised_in_private_stays_off_the_desk(
    house: House, clock: MovableClock, told: Post, una: Person
) -> None:
    """Its writer is asked all the same."""
    await service.respond(told, planned(house), by=una, visibility=Visibility.DIRECT, house=house)
    clock.move(timedelta(days=6))
    assert await listed(house) == []
    await promises.ask({}, house)
    assert await Notification.filter(person_id=una.id, kind="promise").count() == 1


async def test_its_writer_is_asked_once_how_it_is_going(
    house: House, clock: MovableClock, told: Post, una: Person
) -> None:
    """Again only where another day is named and passes too."""
    promise = await service.respond(told, planned(house), by=una, house=house)
    for days in (0, 6, 1):
        clock.move(timedelta(days=days))
        await promises.ask({}, house)
    [news] = await Notification.filter(kind="promise")
    assert (news.person_id, news.post_id) == (una.id, promise.id)
    assert "A list by the phone." in news.text
    await service.revise(promise, planned(house, 3), by=una, house=house)
    assert not (await ResponseRow.get(post_id=promise.id)).asked


async def test_nobody_is_asked_about_what_is_settled_or_taken_back(
    house: House, clock: MovableClock, told: Post, una: Person
) -> None:
    """Nothing to ask."""
    kept = await service.respond(told, planned(house), by=una, house=house)
    made = Response(text="", kind=Kind.CHANGE_MADE, change="It hangs there.")
    await service.respond(kept, made, by=una, house=house)
    gone = await service.respond(told, planned(house), by=una, house=house)
    await service.withdraw(gone, by=una, house=house)
    clock.move(timedelta(days=6))
    await promises.ask({}, house)
    assert not await Notification.filter(kind="promise").exists()
    assert await listed(house) == []


async def test_overdue_promises_come_in_stretches(
    house: House, clock: MovableClock, told: Post, una: Person
) -> None:
    """The longest overdue first, each once, and a mark that is no day begins at the top."""
    for days in (3, 1, 2, 1):
        await service.respond(told, planned(house, days), by=una, house=house)
    clock.move(timedelta(days=6))
    today = house.clock.now().date()
    first = await promises.overdue(today, limit=3)
    rest = await promises.overdue(today, after=first[-1].mark, limit=3)
    assert [one.due.day - first[0].due.day for one in (*first, *rest)] == [0, 0, 1, 2]
    assert len({one.id for one in (*first, *rest)}) == 4
    assert len(await promises.overdue(today, after="0-0")) == 4
    assert await promises.overdue(today, after="9999999-1") == []


async def test_those_to_be_asked_are_found_by_an_index(house: House) -> None:
    """However many responses there are."""
    explain = "EXPLAIN QUERY PLAN " if db.dialect() == "sqlite" else "EXPLAIN "
    today = house.clock.now().date()
    async with db.transaction():
        if db.dialect() == "postgres":
            await db.execute("SET LOCAL enable_seqscan = off")
        rows = await db.rows(explain + promises.UNASKED, False, today, 1)
    plan = "\n".join(str(value) for row in rows for value in row.values())
    assert "idx_responses_asked" in plan
