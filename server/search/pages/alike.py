"""Experiments that look alike: which they are and why, and several of them side by side."""

from dataclasses import dataclass

from aiohttp import web
from markupsafe import Markup

from server.actors.pages import viewer_of
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.experiments import service as experiments
from server.experiments.pages.finding import COPY, ULID, elsewhere, experiment_at
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.reading import read
from server.experiments.rules.sentences import sentence
from server.experiments.rules.words import STAGES
from server.posts import markup
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.tables import Post
from server.search import service
from server.search.rules.filter import Filter
from server.web import keys, limit, render

routes = web.RouteTableDef()

MOST = 4
"""Experiments that are put side by side."""
CLUSTERED = 200
"""Experiments of a choice that are held against one another: the newest."""
SHOWN = 20
"""Clusters on a page."""
NAMED = 8
"""Experiments of a cluster that are named beside the one in its middle."""


@dataclass(frozen=True, slots=True)
class Column:
    """An experiment as it stands beside others."""

    post: Post
    tried: Experiment
    stage: str
    measures: list[tuple[str, str]]
    """Each by its name, with what its numbers say."""


@routes.get(f"{ULID}/alike", name="alike")
async def alike(request: web.Request) -> web.Response:
    """Show which experiments look like one of ours."""
    return await _alike(request, await experiment_at(request))


@routes.get(f"{COPY}/alike", name="alike-elsewhere")
async def alike_elsewhere(request: web.Request) -> web.Response:
    """Show which experiments look like one from elsewhere."""
    return await _alike(request, await elsewhere(request))


async def _alike(request: web.Request, post: Post) -> web.Response:
    viewer = await viewer_of(request)
    if not await posts.may_see(post, viewer):
        raise NotFoundError
    found = await service.alike(post, viewer=viewer, house=request.app[keys.HOUSE])
    return render(
        request, "search/alike.html", post=post, path=path_of(post), found=found,
        looked_at=service.LIKELY,
    )  # fmt: skip


@routes.get("/network/alike", name="network-alike")
async def clusters(request: web.Request) -> web.Response:
    """Show which experiments of a choice among all that is known look alike, wherever they are."""
    limit(request, "alike", times=60, seconds=600)
    chosen, viewer = Filter.read(request.query), await viewer_of(request)
    tried = chosen.but(kind=experiments.KIND, role="")
    rows = await service.find(
        tried, limit=CLUSTERED + 1, viewer=viewer, house=request.app[keys.HOUSE]
    )
    found = await service.clusters([one.post for one in rows[:CLUSTERED]])
    return render(
        request, "search/clusters.html", chosen=chosen, clusters=found[:SHOWN], named=NAMED,
        most=MOST, looked_at=min(len(rows), CLUSTERED), more=len(rows) > CLUSTERED,
        left=max(0, len(found) - SHOWN),
    )  # fmt: skip


@routes.get("/compare", name="compare")
async def compare(request: web.Request) -> web.Response:
    """Show several experiments side by side, in the order that the address names them."""
    asked = dict.fromkeys(request.query.getall("of", []))
    ids = [int(one) for one in asked if one.isascii() and one.isdecimal() and len(one) < 19]
    viewer = await viewer_of(request)
    columns = [column for one in ids[:MOST] if (column := await _column(one, viewer))]
    if len(columns) < 2:
        raise NotFoundError
    known = await service.pairs([one.post for one in columns])
    topics = request.app[keys.HOUSE].uri("/topics/")

    def said_in(text: str) -> Markup:
        return Markup(markup.to_html(text, topics=topics, mentioned={}))  # noqa: S704 - clean

    return render(
        request, "search/compare.html", columns=columns, said_in=said_in,
        reasons=list(dict.fromkeys(words for pair in known for words in pair.why.reasons)),
    )  # fmt: skip


async def _column(post_id: int, viewer: Actor | None) -> Column | None:
    post = await posts.by_id(post_id)
    if post is None or not await posts.may_see(post, viewer):
        return None
    tried = await experiments.of_post(post)
    if tried is None:
        return None
    measures = [(one.measure.name, sentence(read(one.measure))) for one in tried.measures]
    return Column(post, tried, STAGES[tried.stage] if tried.stage else "", measures)
