"""What people can change about their own account."""

from typing import Any

from aiohttp import web

from server.errors import RefusedError
from server.media import service as media
from server.media.rules import Size
from server.people import service
from server.people.forms import (
    ActForm,
    AddressForm,
    CloseForm,
    MailForm,
    PasswordForm,
    ProfileForm,
)
from server.people.pages.signing import current_session
from server.people.rules import FieldRefusedError, MailPreference
from server.people.service import profile as profiles
from server.people.service import sessions
from server.people.service.profile import Portrait, Profile
from server.people.tables import Person
from server.web import (
    body_limit,
    end_session,
    keys,
    render,
    require_visitor,
    see_other,
    shown_again,
)

routes = web.RouteTableDef()

PICTURE_BODY = 11 * 1024 * 1024
"""A picture of 10 MB and the words beside it."""


@routes.get("/settings", name="settings")
async def settings(request: web.Request) -> web.Response:
    """Show what can be changed."""
    person = await service.by_id(require_visitor(request).id)
    return render(request, "people/settings.html", person=person)


@routes.get("/settings/profile", name="settings-profile")
async def profile_page(request: web.Request) -> web.Response:
    """Show the profile, to be changed."""
    person = await service.by_id(require_visitor(request).id)
    profile = profiles.of(person)
    lines: dict[str, Any] = {
        f"line_{number}_{part}": text
        for number, line in enumerate(profile.lines, start=1)
        for part, text in zip(("name", "value"), line, strict=True)
    }
    form = ProfileForm.filled(
        display_name=profile.display_name, summary=profile.summary,
        picture_alt=person.picture_alt, manually_approves=profile.manually_approves,
        discoverable=profile.discoverable, indexable=profile.indexable, **lines,
    )  # fmt: skip
    return render(request, "people/profile.html", form=form, person=person)


@routes.post("/settings/profile")
@body_limit(PICTURE_BODY)
async def edit_profile(request: web.Request) -> web.Response:
    """Write the profile; those who follow get to know."""
    person = await service.by_id(require_visitor(request).id)
    form = await ProfileForm.read(request)
    if not form.errors:
        try:
            await service.edit(
                person.id, _profile(form), portrait=await _portrait(request, form, person),
                house=request.app[keys.HOUSE],
            )  # fmt: skip
        except FieldRefusedError as error:
            form.wrong(error.field, str(error))
        except RefusedError as error:
            form.wrong("picture", str(error))
    if form.errors:
        return shown_again(request, "people/profile.html", form, person=person)
    return see_other(request, "settings-profile", "Your profile is saved.")


async def _portrait(request: web.Request, form: ProfileForm, person: Person) -> object:
    if form.picture is not None:
        picture = await media.keep(
            form.picture.data, owner_id=person.id, house=request.app[keys.HOUSE], open_to_all=True
        )
        path = picture.path(Size.SQUARE)
        return Portrait(picture_id=picture.id, url=path, alt=form.picture_alt)
    if form.picture_remove or person.picture_id is None or person.actor.icon_url is None:
        return None
    return Portrait(picture_id=person.picture_id, url=person.actor.icon_url, alt=form.picture_alt)


def _profile(form: ProfileForm) -> Profile:
    return Profile(
        display_name=form.display_name, summary=form.summary, lines=form.lines(),
        manually_approves=form.manually_approves, discoverable=form.discoverable,
        indexable=form.indexable,
    )  # fmt: skip


@routes.get("/settings/e-mail", name="settings-e-mail")
async def mail_page(request: web.Request) -> web.Response:
    """Show where e-mail goes and how often."""
    person = await service.by_id(require_visitor(request).id)
    return _mail(request, person)


def _mail(
    request: web.Request, person: Person, *, often: MailForm | None = None,
    address: AddressForm | None = None,
) -> web.Response:  # fmt: skip
    wrong = next((form for form in (often, address) if form is not None and form.errors), None)
    return render(
        request, "people/e-mail.html", status=422 if wrong is not None else 200, form=wrong,
        often=often or MailForm.filled(preference=str(person.mail_preference)),
        address_form=address or AddressForm.filled(email=person.email or ""), person=person,
        can_mail=request.app[keys.HOUSE].mailer is not None,
    )  # fmt: skip


@routes.post("/settings/e-mail")
async def mail_preference(request: web.Request) -> web.Response:
    """Choose how often."""
    person = await service.by_id(require_visitor(request).id)
    form = await MailForm.read(request)
    if form.errors:
        return _mail(request, person, often=form)
    await service.set_mail_preference(person.id, MailPreference(form.preference))
    return see_other(request, "settings-e-mail", "Saved.")


@routes.post("/settings/e-mail/address", name="settings-address")
async def mail_address(request: web.Request) -> web.Response:
    """Change where e-mail goes."""
    person = await service.by_id(require_visitor(request).id)
    form = await AddressForm.read(request)
    if not form.errors:
        try:
            await service.change_email(
                person.id, email=form.email, password=form.password, house=request.app[keys.HOUSE]
            )
        except FieldRefusedError as error:
            form.wrong(error.field, str(error))
    if form.errors:
        return _mail(request, person, address=form)
    return see_other(request, "settings-e-mail", "Your e-mail address is changed.")


@routes.post("/settings/e-mail/confirm", name="confirm-address")
async def ask_to_confirm(request: web.Request) -> web.Response:
    """Have a link sent to the address."""
    somebody = require_visitor(request)
    await ActForm.read(request)
    await service.ask_to_confirm(somebody.id, house=request.app[keys.HOUSE])
    return see_other(request, "settings-e-mail", "A letter is on its way. Follow the link in it.")


@routes.get(r"/settings/e-mail/confirm/{tag:[\w-]{1,64}}", name="confirm-address-link")
async def confirm_page(request: web.Request) -> web.Response:
    """Ask whether the address is the visitor's, who came by the link in a letter."""
    person = await service.by_id(require_visitor(request).id)
    return render(request, "people/confirm.html", person=person)


@routes.post(r"/settings/e-mail/confirm/{tag:[\w-]{1,64}}")
async def confirm(request: web.Request) -> web.Response:
    """Take the address for theirs."""
    somebody = require_visitor(request)
    await ActForm.read(request)
    await service.confirm(somebody.id, request.match_info["tag"], house=request.app[keys.HOUSE])
    return see_other(request, "settings-e-mail", "Thank you: now we know that it is yours.")


@routes.get("/settings/password", name="settings-password")
async def password_page(request: web.Request) -> web.Response:
    """Ask for another password."""
    require_visitor(request)
    return render(request, "people/password.html", form=PasswordForm())


@routes.post("/settings/password")
async def password(request: web.Request) -> web.Response:
    """Change the password; every other session ends."""
    somebody, form = require_visitor(request), await PasswordForm.read(request)
    if not form.errors:
        try:
            await service.change_password(
                somebody.id, old=form.old, new=form.new, keep=current_session(request),
                house=request.app[keys.HOUSE],
            )  # fmt: skip
        except FieldRefusedError as error:
            form.wrong(error.field, str(error))
    if form.errors:
        return shown_again(request, "people/password.html", form)
    said = "Your password is changed. Everywhere else, you are signed out."
    return see_other(request, "settings", said)


@routes.get("/settings/sessions", name="settings-sessions")
async def sessions_page(request: web.Request) -> web.Response:
    """List where the visitor is signed in."""
    somebody = require_visitor(request)
    rows = await sessions.listed(somebody.id, house=request.app[keys.HOUSE])
    current = current_session(request)
    return render(request, "people/sessions.html", rows=rows, current=current)


@routes.post(r"/settings/sessions/{session_id:\d{1,18}}/end", name="end-session")
async def end_one(request: web.Request) -> web.Response:
    """End one session."""
    somebody = require_visitor(request)
    await ActForm.read(request)
    session_id = int(request.match_info["session_id"])
    await sessions.end(session_id, person_id=somebody.id)
    if session_id == current_session(request):
        response = see_other(request, "/", "You are signed out.")
        end_session(request, response)
        return response
    return see_other(request, "settings-sessions", "That browser is signed out.")


@routes.post("/settings/sessions/end-others", name="end-other-sessions")
async def end_others(request: web.Request) -> web.Response:
    """End all sessions but this one."""
    somebody = require_visitor(request)
    await ActForm.read(request)
    await sessions.end_others(somebody.id, keep=current_session(request))
    return see_other(request, "settings-sessions", "You are signed in nowhere else now.")


@routes.get("/settings/close", name="settings-close")
async def close_page(request: web.Request) -> web.Response:
    """Say what closing means, and ask."""
    require_visitor(request)
    return render(request, "people/close.html", form=CloseForm())


@routes.post("/settings/close")
async def close(request: web.Request) -> web.Response:
    """Close the account for good."""
    somebody, form = require_visitor(request), await CloseForm.read(request)
    if not form.errors:
        try:
            await service.close(somebody.id, password=form.password, house=request.app[keys.HOUSE])
        except FieldRefusedError as error:
            form.wrong(error.field, str(error))
        except service.LastStewardError as error:
            form.wrong("sure", str(error))
    if form.errors:
        return shown_again(request, "people/close.html", form)
    response = see_other(request, "/", "Your account is closed. Thank you for having been here.")
    end_session(request, response)
    return response
