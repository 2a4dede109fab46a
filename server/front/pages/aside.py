"""What was set aside, for stewards: work that failed again and again, to be done anew."""

from aiohttp import web

from server import db, jobs
from server.inbox import aside
from server.web import cursor, keys, page, render, require_steward, see_other

routes = web.RouteTableDef()


@routes.get("/stewards/aside", name="aside")
async def listed(request: web.Request) -> web.Response:
    """List what was set aside, with the reason."""
    require_steward(request)
    at = cursor(request)
    rows = await aside.listed(db.Span.read(at.before, at.after))
    found = page(rows, at, size=jobs.PAGE, mark=lambda row: str(row.job.id))
    return render(request, "front/aside.html", slice=found)


@routes.post(r"/stewards/aside/{job_id:\d{1,18}}/replay", name="replay_aside")
async def replay(request: web.Request) -> web.Response:
    """Do again what was set aside."""
    require_steward(request)
    await jobs.replay(int(request.match_info["job_id"]), house=request.app[keys.HOUSE])
    return see_other(request, "aside", said="It is being done again.")
