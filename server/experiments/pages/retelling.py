"""Make an experiment of an answer."""

from aiohttp import web

from server.errors import NotFoundError
from server.experiments import service
from server.experiments.pages.finding import person_of
from server.posts import service as posts
from server.web import keys, limit, see_other

routes = web.RouteTableDef()


@routes.post(r"/posts/{post_id:\d{1,18}}/retell", name="retell")
async def retell(request: web.Request) -> web.Response:
    """Begin a draft with what an answer says, and go on to make it whole."""
    person, reply = await person_of(request), await posts.by_id(int(request.match_info["post_id"]))
    if reply is None:
        raise NotFoundError
    limit(request, "retell", times=20, seconds=3600, key=str(person.id))
    draft = await service.retell(reply, by=person, house=request.app[keys.HOUSE])
    said = "Here is a draft with those words. Only you can see it."
    return see_other(request, f"/try/{draft.id}/edit", said=said)
