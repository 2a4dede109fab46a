"""Read experiments: the list, one, its log, its history; and what other servers and feed readers
get.
"""

from functools import cache, partial
from typing import Any

from aiohttp import web
from markupsafe import Markup

from server.actors.pages import viewer_of
from server.actors.tables import Actor
from server.errors import NotFoundError
from server.experiments import service
from server.experiments.pages.figures import figures
from server.experiments.pages.finding import ULID, experiment_at
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.stages import Stage
from server.experiments.rules.words import ACTS, MEANINGS, REASONS, RESULTS, STAGES
from server.experiments.versions import of_experiment
from server.posts import markup
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.feeding import feed_of
from server.posts.pages import note_response
from server.posts.rules import State
from server.posts.tables import Post, Revision
from server.posts.versions import of_latest
from server.responses import showing
from server.responses.cards import cards_of
from server.responses.forms import ResponseForm
from server.web import (
    cursor,
    keys,
    page,
    render,
    shown,
    visitor,
    wants_activity,
)

routes = web.RouteTableDef()

EXPERIMENT = "experiments/experiment.html"
WORDS: dict[str, Any] = {
    "stages": STAGES, "meanings": MEANINGS, "reasons": REASONS, "acts": ACTS,
    "results": RESULTS,
}  # fmt: skip


@routes.get("/experiments", name="experiments")
async def experiments(request: web.Request) -> web.Response:
    """List the hub's public experiments, newest first, all of them or by stage or topic."""
    at_top = not (request.query or visitor(request))
    version = await of_latest(service.KIND, posts.PAGE + 1) if at_top else None
    return await shown(request, version, partial(_list, request))


async def _list(request: web.Request) -> web.Response:
    at = cursor(request, posts.MARK)
    asked = request.query.get("stage", "")
    stage, topic = asked if asked in set(Stage) else "", request.query.get("topic", "")[:100]
    measured = "yes" if request.query.get("measured") else ""
    rows = await service.latest(
        stage=stage, topic=topic.strip().removeprefix("#").replace(" ", ""),
        measured=bool(measured),
        stretch=posts.Stretch.between(at.before, at.after), viewer=await viewer_of(request),
    )  # fmt: skip
    slice_ = page(rows, at, size=posts.PAGE, mark=posts.mark_of)
    return render(
        request, "experiments/list.html", slice=slice_, cards=await cards_of(slice_.items),
        stages=[(str(one), STAGES[one]) for one in Stage], stage=stage, topic=topic,
        measured=measured, asked={
            name: value
            for name, value in (("stage", stage), ("topic", topic), ("measured", measured))
            if value
        },
        alternates=[_feed_link(request, "/experiments.atom", "Experiments")],
    )  # fmt: skip


@routes.get("/experiments.atom")
async def feed(request: web.Request) -> web.Response:
    """Serve the newest experiments as a feed."""
    found = (await service.latest())[: posts.PAGE]
    title = f"Experiments – {request.app[keys.FACE].name}"
    return feed_of(request, title, "/experiments", found)


@routes.get(ULID + ".atom")
async def log_feed(request: web.Request) -> web.Response:
    """Serve an experiment's log as a feed, the experiment itself at its end."""
    post = await experiment_at(request)
    if not await posts.may_see(post, None):
        raise NotFoundError
    house = request.app[keys.HOUSE]
    found = [one.post for one in await service.log(post, limit=posts.PAGE, house=house)]
    for one in (*found, post):
        await one.fetch_related("tags")
    return feed_of(request, post.title, path_of(post), [*found, post])


def _feed_link(request: web.Request, path: str, title: str) -> tuple[str, str, str]:
    return "application/atom+xml", title, request.app[keys.HOUSE].uri(path)


@routes.get(ULID, name="experiment")
async def experiment(request: web.Request) -> web.Response:
    """Show one experiment; to other servers, the Note in its exact bytes."""
    if wants_activity(request):
        return await note_response(request, kind=service.KIND)

    async def read() -> web.Response:
        return await show_experiment(request, await experiment_at(request), ResponseForm())

    return await showing.held(
        request, EXPERIMENT, read=read, context=partial(_everybodys, request),
        more=await of_experiment(request.app[keys.HOUSE].uri(request.path)),
        alone=await _is_asked(request),
    )  # fmt: skip


async def _is_asked(request: web.Request) -> bool:
    somebody = visitor(request)
    if somebody is None:
        return False
    post = await posts.by_path(request.path, house=request.app[keys.HOUSE])
    return post is not None and await service.asked(post, somebody.id) is not None


async def show_experiment(request: web.Request, post: Post, form: ResponseForm) -> web.Response:
    """Show an experiment, ours or our copy of somebody else's, with `form` below it."""

    async def context(post: Post, viewer: Actor | None) -> dict[str, Any]:
        somebody = visitor(request)
        is_editor = somebody is not None and await service.is_editor(post, somebody.id)
        row = await service.asked(post, somebody.id) if somebody else None
        return await _shown(request, post, viewer) | {"looks_after": is_editor, "asked": row}

    return await showing.show(request, EXPERIMENT, post, form, context=context)


async def _everybodys(request: web.Request, post: Post, viewer: Actor | None) -> dict[str, Any]:
    """Return what an experiment's page shows to whoever has nothing of their own on it."""
    own = showing.STRANGERS | {"looks_after": False, "asked": None}
    return own | await _shown(request, post, viewer)


async def _shown(request: web.Request, post: Post, viewer: Actor | None) -> dict[str, Any]:
    tried, house = await service.of_post(post), request.app[keys.HOUSE]
    if tried is None:
        raise NotFoundError
    found = await service.log(post, limit=service.LOG + 1, house=house)
    common = await showing.of_everybody(request, post, viewer)
    if post.local:
        common["alternates"] = [
            *common["alternates"], _feed_link(request, f"{path_of(post)}.atom", post.title)
        ]  # fmt: skip
    return (
        WORDS
        | common
        | {
            "tried": tried,
            "said_in": await _words(request, post),
            "origins": await service.origins(tried.inspired_by, viewer),
            "log": found[: service.LOG],
            "more_log": len(found) > service.LOG,
            "editors": [one for one in await service.editors(post) if one.accepted_at],
            "missing": _missing(tried),
            "channel": service.channel_of(post),
            "figures": await figures(post, tried, found),
            "lineage_path": (
                path_of(post).replace("/experiments/", "/lineage/")
                if post.local
                else f"{path_of(post)}/lineage"
            ),
            "made_of_it": await service.adaptations(post, viewer),
        }
        | await _original(post, tried, viewer)
    )


async def _original(post: Post, tried: Experiment, viewer: Actor | None) -> dict[str, Any]:
    """Return what a page tells of the experiment that this one adapts."""
    how = tried.adapted_from
    if how is None:
        return {"original": None, "snapshot": "", "acknowledged": False}
    known = await posts.by_uri(how.original)
    read = (
        known is not None and known.state is State.PUBLISHED and await posts.may_see(known, viewer)
    )
    row = await service.adaptation_row(post)
    return {
        "original": known if read else None, "snapshot": row.snapshot if row and not read else "",
        "acknowledged": await service.is_acknowledged(post),
    }  # fmt: skip


async def _words(request: web.Request, post: Post) -> Any:
    """Return what makes a text of an experiment HTML, as its Note has it."""
    mentioned = await posts.mentioned_already(post) if post.local else {}
    topics = request.app[keys.HOUSE].uri("/topics/")

    @cache
    def words(text: str) -> Markup:
        return Markup(markup.to_html(text, topics=topics, mentioned=mentioned))  # noqa: S704

    return words


INVITED = (
    ("aim", "What should change, by how much, and by when?"),
    ("who", "Who is trying it?"),
    ("lived_experience", "How have people who use the service shaped it?"),
    ("help_wanted", "Could you use help with something?"),
)
"""What may be said later, and how its page asks for it."""


def _missing(tried: Experiment) -> list[tuple[str, str]]:
    """Return two things at most that are not said yet, to those who look after it."""
    open_ = [(name, words) for name, words in INVITED if not getattr(tried, name)]
    return open_[:2] if tried.stage is not Stage.STOPPED else []


@routes.get(ULID + "/log", name="log")
async def log(request: web.Request) -> web.Response:
    """Show the whole log of an experiment."""
    post = await _seen(request)
    found = await service.log(post, house=request.app[keys.HOUSE])
    somebody = visitor(request)
    return render(
        request, "experiments/log.html", post=post, log=found,
        looks_after=somebody is not None and await service.is_editor(post, somebody.id), **WORDS,
    )  # fmt: skip


@routes.get(ULID + "/history", name="experiment-history")
async def history(request: web.Request) -> web.Response:
    """Show how an experiment read before each edit."""
    post = await _seen(request)
    revisions = await Revision.filter(post_id=post.id).order_by("-version").limit(100)
    return render(request, "posts/history.html", post=post, revisions=revisions)


async def _seen(request: web.Request) -> Post:
    post = await experiment_at(request)
    if not await posts.may_see(post, await viewer_of(request)):
        raise NotFoundError
    return post
