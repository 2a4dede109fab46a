"""Thank somebody, and see who was thanked."""

from aiohttp import web

from federation.errors import FederationError
from server import db
from server.actors import service as actors
from server.actors.pages import viewer_of
from server.actors.tables import Actor
from server.errors import NotFoundError, RefusedError
from server.people.tables import Person
from server.posts.feeding import feed_of
from server.posts.rules import Visibility
from server.posts.tables import Post
from server.responses import service
from server.responses.cards import gathered
from server.responses.forms import ThanksForm
from server.responses.rules import Response, ResponseKind
from server.web import (
    Page,
    cursor,
    keys,
    page,
    render,
    require_visitor,
    see_other,
    shown_again,
)

routes = web.RouteTableDef()

ATOM = "application/atom+xml"


@routes.get("/thanks", name="thanks")
async def thank_yous(request: web.Request) -> web.Response:
    """Show who was thanked, for what, by whom: the newest first."""
    viewer = await viewer_of(request)
    at = cursor(request)
    slice_ = _page(await service.listed(db.Span.read(at.before, at.after), viewer=viewer), request)
    house = request.app[keys.HOUSE]
    return render(
        request, "responses/thanks.html", slice=slice_, thanked=gathered(slice_.items),
        alternates=[(ATOM, "Thank-yous", house.uri("/thanks.atom"))],
    )  # fmt: skip


@routes.get(r"/people/{name:[^/.]+}/thanks", name="thanks-to-somebody")
async def thanks_to(request: web.Request) -> web.Response:
    """Show for what somebody here was thanked, by whom: the newest first."""
    house, name = request.app[keys.HOUSE], request.match_info["name"]
    whom = await actors.at_path(f"/people/{name}", house=house)
    if whom is None:
        raise NotFoundError
    viewer, at = await viewer_of(request), cursor(request)
    found = await service.listed(db.Span.read(at.before, at.after), whom=whom, viewer=viewer)
    return render(request, "responses/thanks_to.html", whom=whom, slice=_page(found, request))


@routes.get("/thanks.atom")
async def feed(request: web.Request) -> web.Response:
    """Serve what was said in thanks as a feed."""
    found = await service.listed()
    ids = [one.said.id for one in found[: service.THANK_YOUS] if one.said is not None]
    said = await Post.filter(id__in=ids).order_by("-id").prefetch_related("author", "tags")
    return feed_of(request, "Thank-yous", "/thanks", said)


@routes.get("/thanks/new", name="thank-somebody")
async def form_for_thanks(request: web.Request) -> web.Response:
    """Ask whom the visitor thanks, and for what; `whom` says it beforehand."""
    require_visitor(request)
    whom = request.query.get("whom", "")[:320]
    form = ThanksForm.filled(whom=whom, visibility=Visibility.PUBLIC)
    return render(request, "responses/thank.html", form=form)


@routes.post("/thanks/new")
async def thank_somebody(request: web.Request) -> web.Response:
    """Thank somebody for what is no post."""
    person = await Person.get(id=require_visitor(request).id)
    form, house = await ThanksForm.read(request), request.app[keys.HOUSE]
    whom: Actor | None = None
    if not form.errors and form.names_an_account:
        try:
            whom = await actors.find(form.whom, house=house)
        except RefusedError as error:
            form.wrong("whom", str(error))
        except FederationError as error:
            form.wrong("whom", f"Their server could not be asked: {error}")
    if form.errors:
        return shown_again(request, "responses/thank.html", form)
    response = Response(
        text=form.text, kind=ResponseKind.THANKS, thanked=whom.uri if whom else form.whom,
        thanked_for=form.thanked_for,
    )  # fmt: skip
    visibility = Visibility(form.visibility or Visibility.PUBLIC)
    try:
        post = await service.thank_somebody(
            response, whom, by=person, visibility=visibility, house=house
        )
    except RefusedError as error:
        form.wrong("whom", str(error))
        return shown_again(request, "responses/thank.html", form)
    name = whom.shown_name if whom else form.whom
    path = (post.uri or "").removeprefix(house.address)
    return see_other(request, path, said=f"Your thank-you to {name} is out.")


@routes.get("/settings/thanks", name="settings-thanks")
async def to_me(request: web.Request) -> web.Response:
    """Show somebody all thanks to them, with what is hidden, and let them choose."""
    person = await Person.get(id=require_visitor(request).id)
    at = cursor(request)
    slice_ = _page(await service.to_me(person, db.Span.read(at.before, at.after)), request)
    return render(request, "responses/to_me.html", slice=slice_, hides=person.hides_thanks)


@routes.post("/settings/thanks")
async def choose(request: web.Request) -> web.Response:
    """Hide all thanks to the visitor from others, or show them."""
    person = await Person.get(id=require_visitor(request).id)
    await service.hide_all(hides=not person.hides_thanks, by=person)
    said = "Thanks to you are shown again." if person.hides_thanks else "Only you see them now."
    return see_other(request, "settings-thanks", said)


@routes.post(r"/thanks/{thanks_id:\d{1,18}}/{act:hide|show}", name="hide-thanks")
async def hide(request: web.Request) -> web.Response:
    """Hide a thank-you to the visitor from others, or show it."""
    person = await Person.get(id=require_visitor(request).id)
    hidden = request.match_info["act"] == "hide"
    await service.hide(int(request.match_info["thanks_id"]), hidden=hidden, by=person)
    said = "Only you see it now." if hidden else "Others see it again."
    return see_other(request, "settings-thanks", said)


def _page(rows: list[service.ThankYou], request: web.Request) -> Page[service.ThankYou]:
    return page(rows, cursor(request), size=service.THANK_YOUS, mark=lambda one: str(one.id))
