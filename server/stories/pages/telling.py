"""Tell a story, change it, take it back."""

from aiohttp import web

from server.errors import NotFoundError, RefusedError
from server.media import service as media
from server.media.rules import BYTES_LIMIT
from server.people.tables import Person
from server.posts import kinds
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.forms import LATER, PictureForm
from server.posts.rules import State, Visibility
from server.posts.tables import Post
from server.stories import service
from server.stories.forms import ReviseForm, StoryForm
from server.web import body_limit, keys, render, require_visitor, see_other, shown_again

routes = web.RouteTableDef()

KEPT = "Kept. Only you can see it."


@routes.get("/tell", name="tell")
async def tell(request: web.Request) -> web.Response:
    """Show the form to tell a story."""
    require_visitor(request)
    return render(
        request,
        "stories/tell.html",
        form=StoryForm.filled(visibility=Visibility.PUBLIC),
        draft=None,
    )


@routes.post("/tell")
async def keep(request: web.Request) -> web.Response:
    """Keep what was written as a draft, and show it as others will see it."""
    person = await _person(request)
    form = await StoryForm.read(request)
    if form.errors:
        return shown_again(request, "stories/tell.html", form, draft=None)
    post = await service.draft(
        person, form.story(), visibility=Visibility(form.visibility or Visibility.PUBLIC),
        house=request.app[keys.HOUSE],
    )  # fmt: skip
    if form.do == LATER:
        return see_other(request, "drafts", said=KEPT)
    return see_other(request, "draft", draft_id=post.id)


@routes.get("/drafts", name="drafts")
async def drafts(request: web.Request) -> web.Response:
    """List what the visitor has not published yet."""
    person = await _person(request)
    return render(request, "stories/drafts.html", drafts=await posts.drafts(person), kinds=kinds)


@routes.get(r"/drafts/{draft_id:\d{1,18}}", name="draft")
async def draft(request: web.Request) -> web.Response:
    """Show a draft as others will see it."""
    return await _preview(request, await _draft(request), PictureForm())


async def _preview(request: web.Request, post: Post, form: PictureForm) -> web.Response:
    house = request.app[keys.HOUSE]
    return render(
        request, "stories/draft.html", status=422 if form.errors else 200, post=post, form=form,
        preview=await service.preview(post, house=house),
        pictures=await posts.shown_pictures(post, house=house),
    )  # fmt: skip


@routes.get(r"/drafts/{draft_id:\d{1,18}}/edit", name="edit-draft")
async def edit_draft(request: web.Request) -> web.Response:
    """Show a draft's form."""
    post = await _draft(request)
    return render(request, "stories/tell.html", form=await _form(post), draft=post)


async def _form(post: Post) -> StoryForm:
    story = await service.of_post(post)
    if story is None:
        raise NotFoundError
    return StoryForm.of(story, visibility=post.visibility)


@routes.post(r"/drafts/{draft_id:\d{1,18}}/edit")
async def change_draft(request: web.Request) -> web.Response:
    """Keep what was changed in a draft."""
    post, person = await _draft(request), await _person(request)
    form = await StoryForm.read(request)
    if form.errors:
        return shown_again(request, "stories/tell.html", form, draft=post)
    visibility = Visibility(form.visibility or Visibility.PUBLIC)
    await service.change_draft(post, form.story(), visibility=visibility, by=person)
    if form.do == LATER:
        return see_other(request, "drafts", said=KEPT)
    return see_other(request, "draft", draft_id=post.id)


@routes.post(r"/drafts/{draft_id:\d{1,18}}/pictures", name="add-picture")
@body_limit(BYTES_LIMIT + 64 * 1024)
async def add_picture(request: web.Request) -> web.Response:
    """Add a picture, with its words, to a draft."""
    post, person = await _draft(request), await _person(request)
    form = await PictureForm.read(request)
    if not form.errors and form.picture is not None:
        try:
            kept = await media.keep(
                form.picture.data, owner_id=person.id, house=request.app[keys.HOUSE]
            )
            await posts.attach(post, kept, alt=form.alt)
        except RefusedError as error:
            form.wrong("picture", str(error))
        else:
            return see_other(request, "draft", said="The picture is in.", draft_id=post.id)
    return await _preview(request, post, form)


@routes.post(r"/drafts/{draft_id:\d{1,18}}/pictures/{picture_id:\d{1,18}}/remove")
async def remove_picture(request: web.Request) -> web.Response:
    """Take a picture out of a draft."""
    post = await _draft(request)
    await posts.detach(post, int(request.match_info["picture_id"]), house=request.app[keys.HOUSE])
    return see_other(request, "draft", said="The picture is out.", draft_id=post.id)


@routes.post(r"/drafts/{draft_id:\d{1,18}}/publish", name="publish")
async def publish(request: web.Request) -> web.Response:
    """Publish a draft; one that was kept unready goes back to its form."""
    draft = await _draft(request)
    form = await _form(draft)
    form.take_again()
    if form.errors:
        return shown_again(request, "stories/tell.html", form, draft=draft)
    person, house = await _person(request), request.app[keys.HOUSE]
    post = await service.publish(draft, by=person, house=house)
    path = (post.uri or "").removeprefix(house.address)
    return see_other(request, path, said="Your story is out. Thank you for telling it.")


@routes.post(r"/drafts/{draft_id:\d{1,18}}/discard", name="discard")
async def discard(request: web.Request) -> web.Response:
    """Throw a draft away."""
    await service.withdraw(
        await _draft(request), by=await _person(request), house=request.app[keys.HOUSE]
    )
    return see_other(request, "drafts", said="The draft is gone.")


@routes.get("/stories/{ulid}/edit", name="edit-story")
async def edit(request: web.Request) -> web.Response:
    """Show the form to change a published story."""
    post = await own_story(request, "/edit")
    story = await service.of_post(post)
    if story is None:
        raise NotFoundError
    form = ReviseForm.of(story, visibility=post.visibility)
    return render(request, "stories/edit.html", form=form, post=post)


@routes.post("/stories/{ulid}/edit")
async def revise(request: web.Request) -> web.Response:
    """Publish a change; other hubs hear of it."""
    post = await own_story(request, "/edit")
    form = await ReviseForm.read(request)
    if form.errors:
        return shown_again(request, "stories/edit.html", form, post=post)
    await service.revise(
        post, form.story(), by=await _person(request), why=form.why, house=request.app[keys.HOUSE]
    )
    return see_other(request, "story", said="Your change is out.", **request.match_info)


@routes.get("/stories/{ulid}/delete", name="delete-story")
async def ask_to_delete(request: web.Request) -> web.Response:
    """Ask once more before a story is taken back."""
    post = await own_story(request, "/delete", or_steward=True)
    return render(request, "posts/delete.html", post=post)


@routes.post("/stories/{ulid}/delete")
async def delete(request: web.Request) -> web.Response:
    """Take a story back, here and wherever it was sent."""
    post = await own_story(request, "/delete", or_steward=True)
    await service.withdraw(post, by=await _person(request), house=request.app[keys.HOUSE])
    return see_other(
        request, f"{path_of(post)}/delivery",
        said="The story is taken back. Other hubs that have a copy are being told now.",
    )  # fmt: skip


async def _person(request: web.Request) -> Person:
    return await Person.get(id=require_visitor(request).id)


async def _draft(request: web.Request) -> Post:
    """Return the visitor's own draft; anybody else's is not there (case 30)."""
    person = require_visitor(request)
    post = await posts.by_id(int(request.match_info["draft_id"]))
    if post is None or post.kind != service.KIND or post.written_by_id != person.id:
        raise NotFoundError
    if post.state is not State.DRAFT:
        raise NotFoundError
    return post


async def own_story(request: web.Request, suffix: str, *, or_steward: bool = False) -> Post:
    """Return the story at the path, where the visitor may change it. Raises NotFoundError."""
    somebody = require_visitor(request)
    path = request.path.removesuffix(suffix)
    post = await posts.by_path(path, house=request.app[keys.HOUSE])
    if post is None or post.kind != service.KIND or post.state is not State.PUBLISHED:
        raise NotFoundError
    if post.written_by_id != somebody.id and not (or_steward and somebody.is_steward):
        raise NotFoundError
    return post
