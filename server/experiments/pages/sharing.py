"""Share an experiment, change its words, take it back."""

from dataclasses import replace
from typing import Any

from aiohttp import web

from federation.errors import FederationError
from server.actors.tables import Actor
from server.errors import NotFoundError, RefusedError
from server.experiments import service
from server.experiments.forms import ReviseForm, TryForm, filled, of_draft
from server.experiments.pages.finding import ULID, looked_after, own, person_of
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.stages import Stage
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.forms import LATER
from server.posts.rules import State, Visibility
from server.posts.tables import Post
from server.web import keys, limit, render, require_visitor, see_other, shown_again

routes = web.RouteTableDef()

TRY = "experiments/try.html"
KEPT = "Kept. Only you can see it."
NOT_FOUND = "We can’t find the story that this is about. You can share it without."
DRAFT = r"/try/{draft_id:\d{1,18}}"


@routes.get("/try", name="share")
async def begin(request: web.Request) -> web.Response:
    """Show the form to share an experiment; `about` is the id of a story that it goes back to."""
    require_visitor(request)
    about = await _about(request, request.query.get("about", ""))
    values: dict[str, Any] = {"visibility": Visibility.PUBLIC, "stage": Stage.IDEA}
    if about is not None:
        tags = await posts.tags(about)
        values |= {"about": about.uri, "topics": ", ".join(tag.shown for tag in tags)}
    form = TryForm.filled(**values)
    if about is None and request.query.get("about"):
        form.errors["about"] = NOT_FOUND
    return render(request, TRY, form=form, draft=None, **await _around(request, about))


async def _around(request: web.Request, about: Post | None) -> dict[str, Any]:
    """Return what else the form shows: the story that it is about, and what the visitor tries
    already, which could be about it too.
    """
    person = require_visitor(request)
    return {"about": about, "trying": about and await service.looked_after_by(person.id)}


async def _about(request: web.Request, uri: str) -> Post | None:
    """Return the story that an experiment is to go back to, None where it can't be found."""
    if not uri:
        return None
    viewer = await Actor.get(id=require_visitor(request).actor_id)
    limit(request, "interact", times=60, seconds=600, key=str(viewer.id))
    try:
        return await service.origin(uri, viewer, house=request.app[keys.HOUSE])
    except (FederationError, RefusedError):
        return None


@routes.post("/try")
async def keep(request: web.Request) -> web.Response:
    """Keep what was written as a draft, and show it as others will see it."""
    person = await person_of(request)
    form = await TryForm.read(request)
    about = await _about(request, form.about)
    if form.errors:
        return shown_again(request, TRY, form, draft=None, **await _around(request, about))
    post = await service.draft(
        person, _tried(form, about), visibility=Visibility(form.visibility or Visibility.PUBLIC),
        house=request.app[keys.HOUSE],
    )  # fmt: skip
    return _kept(request, form, post)


def _tried(form: TryForm, about: Post | None) -> Experiment:
    return replace(
        form.experiment(),
        stage=Stage(form.stage) if form.stage else Stage.IDEA,
        inspired_by=(about.uri,) if about is not None and about.uri else (),
    )


def _kept(request: web.Request, form: TryForm, post: Post) -> web.Response:
    if form.do == LATER:
        return see_other(request, "drafts", said=KEPT)
    return see_other(request, "tried", draft_id=post.id)


@routes.post(ULID + "/began-with")
async def go_back_to(request: web.Request) -> web.Response:
    """Say that an experiment is about a story too, whose id is `about`."""
    post, person = await looked_after(request)
    about = await _about(request, request.query.get("about", ""))
    if about is None:
        raise NotFoundError
    await service.go_back_to(post, about, by=person, house=request.app[keys.HOUSE])
    return see_other(request, path_of(about), said="It is told with this story now, on both pages.")


@routes.get(DRAFT, name="tried")
async def preview(request: web.Request) -> web.Response:
    """Show a draft as others will see it."""
    post, house = await _draft(request), request.app[keys.HOUSE]
    experiment = await service.of_post(post)
    if experiment is None:
        raise NotFoundError
    viewer = await Actor.get(id=require_visitor(request).actor_id)
    return render(
        request, "experiments/draft.html", post=post,
        preview=await service.preview(post, house=house),
        origins=await service.origins(experiment.inspired_by, viewer),
    )  # fmt: skip


@routes.get(DRAFT + "/edit", name="go-on-trying")
async def edit_draft(request: web.Request) -> web.Response:
    """Show a draft's form."""
    post = await _draft(request)
    form = await _form(post)
    about = await _about(request, form.about)
    return render(request, TRY, form=form, draft=post, about=about)


async def _form(post: Post) -> TryForm:
    experiment = await service.of_post(post)
    if experiment is None:
        raise NotFoundError
    return of_draft(experiment, visibility=post.visibility)


@routes.post(DRAFT + "/edit")
async def change_draft(request: web.Request) -> web.Response:
    """Keep what was changed in a draft."""
    post, person = await _draft(request), await person_of(request)
    form = await TryForm.read(request)
    about = await _about(request, form.about)
    if form.errors:
        return shown_again(request, TRY, form, draft=post, about=about)
    visibility = Visibility(form.visibility or Visibility.PUBLIC)
    await service.change_draft(post, _tried(form, about), visibility=visibility, by=person)
    return _kept(request, form, post)


@routes.post(DRAFT + "/publish", name="publish-experiment")
async def publish(request: web.Request) -> web.Response:
    """Publish a draft; one that was kept unready goes back to its form."""
    draft = await _draft(request)
    form = await _form(draft)
    form.take_again()
    if form.errors:
        about = await _about(request, form.about)
        return shown_again(request, TRY, form, draft=draft, about=about)
    person, house = await person_of(request), request.app[keys.HOUSE]
    post = await service.publish(draft, by=person, house=house)
    return see_other(request, path_of(post), said="It is out. Thank you for sharing it.")


@routes.post(DRAFT + "/discard", name="discard-experiment")
async def discard(request: web.Request) -> web.Response:
    """Throw a draft away."""
    await service.withdraw(
        await _draft(request), by=await person_of(request), house=request.app[keys.HOUSE]
    )
    return see_other(request, "drafts", said="The draft is gone.")


@routes.get(ULID + "/edit", name="edit-experiment")
async def edit(request: web.Request) -> web.Response:
    """Show the form to change a published experiment."""
    post, _ = await looked_after(request)
    experiment = await service.of_post(post)
    if experiment is None:
        raise NotFoundError
    form = ReviseForm.filled(**filled(experiment))
    return render(request, "experiments/edit.html", form=form, post=post)


@routes.post(ULID + "/edit")
async def revise(request: web.Request) -> web.Response:
    """Publish a change; other hubs hear of it."""
    post, person = await looked_after(request)
    form = await ReviseForm.read(request)
    if form.errors:
        return shown_again(request, "experiments/edit.html", form, post=post)
    house = request.app[keys.HOUSE]
    await service.revise(post, form.experiment(), by=person, why=form.why, house=house)
    return see_other(request, path_of(post), said="Your change is out.")


@routes.get(ULID + "/delete", name="delete-experiment")
async def ask_to_delete(request: web.Request) -> web.Response:
    """Ask once more before an experiment is taken back."""
    post, _ = await own(request, or_steward=True)
    return render(request, "posts/delete.html", post=post)


@routes.post(ULID + "/delete")
async def delete(request: web.Request) -> web.Response:
    """Take an experiment back with its log, here and wherever it was sent."""
    post, person = await own(request, or_steward=True)
    await service.withdraw(post, by=person, house=request.app[keys.HOUSE])
    return see_other(
        request, f"{path_of(post)}/delivery",
        said="The experiment is taken back. Other hubs that have a copy are being told now.",
    )  # fmt: skip


async def _draft(request: web.Request) -> Post:
    """Return the visitor's own draft; anybody else's is not there (case 30)."""
    person = require_visitor(request)
    post = await posts.by_id(int(request.match_info["draft_id"]))
    if post is None or post.kind != service.KIND or post.written_by_id != person.id:
        raise NotFoundError
    if post.state is not State.DRAFT:
        raise NotFoundError
    return post
