"""An entry of a log by itself: where others read it, said otherwise, how it read before, taken
back.
"""

from aiohttp import web

from server.actors.pages import viewer_of
from server.errors import NotFoundError, RefusedError
from server.experiments import service
from server.experiments.forms import EntryForm
from server.experiments.pages.finding import person_of
from server.people.tables import Person
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.kinds import ENTRY
from server.posts.pages import note_response
from server.posts.rules import State
from server.posts.tables import Post, Revision
from server.web import keys, limit, render, see_other, shown_again, wants_activity

routes = web.RouteTableDef()

ULID = "/updates/{ulid:[0-9A-Za-z]{1,40}}"
"""Where an entry of ours lives."""


@routes.get(ULID, name="update")
async def update(request: web.Request) -> web.Response:
    """Serve an entry of a log to other servers; lead people to where it stands."""
    if wants_activity(request):
        return await note_response(request, kind=ENTRY)
    post, head = await _seen(request)
    return see_other(request, f"{path_of(head)}/log#u{post.id}")


@routes.get(ULID + "/history", name="update-history")
async def history(request: web.Request) -> web.Response:
    """Show how an entry read before each edit."""
    post, head = await _seen(request)
    revisions = await Revision.filter(post_id=post.id).order_by("-version").limit(100)
    return render(request, "posts/history.html", post=post, head=head, revisions=revisions)


@routes.get(ULID + "/edit", name="edit-update")
async def edit(request: web.Request) -> web.Response:
    """Show the form to say an entry otherwise."""
    post, head, _ = await _looked_after(request)
    shown = await posts.attachments(post)
    form = EntryForm.filled(
        text=(await service.update_of(post)).text, warning=post.content_warning,
        alt=shown[0].alt if shown else "",
    )  # fmt: skip
    return render(
        request, "experiments/entry.html", form=form, post=post, head=head, pictured=bool(shown)
    )


@routes.post(ULID + "/edit")
async def reword(request: web.Request) -> web.Response:
    """Publish other words of an entry; other hubs hear of it."""
    post, head, person = await _looked_after(request)
    limit(request, "update", times=30, seconds=600, key=str(person.id))
    form, pictured = await EntryForm.read(request), bool(await posts.attachments(post))
    if pictured:
        form.ask_what_is_seen()
    if not form.errors:
        try:
            await service.reword(
                post, form.text, warning=form.warning, alt=form.alt, by=person,
                house=request.app[keys.HOUSE],
            )  # fmt: skip
        except RefusedError as error:
            form.wrong("text", str(error))
        else:
            return see_other(request, path_of(post), said="Your change is out.")
    return shown_again(
        request, "experiments/entry.html", form, post=post, head=head, pictured=pictured
    )


@routes.post(ULID + "/delete", name="delete-update")
async def take_back(request: web.Request) -> web.Response:
    """Take an entry of a log back."""
    post, head, person = await _looked_after(request, or_steward=True)
    await service.take_back(post, by=person, house=request.app[keys.HOUSE])
    return see_other(request, path_of(head), said="The entry is taken back.")


async def _entry(request: web.Request) -> tuple[Post, Post]:
    """Return the published entry of ours at the path, or below whose path this is, and its
    experiment. Raises NotFoundError.
    """
    path = f"/updates/{request.match_info['ulid']}"
    post = await posts.by_path(path, house=request.app[keys.HOUSE])
    head = await posts.by_id(post.parent_id or 0) if post else None
    if post is None or head is None or post.state is not State.PUBLISHED:
        raise NotFoundError
    return post, head


async def _seen(request: web.Request) -> tuple[Post, Post]:
    post, head = await _entry(request)
    if not await posts.may_see(head, await viewer_of(request)):
        raise NotFoundError
    return post, head


async def _looked_after(
    request: web.Request, *, or_steward: bool = False
) -> tuple[Post, Post, Person]:
    person = await person_of(request)
    post, head = await _entry(request)
    if not (or_steward and person.is_steward) and not await service.is_editor(head, person.id):
        raise NotFoundError
    return post, head, person
