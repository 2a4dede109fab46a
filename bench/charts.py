"""What a chart costs: judged, drawn for a page, drawn as a picture."""

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from bench.report import Figure
from bench.rounds import Scale, Seen
from server.charts.drawing import svg
from server.charts.model import Chart
from server.charts.pictures import picture
from server.experiments.charting import chart_of
from server.experiments.rules.measures import Direction, Measure, Point
from server.experiments.rules.reading import read

POINTS = {"": 24, ".many": 200}
"""Numbers of a measure: two years of months, and what an experiment may come to."""
TIMES = 20
"""How often each is done in a round."""


async def charts(scale: Scale) -> list[Figure]:
    """Judge a measure, draw it as SVG, draw it as PNG, with few numbers and with many."""
    seen = Seen()
    for number in range(scale.rounds + 1):
        for name, points in POINTS.items():
            measure = series(points, number)
            chart = chart_of(measure)
            costs = (
                (f"judged{name}", f"{points} numbers judged", _cost(read, measure)),
                (f"svg{name}", f"  drawn as SVG, {points} numbers", _cost(svg, chart, "m")),
                (f"png{name}", f"  drawn as PNG, {points} numbers", await _picture(chart)),
            )
            for kind, words, cost in costs:
                if number:  # the first compiles templates, and is not counted
                    seen.add(f"charts.{kind}", words, "ms CPU", cost)
    return seen.figures()


def _cost(work: Callable[..., object], *told: object) -> float:
    before = time.process_time()
    for _ in range(TIMES):
        work(*told)
    return (time.process_time() - before) / TIMES * 1000


async def _picture(chart: Chart) -> float:
    """Return the CPU time of one picture, that of the process that draws it included."""
    before = os.times()
    await picture(chart)
    after = os.times()
    return sum(then - now for then, now in zip(after[:4], before[:4], strict=True)) * 1000


def series(points: int, seed: int) -> Measure:
    """Return a series that changes half-way, with other numbers in each round, so that none is held
    from the last.
    """
    chance, monday = Random(seed), date(2022, 1, 3)  # noqa: S311 - no secret
    return Measure(
        name=f"Missed visits, street {seed}",
        unit="a week",
        direction=Direction.DOWN,
        target=30,
        baseline=12,
        points=tuple(
            Point(
                at=monday + timedelta(weeks=week),
                value=round(chance.gauss(41 if week < points / 2 else 31, 3), 1),
            )
            for week in range(points)
        ),
    )
