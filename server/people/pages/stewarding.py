"""The stewards' pages of people and invitations."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from server.errors import NotFoundError
from server.house import House
from server.people import service
from server.people.forms import ActForm, InviteForm
from server.people.rules import FieldRefusedError
from server.people.service import invitations
from server.people.tables import Person
from server.web import keys, render, require_steward, see_other

routes = web.RouteTableDef()


@routes.get("/stewards/invitations", name="invitations")
async def invitations_page(request: web.Request) -> web.Response:
    """Show the invitations that can be used, and ask for another."""
    require_steward(request)
    return await _invitations(request, InviteForm.filled(uses=1))


async def _invitations(
    request: web.Request, form: InviteForm, *, link: str | None = None
) -> web.Response:
    house = request.app[keys.HOUSE]
    response = render(
        request, "people/invitations.html", status=422 if form.errors else 200, form=form,
        link=link, rows=await invitations.listed(house=house), mode=await service.sign_ups(),
    )  # fmt: skip
    response.headers["Cache-Control"] = "private, no-store"
    return response


@routes.post("/stewards/invitations")
async def invite(request: web.Request) -> web.Response:
    """Make an invitation and show its link, this once."""
    steward, form = require_steward(request), await InviteForm.read(request)
    if form.errors:
        return await _invitations(request, form)
    try:
        made = await invitations.invite(
            steward.id, note=form.note, uses=form.uses or 1, house=request.app[keys.HOUSE]
        )
    except FieldRefusedError as error:
        form.wrong(error.field, str(error))
        return await _invitations(request, form)
    return await _invitations(request, InviteForm.filled(uses=1), link=made.link)


@routes.post(r"/stewards/invitations/{invitation_id:\d{1,18}}/revoke", name="revoke-invitation")
async def revoke(request: web.Request) -> web.Response:
    """Take an invitation back."""
    require_steward(request)
    await ActForm.read(request)
    await invitations.revoke(int(request.match_info["invitation_id"]))
    return see_other(request, "invitations", "The invitation no longer works.")


@routes.get("/stewards/people", name="people")
async def people_page(request: web.Request) -> web.Response:
    """List the accounts."""
    require_steward(request)
    text = request.query.get("after", "")
    after = int(text) if text.isdecimal() and len(text) < 19 else 0
    rows = await service.listed(after=after)
    onward = rows[-1].id if len(rows) == service.LISTED else None
    return render(request, "people/people.html", rows=rows, onward=onward)


async def _promote(person_id: int, house: House) -> Person:
    return await service.make_steward(person_id)


async def _relieve(person_id: int, house: House) -> Person:
    return await service.make_steward(person_id, steward=False)


async def _deactivate(person_id: int, house: House) -> Person:
    return await service.deactivate(person_id, house=house)


async def _reactivate(person_id: int, house: House) -> Person:
    return await service.reactivate(person_id)


Act = Callable[[int, House], Awaitable[Person]]
ACTS: dict[str, tuple[Act, str]] = {
    "promote": (_promote, "{name} now looks after the hub."),
    "relieve": (_relieve, "{name} no longer looks after the hub."),
    "deactivate": (_deactivate, "{name} can't sign in any more. What they published stays."),
    "reactivate": (_reactivate, "{name} can sign in again."),
}
"""What a steward can do about an account, and what is said afterwards."""


@routes.post(r"/stewards/people/{person_id:\d{1,18}}/{act}", name="person-act")
async def act(request: web.Request) -> web.Response:
    """Do one of `ACTS`."""
    require_steward(request)
    await ActForm.read(request)
    if request.match_info["act"] not in ACTS:
        raise NotFoundError
    do, said = ACTS[request.match_info["act"]]
    person = await do(int(request.match_info["person_id"]), request.app[keys.HOUSE])
    return see_other(request, "people", said.format(name=person.actor.shown_name))
