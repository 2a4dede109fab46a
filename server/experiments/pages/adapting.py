"""Adapt an experiment, say how that differs and how it went; what others made of ours."""

from aiohttp import web

from federation import vocab
from federation.errors import FederationError
from server.actors.tables import Actor
from server.errors import NotFoundError, RefusedError
from server.experiments import service
from server.experiments.forms import AdaptForm, ResultForm
from server.experiments.pages.finding import ULID, looked_after, person_of
from server.experiments.rules.adaptation import Adaptation
from server.posts.cards import path_of
from server.posts.pages import open_post
from server.posts.tables import Post
from server.web import (
    activity_response,
    keys,
    limit,
    render,
    require_visitor,
    see_other,
    shown_again,
)

routes = web.RouteTableDef()

FORM = "experiments/adapt.html"
BEGUN = "Here is a draft to make your own. Only you can see it."


@routes.get("/adapt", name="adapt")
async def ask_how(request: web.Request) -> web.Response:
    """Ask what of an experiment is kept and what is changed; `about` is its id."""
    original = await _original(request, request.query.get("about", ""))
    form = AdaptForm.filled(about=original.uri)
    return render(request, FORM, form=form, original=original, post=None)


async def _original(request: web.Request, uri: str) -> Post:
    """Return the experiment that is to be adapted. Raises NotFoundError."""
    viewer = await Actor.get(id=require_visitor(request).actor_id)
    limit(request, "interact", times=60, seconds=600, key=str(viewer.id))
    try:
        return await service.original(uri, viewer, house=request.app[keys.HOUSE])
    except (FederationError, RefusedError) as error:
        raise NotFoundError from error


@routes.post("/adapt")
async def begin(request: web.Request) -> web.Response:
    """Begin a draft with the original's words, and go on to make it one's own."""
    person, form = await person_of(request), await AdaptForm.read(request)
    original = await _original(request, form.about)
    if not form.errors:
        try:
            draft = await service.adapt(
                original, form.adaptation(), by=person, house=request.app[keys.HOUSE]
            )
        except RefusedError as error:
            form.wrong("kept", str(error))
        else:
            return see_other(request, f"/try/{draft.id}/edit", said=BEGUN)
    return shown_again(request, FORM, form, original=original, post=None)


@routes.get(ULID + "/adaptation", name="adaptation")
async def ask_anew(request: web.Request) -> web.Response:
    """Show what is told of how an experiment differs from its original, to be changed."""
    post, how = await _adaptation(request)
    return render(request, FORM, form=ResultForm.of(how), post=post, original=None)


@routes.post(ULID + "/adaptation")
async def tell_how(request: web.Request) -> web.Response:
    """Tell how an experiment differs from its original, and how it goes."""
    post, _ = await _adaptation(request)
    person, form = await person_of(request), await ResultForm.read(request)
    if not form.errors:
        try:
            await service.tell_how(
                post, form.adaptation(), by=person, house=request.app[keys.HOUSE]
            )
        except RefusedError as error:
            form.wrong("kept", str(error))
        else:
            return see_other(request, path_of(post), said="It is told.")
    return shown_again(request, FORM, form, post=post, original=None)


async def _adaptation(request: web.Request) -> tuple[Post, Adaptation]:
    post, _ = await looked_after(request)
    tried = await service.of_post(post)
    if tried is None or tried.adapted_from is None:
        raise NotFoundError
    return post, tried.adapted_from


@routes.get("/experiments/{ulid}/adaptations")
async def adaptations(request: web.Request) -> web.Response:
    """Serve the ids of what others made of an experiment and we acknowledged."""
    post = await open_post(request)
    if post.kind != service.KIND:
        raise NotFoundError
    await post.fetch_related("author")
    ids = tuple(one.post.uri for one in await service.adaptations(post) if one.post.uri)
    found = vocab.Collection(
        id=f"{post.uri}/adaptations", total_items=len(ids), items=ids, type="OrderedCollection"
    )
    return activity_response(request, vocab.dumps(vocab.render(found)))
