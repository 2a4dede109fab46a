"""What a choice of stories and experiments shows, as a page."""

from dataclasses import dataclass

from aiohttp import web

from server.actors.pages import viewer_of
from server.experiments.charting import Figure
from server.experiments.pages.figures import figure
from server.experiments.rules.stages import Stage
from server.experiments.rules.words import STAGES
from server.learning import service
from server.learning.rules import FEWEST
from server.learning.service import NAMED, Lesson
from server.posts.tables import Post
from server.search.rules.filter import Filter
from server.web import keys, limit, render

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class Row:
    """A stage over time."""

    stage: Stage
    words: str
    counts: list[int]
    """At the end of each month."""


@dataclass(frozen=True, slots=True)
class Side:
    """A measure beside others of its name."""

    post: Post
    figure: Figure


@routes.get("/network/learning", name="learning")
async def learning(request: web.Request) -> web.Response:
    """Show what a choice among all that is known here shows when it is looked at together."""
    limit(request, "learning", times=60, seconds=600)
    chosen, viewer = Filter.read(request.query), await viewer_of(request)
    lesson = await service.learn(chosen, viewer=viewer, house=request.app[keys.HOUSE])
    return render(
        request, "learning/learning.html", lesson=lesson, chosen=chosen, rows=_rows(lesson),
        sides=[(name, [await _side(one) for one in some]) for name, some in lesson.measures],
        most=service.MOST, named=NAMED, fewest=FEWEST,
    )  # fmt: skip


def _rows(lesson: Lesson) -> list[Row]:
    return [Row(one, STAGES[one], [count[one] for count in lesson.stages]) for one in Stage]


async def _side(one: service.Measured) -> Side:
    key = f"measure-{one.post.id}-{one.measure.number}"
    return Side(one.post, await figure(one.post, one.measure, key=key))
