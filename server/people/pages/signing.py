"""Signing in and out, and getting back in without a password."""

from aiohttp import web

from server.errors import TooManyError
from server.people import service
from server.people.forms import AskResetForm, ResetForm, SignInForm
from server.people.rules import SESSION_LONGEST, FieldRefusedError
from server.people.service import resets, sessions
from server.people.service.sessions import SignedIn
from server.web import (
    client_address,
    end_session,
    keys,
    local_path,
    open_session,
    render,
    require_visitor,
    see_other,
    session_token,
    shown_again,
    visitor,
)
from server.web.forms import Form

routes = web.RouteTableDef()

HOME = "/home"
AGENT_LIMIT = 1_000


@routes.get("/sign-in", name="sign_in")
async def sign_in_page(request: web.Request) -> web.Response:
    """Ask who it is. `next` in the address is where to go on."""
    onward = local_path(request.query.get("next"), HOME)
    if visitor(request) is not None:
        return see_other(request, onward)
    return await _ask_who(request, SignInForm.filled(next=onward))


async def _ask_who(request: web.Request, form: Form) -> web.Response:
    return render(
        request, "people/sign-in.html", status=422 if form.errors else 200, form=form,
        sign_ups=await service.sign_ups(), can_mail=request.app[keys.HOUSE].mailer is not None,
    )  # fmt: skip


@routes.post("/sign-in")
async def sign_in(request: web.Request) -> web.Response:
    """Begin a session; the one before ends."""
    form = await SignInForm.read(request)
    if form.errors:
        return await _ask_who(request, form)
    try:
        signed_in = await service.sign_in(
            account=form.account, password=form.password, address=client_address(request),
            user_agent=user_agent(request), replaces=session_token(request),
            house=request.app[keys.HOUSE],
        )  # fmt: skip
    except service.SignInRefusedError as error:
        form.wrong("password", str(error))
        return await _ask_who(request, form)
    except TooManyError as error:
        return await too_many(request, form, error)
    return welcome(request, signed_in, onward=local_path(form.next, HOME))


async def too_many(request: web.Request, form: Form, error: TooManyError) -> web.Response:
    """Show the form again with how long to wait (429)."""
    minutes = -(-int(str(error.facts["retry_after"])) // 60)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    form.wrong("password", f"That was tried too often. Please wait {wait}, then try again.")
    response = await _ask_who(request, form)
    response.set_status(429)
    response.headers["Retry-After"] = str(error.facts["retry_after"])
    return response


def welcome(
    request: web.Request, signed_in: SignedIn, *, onward: str, said: str | None = None
) -> web.Response:
    """Lead on with the cookie of a session that has just begun."""
    response = see_other(request, onward, said)
    seconds = int(SESSION_LONGEST.total_seconds())
    open_session(request, response, signed_in.token, seconds=seconds)
    return response


def user_agent(request: web.Request) -> str:
    """Return what the browser says of itself."""
    return request.headers.get("User-Agent", "")[:AGENT_LIMIT]


@routes.post("/sign-out", name="sign-out")
async def sign_out(request: web.Request) -> web.Response:
    """End the session."""
    token = session_token(request)
    if token is not None:
        await sessions.sign_out(token, house=request.app[keys.HOUSE])
    response = see_other(request, "/", "You are signed out.")
    end_session(request, response)
    return response


@routes.get("/reset", name="reset")
async def ask_reset_page(request: web.Request) -> web.Response:
    """Ask whose password was forgotten."""
    can_mail = request.app[keys.HOUSE].mailer is not None
    return render(request, "people/reset.html", form=AskResetForm(), can_mail=can_mail, sent=False)


@routes.post("/reset")
async def ask_reset(request: web.Request) -> web.Response:
    """Have a link sent; the answer is the same whether there is such an account or not."""
    house, form = request.app[keys.HOUSE], await AskResetForm.read(request)
    can_mail = house.mailer is not None
    if form.errors:
        return shown_again(request, "people/reset.html", form, can_mail=can_mail, sent=False)
    await resets.ask(account=form.account, address=client_address(request), house=house)
    return render(request, "people/reset.html", form=form, can_mail=can_mail, sent=True)


@routes.get("/reset/{token}", name="reset-link")
async def reset_page(request: web.Request) -> web.Response:
    """Ask for a new password, where the link still holds."""
    row = await resets.open_one(request.match_info["token"], house=request.app[keys.HOUSE])
    if row is None:
        raise service.ResetOverError
    return render(request, "people/reset-link.html", form=ResetForm(), name=row.person.name)


@routes.post("/reset/{token}")
async def reset(request: web.Request) -> web.Response:
    """Set the new password and sign in."""
    house, token = request.app[keys.HOUSE], request.match_info["token"]
    row = await resets.open_one(token, house=house)
    if row is None:
        raise service.ResetOverError
    form = await ResetForm.read(request)
    if not form.errors:
        try:
            await resets.use(token, password=form.password, house=house)
        except FieldRefusedError as error:
            form.wrong(error.field, str(error))
    if form.errors:
        return shown_again(request, "people/reset-link.html", form, name=row.person.name)
    signed_in = await sessions.start(
        row.person, address=client_address(request), user_agent=user_agent(request),
        replaces=session_token(request), house=house,
    )  # fmt: skip
    said = "Your password is changed. Everywhere else, you are signed out."
    return welcome(request, signed_in, onward=HOME, said=said)


def current_session(request: web.Request) -> int:
    """Return the id of the session that the visitor is using. Raises SignInNeededError."""
    somebody = require_visitor(request)
    if not isinstance(somebody, service.Visitor):
        raise TypeError(somebody)
    return somebody.session_id
