"""Joining the hub."""

from aiohttp import web

from server.people import service
from server.people.forms import JoinForm
from server.people.pages.signing import user_agent, welcome
from server.people.rules import FieldRefusedError, Limit, SignUps, countable
from server.people.service import invitations, limits, sessions
from server.web import client_address, keys, render, see_other, session_token, visitor

routes = web.RouteTableDef()


@routes.get("/join", name="join")
@routes.get("/join/{token}", name="join-link")
async def join_page(request: web.Request) -> web.Response:
    """Ask a newcomer who they are, or say how to join."""
    if visitor(request) is not None:
        return see_other(request, "/home", "You have an account here already.")
    return await _asked(request, JoinForm())


async def _asked(request: web.Request, form: JoinForm) -> web.Response:
    house, token = request.app[keys.HOUSE], request.match_info.get("token")
    mode = await service.sign_ups()
    invited = mode is SignUps.INVITATION and bool(
        token and await invitations.open_one(token, house=house)
    )
    may = mode is SignUps.OPEN or invited
    status = 422 if form.errors else 404 if token and not may else 200
    return render(
        request, "people/join.html", status=status, form=form, may=may, mode=mode,
        had_link=token is not None,
    )  # fmt: skip


@routes.post("/join")
@routes.post("/join/{token}")
async def join(request: web.Request) -> web.Response:
    """Make the account and sign in."""
    house, form = request.app[keys.HOUSE], await JoinForm.read(request)
    if form.errors:
        return await _asked(request, form)
    address = client_address(request)
    await limits.count(Limit.JOIN_ADDRESS, countable(address), house=house)
    try:
        person = await service.join(
            name=form.name, display_name=form.display_name, email=form.email,
            password=form.password, token=request.match_info.get("token"), house=house,
        )  # fmt: skip
    except FieldRefusedError as error:
        form.wrong(error.field, str(error))
        return await _asked(request, form)
    signed_in = await sessions.start(
        person, address=address, user_agent=user_agent(request),
        replaces=session_token(request), house=house,
    )  # fmt: skip
    said = f"Welcome, {form.display_name}. This is your home: what those you follow publish."
    return welcome(request, signed_in, onward="/home", said=said)
