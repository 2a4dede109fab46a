"""Read experiments: one, its log, what it began with, a list."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from federation import html, uris, vocab
from server import db
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.experiments import wire
from server.experiments.rules.adaptation import Adaptation
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.measures import Numbered
from server.experiments.rules.stages import Stage, StageEntry
from server.experiments.rules.updates import UPDATES, Update
from server.experiments.rules.words import STAGES
from server.experiments.tables import (
    AdaptationRow,
    CycleRow,
    ExperimentRow,
    MeasureRow,
    StageRow,
    UpdateRow,
)
from server.house import House
from server.people.tables import Person
from server.posts import service as posts
from server.posts.kinds import ENTRY, Moment, Standing
from server.posts.rules import OPEN, State, Visibility
from server.posts.service.pictures import Shown
from server.posts.tables import Post

KIND = "experiment"
LOG = 20
"""Entries of a log that stand on the experiment's own page; the others are a page further."""
SAID = 280
"""Characters of what was said, on the line of what came of a story."""
ACKNOWLEDGED = (
    "(d.listed OR EXISTS (SELECT 1 FROM boosts b JOIN actors o ON o.id = b.actor_id"
    " WHERE b.post_id = d.post_id AND o.host = d.original_host AND o.type <> 'Person'))"
)
"""The condition that the hub of what an adaptation (`d`) goes back to acknowledges it: it lists it,
or an actor of its server boosted it that is nobody's own, since no person speaks for it.
"""


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of a log as a page shows it."""

    post: Post
    update: Update
    pictures: Sequence[Shown]
    by: str
    """Who of those who look after it here wrote it, where that is not its author."""
    reworded: bool
    """Whether it read otherwise before."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A story that an experiment began with: as it is known here, or only by its id."""

    uri: str
    post: Post | None

    @property
    def host(self) -> str:
        """Where it was told."""
        return uris.host_of(self.uri)


async def of_post(post: Post) -> Experiment | None:
    """Return what a post tries, with its log of stages and its cycles; None where it is no
    experiment or was withdrawn.
    """
    row = await db.read_one(ExperimentRow, "SELECT * FROM experiments WHERE post_id = ?", post.id)
    if row is None:
        return None
    cycles = [one.cycle() for one in await cycles_of(post)]
    found = row.experiment(
        await stages_of(post), cycles, await measures_of(post), await adapted_from(post)
    )
    return replace(found, warning=post.content_warning)


async def adapted_from(post: Post) -> Adaptation | None:
    """Return what an experiment goes back to, None where it is nobody else's."""
    row = await adaptation_row(post)
    return wire.adaptation_from_wire(vocab.load_json(row.terms.encode())) if row else None


async def acknowledged(ids: Sequence[int]) -> dict[int, tuple[Adaptation, str]]:
    """Return which experiments are acknowledged adaptations, by their posts' rows: what they go
    back to, and where they stand.
    """
    if not ids:
        return {}
    found = await db.rows(
        "SELECT d.post_id, d.terms, e.stage FROM experiment_adaptations d"  # noqa: S608 - marks
        f" JOIN experiments e ON e.post_id = d.post_id WHERE d.post_id IN ({db.marks(len(ids))})"
        f" AND {ACKNOWLEDGED}",
        *ids,
    )
    return {
        int(row["post_id"]): (how, str(row["stage"]))
        for row in found
        if (how := wire.adaptation_from_wire(vocab.load_json(str(row["terms"]).encode())))
    }


async def adaptation_row(post: Post) -> AdaptationRow | None:
    """Return the row of what an experiment goes back to."""
    sql = "SELECT * FROM experiment_adaptations WHERE post_id = ?"
    return await db.read_one(AdaptationRow, sql, post.id)


async def measures_of(post: Post) -> list[Numbered]:
    """Return an experiment's measures with their numbers."""
    sql = "SELECT * FROM experiment_measures WHERE post_id = ? ORDER BY number"
    return [numbered(row) for row in await db.read(MeasureRow, sql, post.id)]


async def measure_at(post: Post, number: int) -> Numbered:
    """Return one measure of an experiment with its numbers. Raises NotFoundError."""
    sql = "SELECT * FROM experiment_measures WHERE post_id = ? AND number = ?"
    return _there(await db.read_one(MeasureRow, sql, post.id, number))


async def measure_named(post: Post, uri: str) -> Numbered:
    """Return the measure of an experiment by its id. Raises NotFoundError."""
    sql = "SELECT * FROM experiment_measures WHERE post_id = ? AND uri = ?"
    return _there(await db.read_one(MeasureRow, sql, post.id, uri))


def _there(row: MeasureRow | None) -> Numbered:
    if row is None:
        raise NotFoundError
    return numbered(row)


def numbered(row: MeasureRow) -> Numbered:
    """Return the row of a measure as the pure thing that the rules speak of."""
    measure = wire.measure_from_wire(vocab.load_json(row.terms.encode()))
    return Numbered(number=row.number, uri=row.uri, measure=measure)


async def update_of(entry: Post) -> Update:
    """Return what an entry of ours says."""
    return entry_of(await UpdateRow.get(post_id=entry.id))


def entry_of(row: UpdateRow) -> Update:
    """Return what an entry says, with the numbers that came with it."""
    points = vocab.load_json(f'{{"points": {row.points}}}'.encode())
    return row.entry(wire.reported_from_wire(points))


def terms_of(post: Post) -> vocab.JsonObject:
    """Return the structured part of an experiment's Note, as it was sent; empty where it has
    none.
    """
    terms = vocab.load_json(bytes(post.document or b"{}")).get("fettle:experiment")
    return terms if isinstance(terms, dict) else {}


def channel_of(post: Post) -> str | None:
    """Return the id of the actor that passes on what happens to an experiment, so that it can be
    followed: None where there is none, or not where the experiment is.
    """
    if post.local:
        return f"{post.uri}/channel" if post.uri and post.visibility is Visibility.PUBLIC else None
    named = terms_of(post).get("channel")
    return named if isinstance(named, str) and uris.same_origin(named, post.uri or "") else None


async def stages_of(post: Post) -> list[StageEntry]:
    """Return an experiment's log of stages."""
    found = await db.read(
        StageRow, "SELECT * FROM experiment_stages WHERE post_id = ? ORDER BY position", post.id
    )
    return [row.entry() for row in found]


async def standing(ids: Sequence[int]) -> dict[int, Standing]:
    """Return where experiments stand, by their posts' rows."""
    found = await db.rows(
        f"SELECT post_id, stage, measured FROM experiments WHERE post_id IN ({db.marks(len(ids))})",  # noqa: S608
        *ids,
    )
    return {int(row["post_id"]): Standing(row["stage"], bool(row["measured"])) for row in found}


async def cycles_of(post: Post) -> list[CycleRow]:
    """Return an experiment's cycles by their numbers."""
    sql = "SELECT * FROM experiment_cycles WHERE post_id = ? ORDER BY number"
    return await db.read(CycleRow, sql, post.id)


async def log(post: Post, *, limit: int = UPDATES, house: House) -> list[Logged]:
    """Return the entries of an experiment's log that those may read whom it is for itself, the
    newest first.
    """
    entries = await posts.entries(post, limit=limit)
    rows = await _updates([one.id for one in entries])
    nothing, names = Update(text=""), await _writers(post, entries)
    changed = await posts.reworded(entries)
    return [
        Logged(
            one, entry_of(rows[one.id]) if one.id in rows else nothing,
            await posts.shown_pictures(one, house=house), names.get(one.written_by_id or 0, ""),
            one.id in changed,
        )
        for one in entries
    ]  # fmt: skip


async def _writers(post: Post, entries: Sequence[Post]) -> dict[int, str]:
    others = {one.written_by_id for one in entries} - {None, post.written_by_id}
    found = await Person.filter(id__in=list(others)).select_related("actor") if others else []
    return {person.id: person.actor.shown_name for person in found}


async def _updates(ids: Sequence[int]) -> dict[int, UpdateRow]:
    if not ids:
        return {}
    sql = f"SELECT * FROM experiment_updates WHERE post_id IN ({db.marks(len(ids))})"  # noqa: S608
    return {row.post_id: row for row in await db.read(UpdateRow, sql, *ids)}


async def latest(
    *, stage: str = "", topic: str = "", measured: bool = False, author: Actor | None = None,
    stretch: posts.Stretch = posts.FROM_THE_TOP, viewer: Actor | None = None,
) -> list[Post]:  # fmt: skip
    """Return a page of the hub's public experiments, newest first, and one more; without those of
    whom the viewer blocks, or who block them.
    """
    query = posts.latest(KIND, author=author, viewer=viewer)
    if stage:
        query = query.filter(experiment__stage=stage)
    if measured:
        query = query.filter(experiment__measured=True)
    if topic:
        query = query.filter(tags__name=topic.lower())
    return await stretch.of(query)


async def origin(uri: str, viewer: Actor, *, house: House) -> Post | None:
    """Return the story, ours or a copy of somebody else's, that somebody wants to try something
    about; it is fetched where it isn't known. Never inside a transaction.

    Raises FetchError children where it can't be had.
    """
    if not uris.is_web_uri(uri):
        return None
    post = await posts.by_uri(uri) or await posts.fetch(uri, house=house)
    if post is None or not await posts.may_see(post, viewer):
        return None
    return await posts.by_id(post.id)


async def origins(named: Sequence[str], viewer: Actor | None) -> list[Origin]:
    """Return what an experiment began with; of what the viewer may not read, nothing is said."""
    found = []
    for uri in named:
        post = await posts.by_uri(uri)
        if post is None or await posts.may_see(post, viewer):
            found.append(Origin(uri, post))
    return found


async def authors_of(named: Sequence[str]) -> dict[str, Actor]:
    """Return those whose stories an experiment began with, by handle: they are spoken to."""
    query = Post.filter(uri__in=list(named), state=State.PUBLISHED, visibility__in=list(OPEN))
    found = await query.select_related("author")
    return {post.author.handle.removeprefix("@"): post.author for post in found}


async def moments(some: Sequence[Post]) -> list[Moment]:
    """Return how experiments began, and what happened to them since."""
    by_id, ideas = {post.id: post for post in some}, await _ideas([post.id for post in some])
    found = [
        Moment(
            at=post.published_at or post.created_at, post=post, begun=True,
            text=post.content_warning or _plain(ideas.get(post.id, "")),
        )
        for post in some
    ]  # fmt: skip
    said = await _entries(by_id)
    found += [
        Moment(
            at=one.published_at or one.created_at, post=by_id[one.parent_id or 0],
            stage=STAGES[update.stage] if update.stage else "",
            text=one.content_warning or html.excerpt(one.html, SAID),
        )
        for one, update in said
    ]  # fmt: skip
    told = {(one.parent_id, update.stage) for one, update in said}
    return found + await _changes(by_id, told)


async def _entries(by_id: dict[int, Post]) -> list[tuple[Post, Update]]:
    query = Post.filter(parent_id__in=list(by_id), kind=ENTRY, state=State.PUBLISHED)
    query = query.filter(visibility__in=list(OPEN)).order_by("-published_at", "-id")
    found = [
        one
        for one in await query.limit(posts.CONVERSATION)
        if one.author_id == by_id[one.parent_id or 0].author_id
    ]
    rows = await _updates([one.id for one in found])
    return [(one, rows[one.id].entry()) for one in found if one.id in rows]


async def _changes(
    by_id: dict[int, Post], told: Container[tuple[int | None, Stage | None]]
) -> list[Moment]:  # fmt: skip
    """Return the changes of stage that no entry of the log tells of."""
    rows = await StageRow.filter(post_id__in=list(by_id), position__gt=0, vanished=False)
    return [
        Moment(
            at=_moment(row, by_id[row.post_id]), post=by_id[row.post_id],
            stage=STAGES[row.entry().stage], text=_plain(row.why),
        )
        for row in rows
        if (row.post_id, row.stage) not in told
    ]  # fmt: skip


async def _ideas(ids: Sequence[int]) -> dict[int, str]:
    sql = f"SELECT post_id, idea FROM experiments WHERE post_id IN ({db.marks(len(ids))})"  # noqa: S608
    return {int(row["post_id"]): str(row["idea"]) for row in await db.rows(sql, *ids)}


def _plain(text: str) -> str:
    return html.excerpt(html.from_markdown(text), SAID)


def _moment(row: StageRow, post: Post) -> datetime:
    begun = post.published_at or post.created_at
    return max(begun, datetime.combine(row.at, time(), UTC))
