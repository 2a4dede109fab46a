"""What happens to an experiment: an entry in its log, said otherwise or taken back, a new stage, a
cycle.

After each new entry the experiment's own Note is sent anew at once, in the same lane (federation.md
§1).
"""

from dataclasses import replace

from federation import vocab
from server import db
from server.actors.tables import Actor
from server.errors import NotFoundError, NotYoursError
from server.experiments.rules.cycles import CYCLES, Cycle, TooManyCyclesError
from server.experiments.rules.stages import Stage, StageEntry, after
from server.experiments.rules.updates import UPDATES, TooManyUpdatesError, Update
from server.experiments.service.editors import is_editor, require_editor
from server.experiments.service.keeping import say_in_stages, take_in, write_entry
from server.experiments.service.reading import of_post, stages_of, update_of
from server.experiments.service.sharing import published, source
from server.experiments.tables import CycleRow, ExperimentRow, StageRow, UpdateRow
from server.house import House
from server.media.tables import Picture
from server.people.tables import Person
from server.posts import service as posts
from server.posts.kinds import ENTRY
from server.posts.rules import State
from server.posts.tables import Post


async def record(
    post: Post, update: Update, *, by: Person, picture: tuple[Picture, str] | None = None,
    warning: str = "", house: House,
) -> Post:  # fmt: skip
    """Publish an entry in an experiment's log, with a picture and what can be seen on it, and what
    people are told before they read it; where it says a stage, the experiment stands there from now
    on; numbers that come with it are those of their measures, too.

    Raises NotYoursError, EmptyUpdateError, what `stages.after` and `Measure.check` raise,
    TooManyUpdatesError, TooLongError; NotFoundError where it was taken back.
    """
    await require_editor(post, by)
    update.check()
    mentioned = await posts.mentioned_in([update.text], house=house)
    async with db.transaction():
        held = await published(post)
        if await Post.filter(parent_id=held.id, kind=ENTRY).count() >= UPDATES:
            raise TooManyUpdatesError
        if update.stage is not None:
            await _enter(held, update, house=house)
        await take_in(held, update.points, house=house)
        entry = await posts.draft(
            await Actor.get(id=held.author_id), kind=ENTRY, written_by=by,
            visibility=held.visibility, parent=held, house=house,
        )  # fmt: skip
        await write_entry(UpdateRow(post=entry), update)
        entry.content_warning, entry.sensitive = warning, bool(warning)
        if picture is not None:
            await posts.attach(entry, picture[0], alt=picture[1])
        await posts.publish(entry, mentioned=mentioned, house=house)
        await _say_anew(held, house=house)
    return entry


async def _enter(post: Post, update: Update, *, house: House) -> None:
    """Add a line to the log of stages, which is what an entry says in short."""
    stage = update.stage or Stage.IDEA
    stopped = stage is Stage.STOPPED
    line = StageEntry(
        stage=stage, at=house.clock.now().date(), why="" if stopped else update.why,
        reason=update.reason, learned=update.text if stopped else "",
    )  # fmt: skip
    stages = after(await stages_of(post), line)
    await StageRow.of(post, len(stages) - 1, stages[-1]).save()
    await ExperimentRow.filter(post_id=post.id).update(stage=str(stage))


async def _say_anew(post: Post, *, house: House) -> None:
    mentioned = await posts.mentioned_already(post)
    await posts.reissue(post, mentioned=mentioned, at_once=True, house=house)


async def reword(
    entry: Post, text: str, *, by: Person, warning: str = "", alt: str = "", house: House
) -> None:
    """Publish other words of an entry, of what people are told before they read it, and of what can
    be seen on its picture; how it read before stays in its history. Its stage, round and numbers
    stay: the log of stages only says otherwise why.

    Raises NotYoursError, EmptyUpdateError, LongUpdateError, TooLongError; NotFoundError where it
    was taken back.
    """
    head = await Post.get(id=entry.parent_id)
    await require_editor(head, by)
    mentioned = await posts.mentioned_in([text], house=house)
    async with db.transaction():
        head, held = await published(head), await published(entry)
        before, shown = await update_of(held), await posts.attachments(held)
        now = replace(before, text=text)
        now.check()
        was = (before.text, held.content_warning, shown[0].alt if shown else "")
        if was == (text, warning, alt if shown else ""):
            return
        await write_entry(await UpdateRow.get(post_id=held.id), now)
        held.content_warning, held.sensitive = warning, bool(warning)
        if shown:
            await posts.describe(held, shown[0].id, alt=alt, state=State.PUBLISHED)
        source: vocab.JsonObject = dict(zip(("text", "content_warning", "alt"), was, strict=True))
        await posts.revise(held, before=source, mentioned=mentioned, house=house)
        if await say_in_stages(held, before, why=now.why, learned=now.text):
            await posts.reissue(head, mentioned=await posts.mentioned_already(head), house=house)


async def take_back(entry: Post, *, by: Person, house: House) -> None:
    """Take an entry of a log back: its words go, from the log of stages too. Whoever looks after
    the experiment may, and a steward. Raises NotYoursError.
    """
    head = await Post.get(id=entry.parent_id)
    if not by.is_steward and not await is_editor(head, by.id):
        raise NotYoursError
    async with db.transaction():
        await posts.withdraw(entry, house=house)
        held = await Post.filter(id=head.id).select_for_update().get()
        if held.state is State.PUBLISHED:
            await _say_anew(held, house=house)


async def keep_cycle(post: Post, cycle: Cycle, *, by: Person, house: House) -> int:
    """Keep a cycle, new where its number is 0, else in place of what it said; return its number.

    Raises NotYoursError, EmptyCycleError, BackwardsError, TooManyCyclesError, TooLongError;
    NotFoundError where there is none of that number.
    """
    await require_editor(post, by)
    cycle.check()
    async with db.transaction():
        held = await published(post)
        before = await of_post(held)
        if before is None:
            raise NotFoundError
        number = cycle.number or len(before.cycles) + 1
        if number > CYCLES:
            raise TooManyCyclesError
        row = CycleRow.of(held, cycle)
        row.number = number
        if cycle.number:
            kept = await CycleRow.get_or_none(post_id=post.id, number=number)
            if kept is None:
                raise NotFoundError
            await kept.delete()
        await row.save()
        await posts.revise(
            held, before=source(before), why=f"Round {number} was written down.",
            mentioned=await posts.mentioned_already(held), house=house,
        )  # fmt: skip
    return number
