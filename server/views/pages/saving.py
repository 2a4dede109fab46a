"""Save a view, change it, delete it."""

from aiohttp import web

from server.search.rules.filter import Filter
from server.views import service
from server.views.forms import ViewForm
from server.views.pages.asking import SLUG, own, person_of
from server.views.rules.saving import Saying, TooManyViewsError
from server.web import keys, render, require_visitor, see_other, shown_again
from server.web.forms import Form

routes = web.RouteTableDef()


class DeleteForm(Form):
    """A button and nothing else."""


@routes.get("/views/new", name="new-view")
async def new(request: web.Request) -> web.Response:
    """Ask for a name for what somebody is looking at: the choice in the address."""
    require_visitor(request)
    chosen = Filter.read(request.query)
    form = ViewForm.of(Saying(name="", about="", chosen=chosen, is_public=True))
    return render(request, "views/edit.html", form=form, view=None)


@routes.post("/views/new")
async def save(request: web.Request) -> web.Response:
    """Keep it."""
    person, form = await person_of(request), await ViewForm.read(request)
    if not form.errors:
        try:
            view = await service.save(form.saying(), by=person, house=request.app[keys.HOUSE])
        except TooManyViewsError as error:
            form.wrong("name", str(error))
        else:
            return see_other(request, view.path, "Your view is saved.")
    return shown_again(request, "views/edit.html", form, view=None)


@routes.get(SLUG + "/edit", name="edit-view")
async def edit(request: web.Request) -> web.Response:
    """Show a view, to be changed."""
    view, _ = await own(request)
    form = ViewForm.of(view.saying)
    return render(request, "views/edit.html", form=form, view=view)


@routes.post(SLUG + "/edit")
async def change(request: web.Request) -> web.Response:
    """Change it."""
    (view, person), form = await own(request), await ViewForm.read(request)
    if form.errors:
        return shown_again(request, "views/edit.html", form, view=view)
    await service.change(view, form.saying(), by=person, house=request.app[keys.HOUSE])
    return see_other(request, view.path, "Your changes are saved.")


@routes.get(SLUG + "/delete", name="delete-view")
async def ask_to_delete(request: web.Request) -> web.Response:
    """Ask whether a view is to go."""
    view, _ = await own(request)
    return render(request, "views/delete.html", view=view)


@routes.post(SLUG + "/delete")
async def delete(request: web.Request) -> web.Response:
    """Delete it."""
    view, person = await own(request)
    await DeleteForm.read(request)
    await service.delete(view, by=person)
    return see_other(request, "views", "The view is deleted.")
