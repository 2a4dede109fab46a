"""How an experiment and its updates are worded, and how those of others are kept."""

from collections.abc import Callable, Mapping

from markupsafe import escape

from federation import uris, vocab
from server import db
from server.actors.tables import Actor
from server.experiments import wire
from server.experiments.rules.adaptation import Adaptation
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.stages import Stage, merged
from server.experiments.rules.words import REASONS, RESULTS, STAGES
from server.experiments.service.keeping import (
    keep_all,
    say_in_stages,
    write_adaptation,
    write_entry,
)
from server.experiments.service.reading import (
    KIND,
    channel_of,
    moments,
    of_post,
    stages_of,
    standing,
    update_of,
)
from server.experiments.tables import (
    AdaptationRow,
    CycleRow,
    ExperimentRow,
    StageRow,
    UpdateRow,
)
from server.house import House
from server.posts import markup
from server.posts import service as posts
from server.posts.cards import title_of
from server.posts.kinds import ENTRY, Composition, Kind, register
from server.posts.rules import Relation
from server.posts.tables import Post


async def preview(post: Post, *, house: House) -> Composition:
    """Return a draft worded as it would be published now, without looking up whom it names."""
    return await _compose(post, {}, house)


async def _compose(post: Post, mentioned: Mapping[str, Actor], house: House) -> Composition:
    experiment = await of_post(post)
    if experiment is None:
        raise TypeError(post)
    return Composition(
        title=experiment.title,
        html=_html(experiment, mentioned, house),
        terms=wire.to_wire(
            experiment,
            language=post.language,
            licence=post.licence,
            adaptations=f"{post.uri}/adaptations" if post.uri else "",
        )
        | ({"channel": channel} if (channel := channel_of(post)) else {}),
        tags=(*markup.hashtags(experiment.texts), *experiment.topics),
        places=experiment.places,
    )


def _html(experiment: Experiment, mentioned: Mapping[str, Actor], house: House) -> str:
    """Return what everybody reads: of what stopped, why and what was learned come first."""

    def said(text: str, heading: str = "") -> str:
        if not text.strip():
            return ""
        words = markup.to_html(text, topics=house.uri("/topics/"), mentioned=mentioned)
        return (f"<p><strong>{heading}:</strong></p>" if heading else "") + words

    how = experiment.adapted_from
    differs = _differs(how, said) if how else ""
    now, learned = experiment.now, said(experiment.latest, "What we have learned")
    tried = said(experiment.problem) + said(experiment.idea, "What we are trying") + differs
    if experiment.stage is Stage.STOPPED:
        reason = f" {REASONS[now.reason]}." if now and now.reason else ""
        return f"<p><strong>Stopped.</strong>{reason}</p>{learned}{tried}"
    if experiment.stage is None:
        return tried + learned
    stage, why = STAGES[experiment.stage].lower(), said(now.why) if now else ""
    return f"{tried}<p><strong>Stage: {stage}.</strong></p>{why}{learned}"


def _differs(how: Adaptation, said: Callable[[str, str], str]) -> str:
    """Return what an adaptation says of what it goes back to, and how it went beside that."""
    named = f"“{escape(how.title)}”" if how.title else "an experiment that was taken back"
    host = uris.host_of(how.original)
    changes = "\n".join(f"- {one.what}{f' – {one.why}' if one.why else ''}" for one in how.changed)
    result = f"<p><strong>{RESULTS[how.result]}.</strong></p>" if how.result else ""
    return (
        f"<p>Adapted from {named} on {escape(host)}.</p>{said(how.kept, 'What we kept')}"
        f"{said(changes, 'What we changed')}{said(how.context_reason, 'Why here')}{result}"
        f"{said(how.advice, 'What we would tell others')}"
    )


async def _received(post: Post, terms: vocab.JsonObject, house: House) -> None:
    """Keep a peer's experiment; lines of its log of stages that it no longer tells stay."""
    experiment, again = wire.from_wire(terms), post.version > 1
    held = await ExperimentRow.get_or_none(post_id=post.id) if again else None
    row = held or ExperimentRow(post=post)
    row.write(experiment)
    await (row.save() if held else db.add(row))
    before = await stages_of(post) if again else []
    if again:
        await StageRow.filter(post_id=post.id).delete()
        await CycleRow.filter(post_id=post.id).delete()
    await StageRow.bulk_create(
        StageRow.of(post, position, entry)
        for position, entry in enumerate(merged(before, experiment.stages))
    )
    await CycleRow.bulk_create(CycleRow.of(post, cycle) for cycle in experiment.cycles)
    if again or experiment.places:
        await posts.place(post, experiment.places)
    if again or experiment.measures:
        await keep_all(post, experiment.measures)
    how = experiment.adapted_from
    if how is not None:
        await write_adaptation(post, how)
    elif again:
        await AdaptationRow.filter(post_id=post.id).delete()
    for relation, told in (
        (Relation.INSPIRED_BY, experiment.inspired_by),
        (Relation.ADAPTED_FROM, [how.original] if how else []),
    ):
        if again or told:
            await posts.link(post, relation, told, house=house)


def _worded(post: Post, terms: vocab.JsonObject, house: House) -> None:
    experiment = wire.from_wire(terms)
    post.title = experiment.title
    if any(experiment.texts):
        post.html = _html(experiment, {}, house)


async def _compose_update(post: Post, mentioned: Mapping[str, Actor], house: House) -> Composition:
    update = await update_of(post)
    head = await Post.get(id=post.parent_id)
    said = markup.to_html(update.text, topics=house.uri("/topics/"), mentioned=mentioned)
    uri = head.uri or ""
    link = f'<a href="{escape(uri)}">{escape(title_of(head))}</a>'
    stage = f"Now <strong>{STAGES[update.stage].lower()}</strong>: " if update.stage else ""
    return Composition(
        title="",
        html=said,
        terms=wire.update_to_wire(update, experiment=uri),
        tags=tuple(markup.hashtags([update.text])),
        ending=f"<p>{stage}{link}</p>",
    )


async def _received_update(post: Post, terms: vocab.JsonObject, house: House) -> None:
    """Keep a peer's update."""
    update = wire.update_from_wire(terms)
    row = await UpdateRow.get_or_none(post_id=post.id)
    if row is not None and row.text != update.text:
        await say_in_stages(post, row.entry(), why=update.why, learned=update.text)
    await write_entry(row or UpdateRow(post=post), update)


def _worded_update(post: Post, terms: vocab.JsonObject, house: House) -> None:
    """Word a peer's update for our page from its own text where it sent any."""
    update = wire.update_from_wire(terms)
    if update.text.strip():
        post.html = markup.to_html(update.text, topics=house.uri("/topics/"), mentioned={})


register(
    Kind(
        name=KIND, path="/experiments", term="fettle:experiment", boosted=True, drafts="/try",
        compose=_compose, received=_received, worded=_worded, moments=moments, standing=standing,
    )
)  # fmt: skip
register(
    Kind(
        name=ENTRY, path="/updates", term="fettle:update", boosted=True,
        compose=_compose_update, received=_received_update, worded=_worded_update,
    )
)  # fmt: skip
