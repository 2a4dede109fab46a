"""Go on with an experiment: what happened, where it stands now, a round, its end."""

from aiohttp import web

from server.errors import NotFoundError, RefusedError
from server.experiments import service
from server.experiments.forms import CycleForm, StageForm, StopForm, UpdateForm, rounds
from server.experiments.pages.finding import ULID, looked_after
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.stages import Reason, Stage
from server.experiments.rules.updates import Update
from server.media import service as media
from server.media.rules import BYTES_LIMIT
from server.posts.cards import path_of
from server.posts.tables import Post
from server.web import body_limit, keys, limit, render, see_other, shown_again
from server.web.forms import Form

routes = web.RouteTableDef()

UPDATE = "experiments/update.html"
OUT = "It is out. Those who follow this read it wherever they are."


@routes.get(ULID + "/update", name="tell-more")
async def tell_more(request: web.Request) -> web.Response:
    """Show the form to say what happened."""
    post, _ = await looked_after(request)
    tried = await _tried(post)
    form = UpdateForm(options=rounds(tried.cycles))
    return render(request, UPDATE, form=form, post=post, measures=tried.measures)


async def _tried(post: Post) -> Experiment:
    found = await service.of_post(post)
    if found is None:
        raise NotFoundError
    return found


@routes.post(ULID + "/update")
@body_limit(BYTES_LIMIT + 64 * 1024)
async def record(request: web.Request) -> web.Response:
    """Publish what happened, with a picture."""
    post, person = await looked_after(request)
    limit(request, "update", times=30, seconds=600, key=str(person.id))
    tried = await _tried(post)
    form = await UpdateForm.read(request, options=rounds(tried.cycles))
    if not form.errors and await _is_out(request, post, form, form.update()):
        return see_other(request, path_of(post), said=OUT)
    return shown_again(request, UPDATE, form, post=post, measures=tried.measures)


async def _is_out(request: web.Request, post: Post, form: Form, update: Update) -> bool:
    """Publish an entry; what stands against it is said at the form."""
    _, person = await looked_after(request)
    house, picture, warning = request.app[keys.HOUSE], None, ""
    try:
        if isinstance(form, UpdateForm):
            warning = form.warning
            if form.picture is not None:
                kept = await media.keep(form.picture.data, owner_id=person.id, house=house)
                picture = (kept, form.alt)
        await service.record(post, update, by=person, picture=picture, warning=warning, house=house)
    except RefusedError as error:
        form.wrong("text" if "text" in form.fields else "stage", str(error))
        return False
    return True


@routes.get(ULID + "/stage", name="move-on")
async def move_on(request: web.Request) -> web.Response:
    """Show the form to say where it stands now."""
    post, _ = await looked_after(request)
    return render(request, "experiments/stage.html", form=StageForm(), post=post)


@routes.post(ULID + "/stage")
async def change_stage(request: web.Request) -> web.Response:
    """Change the stage, with a sentence of why."""
    post, _ = await looked_after(request)
    form = await StageForm.read(request)
    if not form.errors:
        update = Update(text=form.why, stage=Stage(form.stage))
        if await _is_out(request, post, form, update):
            return see_other(request, path_of(post), said=OUT)
    return shown_again(request, "experiments/stage.html", form, post=post)


@routes.get(ULID + "/stop", name="stop")
async def ask_to_stop(request: web.Request) -> web.Response:
    """Show the form to say why it ends, and what was learned."""
    post, _ = await looked_after(request)
    return render(request, "experiments/stop.html", form=StopForm(), post=post)


@routes.post(ULID + "/stop")
async def stop(request: web.Request) -> web.Response:
    """End an experiment, with what was learned."""
    post, _ = await looked_after(request)
    form = await StopForm.read(request)
    if not form.errors:
        update = Update(text=form.learned, stage=Stage.STOPPED, reason=Reason(form.reason))
        if await _is_out(request, post, form, update):
            said = "It has ended. Thank you: what you learned comes first on its page."
            return see_other(request, path_of(post), said=said)
    return shown_again(request, "experiments/stop.html", form, post=post)


@routes.get(ULID + r"/rounds/{number:new|\d{1,3}}", name="round")
async def round_form(request: web.Request) -> web.Response:
    """Show the form of a round, a new one or one to be changed."""
    post, _ = await looked_after(request)
    number = _number(request)
    form = await _form_of(post, number)
    return render(request, "experiments/round.html", form=form, post=post, number=number)


async def _form_of(post: Post, number: int) -> CycleForm:
    if number == 0:
        return CycleForm()
    tried = await service.of_post(post)
    for cycle in tried.cycles if tried else ():
        if cycle.number == number:
            return CycleForm.of(cycle)
    raise NotFoundError


def _number(request: web.Request) -> int:
    text = request.match_info["number"]
    return 0 if text == "new" else int(text)


@routes.post(ULID + r"/rounds/{number:new|\d{1,3}}")
async def keep_round(request: web.Request) -> web.Response:
    """Keep a round."""
    post, person = await looked_after(request)
    form, number = await CycleForm.read(request), _number(request)
    if not form.errors:
        try:
            number = await service.keep_cycle(
                post, form.cycle(number), by=person, house=request.app[keys.HOUSE]
            )
        except RefusedError as error:
            form.wrong("question", str(error))
        else:
            said = "The round is written down."
            return see_other(request, f"{path_of(post)}#round-{number}", said=said)
    return shown_again(request, "experiments/round.html", form, post=post, number=number)
