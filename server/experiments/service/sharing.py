"""Share an experiment, change its words, take it back."""

from dataclasses import replace

from federation import vocab
from server import db
from server.actors import hosts
from server.actors.tables import Actor
from server.errors import NotFoundError, RefusedError
from server.experiments import wire
from server.experiments.rules.experiment import INSPIRED_BY, Experiment
from server.experiments.rules.stages import Stage, first
from server.experiments.service.editors import require_editor
from server.experiments.service.keeping import write_adaptation
from server.experiments.service.reading import (
    KIND,
    adapted_from,
    authors_of,
    of_post,
)
from server.experiments.tables import ExperimentRow, StageRow
from server.house import House
from server.people.tables import Person
from server.posts import service as posts
from server.posts.rules import Relation, State, Visibility
from server.posts.tables import Post


class TooManyStoriesError(RefusedError):
    """It names twenty stories already, and there is no room for more."""


async def draft(
    person: Person,
    experiment: Experiment,
    *,
    visibility: Visibility = Visibility.PUBLIC,
    house: House,
) -> Post:
    """Keep an experiment that only its author sees; nothing of it has to be complete."""
    async with db.transaction():
        post = await posts.draft(
            await Actor.get(id=person.actor_id), kind=KIND, written_by=person,
            visibility=visibility, house=house,
        )  # fmt: skip
        post.title = experiment.title
        await _write(post, ExperimentRow(post=post), experiment)
    return post


async def _write(post: Post, row: ExperimentRow, experiment: Experiment) -> None:
    row.write(experiment)
    await row.save()
    if experiment.adapted_from is not None:
        await write_adaptation(post, experiment.adapted_from)
    post.content_warning, post.sensitive = experiment.warning, bool(experiment.warning)
    await post.save(update_fields=["title", "visibility", "content_warning", "sensitive"])


async def change_draft(
    post: Post, experiment: Experiment, *, visibility: Visibility, by: Person
) -> None:
    """Change a draft. Raises NotYoursError; NotFoundError where it was published meanwhile."""
    posts.require_author(post, by)
    async with db.transaction():
        held = await Post.filter(id=post.id).select_for_update().get_or_none()
        if held is None or held.state is not State.DRAFT:
            raise NotFoundError
        held.visibility, held.title = visibility, experiment.title
        await _write(held, await ExperimentRow.get(post_id=post.id), experiment)


async def publish(post: Post, *, by: Person, house: House) -> Post:
    """Publish a draft, and have those told whose stories it began with.

    Raises NotYoursError, UntitledError, NoProblemError, NoIdeaError, TooLongError.
    """
    posts.require_author(post, by)
    experiment = (await ExperimentRow.get(post_id=post.id)).experiment()
    experiment.check()
    mentioned = await posts.mentioned_in(experiment.texts, house=house)
    async with db.transaction():
        held = await Post.filter(id=post.id).select_for_update().get()
        if held.state is not State.DRAFT:
            return held
        begun = first(experiment.stage or Stage.IDEA, at=house.clock.now().date())
        await StageRow.of(held, 0, begun).save()
        await ExperimentRow.filter(post_id=post.id).update(stage=str(begun.stage))
        goes_back_to = await goes_back(held)
        authors = await authors_of([*experiment.inspired_by, *goes_back_to])
        for one in authors.values():
            await hosts.ask_soon(one.host, house=house)  # a Fettle hub gets what follows too
        await posts.publish(held, mentioned=mentioned | authors, house=house)
        await posts.link(held, Relation.INSPIRED_BY, experiment.inspired_by, house=house)
        await posts.link(held, Relation.ADAPTED_FROM, goes_back_to, house=house)
    return held


async def goes_back(post: Post) -> list[str]:
    """Return the id of the experiment that another one adapts, if it does."""
    how = await adapted_from(post)
    return [how.original] if how else []


async def revise(
    post: Post, experiment: Experiment, *, by: Person, why: str = "", house: House
) -> None:
    """Publish other words; how they read before stays in the history. Where it stands, and what it
    began with, stays as it was. Raises as `publish` does; NotFoundError where it was taken back.
    """
    await require_editor(post, by)
    experiment.check()
    mentioned = await posts.mentioned_in(experiment.texts, house=house)
    async with db.transaction():
        held = await published(post)
        before = await of_post(held)
        if before is None:
            raise NotFoundError
        now = replace(
            experiment, inspired_by=before.inspired_by, stage=before.stage, stages=before.stages,
            cycles=before.cycles, measures=before.measures,
            adapted_from=before.adapted_from,
        )  # fmt: skip
        if now == before:
            return
        await _write(held, await ExperimentRow.get(post_id=post.id), now)
        named = [*now.inspired_by, *await goes_back(held)]
        spoken_to = mentioned | await authors_of(named)
        await posts.revise(held, before=source(before), why=why, mentioned=spoken_to, house=house)


async def go_back_to(post: Post, story: Post, *, by: Person, house: House) -> None:
    """Say of an experiment that was shared already that it is about a story too; whoever told that
    is told. Twice changes nothing.

    Raises NotYoursError, TooManyStoriesError, TooLongError; NotFoundError where it was taken back.
    """
    await require_editor(post, by)
    async with db.transaction():
        held = await published(post)
        before = await of_post(held)
        if before is None or not story.uri:
            raise NotFoundError
        if story.uri in before.inspired_by:
            return
        if len(before.inspired_by) >= INSPIRED_BY:
            raise TooManyStoriesError
        named = (*before.inspired_by, story.uri)
        row = await ExperimentRow.get(post_id=post.id)
        await _write(held, row, replace(before, inspired_by=named))
        authors = await authors_of([*named, *await goes_back(held)])
        for one in authors.values():
            await hosts.ask_soon(one.host, house=house)
        mentioned = await posts.mentioned_already(held) | authors
        await posts.reissue(held, mentioned=mentioned, house=house)
        await posts.link(held, Relation.INSPIRED_BY, named, house=house)


async def withdraw(post: Post, *, by: Person, house: House) -> None:
    """Take an experiment back with its log, or throw a draft away; its author may, and a steward.
    Raises NotYoursError.
    """
    if not by.is_steward:
        posts.require_author(post, by)
    await posts.withdraw(post, house=house)


async def published(post: Post) -> Post:
    """Return a published post, held until the transaction ends. Raises NotFoundError."""
    held = await Post.filter(id=post.id).select_for_update().get()
    if held.state is not State.PUBLISHED:
        raise NotFoundError
    return held


def source(experiment: Experiment) -> vocab.JsonObject:
    """Return an experiment as it was written, for the history; the numbers of its measures have
    their own, which the charts show.
    """
    bare = [replace(one, measure=replace(one.measure, points=())) for one in experiment.measures]
    return wire.to_wire(replace(experiment, measures=tuple(bare)), language="", licence="")
