"""Respond, thank, and what other servers read of both."""

from aiohttp import web

from federation import vocab
from server.actors.pages import viewer_of
from server.actors.tables import Actor
from server.errors import NotFoundError, WithdrawnError
from server.people.tables import Person
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.pages import PATH, note_response, open_post
from server.posts.rules import State, Visibility
from server.posts.tables import Post
from server.responses import service
from server.responses.forms import ResponseForm
from server.responses.rules import ResponseKind
from server.responses.tables import ResponseRow
from server.web import (
    activity_response,
    keys,
    limit,
    render,
    require_visitor,
    see_other,
    shown_again,
    visitor,
    wants_activity,
)

routes = web.RouteTableDef()


@routes.get("/responses/{ulid}", name="response")
async def response(request: web.Request) -> web.Response:
    """Serve a response to other servers; lead people to where it stands in its conversation."""
    if wants_activity(request):
        return await note_response(request, kind=service.KIND)
    post = await _response(request, "", or_withdrawn=True)
    somebody = visitor(request)
    if post.state is State.WITHDRAWN:
        if somebody is None or not (somebody.is_steward or post.written_by_id == somebody.id):
            raise WithdrawnError
        return see_other(request, f"{path_of(post)}/delivery")
    viewer = await viewer_of(request)
    if not await posts.may_see(post, viewer):
        raise NotFoundError
    head = await posts.by_id(post.root_id) if post.root_id else None
    if head is not None and await posts.may_see(head, viewer):
        return see_other(request, f"{path_of(head)}#r{post.id}")
    mine = somebody is not None and post.written_by_id == somebody.id
    return render(
        request, "responses/alone.html", post=post, path=path_of(post), mine=mine,
        may_delete=mine or (somebody is not None and somebody.is_steward),
    )  # fmt: skip


@routes.post(r"/posts/{post_id:\d{1,18}}/respond", name="respond")
async def respond(request: web.Request) -> web.Response:
    """Answer a post."""
    person, post = await _person(request), await _seen_post(request)
    limit(request, "respond", times=30, seconds=600, key=str(person.id))
    form = await ResponseForm.read(request)
    if form.errors:
        return shown_again(request, "responses/respond.html", form, post=post, back=path_of(post))
    house = request.app[keys.HOUSE]
    reply = await service.respond(
        post, form.response(), by=person,
        visibility=Visibility(form.visibility or Visibility.PUBLIC), house=house,
    )  # fmt: skip
    head = await posts.by_id(reply.root_id or 0) or post
    return see_other(request, f"{path_of(head)}#r{reply.id}", said="Your reply is out.")


@routes.get(r"/posts/{post_id:\d{1,18}}/respond")
async def respond_form(request: web.Request) -> web.Response:
    """Show the form to answer a post, on a page of its own; `kind` says what it is meant as."""
    await _person(request)
    post = await _seen_post(request)
    kind = request.query.get("kind", "")
    form = ResponseForm.filled(kind=kind) if kind in set(ResponseKind) else ResponseForm()
    return render(request, "responses/respond.html", form=form, post=post, back=path_of(post))


@routes.get("/responses/{ulid}/edit", name="edit-response")
async def edit(request: web.Request) -> web.Response:
    """Show the form to change a response."""
    post, _ = await _mine(request, "/edit")
    row = await ResponseRow.get(post_id=post.id)
    form = ResponseForm.of(row.response())
    return render(request, "responses/respond.html", form=form, post=post, back=path_of(post))


@routes.post("/responses/{ulid}/edit")
async def revise(request: web.Request) -> web.Response:
    """Publish a change of a response."""
    post, person = await _mine(request, "/edit")
    form = await ResponseForm.read(request)
    if form.errors:
        return shown_again(request, "responses/respond.html", form, post=post, back=path_of(post))
    await service.revise(post, form.response(), by=person, house=request.app[keys.HOUSE])
    return see_other(request, path_of(post), said="Your change is out.")


@routes.post("/responses/{ulid}/delete", name="delete-response")
async def delete(request: web.Request) -> web.Response:
    """Take a response back; a steward may take anybody's."""
    post, person = await _mine(request, "/delete", or_steward=True)
    head = await posts.by_id(post.root_id or 0)
    await service.withdraw(post, by=person, house=request.app[keys.HOUSE])
    return see_other(request, path_of(head) if head else "/home", said="The reply is taken back.")


@routes.post(r"/posts/{post_id:\d{1,18}}/{act:thank|unthank}", name="thank")
async def thank(request: web.Request) -> web.Response:
    """Thank for a post, or take it back."""
    person, post = await _person(request), await _seen_post(request)
    limit(request, "thank", times=120, seconds=600, key=str(person.id))
    house = request.app[keys.HOUSE]
    if request.match_info["act"] == "thank":
        await service.thank(post, by=person, house=house)
        said = f"Thank you passed on to {post.author.shown_name}."
    else:
        await service.unthank(post, by=person, house=house)
        said = "Your thank-you is taken back."
    head = await posts.by_id(post.root_id) if post.root_id else None
    return see_other(request, path_of(head or post), said=said)


@routes.get(PATH + "/likes")
async def likes(request: web.Request) -> web.Response:
    """Serve the ids of the thanks for a post."""
    post = await open_post(request)
    uris, total = await service.likes_of(post)
    found = vocab.Collection(id=f"{post.uri}/likes", total_items=total, items=tuple(uris))
    return activity_response(request, vocab.dumps(vocab.render(found)))


async def _person(request: web.Request) -> Person:
    return await Person.get(id=require_visitor(request).id)


async def _seen_post(request: web.Request) -> Post:
    """Return the post that a form is about, where the visitor may read it. Raises NotFoundError."""
    post = await posts.by_id(int(request.match_info["post_id"]))
    viewer = await Actor.get(id=require_visitor(request).actor_id)
    if post is None or not await posts.may_see(post, viewer):
        raise NotFoundError
    return post


async def _response(request: web.Request, suffix: str, *, or_withdrawn: bool = False) -> Post:
    path = request.path.removesuffix(suffix)
    post = await posts.by_path(path, house=request.app[keys.HOUSE])
    if post is None or post.kind != service.KIND or post.state is State.DRAFT:
        raise NotFoundError
    if post.state is State.WITHDRAWN and not or_withdrawn:
        raise WithdrawnError
    return post


async def _mine(
    request: web.Request, suffix: str, *, or_steward: bool = False
) -> tuple[Post, Person]:
    person, post = await _person(request), await _response(request, suffix)
    if post.written_by_id != person.id and not (or_steward and person.is_steward):
        raise NotFoundError
    if suffix == "/edit" and post.in_reply_to is None:
        raise NotFoundError  # whom it thanks has read it: it is taken back, or stands
    return post, person
