"""How an idea travelled, as a picture and as a list."""

from aiohttp import web

from server.actors.pages import viewer_of
from server.errors import NotFoundError
from server.experiments import service
from server.experiments.pages.finding import COPY, elsewhere
from server.experiments.rules.lineage import hosts_of, placed
from server.experiments.rules.words import RESULTS, STAGES
from server.posts import service as posts
from server.posts.rules import OPEN
from server.posts.tables import Post
from server.web import keys, render

routes = web.RouteTableDef()


@routes.get("/lineage/{ulid:[0-9A-Za-z]{1,40}}", name="lineage")
async def lineage(request: web.Request) -> web.Response:
    """Show where an experiment of ours came from, and what was made of it."""
    path = f"/experiments/{request.match_info['ulid']}"
    return await _shown(request, await posts.by_path(path, house=request.app[keys.HOUSE]))


@routes.get(COPY + "/lineage", name="lineage-of-copy")
async def lineage_of_copy(request: web.Request) -> web.Response:
    """Show the same of somebody else's experiment."""
    return await _shown(request, await elsewhere(request))


async def _shown(request: web.Request, post: Post | None) -> web.Response:
    if post is None or post.kind != service.KIND or post.visibility not in OPEN:
        raise NotFoundError
    if not await posts.may_see(post, await viewer_of(request)):
        raise NotFoundError
    await service.ask_others(post, house=request.app[keys.HOUSE])
    top = await service.lineage(post)
    found = placed(top)
    return render(
        request, "experiments/lineage.html", post=post, top=top, placed=found,
        hosts=hosts_of(found), stages=STAGES, results=RESULTS,
    )  # fmt: skip
