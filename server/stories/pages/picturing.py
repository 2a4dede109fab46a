"""The pictures of a story that is published: put in, taken out, described otherwise."""

from aiohttp import web

from server.errors import RefusedError
from server.media import service as media
from server.media.rules import BYTES_LIMIT
from server.people.tables import Person
from server.posts import service as posts
from server.posts.forms import PictureForm
from server.posts.tables import Post
from server.stories import service
from server.stories.forms import AltForm
from server.stories.pages.telling import own_story
from server.web import body_limit, keys, render, require_visitor, see_other
from server.web.forms import Form

routes = web.RouteTableDef()

SAID = "Your change is out."


@routes.get("/stories/{ulid}/pictures", name="story-pictures")
async def pictures(request: web.Request) -> web.Response:
    """Show the pictures of a story, to be changed."""
    return await _shown(request, await own_story(request, "/pictures"), PictureForm())


async def _shown(request: web.Request, post: Post, form: Form) -> web.Response:
    house = request.app[keys.HOUSE]
    return render(
        request, "stories/pictures.html", status=422 if form.errors else 200, post=post,
        form=form if isinstance(form, PictureForm) else PictureForm(),
        wrong=None if isinstance(form, PictureForm) else form,
        pictures=await posts.shown_pictures(post, house=house),
    )  # fmt: skip


@routes.post("/stories/{ulid}/pictures")
@body_limit(BYTES_LIMIT + 64 * 1024)
async def add(request: web.Request) -> web.Response:
    """Put a picture in."""
    post, person = await own_story(request, "/pictures"), await _person(request)
    form, house = await PictureForm.read(request), request.app[keys.HOUSE]
    if not form.errors and form.picture is not None:
        try:
            kept = await media.keep(form.picture.data, owner_id=person.id, house=house)
            await service.add_picture(post, kept, alt=form.alt, by=person, house=house)
        except RefusedError as error:
            form.wrong("picture", str(error))
        else:
            return see_other(request, "story-pictures", SAID, **request.match_info)
    return await _shown(request, post, form)


@routes.post(r"/stories/{ulid}/pictures/{picture_id:\d{1,18}}/remove", name="remove-picture")
async def remove(request: web.Request) -> web.Response:
    """Take a picture out."""
    post, picture_id = await _picture(request, "remove")
    await service.remove_picture(
        post, picture_id, by=await _person(request), house=request.app[keys.HOUSE]
    )
    return see_other(request, "story-pictures", SAID, ulid=request.match_info["ulid"])


@routes.post(r"/stories/{ulid}/pictures/{picture_id:\d{1,18}}/words", name="describe-picture")
async def describe(request: web.Request) -> web.Response:
    """Say otherwise what a picture shows."""
    post, picture_id = await _picture(request, "words")
    form = await AltForm.read(request)
    if form.errors:
        return await _shown(request, post, form)
    await service.describe_picture(
        post, picture_id, alt=form.alt, by=await _person(request), house=request.app[keys.HOUSE]
    )
    return see_other(request, "story-pictures", SAID, ulid=request.match_info["ulid"])


async def _picture(request: web.Request, act: str) -> tuple[Post, int]:
    picture_id = request.match_info["picture_id"]
    return await own_story(request, f"/pictures/{picture_id}/{act}"), int(picture_id)


async def _person(request: web.Request) -> Person:
    return await Person.get(id=require_visitor(request).id)
