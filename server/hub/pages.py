"""The set-up, what the hub says of itself, and the stewards' settings."""

from typing import Any

from aiohttp import web

from federation import html
from server.errors import RefusedError
from server.hub import rules, service
from server.hub.face import HubFace
from server.hub.forms import BEGINNING, SettingsForm, SetUpForm, WordsForm
from server.hub.rules import TITLES, Page
from server.hub.service import Logo
from server.media import service as media
from server.media.rules import Size
from server.people import service as people
from server.people.rules import SESSION_LONGEST, FieldRefusedError, SignUps
from server.people.service import sessions
from server.web import (
    body_limit,
    client_address,
    keys,
    open_session,
    render,
    require_steward,
    see_other,
    session_token,
    shown_again,
)

routes = web.RouteTableDef()

PICTURE_BODY = 11 * 1024 * 1024
STEWARD_FIELDS = {"name": "person"}
"""What the fields of the first account are called on the set-up page, where it isn't the same."""


@routes.get("/setup/{token}", name="setup")
async def set_up_page(request: web.Request) -> web.Response:
    """Ask what a new hub needs."""
    await service.check_setup_token(request.match_info["token"], house=request.app[keys.HOUSE])
    return await _set_up(request, SetUpForm.filled(**BEGINNING))


async def _set_up(request: web.Request, form: SetUpForm) -> web.Response:
    status = 422 if form.errors else 200
    checks = [(name, await check()) for name, check in request.app[keys.CHECKS].items()]
    return render(request, "hub/set-up.html", status=status, form=form, checks=checks)


@routes.post("/setup/{token}")
async def set_up(request: web.Request) -> web.Response:
    """Make the hub and its first account, and sign in."""
    house = request.app[keys.HOUSE]
    await service.check_setup_token(request.match_info["token"], house=house)
    form = await SetUpForm.read(request)
    if form.errors:
        return await _set_up(request, form)
    try:
        person = await service.set_up(
            form.look(), handle=form.handle, steward=form.steward(),
            sign_ups=SignUps(form.sign_ups), house=house,
        )  # fmt: skip
    except FieldRefusedError as error:
        form.wrong(STEWARD_FIELDS.get(error.field, error.field), str(error))
        return await _set_up(request, form)
    await _refresh(request)
    signed_in = await sessions.start(
        person, address=client_address(request), replaces=session_token(request), house=house,
        user_agent=request.headers.get("User-Agent", "")[:1_000],
    )  # fmt: skip
    response = see_other(request, "/", f"{form.name} is ready. Why not tell the first story?")
    seconds = int(SESSION_LONGEST.total_seconds())
    open_session(request, response, signed_in.token, seconds=seconds)
    return response


async def _refresh(request: web.Request) -> None:
    face = request.app[keys.FACE]
    if isinstance(face, HubFace):
        await face.refresh()


async def _words(request: web.Request, page: Page) -> web.Response:
    text = await service.page_text(page, house=request.app[keys.HOUSE])
    sections = [
        (section.title, html.from_markdown(section.text)) for section in rules.sections(text)
    ]
    return render(request, "hub/words.html", title=TITLES[page], sections=sections)


@routes.get("/about", name="about")
async def about(request: web.Request) -> web.Response:
    """Say what this hub is."""
    return await _words(request, Page.ABOUT)


@routes.get("/privacy", name="privacy")
async def privacy(request: web.Request) -> web.Response:
    """Say what is kept about people, and for how long."""
    return await _words(request, Page.PRIVACY)


@routes.get("/rules", name="rules")
async def house_rules(request: web.Request) -> web.Response:
    """Say how people are with each other here."""
    return await _words(request, Page.RULES)


@routes.get("/accessibility", name="accessibility")
async def accessibility(request: web.Request) -> web.Response:
    """Say who can use this hub, and who can't yet."""
    return await _words(request, Page.ACCESSIBILITY)


@routes.get("/contact", name="contact")
async def contact(request: web.Request) -> web.Response:
    """Say how to reach those who look after the hub."""
    return await _words(request, Page.CONTACT)


@routes.get("/stewards/settings", name="hub-settings")
async def settings_page(request: web.Request) -> web.Response:
    """Show how the hub looks, to be changed."""
    require_steward(request)
    row, face = await service.settings(), request.app[keys.FACE]
    hub = await service.hub_actor(house=request.app[keys.HOUSE])
    form = SettingsForm.filled(
        name=row.name, tagline=row.tagline, words=row.words, footer=row.footer, crisis=row.crisis,
        contact=row.contact, colour_hub=face.hub, colour_hub_2=face.hub_2,
        sign_ups=str(await people.sign_ups()), shows_neighbours=row.shows_neighbours,
        discoverable=hub is None or hub.discoverable,
    )  # fmt: skip
    return render(request, "hub/settings.html", form=form)


@routes.post("/stewards/settings")
@body_limit(PICTURE_BODY)
async def save_settings(request: web.Request) -> web.Response:
    """Change how the hub looks, and who may join."""
    require_steward(request)
    form = await SettingsForm.read(request)
    if not form.errors:
        try:
            await service.save_look(
                form.look(), logo=await _logo(request, form),
                house=request.app[keys.HOUSE],
            )  # fmt: skip
            await people.set_sign_ups(SignUps(form.sign_ups))
        except RefusedError as error:
            form.wrong("logo", str(error))
    if form.errors:
        return shown_again(request, "hub/settings.html", form)
    await _refresh(request)
    return see_other(request, "hub-settings", "Saved. Your hub looks like this now.")


async def _logo(request: web.Request, form: SettingsForm) -> Logo | None:
    if form.logo is None:
        return None
    picture = await media.keep(
        form.logo.data, owner_id=None, house=request.app[keys.HOUSE], open_to_all=True
    )
    return Logo(picture.id, picture.path(Size.SQUARE))


@routes.get("/stewards/settings/words", name="hub-words")
async def words_page(request: web.Request) -> web.Response:
    """Show the longer pages, to be changed."""
    require_steward(request)
    house = request.app[keys.HOUSE]
    texts: dict[str, Any] = {str(page): await service.page_text(page, house=house) for page in Page}
    return render(request, "hub/edit-words.html", form=WordsForm.filled(**texts))


@routes.post("/stewards/settings/words")
async def save_words(request: web.Request) -> web.Response:
    """Keep the longer pages."""
    require_steward(request)
    form = await WordsForm.read(request)
    if form.errors:
        return shown_again(request, "hub/edit-words.html", form)
    await service.save_pages(form.texts(), house=request.app[keys.HOUSE])
    return see_other(request, "hub-words", "Saved.")
