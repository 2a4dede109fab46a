"""The numbers of a measure: add one, add many, correct one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from aiohttp import web

from server.errors import NotFoundError, RefusedError
from server.experiments import service
from server.experiments.forms import AddForm, LimitsForm, PointForm, TableForm, read_day, rounds
from server.experiments.pages.figures import figure
from server.experiments.pages.finding import MEASURE, Looked, experiment_at, looked_at_measure
from server.experiments.rules.figures import plain
from server.experiments.rules.listing import as_csv
from server.experiments.rules.measures import Frequency, Measure, Point
from server.experiments.rules.reading import read
from server.experiments.rules.sheets import Sheet, read_sheet
from server.posts.cards import path_of
from server.web import body_limit, keys, limit, render, see_other, shown_again, visitor
from server.web.forms import Form

routes = web.RouteTableDef()

NUMBERS = "experiments/numbers.html"
POINT = "experiments/point.html"
DAY = MEASURE + r"/{day:\d{4}-\d\d-\d\d}"
UPLOAD = 1024 * 1024
"""Bytes of a file with numbers."""


@routes.get(MEASURE, name="numbers")
async def numbers(request: web.Request) -> web.Response:
    """Show a measure to those who look after it: its chart, its numbers, the forms for more. Others
    are led to where they read it.
    """
    post, somebody = await experiment_at(request), visitor(request)
    if somebody is None or not await service.is_editor(post, somebody.id):
        return see_other(request, f"{path_of(post)}#measure-{request.match_info['number']}")
    return await shown_with(request, await looked_at_measure(request))


async def shown_with(
    request: web.Request, at: Looked, *, add: AddForm | None = None,
    table: TableForm | None = None, limits: LimitsForm | None = None,
) -> web.Response:  # fmt: skip
    """Show a measure, with one of its forms as it was sent."""
    sent: Form | None = add or table or limits
    context: dict[str, Any] = {
        "post": at.post, "one": at.one,
        "figure": await figure(at.post, at.one, at.tried.cycles, ()),
        "add": add or AddForm(), "table": table or TableForm(), "limits": limits or LimitsForm(),
    }  # fmt: skip
    if sent is None:
        return render(request, NUMBERS, form=None, **context)
    return shown_again(request, NUMBERS, sent, **context)


@routes.post(MEASURE + "/number")
async def add_one(request: web.Request) -> web.Response:
    """Add one number, with or without words for the log."""
    at = await _adding(request)
    form, today = await AddForm.read(request), _today(request)
    form.read_numbers(today)
    if not form.errors:
        brought = service.Brought([form.point_on(today)], text=form.text)
        if await _is_in(request, at, brought, form, "value"):
            return _done(request, at, brought)
    return await shown_with(request, at, add=form)


@routes.post(MEASURE + "/table")
@body_limit(UPLOAD)
async def add_many(request: web.Request) -> web.Response:
    """Add many numbers. Where they could have been read otherwise, or would take the place of
    others, it is shown first how they are read.
    """
    at = await _adding(request)
    form, today = await TableForm.read(request), _today(request)
    sheet = None if form.errors else _sheet(form, at.one.measure, today)
    if sheet is None:
        return await shown_with(request, at, table=form)
    there = [point for point in sheet.points if at.one.measure.at(point.at)]
    if not form.sure and (sheet.doubts or sheet.problems or there):
        return _shown_back(request, at, form, sheet, there)
    brought = service.Brought(sheet.points, text=form.words, instead=bool(form.sure))
    if await _is_in(request, at, brought, form, "table"):
        return _done(request, at, brought)
    return await shown_with(request, at, table=form)


def _sheet(form: TableForm, measure: Measure, today: date) -> Sheet | None:
    since = read_day(form.since, today) if form.since else None
    if form.since and since is None:
        form.wrong("since", "Write a date like 2 October 2026")
        return None
    try:
        sheet = read_sheet(
            form.pasted, today=today, since=since.at if since else None,
            frequency=measure.frequency or Frequency.WEEKLY,
        )  # fmt: skip
    except RefusedError as error:
        form.wrong("table", str(error))
        return None
    if not sheet.points:
        form.wrong("table", " ".join([*sheet.doubts, *(one.words for one in sheet.problems)]))
        return None
    return sheet


def _shown_back(
    request: web.Request, at: Looked, form: TableForm, sheet: Sheet, there: Sequence[Point]
) -> web.Response:
    """Show how a table is read, to be sent once more as it was read: then nothing is in doubt."""
    csv = as_csv(read(Measure(name="-", points=tuple(sheet.points))))
    again = TableForm.filled(table=csv, words=form.words, sure="yes")
    return render(
        request, "experiments/table.html", form=again, post=at.post, one=at.one, sheet=sheet,
        there={point.at for point in there}, plain=plain,
    )  # fmt: skip


@routes.get(DAY, name="number")
async def number(request: web.Request) -> web.Response:
    """Show one number, to be corrected or left out."""
    at = await looked_at_measure(request)
    point = _point(request, at)
    form = PointForm.of(point, at.tried.cycles)
    return render(request, POINT, form=form, post=at.post, one=at.one, day=point.at)


def _point(request: web.Request, at: Looked) -> Point:
    try:
        found = at.one.measure.at(date.fromisoformat(request.match_info["day"]))
    except ValueError:
        found = None
    if found is None:
        raise NotFoundError
    return found


@routes.post(DAY)
async def correct(request: web.Request) -> web.Response:
    """Correct one number, or leave it out with a reason."""
    at = await _adding(request)
    before, today = _point(request, at), _today(request)
    form = await PointForm.read(request, options=rounds(at.tried.cycles))
    form.read_numbers(today)
    if not form.errors:
        try:
            await service.change_point(
                at.post, at.one.number, before.at, form.corrected(today), by=at.person,
                house=request.app[keys.HOUSE],
            )  # fmt: skip
        except RefusedError as error:
            form.wrong("value", str(error))
        else:
            return see_other(request, at.path, said="The number is corrected.")
    return shown_again(request, POINT, form, post=at.post, one=at.one, day=before.at)


@routes.post(DAY + "/delete")
async def take_away(request: web.Request) -> web.Response:
    """Take one number away."""
    at = await looked_at_measure(request)
    day, house = _point(request, at).at, request.app[keys.HOUSE]
    await service.change_point(at.post, at.one.number, day, None, by=at.person, house=house)
    return see_other(request, at.path, said="The number is taken away.")


async def _adding(request: web.Request) -> Looked:
    at = await looked_at_measure(request)
    limit(request, "numbers", times=120, seconds=600, key=str(at.person.id))
    return at


def _today(request: web.Request) -> date:
    return request.app[keys.HOUSE].clock.now().date()


async def _is_in(
    request: web.Request, at: Looked, brought: service.Brought, form: Form, field: str
) -> bool:
    """Take numbers in; what stands against it is said at the form."""
    house = request.app[keys.HOUSE]
    try:
        await service.add_points(at.post, at.one.number, brought, by=at.person, house=house)
    except RefusedError as error:
        form.wrong(field, str(error))
        return False
    return True


def _done(request: web.Request, at: Looked, brought: service.Brought) -> web.Response:
    many = len(brought.points)
    said = "The number is in." if many == 1 else f"{many} numbers are in."
    if brought.text.strip():
        said += " Those who follow this read it with the chart."
    return see_other(request, at.path, said=said)
