"""Ask the stewards to look at something."""

from aiohttp import web

from server.actors.tables import Actor
from server.errors import NotFoundError
from server.posts import service as posts
from server.posts.tables import Post
from server.safety import service
from server.safety.forms import ReportForm
from server.web import keys, limit, render, require_visitor, see_other

routes = web.RouteTableDef()

SAID = "Thank you. Those who look after this hub will look at it."


@routes.get(r"/report/posts/{post_id:\d{1,18}}", name="report-post")
async def report_post(request: web.Request) -> web.Response:
    """Ask what is wrong with a post."""
    _, post = await _post(request)
    return _asked(request, ReportForm(), post.author, post)


@routes.post(r"/report/posts/{post_id:\d{1,18}}")
async def send_post(request: web.Request) -> web.Response:
    """Report a post."""
    me, post = await _post(request)
    return await _send(request, me, post.author, post)


@routes.get(r"/report/actors/{actor_id:\d{1,18}}", name="report-actor")
async def report_actor(request: web.Request) -> web.Response:
    """Ask what is wrong with what somebody does."""
    _, subject = await _actor(request)
    return _asked(request, ReportForm(), subject, None)


@routes.post(r"/report/actors/{actor_id:\d{1,18}}")
async def send_actor(request: web.Request) -> web.Response:
    """Report somebody."""
    me, subject = await _actor(request)
    return await _send(request, me, subject, None)


def _asked(
    request: web.Request, form: ReportForm, subject: Actor, post: Post | None
) -> web.Response:
    status = 422 if form.errors else 200
    return render(
        request, "safety/report.html", status=status, form=form, subject=subject, post=post
    )


async def _send(request: web.Request, me: Actor, subject: Actor, post: Post | None) -> web.Response:
    limit(request, "report", times=20, seconds=3600, key=str(me.id))
    form = await ReportForm.read(request)
    if form.errors:
        return _asked(request, form, subject, post)
    await service.report(
        subject, by=me, posts=[post] if post else [], reason=form.reason, pass_on=form.pass_on,
        house=request.app[keys.HOUSE],
    )  # fmt: skip
    return see_other(request, "home", SAID)


async def _post(request: web.Request) -> tuple[Actor, Post]:
    """Return the visitor's actor and the post, which they may read. Raises NotFoundError."""
    me = await Actor.get(id=require_visitor(request).actor_id)
    post = await posts.by_id(int(request.match_info["post_id"]))
    if post is None or post.author_id == me.id or not await posts.may_see(post, me):
        raise NotFoundError
    return me, post


async def _actor(request: web.Request) -> tuple[Actor, Actor]:
    me = await Actor.get(id=require_visitor(request).actor_id)
    subject = await Actor.get_or_none(id=int(request.match_info["actor_id"]), gone=False)
    if subject is None or subject.id == me.id:
        raise NotFoundError
    return me, subject
