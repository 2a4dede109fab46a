"""Letters about what is new in a view: ask for them, and end them."""

from aiohttp import web

from server.views import service
from server.views.forms import LettersForm
from server.views.pages.asking import SLUG, person_of, view_at
from server.views.rules.periods import NoAddressError, Period, TooManyLettersError
from server.web import keys, render, see_other, shown_again

routes = web.RouteTableDef()

TEMPLATE = "views/letters.html"


@routes.get(SLUG + "/letters", name="letters-of-view")
async def ask(request: web.Request) -> web.Response:
    """Ask how often somebody wants a letter."""
    person, view = await person_of(request), await view_at(request)
    now = (await service.subscribed(person.id)).get(view.id)
    form = LettersForm.filled(often=str(now) if now else LettersForm.NEVER)
    can_mail = request.app[keys.HOUSE].mailer is not None
    return render(request, TEMPLATE, form=form, view=view, person=person, can_mail=can_mail)


@routes.post(SLUG + "/letters")
async def choose(request: web.Request) -> web.Response:
    """Send letters as often from now on, or none."""
    person, view = await person_of(request), await view_at(request)
    house, form = request.app[keys.HOUSE], await LettersForm.read(request)
    if not form.errors and form.often == LettersForm.NEVER:
        await service.unsubscribe(view, by=person)
        return see_other(request, view.path, "You get no letters about this view.")
    if not form.errors:
        try:
            await service.subscribe(view, Period(form.often), by=person, house=house)
        except (NoAddressError, TooManyLettersError) as error:
            form.wrong("often", str(error))
    if form.errors:
        can_mail = house.mailer is not None
        return shown_again(request, TEMPLATE, form, view=view, person=person, can_mail=can_mail)
    said = "A letter comes whenever there is something new, at most as often as you chose."
    return see_other(request, view.path, said)
