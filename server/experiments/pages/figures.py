"""Measures as figures of a page: judged and drawn outside the event loop, and then held."""

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from federation import html
from server.experiments.charting import Figure, figure_of
from server.experiments.rules.cycles import Cycle
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.measures import Measure, Numbered
from server.experiments.service import Logged
from server.posts.cards import path_of
from server.posts.tables import Post

HELD = 128
"""Figures that are held, some 30 KB each with 200 numbers."""
SAID = 60
"""Letters of an entry of the log, at its mark on a chart."""

Updates = tuple[tuple[date, str], ...]


async def figures(post: Post, tried: Experiment, log: Sequence[Logged]) -> list[Figure]:
    """Return an experiment's measures as its page shows them, with what happened marked."""
    updates = tuple(
        (at.date(), html.excerpt(one.post.html, SAID))
        for one in reversed(log)
        if (at := one.post.published_at)
    )
    return [await figure(post, one, tried.cycles, updates) for one in tried.measures]


async def figure(
    post: Post, one: Numbered, cycles: Sequence[Cycle] = (), updates: Updates = (), *, key: str = ""
) -> Figure:  # fmt: skip
    """Return one measure as a page shows it; `key` tells it from those of other experiments."""
    key, csv_url = key or f"measure-{one.number}", f"{path_of(post)}/measures/{one.number}.csv"
    return await asyncio.to_thread(_figure, one.measure, tuple(cycles), updates, key, csv_url)


@lru_cache(HELD)
def _figure(
    measure: Measure, cycles: tuple[Cycle, ...], updates: Updates, key: str, csv_url: str
) -> Figure:
    return figure_of(measure, key=key, cycles=cycles, updates=updates, csv_url=csv_url)


def forget() -> None:
    """Forget every figure that is held."""
    _figure.cache_clear()
