"""How measures, and entries with numbers, are written into their rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import orjson

from federation import uris
from server.experiments import wire
from server.experiments.rules.adaptation import Adaptation
from server.experiments.rules.measures import NAME_LIMIT, Numbered, Point, Reported
from server.experiments.rules.reading import read
from server.experiments.rules.updates import Update
from server.experiments.service.reading import measure_named
from server.experiments.tables import (
    AdaptationRow,
    ExperimentRow,
    MeasureRow,
    StageRow,
    UpdateRow,
)
from server.house import House
from server.posts import service as posts
from server.posts.tables import Post


async def write_entry(row: UpdateRow, update: Update) -> None:
    """Save what an entry says, with the numbers that came with it."""
    row.write(update)
    row.points = orjson.dumps(wire.reported_to_wire(update.points)).decode()
    await row.save()


async def say_in_stages(entry: Post, said: Update, *, why: str, learned: str) -> bool:
    """Have the log of stages say otherwise what an entry said in it, and return whether it did: the
    stage, its day and the reason stay as they were.
    """
    head = await Post.get_or_none(id=entry.parent_id, author_id=entry.author_id)
    if head is None or said.stage is None or not said.text.strip():
        return False
    changed = False
    for line in await StageRow.filter(post_id=head.id, stage=said.stage):
        if said.text != line.learned and said.why != line.why:
            continue
        changed = True
        if line.vanished:  # words that their author takes back are nobody's to keep
            await line.delete()
            continue
        line.why, line.learned = line.why and why, line.learned and learned
        await line.save(update_fields=["why", "learned"])
    return changed


async def write_adaptation(post: Post, how: Adaptation) -> None:
    """Keep what an experiment goes back to; how that reads is kept when it is first written."""
    row = await AdaptationRow.get_or_none(post_id=post.id)
    if row is None:
        known = await posts.by_uri(how.original)
        row = AdaptationRow(post_id=post.id, snapshot=known.html if known else "")
    row.terms = orjson.dumps(wire.adaptation_to_wire(how)).decode()
    row.original_uri, row.original_host = how.original, uris.host_of(how.original)
    await row.save()


async def keep(post: Post, one: Numbered, *, house: House) -> None:
    """Write a measure down as it is from now on, in the caller's transaction. Raises what
    `Measure.check` does.
    """
    one.measure.check(fewest_people=house.fewest_people)
    await MeasureRow.filter(post_id=post.id, number=one.number).delete()
    await _row(post, one).save()
    await mark(post)


async def keep_all(post: Post, measures: Sequence[Numbered]) -> None:
    """Write down what is measured from now on in an experiment elsewhere."""
    before = {row.uri: row for row in await MeasureRow.filter(post_id=post.id)}
    await MeasureRow.filter(post_id=post.id).delete()
    rows = [_row(post, one, before=before.get(one.uri)) for one in measures]
    await MeasureRow.bulk_create(rows)
    await mark(post)


def _row(post: Post, one: Numbered, *, before: MeasureRow | None = None) -> MeasureRow:
    """Return the row of a measure, judged anew where it differs from the row `before`."""
    terms = orjson.dumps(wire.measure_to_wire(one.measure, id=one.uri)).decode()
    if before is not None and before.terms == terms:
        measured = before.measured
    else:
        measured = read(one.measure).measured
    return MeasureRow(
        post_id=post.id, number=one.number, uri=one.uri, name=one.measure.name[:NAME_LIMIT],
        terms=terms, measured=measured,
    )  # fmt: skip


async def mark(post: Post) -> None:
    """Give an experiment the badge *measured*, for which one measure is enough (domain.md), or take
    it away.
    """
    measured = await MeasureRow.exists(post_id=post.id, measured=True)
    await ExperimentRow.filter(post_id=post.id).update(measured=measured)


async def take_in(post: Post, reported: Iterable[Reported], *, house: House) -> None:
    """Have an experiment's measures hold the numbers that come with an entry; one of a day that has
    one already takes its place. Raises what `Measure.check` does; NotFoundError where there is no
    such measure any more.
    """
    points: dict[str, list[Point]] = {}
    for one in reported:
        points.setdefault(one.measure, []).append(one.point)
    for uri, more in points.items():
        found = await measure_named(post, uri)
        await keep(post, replace(found, measure=found.measure.with_points(more)), house=house)
