"""Who looks after an experiment: ask somebody, answer, end it."""

from aiohttp import web

from server.errors import NotFoundError, RefusedError
from server.experiments import service
from server.experiments.forms import EditorForm
from server.experiments.pages.finding import ULID, experiment_at, own, person_of
from server.posts.cards import path_of
from server.posts.rules import State
from server.posts.tables import Post
from server.web import keys, limit, render, see_other

routes = web.RouteTableDef()


@routes.get(ULID + "/editors", name="editors")
async def editors(request: web.Request) -> web.Response:
    """Show who looks after an experiment, and who was asked."""
    post, _ = await own(request)
    return await _shown(request, post, EditorForm())


async def _shown(request: web.Request, post: Post, form: EditorForm) -> web.Response:
    return render(
        request, "experiments/editors.html", status=422 if form.errors else 200, post=post,
        form=form, editors=await service.editors(post),
    )  # fmt: skip


@routes.post(ULID + "/editors")
async def ask(request: web.Request) -> web.Response:
    """Ask somebody."""
    post, person = await own(request)
    limit(request, "ask", times=30, seconds=3600, key=str(person.id))
    form = await EditorForm.read(request)
    if not form.errors:
        try:
            await service.ask(post, form.name, by=person, house=request.app[keys.HOUSE])
        except RefusedError as error:
            form.wrong("name", str(error))
        else:
            return see_other(request, f"{path_of(post)}/editors", said="They have been asked.")
    return await _shown(request, post, form)


@routes.post(ULID + r"/editors/{person_id:\d{1,18}}/remove", name="dismiss")
async def dismiss(request: web.Request) -> web.Response:
    """End that somebody looks after it."""
    post, person = await own(request)
    await service.dismiss(post, int(request.match_info["person_id"]), by=person)
    return see_other(request, f"{path_of(post)}/editors", said="They no longer look after it.")


@routes.post(ULID + "/editors/{answer:yes|no}", name="answer-editing")
async def answer(request: web.Request) -> web.Response:
    """Say yes or no to being asked, or leave."""
    person, post = await person_of(request), await experiment_at(request)
    if post.state is not State.PUBLISHED:
        raise NotFoundError
    yes = request.match_info["answer"] == "yes"
    await service.answer(post, yes=yes, by=person, house=request.app[keys.HOUSE])
    said = "You look after it too now." if yes else "You don’t look after it."
    return see_other(request, path_of(post), said=said)
