"""Measure: say what is counted, add numbers, correct them, draw limits again."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from subprocess import SubprocessError

import structlog

from server import db
from server.charts import pictures
from server.errors import NotFoundError, RefusedError
from server.experiments.charting import chart_of
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.measures import (
    Measure,
    Numbered,
    Point,
    Rebase,
    Reported,
    SameDayError,
    check_count,
    written_day,
)
from server.experiments.rules.updates import Update
from server.experiments.service.editors import require_editor
from server.experiments.service.keeping import keep, mark, take_in, write_entry
from server.experiments.service.reading import cycles_of, entry_of, measure_at, of_post
from server.experiments.service.recording import record
from server.experiments.service.sharing import published, source
from server.experiments.tables import ExperimentRow, MeasureKeyRow, MeasureRow, UpdateRow
from server.house import House
from server.media import service as media
from server.media.tables import Picture
from server.people.tables import Person
from server.posts import service as posts
from server.posts.kinds import ENTRY
from server.posts.rules import State
from server.posts.tables import Post

log = structlog.get_logger()

EARLIEST = timedelta(hours=14)
"""How far ahead of UTC a day begins somewhere."""
Change = Callable[[Measure], Measure]


@dataclass(frozen=True, slots=True)
class Brought:
    """Numbers for a measure, as somebody brings them."""

    points: Sequence[Point]
    text: str = ""
    """What they say about it, for the log; empty: nothing."""
    instead: bool = False
    """Whether a number of a day that has one already takes its place."""


class AlreadyThereError(RefusedError):
    """There is a number for {day} already: {value}. You can change it where the numbers are."""


class NotYetError(RefusedError):
    """{day} is still to come. Write the number down when it is there."""


async def keep_measure(
    post: Post, measure: Measure, *, number: int = 0, by: Person, house: House
) -> int:
    """Keep what is measured, new where `number` is 0, else in place of what was said: the numbers
    so far, and where limits are drawn again, stay. Return the number of the measure.

    Raises NotYoursError, what `Measure.check` raises, TooManyMeasuresError, TooLongError;
    NotFoundError where there is none of that number, or the experiment was taken back.
    """
    await require_editor(post, by)
    async with db.transaction():
        held, tried = await _held(post)
        if number:
            before = _of(tried, number)
            kept = replace(measure, points=before.measure.points, rebases=before.measure.rebases)
            one = replace(before, measure=kept)
        else:
            check_count(len(tried.measures) + 1)
            one = await _new(held, measure)
        await keep(held, one, house=house)
        why = f"What is measured was written down: {one.measure.name}"
        await _revised(held, tried, why=why, house=house)
    return one.number


async def _new(post: Post, measure: Measure) -> Numbered:
    row = await ExperimentRow.get(post_id=post.id)
    row.measures_made += 1
    await row.save(update_fields=["measures_made"])
    uri = f"{post.uri}/measures/{row.measures_made}"
    return Numbered(number=row.measures_made, uri=uri, measure=measure)


async def remove_measure(post: Post, number: int, *, by: Person, house: House) -> None:
    """Take a measure out with all its numbers, those that came with entries of the log among them.

    Raises NotYoursError, NotFoundError.
    """
    await require_editor(post, by)
    async with db.transaction():
        held, tried = await _held(post)
        one = _of(tried, number)
        for table in (MeasureRow, MeasureKeyRow):
            await table.filter(post_id=post.id, number=number).delete()
        await mark(held)
        await _mend_entries(held, one.uri, lambda _: None, house=house)
        await _revised(held, tried, why=f"“{one.measure.name}” was taken out.", house=house)


async def add_points(
    post: Post, number: int, brought: Brought, *, by: Person, house: House
) -> Post | None:
    """Add numbers to a measure. With a text they make an entry of the log, which travels at once
    with the chart as its picture, and is returned; without one they travel as edits do.

    Raises NotYoursError, AlreadyThereError, NotYetError, what `Measure.check` and `record` raise;
    NotFoundError where there is no such measure.
    """
    await require_editor(post, by)
    one = await measure_at(post, number)
    _check_days(one.measure, brought.points, instead=brought.instead, house=house)
    reported = tuple(Reported(measure=one.uri, point=point) for point in brought.points)
    if brought.text.strip():
        more = one.measure.with_points(brought.points)
        more.check(fewest_people=house.fewest_people)  # before it is drawn
        drawn = await _drawn(post, more, house=house)
        update = Update(text=brought.text, points=reported)
        return await record(post, update, by=by, picture=drawn, house=house)
    async with db.transaction():
        held = await published(post)
        await take_in(held, reported, house=house)
        await _reissued(held, house=house)
    return None


def _check_days(measure: Measure, points: Sequence[Point], *, instead: bool, house: House) -> None:
    today = (house.clock.now() + EARLIEST).date()
    days = Counter(point.at for point in points)
    if twice := [day for day, many in days.items() if many > 1]:
        raise SameDayError(day=written_day(min(twice)))
    there = {point.at: point for point in measure.points}
    for point in points:
        if point.at > today:
            raise NotYetError(day=written_day(point.at))
        if not instead and point.at in there:
            value = f"{there[point.at].value:g}"
            raise AlreadyThereError(day=written_day(point.at), value=value)


async def _drawn(post: Post, measure: Measure, *, house: House) -> tuple[Picture, str] | None:
    """Return the chart to be sent along; an entry goes out without where it can't be drawn."""
    cycles = [row.cycle() for row in await cycles_of(post)]
    try:
        drawn = await pictures.picture(chart_of(measure, cycles=cycles))
    except (SubprocessError, OSError) as error:
        log.warning("charts.not_drawn", error=type(error).__name__)
        return None
    kept = await media.keep(drawn.data, owner_id=None, sharp=True, house=house)
    return kept, drawn.alternative


async def change_point(
    post: Post, number: int, day: date, point: Point | None, *, by: Person, house: House
) -> None:
    """Correct the number of a day, leave it out of what is computed with a reason, or take it away
    (None); entries of the log that told it tell it so.

    Raises NotYoursError, what `Measure.check` raises; AlreadyThereError and NotYetError where its
    day changes to such; NotFoundError where there is none.
    """
    await require_editor(post, by)

    def changed(measure: Measure) -> Measure:
        if measure.at(day) is None:
            raise NotFoundError
        rest = measure.without(day)
        if point is None:
            return rest
        _check_days(rest, [point], instead=False, house=house)
        return rest.with_points([point])

    def mended(one: Reported) -> Reported | None:
        if one.point.at != day:
            return one
        return replace(one, point=point) if point is not None else None

    async with db.transaction():
        held, one = await _changed(post, number, changed, house=house)
        await _mend_entries(held, one.uri, mended, house=house)
        await _reissued(held, house=house)


async def draw_again(post: Post, number: int, rebase: Rebase, *, by: Person, house: House) -> None:
    """Draw limits anew from a day on, for a reason; one from that day already is replaced. Raises
    NotYoursError, what `Measure.check` raises, NotFoundError.
    """
    await _with_rebases(
        post, number, lambda rest: (*rest, rebase), day=rebase.at, by=by, house=house
    )


async def join_again(post: Post, number: int, day: date, *, by: Person, house: House) -> None:
    """Have limits no longer drawn anew from a day on. Raises NotYoursError, NotFoundError."""
    await _with_rebases(post, number, lambda rest: rest, day=day, by=by, house=house)


async def _with_rebases(
    post: Post, number: int, more: Callable[[tuple[Rebase, ...]], tuple[Rebase, ...]],
    *, day: date, by: Person, house: House,
) -> None:  # fmt: skip
    await require_editor(post, by)

    def changed(measure: Measure) -> Measure:
        found = more(tuple(one for one in measure.rebases if one.at != day))
        return replace(measure, rebases=tuple(sorted(found, key=lambda one: one.at)))

    async with db.transaction():
        held, _ = await _changed(post, number, changed, house=house)
        await _reissued(held, house=house)


async def _changed(
    post: Post, number: int, change: Change, *, house: House
) -> tuple[Post, Numbered]:
    held = await published(post)
    one = await measure_at(held, number)
    now = replace(one, measure=change(one.measure))
    await keep(held, now, house=house)
    return held, now


async def _mend_entries(
    post: Post, uri: str, mend: Callable[[Reported], Reported | None], *, house: House
) -> None:
    """Have the entries that told numbers of a measure tell them as they are now, or not at all."""
    rows = UpdateRow.filter(post__parent_id=post.id, post__kind=ENTRY, points__contains=uri)
    for row in await rows.filter(post__state=State.PUBLISHED).select_related("post"):
        before = entry_of(row)
        found = tuple(
            now
            for one in before.points
            if (now := mend(one) if one.measure == uri else one) is not None
        )
        if found != before.points:
            await write_entry(row, replace(before, points=found))
            await _reissued(row.post, house=house)


async def _reissued(post: Post, *, house: House) -> None:
    mentioned = await posts.mentioned_already(post)
    await posts.reissue(post, mentioned=mentioned, house=house)


async def _revised(post: Post, before: Experiment, *, why: str, house: House) -> None:
    mentioned = await posts.mentioned_already(post)
    await posts.revise(post, before=source(before), why=why, mentioned=mentioned, house=house)


async def _held(post: Post) -> tuple[Post, Experiment]:
    held = await published(post)
    tried = await of_post(held)
    if tried is None:
        raise NotFoundError
    return held, tried


def _of(tried: Experiment, number: int) -> Numbered:
    found = tried.measure(number)
    if found is None:
        raise NotFoundError
    return found
