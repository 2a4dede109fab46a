"""What the stewards are asked to look at."""

from aiohttp import web

from server import db
from server.people import service as people
from server.safety import service
from server.safety.forms import DecideForm, LetInForm
from server.safety.rules import PAGE, ReportState
from server.web import cursor, keys, page, render, require_steward, see_other, streamed

routes = web.RouteTableDef()

MEDIA_TYPES = {service.Format.CSV: "text/csv", service.Format.JSON: "application/json"}


@routes.get("/stewards/reports", name="reports")
async def reports(request: web.Request) -> web.Response:
    """List the reports that wait, or with `?state=done` those that something was decided about."""
    require_steward(request)
    done = request.query.get("state") == ReportState.DONE
    state, at = ReportState.DONE if done else ReportState.OPEN, cursor(request)
    rows = await service.reports(state, span=db.Span.read(at.before, at.after))
    return render(
        request, "safety/reports.html", done=done,
        rows=page(rows, at, size=PAGE, mark=lambda row: str(row.id)),
    )  # fmt: skip


@routes.get("/stewards/reports/export.{form:csv|json}", name="export-reports")
async def export(request: web.Request) -> web.StreamResponse:
    """Send all reports with what was decided, to be kept elsewhere; bit by bit, however many."""
    require_steward(request)
    form = service.Format(request.match_info["form"])
    return await streamed(
        request, service.exported(form), media_type=MEDIA_TYPES[form], filename=f"reports.{form}"
    )


@routes.get(r"/stewards/reports/{report_id:\d{1,18}}", name="report")
async def report(request: web.Request) -> web.Response:
    """Show one report with all that belongs to it."""
    require_steward(request)
    return await _shown(request, DecideForm())


async def _shown(request: web.Request, form: DecideForm) -> web.Response:
    row, about = await service.report_of(_id(request))
    by = await people.by_id(row.decided_by_id) if row.decided_by_id else None
    return render(
        request, "safety/report_of.html", status=422 if form.errors else 200, form=form,
        report=row, posts=about, decided_by=by,
    )  # fmt: skip


def _id(request: web.Request) -> int:
    return int(request.match_info["report_id"])


@routes.post(r"/stewards/reports/{report_id:\d{1,18}}")
async def decide(request: web.Request) -> web.Response:
    """Note what was decided."""
    steward = await people.by_id(require_steward(request).id)
    form = await DecideForm.read(request)
    if form.errors:
        return await _shown(request, form)
    await service.decide(
        _id(request), decision=form.decision, by=steward, house=request.app[keys.HOUSE]
    )
    return see_other(request, "reports", "What you decided is kept with the report.")


@routes.post(r"/stewards/reports/{report_id:\d{1,18}}/reopen", name="reopen-report")
async def reopen(request: web.Request) -> web.Response:
    """Have a report wait again."""
    require_steward(request)
    await LetInForm.read(request)
    row = await service.reopen(_id(request))
    return see_other(request, "report", "The report waits again.", report_id=row.id)


@routes.post(r"/stewards/reports/{report_id:\d{1,18}}/pass-on", name="forward-report")
async def pass_on(request: web.Request) -> web.Response:
    """Tell the server that it comes from."""
    require_steward(request)
    await LetInForm.read(request)
    row = await service.pass_on(_id(request), house=request.app[keys.HOUSE])
    return see_other(request, "report", "Their server is being told.", report_id=row.id)
