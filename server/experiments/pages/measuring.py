"""Say what is measured, change it, take it out; draw limits again; hand the numbers over as CSV."""

from datetime import date

from aiohttp import web

from server.actors.pages import viewer_of
from server.errors import NotFoundError, RefusedError
from server.experiments import service
from server.experiments.forms import LimitsForm, MeasureForm
from server.experiments.pages.finding import (
    COPY,
    MEASURE,
    ULID,
    elsewhere,
    experiment_at,
    looked_after,
    looked_at_measure,
)
from server.experiments.pages.numbers import shown_with
from server.experiments.rules.listing import as_csv
from server.experiments.rules.reading import read
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.tables import Post
from server.web import keys, limit, render, see_other, shown_again

routes = web.RouteTableDef()

FORM = "experiments/measure.html"


@routes.get(ULID + "/measures/new", name="measure-something")
async def ask_what(request: web.Request) -> web.Response:
    """Show the form to say what is measured."""
    post, _ = await looked_after(request)
    return render(request, FORM, form=MeasureForm(), post=post, number=0)


@routes.post(ULID + "/measures/new")
async def begin(request: web.Request) -> web.Response:
    """Keep a new measure, and go on to its numbers."""
    post, _ = await looked_after(request)
    return await _kept(request, post, 0)


@routes.get(MEASURE + "/edit", name="change-measure")
async def ask_anew(request: web.Request) -> web.Response:
    """Show what is measured, to be changed."""
    at = await looked_at_measure(request)
    form = MeasureForm.of(at.one.measure)
    return render(request, FORM, form=form, post=at.post, number=at.one.number)


@routes.post(MEASURE + "/edit")
async def change(request: web.Request) -> web.Response:
    """Change what is measured; the numbers stay."""
    at = await looked_at_measure(request)
    return await _kept(request, at.post, at.one.number)


async def _kept(request: web.Request, post: Post, number: int) -> web.Response:
    _, person = await looked_after(request)
    limit(request, "measure", times=60, seconds=600, key=str(person.id))
    form, house = await MeasureForm.read(request), request.app[keys.HOUSE]
    if not form.errors:
        try:
            kept = await service.keep_measure(
                post, form.measure(), number=number, by=person, house=house
            )
        except RefusedError as error:
            form.wrong("name", str(error))
        else:
            return see_other(request, f"{path_of(post)}/measures/{kept}", said="Written down.")
    return shown_again(request, FORM, form, post=post, number=number)


@routes.get(MEASURE + "/delete", name="remove-measure")
async def ask_to_remove(request: web.Request) -> web.Response:
    """Ask whether a measure is to go, with its numbers."""
    at = await looked_at_measure(request)
    return render(request, "experiments/unmeasure.html", post=at.post, one=at.one)


@routes.post(MEASURE + "/delete")
async def remove(request: web.Request) -> web.Response:
    """Take a measure out."""
    at = await looked_at_measure(request)
    house = request.app[keys.HOUSE]
    await service.remove_measure(at.post, at.one.number, by=at.person, house=house)
    return see_other(request, path_of(at.post), said="The measure is taken out.")


@routes.post(MEASURE + "/limits")
async def draw_again(request: web.Request) -> web.Response:
    """Draw limits anew from a day on."""
    at = await looked_at_measure(request)
    form, house = await LimitsForm.read(request), request.app[keys.HOUSE]
    rebase = None if form.errors else form.rebase_on(house.clock.now().date())
    if rebase is not None:
        try:
            await service.draw_again(at.post, at.one.number, rebase, by=at.person, house=house)
        except RefusedError as error:
            form.wrong("again", str(error))
        else:
            return see_other(request, at.path, said="The limits are drawn again from that day.")
    return await shown_with(request, at, limits=form)


@routes.post(MEASURE + r"/limits/{day:\d{4}-\d\d-\d\d}/delete")
async def join_again(request: web.Request) -> web.Response:
    """Have limits no longer drawn anew from a day on."""
    at = await looked_at_measure(request)
    day, house = date.fromisoformat(request.match_info["day"]), request.app[keys.HOUSE]
    await service.join_again(at.post, at.one.number, day, by=at.person, house=house)
    return see_other(request, at.path, said="The limits are one again.")


@routes.get(MEASURE + ".csv")
async def csv(request: web.Request) -> web.Response:
    """Hand over the numbers of a measure of ours."""
    return await _csv(request, await experiment_at(request))


@routes.get(COPY + r"/measures/{number:\d{1,6}}.csv")
async def csv_of_copy(request: web.Request) -> web.Response:
    """Hand over the numbers of a measure of somebody else's."""
    return await _csv(request, await elsewhere(request))


async def _csv(request: web.Request, post: Post) -> web.Response:
    if not await posts.may_see(post, await viewer_of(request)):
        raise NotFoundError
    tried = await service.of_post(post)
    one = tried.measure(int(request.match_info["number"])) if tried else None
    if one is None:
        raise NotFoundError
    name = f"measure-{one.number}.csv"
    return web.Response(
        text=as_csv(read(one.measure)), content_type="text/csv", charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip
