"""Look at a choice of stories and experiments together."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from server import db
from server.actors.tables import Actor
from server.experiments.rules.stages import Stage
from server.house import House
from server.learning.rules import Begun, month_ends, spread, stages_over_time
from server.learning.service.came import CameOf, Overdue, came_of, overdue
from server.learning.service.tried import Idea, Measured, ideas, side_by_side, tried
from server.network.service import hubs
from server.network.service.hubs import Silence
from server.search import service as search
from server.search.rules.filter import Filter

HOSTS = (
    "SELECT DISTINCT a.host FROM actors a JOIN posts p ON p.author_id = a.id"
    " WHERE p.id IN ({marks})"
)
MOST = 500
"""Experiments, and stories, that are looked at: the newest."""


@dataclass(frozen=True, slots=True)
class Way:
    """How an idea came around."""

    idea: Idea
    steps: list[Begun]
    """By the end of each month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a choice of stories and experiments shows."""

    days: list[date]
    """The ends of the months that are looked back on; the last is today."""
    experiments: int
    """That were looked at."""
    more_experiments: bool
    """Whether there are older ones, which were not."""
    stages: list[Counter[Stage]]
    """How many stood where, at the end of each month."""
    ways: list[Way]
    measures: list[tuple[str, list[Measured]]]
    """Those of one name, by their names."""
    stories: int
    more_stories: bool
    came: CameOf
    overdue: Overdue
    hubs: Silence
    """Of the hubs that are followed, where what was looked at comes from; of all where nothing was
    chosen.
    """


async def learn(chosen: Filter, *, viewer: Actor | None = None, house: House) -> Lesson:
    """Return what the newest `MOST` experiments of a choice show, and the newest stories about the
    same: what only experiments have, or only stories, is not asked of the others. Nothing is by
    somebody whom the viewer blocks, or who blocks them.
    """
    now = house.clock.now()
    ours = chosen.but(kind="experiment", role="")
    theirs = chosen.but(kind="story", stage="", measured=False)
    experiments = await search.posts_of(ours, limit=MOST + 1, viewer=viewer, house=house)
    stories = await search.posts_of(theirs, limit=MOST + 1, viewer=viewer, house=house)
    posts = [*experiments[:MOST], *stories[:MOST]]
    found = await tried(experiments[:MOST])
    days, logs = month_ends(now.date()), [one.log for one in found]
    return Lesson(
        days=days, experiments=len(found), more_experiments=len(experiments) > MOST,
        stages=stages_over_time(logs, days),
        ways=[Way(one, spread([each.log for each in one.members], days)) for one in ideas(found)],
        measures=await side_by_side([one.id for one in found]),
        stories=len(stories[:MOST]), more_stories=len(stories) > MOST,
        came=await came_of(stories[:MOST], now=now),
        overdue=await overdue(posts, today=now.date(), viewer=viewer),
        hubs=await hubs.silent(await _hosts_of(chosen, posts), house=house),
    )  # fmt: skip


async def _hosts_of(chosen: Filter, posts: Sequence[int]) -> Collection[str] | None:
    """Return the hosts that a choice is about; None for all."""
    if chosen == Filter():
        return None
    if chosen.hub or not posts:
        return [chosen.hub] if chosen.hub else []
    found = await db.rows(HOSTS.format(marks=db.marks(len(posts))), *posts)
    return [str(row["host"]) for row in found]
