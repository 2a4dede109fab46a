"""What goes when an experiment, or an entry of its log, is taken back, here or elsewhere."""

from dataclasses import replace

from server.experiments.service.keeping import say_in_stages, write_adaptation
from server.experiments.service.reading import KIND, adapted_from
from server.experiments.tables import (
    AdaptationRow,
    CycleRow,
    EditorRow,
    ExperimentRow,
    MeasureKeyRow,
    MeasureRow,
    StageRow,
    UpdateRow,
)
from server.house import House
from server.posts import service as posts
from server.posts.events import Erased
from server.posts.kinds import ENTRY
from server.posts.rules import State
from server.posts.tables import Post

TAKEN_BACK = "…"
"""Stands in the log of stages for words that were taken back."""


async def on_erased(event: Erased, house: House) -> None:
    """Forget what an experiment said, with its log; or what an entry said, in the log of stages
    too.
    """
    post = event.post
    if post.kind == ENTRY:
        await _forget_entry(post)
    elif post.kind == KIND:
        await _take_log_back(post, house=house)
        await _empty_snapshots(post, house=house)
        for table in (
            ExperimentRow,
            StageRow,
            CycleRow,
            MeasureRow,
            MeasureKeyRow,
            EditorRow,
            AdaptationRow,
        ):
            await table.filter(post_id=post.id).delete()


async def _take_log_back(post: Post, *, house: House) -> None:
    query = Post.filter(parent_id=post.id, author_id=post.author_id, kind=ENTRY)
    for entry in await query.filter(state=State.PUBLISHED).prefetch_related("author"):
        if entry.local:
            await posts.withdraw(entry, house=house)
        else:
            await posts.deleted(entry.uri or "", by=entry.author, house=house)


async def _empty_snapshots(post: Post, *, house: House) -> None:
    """Have those that go back to an experiment forget what it said: its id, the day and the digest
    stay (federation.md §1). Whoever has a copy of ours is told.
    """
    for row in await AdaptationRow.filter(original_uri=post.uri).select_related("post"):
        how = await adapted_from(row.post)
        row.snapshot = ""
        await row.save(update_fields=["snapshot"])
        if how is not None:
            await write_adaptation(row.post, replace(how, title=""))
        if row.post.local and row.post.state is State.PUBLISHED:
            mentioned = await posts.mentioned_already(row.post)
            await posts.reissue(row.post, mentioned=mentioned, at_once=True, house=house)


async def _forget_entry(entry: Post) -> None:
    row = await UpdateRow.get_or_none(post_id=entry.id)
    if row is None:
        return
    said = row.entry()
    await row.delete()
    await say_in_stages(entry, said, why=TAKEN_BACK, learned=TAKEN_BACK)
