"""Measures of an experiment: said, filled with numbers, corrected, and what leaves for others."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from federation import vocab
from server.delivery.tables import OutgoingActivity
from server.errors import NotFoundError, NotYoursError
from server.experiments import service
from server.experiments.rules.measures import (
    MEASURES,
    POINTS,
    Direction,
    FewPeopleError,
    ImpossibleNumberError,
    Measure,
    Numbered,
    Point,
    Rebase,
    TooManyMeasuresError,
    TooManyPointsError,
)
from server.experiments.service.measuring import AlreadyThereError, NotYetError
from server.experiments.tables import ExperimentRow, MeasureRow
from server.house import House
from server.media.tables import Picture
from server.people.tables import Person
from server.posts import service as posts
from server.posts.kinds import ENTRY
from server.posts.tables import Attachment, Post, Revision
from tests.server.experiments.series import weekly
from tests.support.clock import MovableClock
from tests.support.inhabitants import deliveries, experiment, following, hub, stranger

pytestmark = pytest.mark.usefixtures("database")

LATE = Measure(name="Late discharges", unit="a week", direction=Direction.DOWN)
MONDAY = date(2026, 1, 5)


def brought(points: Sequence[Point], **how: Any) -> service.Brought:
    """Return numbers as somebody brings them."""
    return service.Brought(points, **how)


def one(value: float, week: int = 0, **more: Any) -> Point:
    """Return the number of a week."""
    return Point(at=MONDAY + timedelta(weeks=week), value=value, **more)


async def measured(post: Post, number: int = 1) -> Numbered:
    """Return a measure as it is now."""
    tried = await service.of_post(post)
    found = tried and tried.measure(number)
    assert found
    return found


async def terms_of(post: Post, term: str = "fettle:experiment") -> dict[str, Any]:
    """Return the structured part of a post as it is served."""
    document = vocab.load_json((await Post.get(id=post.id)).document or b"")
    found: dict[str, Any] = document[term]  # type: ignore[assignment]
    return found


@pytest.fixture
async def post(house: House, ida: Person) -> Post:
    """An experiment of Ida's with one measure."""
    await hub(house)
    post = await experiment(house, ida)
    assert await service.keep_measure(post, LATE, by=ida, house=house) == 1
    return post


async def test_a_measure_travels_with_its_experiment(house: House, ida: Person, post: Post) -> None:
    """With an id that never changes, and a number that is never given twice."""
    [told] = (await terms_of(post))["measures"]
    assert (told["id"], told["name"]) == (f"{post.uri}/measures/1", "Late discharges")
    await service.remove_measure(post, 1, by=ida, house=house)
    assert "measures" not in await terms_of(post)
    assert await service.keep_measure(post, LATE, by=ida, house=house) == 2
    assert not await MeasureRow.exists(number=1)


async def test_other_words_leave_the_numbers_alone(house: House, ida: Person, post: Post) -> None:
    """And how the measure was worded stays in the history, without its numbers."""
    await service.add_points(post, 1, brought([one(42)]), by=ida, house=house)
    await service.draw_again(post, 1, Rebase(at=MONDAY, why="new ward"), by=ida, house=house)
    named = Measure(name="Late", unit="a week")
    await service.keep_measure(post, named, number=1, by=ida, house=house)
    now = (await measured(post)).measure
    assert (now.name, now.points, len(now.rebases)) == ("Late", (one(42),), 1)
    last = await Revision.filter(post_id=post.id).order_by("-id").first()
    assert last is not None
    assert "Late discharges" in str(last.source)
    assert "points" not in str(last.source)
    await service.join_again(post, 1, MONDAY, by=ida, house=house)
    assert (await measured(post)).measure.rebases == ()


async def test_numbers_without_words_travel_as_edits_do(
    house: House, ida: Person, post: Post
) -> None:
    """Nobody is called: the experiment says them when its edits are told."""
    await following(await stranger(house, "ann"), await ida.actor, house=house)
    before = await OutgoingActivity.all().count()
    for week, value in enumerate((42, 44, 38)):
        assert (
            await service.add_points(post, 1, brought([one(value, week)]), by=ida, house=house)
            is None
        )
    assert await OutgoingActivity.all().count() == before
    told = (await terms_of(post))["measures"][0]["points"]
    assert [point["value"] for point in told] == [42, 44, 38]


async def test_numbers_with_words_are_an_entry_with_a_picture(
    house: House, ida: Person, post: Post
) -> None:
    """A PNG of the chart, which says in words what it shows; the experiment follows at once."""
    await following(await stranger(house, "ann"), await ida.actor, house=house)
    points = [one(value, week) for week, value in enumerate((42, 44, 38))]
    entry = await service.add_points(
        post, 1, brought(points, text="We began."), by=ida, house=house
    )
    assert entry is not None
    kinds = [(kind, document["object"]) for kind, _, document in await deliveries()][-2:]
    assert [kind for kind, _ in kinds] == ["Create", "Update"]
    note, anew = kinds[0][1], kinds[1][1]
    [image] = note["attachment"]
    assert (image["mediaType"], image["width"], image["height"]) == ("image/png", 1200, 675)
    assert "too few to tell" in image["name"]
    assert "38" in image["name"]
    assert [point["value"] for point in note["fettle:update"]["points"]] == [42, 44, 38]
    assert len(anew["fettle:experiment"]["measures"][0]["points"]) == 3
    picture = await Picture.get(id=(await Attachment.get(post_id=entry.id)).picture_id)
    data = await house.store.get(picture.file("large"))  # type: ignore[arg-type]
    assert (data or b"").startswith(b"\x89PNG")


async def test_a_day_has_one_number(house: House, ida: Person, post: Post) -> None:
    """A second one is refused, unless it is meant to take its place."""
    await service.add_points(post, 1, brought([one(42)]), by=ida, house=house)
    with pytest.raises(AlreadyThereError, match="5 January 2026 already: 42"):
        await service.add_points(post, 1, brought([one(40)]), by=ida, house=house)
    await service.add_points(post, 1, brought([one(40)], instead=True), by=ida, house=house)
    assert (await measured(post)).measure.points == (one(40),)


async def test_no_number_is_from_a_day_to_come(
    house: House, clock: MovableClock, ida: Person, post: Post
) -> None:
    """A day that has begun somewhere on earth has come."""
    tomorrow = Point(at=(clock.now() + timedelta(days=2)).date(), value=1)
    with pytest.raises(NotYetError):
        await service.add_points(post, 1, brought([tomorrow]), by=ida, house=house)
    today = Point(at=clock.now().date(), value=1)
    await service.add_points(post, 1, brought([today]), by=ida, house=house)


async def test_a_corrected_number_is_corrected_where_it_was_told(
    house: House, ida: Person, post: Post
) -> None:
    """In the entry that told it, too; taken away, it is gone from both."""
    points = [one(42), one(44, 1)]
    entry = await service.add_points(
        post, 1, brought(points, text="We began."), by=ida, house=house
    )
    assert entry is not None
    right = one(40, note="counted twice")
    await service.change_point(post, 1, MONDAY, right, by=ida, house=house)
    assert (await measured(post)).measure.points == (right, one(44, 1))
    told = (await terms_of(entry, "fettle:update"))["points"]
    assert [point["value"] for point in told] == [40, 44]
    await service.change_point(post, 1, MONDAY, None, by=ida, house=house)
    told = (await terms_of(entry, "fettle:update"))["points"]
    assert [point["value"] for point in told] == [44]
    with pytest.raises(NotFoundError):
        await service.change_point(post, 1, MONDAY, right, by=ida, house=house)


async def test_taking_a_measure_out_takes_its_numbers_out_of_the_log(
    house: House, ida: Person, post: Post
) -> None:
    """Nothing of it stays in what entries tell."""
    entry = await service.add_points(
        post, 1, brought([one(42)], text="We began."), by=ida, house=house
    )
    assert entry is not None
    await service.remove_measure(post, 1, by=ida, house=house)
    assert "points" not in await terms_of(entry, "fettle:update")


@pytest.mark.parametrize(
    ("point", "error"),
    [
        (one(10.0**308), ImpossibleNumberError), (one(float("nan")), ImpossibleNumberError),
        (one(float("inf")), ImpossibleNumberError), (one(3), FewPeopleError),
    ],
)  # fmt: skip
async def test_numbers_that_cannot_be_kept_are_refused_whole(
    house: House, ida: Person, post: Post, point: Point, error: type[Exception]
) -> None:
    """With nothing stored, be it with words or without."""
    people = Measure(name="Falls", counts_people=True)
    number = await service.keep_measure(post, people, by=ida, house=house)
    for text in ("", "We counted."):
        with pytest.raises(error):
            await service.add_points(
                post, number, brought([one(20, 1), point], text=text), by=ida, house=house
            )
    assert (await measured(post, number)).measure.points == ()
    assert not await Post.filter(kind=ENTRY).exists()


async def test_limits_are_told_with_advice(house: House, ida: Person, post: Post) -> None:
    """Of numbers, and of measures."""
    many = [Point(at=date(2000, 1, 1) + timedelta(days=day), value=1) for day in range(POINTS + 1)]
    with pytest.raises(TooManyPointsError, match="weeks into months"):
        await service.add_points(post, 1, brought(many), by=ida, house=house)
    for _ in range(MEASURES - 1):
        await service.keep_measure(post, LATE, by=ida, house=house)
    with pytest.raises(TooManyMeasuresError):
        await service.keep_measure(post, LATE, by=ida, house=house)


async def test_the_fullest_experiment_can_travel(house: House, ida: Person, post: Post) -> None:
    """Ten measures of 400 numbers are within what a Note may hold."""
    days = [date(2000, 1, 1) + timedelta(days=day) for day in range(POINTS)]
    many = [Point(at=day, value=place + 0.5) for place, day in enumerate(days)]
    for number in range(1, MEASURES + 1):
        if number > 1:
            await service.keep_measure(post, LATE, by=ida, house=house)
        await service.add_points(post, number, brought(many), by=ida, house=house)
    assert len((await Post.get(id=post.id)).document or b"") <= 256 * 1024


async def test_only_those_who_look_after_it_measure(
    house: House, ida: Person, una: Person, post: Post
) -> None:
    """Whom its author asked among them."""
    with pytest.raises(NotYoursError):
        await service.add_points(post, 1, brought([one(42)]), by=una, house=house)
    for change in (service.keep_measure(post, LATE, by=una, house=house),
                   service.remove_measure(post, 1, by=una, house=house),
                   service.change_point(post, 1, MONDAY, None, by=una, house=house),
                   service.join_again(post, 1, MONDAY, by=una, house=house)):  # fmt: skip
        with pytest.raises(NotYoursError):
            await change
    await service.ask(post, "una", by=ida, house=house)
    await service.answer(post, yes=True, by=una, house=house)
    await service.add_points(post, 1, brought([one(42)]), by=una, house=house)
    assert (await measured(post)).measure.points == (one(42),)


async def test_the_badge_is_computed(house: House, ida: Person, post: Post) -> None:
    """From the last number, whenever one comes or goes; the list finds it."""
    series = weekly((42, 44, 38, 40, 45, 41, 37, 39, 46, 43, 40, 41, 20)).points
    await service.add_points(post, 1, brought(series), by=ida, house=house)
    assert (await ExperimentRow.get(post_id=post.id)).measured
    assert [found.id for found in await service.latest(measured=True)] == [post.id]
    await service.change_point(post, 1, series[-1].at, None, by=ida, house=house)
    assert not (await ExperimentRow.get(post_id=post.id)).measured
    assert await service.latest(measured=True) == []


async def test_only_what_changes_is_judged_anew(house: House, ida: Person, post: Post) -> None:
    """A number of one measure leaves what was found of the others."""
    number = await service.keep_measure(post, LATE, by=ida, house=house)
    await MeasureRow.filter(number=number).update(measured=True)
    await service.add_points(post, 1, brought([one(42)]), by=ida, house=house)
    assert (await ExperimentRow.get(post_id=post.id)).measured
    await service.remove_measure(post, number, by=ida, house=house)
    assert not (await ExperimentRow.get(post_id=post.id)).measured


async def test_withdrawn_with_its_numbers(house: House, ida: Person, post: Post) -> None:
    """Nothing of them stays."""
    await service.add_points(post, 1, brought([one(42)]), by=ida, house=house)
    await service.withdraw(post, by=ida, house=house)
    assert not await MeasureRow.exists()
    found = await posts.by_id(post.id)
    assert found is not None
    assert b"42" not in (found.document or b"")
